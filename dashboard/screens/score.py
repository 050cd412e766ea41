"""Decision 766: how many points the province's own data give, where they are missing, and what would bring more."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import heading, title
from dashboard.course import course_block
from dashboard.fold import said
from dashboard.here import Here
from dashboard.lacking import lacking_block
from dashboard.score_blocks import group_block, head, units_board
from dashboard.scorecard import SCORE, scorecard
from dashboard.screens.screen import Screen
from dashboard.tile import tiles
from dashboard.whatif import whatif

# How the list is made up: told for the province and for whoever has a list of its own, not for each commune.
LISTS = ("procedures_full", "procedures_partial", "procedures_offline")
PROCEDURES = (
    *LISTS,
    "procedures_online_share",
    "procedures_used_766",
    "dossiers_per_officer",
)


def render(here: Here) -> None:
    """The total with its weakest group, the months, the groups and what they lack, what if, procedures."""
    title(here, here.word("page.score"))
    card = scorecard(here)
    if card is None:
        st.html(said(here.word("score.none")))
        return
    st.html(head(here, card))
    course_block(here, SCORE, here.word("score.course"))
    heading(here.word("score.groups"))
    for at in range(0, len(card.groups), 2):
        for column, group in zip(st.columns(2, gap="medium"), card.groups[at : at + 2], strict=False):
            with column:
                group_block(here, group)
    lacking_block(here, card)
    whatif(here, card)
    heading(here.word("score.procedures"))
    shown = numbers.many(here, PROCEDURES)
    told = {name: one for name, one in shown.items() if name not in LISTS or one.plot is not None}
    st.html(tiles(here, numbers.with_history(here, told)))
    units_board(here)


SCREEN = Screen("score", 4, render, lambda scope: scope.answers(STATE))
