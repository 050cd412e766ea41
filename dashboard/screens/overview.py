"""Overview: what stands out today and who looks after it, one row of figures per desk."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import heading, title
from dashboard.figure import BETTER, MISSED, NO_DATA, WORSE, Figure
from dashboard.fold import said
from dashboard.followup_blocks import late_tasks, tasks_block
from dashboard.here import Here
from dashboard.query import Indicator
from dashboard.query.signals import Signal, speaking
from dashboard.screens.screen import Screen
from dashboard.tile import address, tiles
from dashboard.wall.lines import since

HEADLINES = {
    "public_services": ("dossiers_on_time", "dossiers_overdue", "online_share_of_full"),
    "score": ("score_766", "score_satisfaction", "score_digitisation"),
    "hotline": ("tickets_received", "tickets_on_time_closed", "tickets_open"),
    "tasks": ("tasks_overdue", "tasks_on_time", "documents_on_time"),
    "economy": ("grdp_growth", "revenue_of_council_estimate", "investment_spent_of_plan"),
    "safety": ("traffic_accidents", "traffic_deaths", "fires"),
    "grassroots": ("grassroots_people", "teams_active", "cashless_share"),
    "reported": ("pci_total", "papi_total", "budget_revenue"),
}
MOST = 3
"""Figures in a desk's row: what fits beside the list at 1366 px."""
LINES = 6
INDICATORS = 3
"""Indicators of which the units below are told."""
NAMED = 3
_ORDER = (WORSE, MISSED, BETTER)


def render(here: Here) -> None:
    """Every desk's figures, and beside them what is out of the ordinary."""
    title(here, here.word("page.overview"))
    left, right = st.columns([2.15, 1], gap="medium")
    with left:
        _desks(here)
    with right:
        own, units = watched(here), below(here)
        abnormal(here, own, units)
        tasks_block(here, [*own, *(one for _, worst in units for one in worst)])


def ahead(here: Here) -> None:
    """The same without drawing it."""
    for entries in desks(here).values():
        _row(here, entries)
    watched(here)
    below(here)


def _desks(here: Here) -> None:
    """A row of tiles per desk; of those that have nothing in this scope no more than one line for all."""
    silent = []
    for desk, entries in desks(here).items():
        shown = _row(here, entries)
        if any(figure.state != NO_DATA for figure, _ in shown):
            heading(desk_name(here, desk))
            st.html(tiles(here, shown))
        else:
            silent.append(desk_name(here, desk))
    if silent:
        st.html(said(here.word("overview.silent", desks=", ".join(silent)), small=True))


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


def _row(here: Here, entries: Sequence[Indicator]) -> list[tuple[Figure, list[Figure]]]:
    return numbers.with_history(here, numbers.many(here, headlines(here, entries)))


def watched(here: Here) -> list[Figure]:
    """What something can be said of for this unit: signals first, then targets surely missed."""
    names = [entry.id for entry in here.indicators.values() if entry.better != "context"]
    spoken = [one for one in numbers.many(here, names).values() if one.judgement in _ORDER]
    return sorted(spoken, key=lambda one: _ORDER.index(one.judgement))[:LINES]


def below(here: Here) -> list[tuple[int, list[Figure]]]:
    """Per indicator how many units below stand out for the worse, and the figures of the most striking ones."""
    own = set(here.places.within(here.unit.unit_id)) - {here.unit.unit_id}
    grave: dict[str, list[Signal]] = {}
    for one in speaking(here.snapshot, here.scope, here.period.first):
        if one.unit in own and one.direction == WORSE and one.severity in ("high", "medium"):
            grave.setdefault(one.indicator, []).append(one)
    found = []
    for name, signals in sorted(grave.items(), key=lambda item: -len(item[1]))[:INDICATORS]:
        sign = -1 if here.indicators[name].better == "lower" else 1
        worst = sorted(signals, key=lambda one: sign * (one.value or 0.0))[:NAMED]
        figures = numbers.among(here, name, [here.places.units[one.unit] for one in worst])
        found.append((len(signals), [one for one in figures if one.plot is not None]))
    return [(count, figures) for count, figures in found if figures]


def abnormal(here: Here, own: Sequence[Figure], units: Sequence[tuple[int, list[Figure]]]) -> None:
    """The list every reader looks for first: what is out of the ordinary, each with the way to its reasons."""
    heading(here.word("wall.list"))
    lines = [*late_tasks(here), *(_line(here, one) for one in own), *(_units(here, *found) for found in units)]
    items = "".join(f"<li>{line}</li>" for line in lines)
    st.html(
        f'<div class="ioc ioc-card"><ul class="ioc-list">{items}</ul></div>'
        if items
        else f'<div class="ioc ioc-card ioc-quiet">● {html.escape(here.word("wall.calm"))}</div>'
    )


def _line(here: Here, one: Figure) -> str:
    tone = "ioc-better" if one.judgement == BETTER else "ioc-worse"
    told = ", ".join(part for part in (one.target, one.previous) if part)
    open_for = since(here, numbers.signal_of(here, one.answer))
    told = " · ".join(part for part in (owner(here, one), open_for, told) if part)
    return (
        f'<a data-go href="{html.escape(address(here, one))}">'
        f'<span class="{tone}">{one.shape}</span> <span class="ioc-name">{html.escape(one.name)}</span> '
        f'<b>{html.escape(one.text)}</b> <span class="{tone}">{html.escape(one.word)}</span><br>'
        f"<small>{html.escape(told)}</small></a>"
    )


def owner(here: Here, one: Figure) -> str:
    """Who answers for an indicator, in the reader's language."""
    return here.indicators[one.answer.question.indicator].text("owner", here.lang)


def _units(here: Here, count: int, worst: list[Figure]) -> str:
    """One line for all units that stand out in one indicator; the worst of them named."""
    named = ", ".join(f"{here.name(here.places.units[one.answer.question.unit])} ({one.text})" for one in worst)
    head = here.word("overview.units", n=count)
    where = html.escape(here.view.here("organisations"))
    return (
        f'<a data-go href="{where}"><span class="ioc-worse">▼</span> '
        f'<span class="ioc-name">{html.escape(worst[0].name)}</span> <b>{html.escape(head)}</b><br>'
        f"<small>{html.escape(owner(here, worst[0]))} · "
        f"{html.escape(here.word('overview.worst', units=named))}</small></a>"
    )


SCREEN = Screen("overview", 1, render, lambda scope: scope.answers(STATE), ahead=ahead)
