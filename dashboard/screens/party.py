"""Party organisations: what the published tables say of the newest quarter, and nothing that they do not say."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard.access import PARTY
from dashboard.block import block, heading, title
from dashboard.committees import cells_table, cells_told, columns_of, ranking_block, trend_block
from dashboard.fold import said
from dashboard.here import Here
from dashboard.periods import Period
from dashboard.quarters import among, at_quarter, below, figure, quarters_to_choose, tile_figures
from dashboard.query import Indicator, answer
from dashboard.scope_bar import unit_name
from dashboard.screens.screen import Screen
from dashboard.table import as_html
from dashboard.tile import tiles

TILES = (
    "party_members", "party_admitted", "party_admitted_of_plan", "party_official_on_time", "party_cells_met",
    "party_attendance", "party_handbook", "party_documents_electronic", "party_documents_signed", "party_orgs_good",
    "party_members_good", "party_excellence_cap", "party_members_failing", "party_inspections_of_plan",
    "party_chip_cards_share", "party_matched_share", "party_private_orgs", "party_private_members",
)  # fmt: skip
COLUMNS = (
    "party_members", "party_admitted", "party_official_on_time", "party_orgs_good", "party_members_good",
    "party_cells_met", "party_attendance", "party_handbook", "party_documents_electronic",
)  # fmt: skip
CHOICES = (
    "party_attendance", "party_official_on_time", "party_cells_met", "party_handbook", "party_documents_electronic",
    "party_orgs_good", "party_members_good", "party_members", "party_admitted", "party_inspections_of_plan",
    "party_chip_cards_share", "party_matched_share",
)  # fmt: skip


def render(here: Here) -> None:
    """Classification first; then the figures, the organisations side by side, who really differs, the quarters."""
    title(here, here.word("page.party"))
    st.html(f'<div class="ioc"><div class="ioc-band">{html.escape(here.word("partpage.class"))}</div></div>')
    then = at_quarter(here)
    if then is None:
        st.html(said(here.word("partpage.none")))
        return
    st.html(where(then))
    _tiles(then)
    st.html(said(here.word("partpage.legend"), small=True))
    chosen = chosen_of(then)
    if chosen is not None:
        st.html(choices(then, chosen))
        block(then, trend_block(then, chosen))
        _ranking(then, chosen)
    _cells(then)


def where(here: Here) -> str:
    """Which organisation and quarter, in words, and the ways to others: tables are fixed, so nothing else is asked."""
    told = here.word("partpage.lead", unit=unit_name(here, here.unit), period=here.format.period(here.period))
    quarters = "".join(
        f'<a data-go href="{html.escape(here.view.query(period=one.code))}"{_current(one == here.period)}>'
        f"{html.escape(here.format.tick(one))}</a>"
        for one in quarters_to_choose(here)
    )
    return (
        f'<div class="ioc"><p class="ioc-quiet">{html.escape(told)}</p>{_up(here)}</div>'
        f'<nav class="ioc ioc-tabs" aria-label="{here.word("partpage.quarters")}">{quarters}</nav>'
    )


def _up(here: Here) -> str:
    """The way to the organisation above, within what this role may see."""
    above = here.unit.parent_id
    if above is None or here.unit.unit_id in here.scope.units:
        return ""
    name = html.escape(here.word("partpage.above", unit=here.places.units[above].name(here.lang)))
    return f'<p><a class="ioc-link" data-go href="{html.escape(here.view.query(unit=above))}">{name}</a></p>'


def entries(here: Here, names: Sequence[str]) -> list[Indicator]:
    """Those of `names` that the catalogue has; another place's catalogue gives its first ones."""
    found = [here.indicators[name] for name in names if name in here.indicators]
    return found if len(found) > 1 else list(here.indicators.values())[: len(names)]


def _tiles(here: Here) -> None:
    """The tiles of the newest quarter; figures that come once a year stand under the quarter they are of."""
    found = [pair for entry in entries(here, TILES) if (pair := tile_figures(here, entry)) is not None]
    quarters: dict[Period, list[int]] = {}
    for at, (one, _) in enumerate(found):
        quarters.setdefault(one.answer.question.period, []).append(at)
    with st.container(key="party_tiles"):
        for quarter, places in sorted(quarters.items(), key=lambda pair: pair[0].last, reverse=True):
            heading(_capital(here.format.period(quarter)))
            st.html(tiles(here, [found[at] for at in places]))


def chosen_of(here: Here) -> Indicator | None:
    """The indicator of the address, or the first that can be looked at over quarters."""
    found = entries(here, CHOICES)
    wanted = here.view.tab
    return next((one for one in found if one.code == wanted), found[0] if found else None)


def choices(here: Here, chosen: Indicator) -> str:
    """The indicators as links, so that a chosen one has an address."""
    links = "".join(
        f'<a data-go href="{html.escape(here.view.query(tab=one.code))}"{_current(one is chosen)}>'
        f"{html.escape(one.text('short', here.lang))}</a>"
        for one in entries(here, CHOICES)
    )
    return f'<nav class="ioc ioc-tabs" aria-label="{here.word("partpage.rank_choose")}">{links}</nav>'


def _current(chosen: bool) -> str:
    return ' aria-current="page"' if chosen else ""


def _ranking(here: Here, entry: Indicator) -> None:
    units = below(here)
    if not units:
        return
    whole = answer(here.snapshot, here.scope, here.question(entry.id, slices=()), today=here.today)
    block(here, ranking_block(here, entry, among(here, entry, units), figure(here, entry, whole)))


def _cells(here: Here) -> None:
    units = below(here)
    with st.container(key="card_committees"):
        if not units:
            heading(here.word("partpage.table_title"), here.word("partpage.none_below"))
            return
        found = columns_of(here, entries(here, COLUMNS), units)
        heading(here.word("partpage.table_title"), cells_told(here, units, found))
        links = [here.view.query(unit=unit.unit_id) for unit in units]
        with st.container(key="committees_table"):
            st.html(f'<div class="ioc-tall">{as_html(cells_table(here, units, found), links)}</div>')
        st.html(said(here.word("partpage.legend"), small=True))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


SCREEN = Screen("party", 50, render, lambda scope: scope.answers(PARTY), scoped=False)
