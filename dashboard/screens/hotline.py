"""Hotline 1022: what people report, who answers in time, and what is left lying."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import title
from dashboard.comparison import map_block, ranking_block, waiting_block
from dashboard.course import course_block
from dashboard.here import Here
from dashboard.hours import hours_block
from dashboard.screens.screen import Screen
from dashboard.shares import shares_block
from dashboard.tile import tiles

ROW = (
    "tickets_received",
    "tickets_closed",
    "tickets_on_time_closed",
    "tickets_open",
    "tickets_overdue",
    "tickets_time_to_answer",
    "tickets_time_to_close",
    "tickets_reopened",
    "tickets_satisfied",
    "tickets_rated",
    "tickets_time_to_forward",
    "tickets_handed_on",
    "tickets_refused",
    "tickets_published",
    "tickets_open_age",
)
RECEIVED = "tickets_received"
ON_TIME = "tickets_on_time_closed"


def render(here: Here) -> None:
    """Figures, intake and punctuality, where and about what, what waits, and the units that answer."""
    title(here, here.word("page.hotline"))
    shown = numbers.many(here, ROW)
    st.html(tiles(here, [(figure, numbers.history(here, name)) for name, figure in shown.items()]))
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, RECEIVED, here.word("hotline.intake"))
        shares_block(here, RECEIVED, "category_top", here.word("hotline.topics"))
    with right:
        course_block(here, ON_TIME, here.word("hotline.on_time"))
        shares_block(here, RECEIVED, "channel", here.word("hotline.channels"))
    left, right = st.columns(2, gap="medium")
    with left:
        map_block(here, RECEIVED, here.word("hotline.where"))
    with right:
        waiting_block(here, ("tickets_open", "tickets_overdue"), here.word("hotline.waiting"))
    hours_block(here, RECEIVED, here.word("hotline.hours"))
    ranking_block(here, ON_TIME, here.word("hotline.who"))


SCREEN = Screen("hotline", 3, render, lambda scope: scope.answers(STATE))
