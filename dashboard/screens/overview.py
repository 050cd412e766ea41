"""Overview: what stands out today and who looks after it, one row of figures per desk."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import heading, title
from dashboard.figure import BETTER, MISSED, WORSE, Figure
from dashboard.here import Here
from dashboard.query import Indicator
from dashboard.query.signals import speaking
from dashboard.screens.screen import Screen
from dashboard.tile import address, tiles

HEADLINES = {
    "public_services": ("dossiers_on_time", "dossiers_overdue", "online_share_of_full"),
    "hotline": ("tickets_received", "tickets_on_time_closed", "tickets_open"),
    "reported": ("pci_total", "papi_total", "budget_revenue"),
}
MOST = 3
"""Figures in a desk's row: what fits beside the list at 1366 px."""
LINES = 8


def render(here: Here) -> None:
    """Every desk's figures, and beside them what is out of the ordinary."""
    title(here, here.word("page.overview"))
    left, right = st.columns([2.15, 1], gap="medium")
    with left:
        for desk, entries in desks(here).items():
            heading(desk_name(here, desk))
            st.html(tiles(here, _row(here, entries)))
    with right:
        abnormal(here, watched(here))


def desks(here: Here) -> dict[str, list[Indicator]]:
    """The indicators of every desk that has any, in the catalogue's order."""
    found: dict[str, list[Indicator]] = {}
    for entry in here.indicators.values():
        found.setdefault(entry.desk, []).append(entry)
    order = [*HEADLINES, *found]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))


def desk_name(here: Here, desk: str) -> str:
    """The name of a desk as its indicators name their owner."""
    return here.desk(desk)[0].text("owner", here.lang)


def headlines(here: Here, entries: Sequence[Indicator]) -> list[str]:
    """The figures that stand for a desk: its known headlines, or its first entries."""
    chosen = numbers.known(here, HEADLINES.get(entries[0].desk, ()))
    return (chosen or [entry.id for entry in entries])[:MOST]


def _row(here: Here, entries: Sequence[Indicator]) -> list[tuple[Figure, Sequence[Figure]]]:
    names = headlines(here, entries)
    shown = numbers.many(here, names)
    return [(shown[name], numbers.history(here, name)) for name in names]


def watched(here: Here) -> list[Figure]:
    """What something can be said of: targets surely missed and signals of this unit, then of those below it."""
    entries = here.indicators.values()
    own = numbers.many(here, [entry.id for entry in entries if entry.better != "context"])
    spoken = [one for one in own.values() if one.judgement in (MISSED, WORSE, BETTER)]
    grave = [one for one in speaking(here.snapshot, here.scope, here.period.first)
             if one.severity in ("high", "medium") and one.unit != here.unit.unit_id]  # fmt: skip
    below = set(here.places.within(here.unit.unit_id))
    found = [numbers.one(here, one.indicator, unit=one.unit) for one in grave if one.unit in below][:LINES]
    order = (WORSE, MISSED, BETTER)
    return sorted(spoken, key=lambda one: order.index(one.judgement))[:LINES] + found


def abnormal(here: Here, figures: Sequence[Figure]) -> None:
    """The list every reader looks for first: what is out of the ordinary, each with the way to its reasons."""
    heading(here.word("wall.list"))
    lines = "".join(f"<li>{_line(here, one)}</li>" for one in figures)
    st.html(
        f'<div class="ioc ioc-card ioc-fill"><ul class="ioc-list">{lines}</ul></div>'
        if lines
        else f'<div class="ioc ioc-card ioc-quiet">● {html.escape(here.word("wall.calm"))}</div>'
    )


def _line(here: Here, one: Figure) -> str:
    tone = "ioc-better" if one.judgement == BETTER else "ioc-worse"
    unit = one.answer.question.unit
    where = here.places.units[unit].name(here.lang) if unit != here.unit.unit_id else ""
    told = ", ".join(part for part in (where, one.target, one.previous) if part)
    return (
        f'<a data-go href="{html.escape(address(here, one))}">'
        f'<span class="{tone}">{one.shape}</span> <span class="ioc-name">{html.escape(one.name)}</span> '
        f'<b>{html.escape(one.text)}</b> <span class="{tone}">{html.escape(one.word)}</span><br>'
        f'<small>{html.escape(told)}</small></a>'
    )


SCREEN = Screen("overview", 1, render, lambda scope: scope.answers(STATE))
