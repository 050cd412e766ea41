"""The blocks that only a hotline has: states of tickets, who handles them, hot spots, and contacts apart from both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import streamlit as st

from dashboard import numbers, table
from dashboard.block import Block, block, exports, heading
from dashboard.chart import Axis, bars
from dashboard.comparison import name_of
from dashboard.course import course_block
from dashboard.export import COUNT, SHARE, TEXT, Column
from dashboard.figure import Figure
from dashboard.figures_block import figures_block
from dashboard.here import Here
from dashboard.query import COMMUNES, DISTRICTS, TODAY, Unit, of_kinds
from dashboard.query.question import AS_WAS
from dashboard.query.spots import FEWEST, Spot, spots
from dashboard.query.states import states
from dashboard.query.units import UNASSIGNED
from dashboard.scope_bar import unit_change
from dashboard.shares import shares_block
from dashboard.table import Table

RECEIVED: Final = "tickets_received"
CONTACTS: Final = ("contacts", "contacts_ticket_share")
FLOW: Final = (
    "tickets_received", "tickets_closed", "tickets_open", "tickets_overdue", "tickets_handed_on",
    "tickets_time_to_close", "tickets_reopened", "tickets_refused",
)  # fmt: skip
STATES: Final = ("new", "waiting", "forwarded", "in_progress", "need_info", "resolved", "published", "refused")
MOST_SPOTS: Final = 20


def contacts_block(here: Here) -> None:
    """Contacts with the hotline, never in one picture with tickets; a sentence where nobody counts them."""
    names, word = numbers.known(here, CONTACTS), here.word
    told = (word("contacts.title"), word("contacts.told"), word("contacts.none"))
    if not names or not figures_block(here, "contacts", names, *told):
        return
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, names[0], here.word("contacts.course"))
    with right:
        shares_block(here, names[0], "channel", here.word("contacts.channels"))


def states_block(here: Here, name: str) -> None:
    """Where the tickets of the period stand: every one in exactly one state."""
    if not numbers.known(here, [name]):
        return
    found = states(here.snapshot, here.scope, here.question(name), today=here.today)
    codes = [*(code for code in STATES if code in found), *sorted(set(found) - set(STATES))]
    total = sum(found.values())
    rows = [(here.value_name("ticket_status", code), found[code], found[code] / total if total else 0.0)
            for code in codes]  # fmt: skip
    texts = [(label, here.format.count(many), here.format.percent(share)) for label, many, share in rows]
    drawn = pl.DataFrame(
        [{"label": label, "value": float(many), "text": f"{count} · {share}"}
         for (label, many, _), (_, count, share) in zip(rows, texts, strict=True)],
        schema={"label": pl.String, "value": pl.Float64, "text": pl.String},
    )  # fmt: skip
    columns = (Column(here.word("ticket_states.state"), TEXT), Column(here.word("chart.value"), COUNT),
               Column(here.word("ticket_states.share"), SHARE))  # fmt: skip
    summary = here.word("ticket_states.told", total=here.format.count(total), n=len(codes))
    picture = bars(drawn, style=here.style, axis=Axis())
    told = Table(columns, tuple(rows), tuple(texts))
    question = here.word("ticket_states.title")
    block(here, Block(f"states_{name}", question, summary, picture, told, (here.indicators[name],)))


def flow_block(here: Here) -> None:
    """Who handles what: the whole, what nobody has been given, then every unit with its hand-offs and times."""
    names = numbers.known(here, FLOW)
    units = handlers(here)
    if not names or len(units) < 2:
        return
    columns = [[numbers.one(here, name), *numbers.among(here, name, units)] for name in names]
    busy = [0, *(at for at in order(columns[0]) if is_listed([column[at] for column in columns]))]
    shown = [[column[at] for at in busy] for column in columns]
    labels = [here.word("flow.whole"), *(name_of(here, one) for one in shown[0][1:])]
    told = table.side_by_side(here, here.word("chart.unit"), labels, shown)
    asked = [here.unit, *(here.places.units[one.answer.question.unit] for one in shown[0][1:])]
    links = ["" if unit.unit_id == UNASSIGNED else here.view.query(**unit_change(here, unit)) for unit in asked]
    with st.container(key="card_flow"):
        heading(here.word("flow.title"), balance(here, columns[0], names[0]))
        st.html(f'<div class="ioc-tall">{table.as_html(told, links)}</div>')
        entries = tuple(here.indicators[name] for name in names)
        exports(here, Block("flow", here.word("flow.title"), "", {}, told, entries, native=""))


def handlers(here: Here) -> list[Unit]:
    """Every unit below the chosen one that may answer for a ticket on this basis, and nobody's queue."""
    kinds = {TODAY: COMMUNES, AS_WAS: (*COMMUNES, *DISTRICTS)}.get(here.basis, DISTRICTS)
    below = of_kinds(here.places, here.unit.unit_id, (*kinds, "agency"), here.basis, here.period)
    nobody = here.places.units.get(UNASSIGNED)
    known = [unit for unit in below if unit.unit_id not in (UNASSIGNED, here.unit.unit_id)]
    return [nobody, *known] if nobody and here.unit.unit_id == here.places.root else known


def order(figures: Sequence[Figure]) -> list[int]:
    """Nobody's queue before the units, these by how much they received; the first figure is the whole."""
    rest = range(1, len(figures))
    is_nobody = [one.answer.question.unit == UNASSIGNED for one in figures]
    return sorted(rest, key=lambda at: (not is_nobody[at], -(figures[at].plot or 0.0)))


def is_listed(row: Sequence[Figure]) -> bool:
    """Whether a unit has anything to show; nobody's queue is always told, also when it is empty."""
    return row[0].answer.question.unit == UNASSIGNED or any(one.plot for one in row)


def balance(here: Here, figures: Sequence[Figure], name: str) -> str:
    """That the units and nobody's queue add up to the whole, or what is missing to it."""
    whole, parts = figures[0].plot or 0.0, sum(one.plot or 0.0 for one in figures[1:])
    short = here.indicators[name].text("short", here.lang)
    count = here.format.count
    if round(whole) == round(parts):
        return here.word("flow.whole_told", name=short, total=count(whole))
    return here.word("flow.rest_told", name=short, total=count(whole), parts=count(parts), rest=count(whole - parts))


def spots_block(here: Here, name: str) -> None:
    """The places and topics that were reported at least five times; fewer are never told."""
    if not numbers.known(here, [name]):
        return
    found = spots(here.snapshot, here.scope, here.question(name), today=here.today)
    question = here.word("spots.title")
    with st.container(key=f"card_spots_{name}"):
        if not found:
            heading(question, here.word("spots.none", least=FEWEST))
            return
        heading(question, here.word("spots.told", n=here.format.count(len(found)), least=FEWEST))
        told = spots_table(here, found)
        shown = Table(told.columns, told.cells[:MOST_SPOTS], told.texts[:MOST_SPOTS])
        st.html(table.as_html(shown, [_way(here, one) for one in found[:MOST_SPOTS]]))
        exports(here, Block(f"spots_{name}", question, "", {}, told, (here.indicators[name],), native=""))


def spots_table(here: Here, found: Sequence[Spot]) -> Table:
    """A row per pair: place, topic, tickets; the most first."""
    columns = (Column(here.word("spots.place"), TEXT), Column(here.word("spots.topic"), TEXT),
               Column(here.indicators[RECEIVED].text("short", here.lang), COUNT))  # fmt: skip
    cells = tuple((_place(here, one), here.value_name("category", one.category), one.cases) for one in found)
    return Table(columns, cells, tuple((place, topic, here.format.count(many)) for place, topic, many in cells))


def _way(here: Here, spot: Spot) -> str:
    known = here.places.units.get(spot.place)
    return here.view.query(**unit_change(here, known)) if known else ""


def _place(here: Here, spot: Spot) -> str:
    known = here.places.units.get(spot.place)
    return here.name(known) if known else spot.place
