"""Due soon: who will be late in the next days if nothing happens, and which dossiers nobody has touched."""

from __future__ import annotations

import streamlit as st

from dashboard.access import STATE
from dashboard.block import title
from dashboard.due_blocks import Cell, as_of, cases_block, cell_of, matrix_block, stillness
from dashboard.here import Here
from dashboard.screens.screen import Screen


def render(here: Here) -> None:
    """How long counts as standing still, units by days left, and the dossiers of the chosen cell."""
    title(here, here.word("page.due"))
    cell: Cell = cell_of(here.view.tab)
    here = as_of(here)
    with st.container(key="card_due_still"):
        stillness(here, cell)
    matrix_block(here, cell)
    if cell.line:
        cases_block(here, cell)


SCREEN = Screen("due", 3, render, lambda scope: scope.answers(STATE))
