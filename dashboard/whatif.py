"""Sliders over a score: what is imagined stands in the address, marked as a simulation wherever it is shown."""

from __future__ import annotations

import html
from functools import partial

import polars as pl
import streamlit as st

from dashboard.block import Block, block, heading
from dashboard.chart import Axis, starts_at, waterfall
from dashboard.export import NUMBER, TEXT, Column
from dashboard.here import Here
from dashboard.scope_bar import go
from dashboard.score_blocks import label, points
from dashboard.scorecard import Card, Item
from dashboard.simulation import PRECISE, Cheap, Simulated, cheapest, movable, read, simulate, write
from dashboard.table import Table, as_html

STEP = 5
COLUMNS = 3


def whatif(here: Here, card: Card) -> None:
    """The cheapest gains, a slider per item that the data tell, and the way from the score to the imagined one."""
    heading(here.word("score.whatif"), here.word("score.whatif_told"))
    if card.total.plot is None:
        st.html(f'<div class="ioc ioc-quiet">{here.word("chart.nothing")}</div>')
        return
    imagined = read(here.view.whatif)
    with st.container(key="card_score_cheap"):
        _cheap(here, card)
    found = simulate(card, imagined)
    with st.container(key="card_score_sliders"):
        with st.container(key="score_simulated"):
            st.html(f'<div class="ioc"><b>{html.escape(_told(here, card, found))}</b> {_reset(here)}</div>')
        for at in range(0, len(movable(card)), COLUMNS):
            columns = st.columns(COLUMNS)
            for column, item in zip(columns, movable(card)[at : at + COLUMNS], strict=False):
                with column:
                    _slider(here, item, imagined)
    _waterfall(here, card, found)


def _reset(here: Here) -> str:
    """The way back to the figures as they are; nothing where nothing is imagined."""
    if not read(here.view.whatif):
        return ""
    link = f'<a class="ioc-link" data-go href="{html.escape(here.view.query(whatif=""))}">'
    return f"{link}{html.escape(here.word('score.reset'))}</a>"


def _told(here: Here, card: Card, found: Simulated) -> str:
    """The simulated total with its change; untouched, that it is the score itself."""
    total = here.format.value(found.total, "point")
    if not found.gains:
        return here.word("score.untouched", total=total)
    change = (found.total or 0.0) - (card.total.plot or 0.0)
    return here.word("score.simulated", total=total, change=here.format.change(change, "point"))


def _slider(here: Here, item: Item, imagined: dict[str, float]) -> None:
    key, current = f"whatif_{item.code}", _tenths(item)
    chosen = round(imagined.get(item.code, current / PRECISE) * PRECISE)
    st.session_state[key] = chosen
    # A slider of choices writes its numbers as the reader does; Streamlit's own writes them as English does.
    st.select_slider(
        label(here, item), sorted({*range(0, PRECISE + 1, STEP), current, chosen}), key=key,
        format_func=lambda share: here.format.percent(share / PRECISE),
        on_change=partial(_moved, here, item),
    )  # fmt: skip


def _tenths(item: Item) -> int:
    """The current share as a slider holds it."""
    return min(round((item.share.plot or 0.0) * PRECISE), PRECISE)


def _moved(here: Here, item: Item) -> None:
    """Write one slider into the address; back at the current share it leaves the address."""
    imagined = read(here.view.whatif)
    imagined.pop(item.code, None)
    share = int(st.session_state[f"whatif_{item.code}"])
    if share != _tenths(item):
        imagined[item.code] = share / PRECISE
    go(here.view, {"whatif": write(imagined)})


def _cheap(here: Here, card: Card) -> None:
    found = cheapest(card)
    heading(here.word("score.cheap"), here.word("score.cheap_told" if found else "score.full"))
    if not found:
        return
    columns = (Column(here.word("score.item"), TEXT), Column(here.word("score.per_case"), NUMBER),
               Column(here.word("score.cases"), NUMBER), Column(here.word("score.room"), NUMBER))  # fmt: skip
    texts = tuple(_cheap_texts(here, one) for one in found)
    st.html(as_html(Table(columns, texts, texts)))


def _cheap_texts(here: Here, one: Cheap) -> tuple[str, ...]:
    missing = here.word(f"score.case_{one.item.case}", n=here.format.count(one.cases))
    return label(here, one.item), f"+{here.format.number(one.per_case, 4)}", missing, f"+{points(here, one.points)}"


def _waterfall(here: Here, card: Card, found: Simulated) -> None:
    """From the score to the simulated one, a step per changed item."""
    now, then = card.total.plot or 0.0, found.total or 0.0
    steps = [
        (here.word("score.now"), now, here.format.value(now, "point"), True),
        *((label(here, gain.item), gain.points, here.format.change(gain.points, "point"), False)
          for gain in found.gains),
        (here.word("score.then"), then, here.format.value(then, "point"), True),
    ]  # fmt: skip
    rows = pl.DataFrame(steps, schema=["label", "value", "text", "whole"], orient="row")
    columns = (Column(here.word("score.step"), TEXT), Column(here.word("score.points"), NUMBER))
    tabled = Table(columns, tuple((one[0], one[1]) for one in steps), tuple((one[0], one[2]) for one in steps))
    drawn = waterfall(rows, style=here.style, axis=Axis(decimals=2))
    origin = starts_at(rows)
    cut = here.word("score.cut", start=here.format.value(origin, "point")) if origin else ""
    told = f"{_told(here, card, found)}{cut}"
    block(here, Block("score_whatif", here.word("score.then"), told, drawn, tabled, (card.total.indicator,)))
