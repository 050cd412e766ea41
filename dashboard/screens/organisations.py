"""The organisations side by side, each in its own tree: departments, communes, and for its own role the Party."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import numbers
from dashboard.access import PARTY, STATE
from dashboard.block import title
from dashboard.comparison import board, compared, in_order, ranking_block, units_of
from dashboard.here import Here
from dashboard.query import Unit, of_kinds
from dashboard.screens.screen import Screen

COLUMNS = (
    "dossiers_on_time",
    "dossiers_overdue",
    "tickets_received",
    "tickets_on_time_closed",
    "satisfaction_surveyed",
)
PARTY_COLUMNS = (
    "party_cells_met",
    "party_attendance",
    "party_official_on_time",
    "party_orgs_good",
    "party_documents_electronic",
)
PARTY_KINDS = ("party_committee", "party_block")


def render(here: Here) -> None:
    """A tab per tree: a board of all its units, then the fair ranking of the first column."""
    title(here, here.word("page.organisations"))
    trees = trees_of(here)
    names = [here.word(f"organisations.{tree}") for tree in trees]
    for tab, tree in zip(st.tabs(names), trees, strict=True):
        with tab:
            _tree(here, tree)


def trees_of(here: Here) -> list[str]:
    """The trees this role may see; a Party role sees its own and no other, everyone else never sees that."""
    if here.scope.answers(PARTY) and not here.scope.answers(STATE):
        return ["party"]
    return ["agencies", "communes"]


def units_in(here: Here, tree: str) -> list[Unit]:
    """The units of a tree that exist on the basis of this view."""
    if tree == "communes":
        return units_of(here)
    kinds: tuple[str, ...] = ("agency",) if tree == "agencies" else PARTY_KINDS
    top = here.places.root if tree == "agencies" else here.scope.units[0]
    found = of_kinds(here.places, top, kinds, here.basis, here.period)
    return here.may_ask(unit for unit in found if unit.unit_id != top)


def ahead(here: Here) -> None:
    """The same without drawing it."""
    for tree in trees_of(here):
        units, columns = units_in(here, tree), columns_of(here, tree)
        if columns and units:
            compared(here, columns, units)
            in_order(here, columns[0], here.word("organisations.who"), units, key=tree)


def columns_of(here: Here, tree: str) -> Sequence[str]:
    """The indicators by which the units of a tree stand beside each other."""
    return numbers.known(here, PARTY_COLUMNS if tree == "party" else COLUMNS)


def _tree(here: Here, tree: str) -> None:
    units, columns = units_in(here, tree), columns_of(here, tree)
    if not columns or not units:
        st.html(f'<div class="ioc ioc-quiet">{here.word("chart.nothing")}</div>')
        return
    board(here, f"board_{tree}", here.word(f"organisations.{tree}"), columns, units)
    ranking_block(here, columns[0], here.word("organisations.who"), units, key=tree)


SCREEN = Screen("organisations", 40, render, lambda scope: scope.answers(STATE) or scope.answers(PARTY),
                ahead=ahead)  # fmt: skip
