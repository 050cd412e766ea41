"""The blocks of a score: the total with its weakest group, six groups against their full points, all units."""

from __future__ import annotations

import html

import polars as pl
import streamlit as st

from dashboard.block import Block, block, heading
from dashboard.chart import Axis, bullet
from dashboard.comparison import board, units_of
from dashboard.export import NUMBER, SHARE, TEXT, Column
from dashboard.here import Here
from dashboard.query import of_kinds
from dashboard.scorecard import SCORE, Card, Group, Item
from dashboard.table import Table


def points(here: Here, value: float | None) -> str:
    """Points with two decimals and no word."""
    return here.format.bare(value, "point")


def head(here: Here, card: Card) -> str:
    """The total against what can be reckoned, the weakest group beside it, and whose number this is."""
    if card.total.plot is None:
        return _no_total(here)
    told = here.word("score.total", points=points(here, card.total.plot), known=points(here, card.known))
    lacking = sum(group.most for group in card.groups) - card.known
    missing = here.word("score.missing", points=points(here, lacking)) if lacking else here.word("score.whole")
    return (
        f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(here.word("score.own"))}</div>'
        f'<div class="ioc-answer"><span class="ioc-value">{html.escape(told)}</span></div>'
        f"<p><b>{html.escape(weakest(here, card))}</b></p>"
        f'<p class="ioc-quiet">{html.escape(missing)} · {html.escape(card.total.age)}</p></div>'
    )


def _no_total(here: Here) -> str:
    """Rules about having no case give no score of their own."""
    return (
        f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(here.word("score.own"))}</div>'
        f'<p class="ioc-quiet">{html.escape(here.word("score.no_total"))}</p></div>'
    )


def weakest(here: Here, card: Card) -> str:
    """The weakest group in a sentence; empty where no group can be reckoned."""
    found = card.weakest
    if found is None:
        return ""
    return here.word(
        "score.weakest", group=name(here, found), share=here.format.percent(found.reached),
        points=points(here, found.points.plot), known=points(here, found.known),
    )  # fmt: skip


def name(here: Here, group: Group) -> str:
    """A group's name with its code in the decision."""
    entry = group.points.indicator
    return f"{entry.text('short', here.lang)} ({entry.code.rpartition('-')[2]})"


def label(here: Here, item: Item) -> str:
    """An item's number and what it is about."""
    _, _, about = item.points.indicator.text("name", here.lang).partition(": ")
    return f"{item.code} {about}"


def group_block(here: Here, group: Group) -> None:
    """One group: a bar per item inside the outline of its full points."""
    known = group.points.plot is not None
    key = "score.group" if known else "score.group_none"
    question = here.word(key, group=name(here, group), points=points(here, group.points.plot),
                         most=points(here, group.most))  # fmt: skip
    rows = pl.DataFrame(
        {
            "label": [label(here, item) for item in group.items],
            "value": [item.points.plot for item in group.items],
            "text": [_against(here, item) for item in group.items],
            "detail": [item.share.text if item.is_known else item.share.reason for item in group.items],
            "most": [item.most for item in group.items],
        },
        schema_overrides={"value": pl.Float64, "most": pl.Float64},
    )
    entries = (group.points.indicator, *(item.points.indicator for item in group.items))
    drawn = bullet(rows, style=here.style, axis=Axis(decimals=2))
    block(here, Block(group.points.indicator.id, question, _summary(here, group), drawn, table(here, group), entries))


def _against(here: Here, item: Item) -> str:
    most = points(here, item.most)
    if not item.is_known:
        return here.word("score.no_points", most=most)
    return here.word("score.of", points=points(here, item.points.plot), most=most)


def _summary(here: Here, group: Group) -> str:
    lacking = ", ".join(item.code for item in group.items if not item.is_known)
    unknown = here.word("score.unknown", items=lacking) if lacking else here.word("score.known")
    return here.word("score.told", unknown=unknown)


def table(here: Here, group: Group) -> Table:
    """A row per item: points, full points, share, share at which they are full; what is unknown stays empty."""
    columns = (
        Column(here.word("score.item"), TEXT), Column(here.word("score.points"), NUMBER),
        Column(here.word("score.most"), NUMBER), Column(here.word("score.share"), SHARE),
        Column(here.word("score.full_at"), SHARE),
    )  # fmt: skip
    cells = tuple((label(here, one), one.points.plot, one.most, one.share.plot, one.full_at) for one in group.items)
    texts = tuple(
        (label(here, one), one.points.value, points(here, one.most), one.share.text, here.format.percent(one.full_at))
        for one in group.items
    )
    return Table(columns, cells, texts)


def units_board(here: Here) -> None:
    """The score of agencies and communes side by side; reckoned only when somebody wants to see it."""
    with st.container(key="card_score_units_ask"):
        heading(here.word("score.units"), here.word("score.units_told"))
        wanted = st.toggle(here.word("score.units_show"), key="score_units")
    if not wanted:
        return
    agencies = of_kinds(here.places, here.unit.unit_id, ("agency",), here.basis, here.period)
    names = [SCORE, "score_766_most", "score_progress", "score_online", "score_payment", "score_satisfaction",
             "score_digitisation"]  # fmt: skip
    board(here, "score_units", here.word("score.units"), names, [*agencies, *units_of(here)])
