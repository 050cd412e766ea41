"""Where the days go: which step takes the time, what comes back, what lies, and which procedures send people home."""

from __future__ import annotations

import streamlit as st

from dashboard.access import STATE
from dashboard.ages_block import ages_block
from dashboard.block import title
from dashboard.days_blocks import returns_block, steps_blocks
from dashboard.drop_off import drop_off_blocks
from dashboard.here import Here
from dashboard.screens.screen import Screen


def render(here: Here) -> None:
    """Steps and ways back, the age of what is open and overdue, procedures with most returns, filings given up."""
    title(here, here.word("page.days"))
    steps_blocks(here)
    left, right = st.columns(2, gap="medium")
    with left:
        ages_block(here, ("dossiers_open",), here.word("days.ages"))
    with right:
        ages_block(here, ("dossiers_overdue",), here.word("days.ages_overdue"))
    returns_block(here)
    drop_off_blocks(here)


SCREEN = Screen("days", 3, render, lambda scope: scope.answers(STATE))
