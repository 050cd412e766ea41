"""Unit profile: who is this unit, how does it stand beside its like, what stands out, what was agreed with it."""

from __future__ import annotations

import streamlit as st

from dashboard import profile, profile_blocks
from dashboard.access import STATE
from dashboard.block import heading, title
from dashboard.course import course_block
from dashboard.figure import BETTER, WORSE
from dashboard.fold import listed
from dashboard.followup_blocks import tasks_block
from dashboard.here import Here
from dashboard.screens.screen import Screen


def render(here: Here) -> None:
    """The same content as the page of the unit, from top to bottom."""
    told = profile.profile(here)
    title(here, f"{here.word('page.unit')} · {told.name}")
    profile_blocks.head(here, told)
    profile_blocks.counts(here, told)
    left, right = st.columns([2.15, 1], gap="medium")
    with left:
        profile_blocks.sentences(here, told)
        profile_blocks.spine_block(here, told)
    with right:
        found = [*profile.signals(here, WORSE), *profile.signals(here, BETTER)] if told.is_judged else []
        tasks_block(here, found)
        with st.container(key="card_unit_quality"):
            heading(here.word("profile.quality"))
            st.html(listed(told.quality))
    for course in told.courses[:2]:
        course_block(here, course[0].indicator.id, course[0].name)


SCREEN = Screen("unit", 41, render, lambda scope: scope.answers(STATE))
