"""Hotline 1022: what people report, who answers in time, what is left lying, and how many only ask."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.ages_block import ages_block
from dashboard.block import title
from dashboard.comparison import in_order, map_block, on_map, ranking_block, waiting, waiting_block
from dashboard.course import course, course_block
from dashboard.here import Here
from dashboard.hotline_blocks import contacts_block, flow_block, spots_block, states_block
from dashboard.hours import hours_block
from dashboard.screens.screen import Screen
from dashboard.shares import shares, shares_block
from dashboard.tile import tiles
from dashboard.topics_block import lower_topics_block

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
OPEN = ("tickets_open", "tickets_overdue")


def render(here: Here) -> None:
    """Figures, intake and punctuality, topics in two levels, where it lies and how long, who handles it, contacts."""
    title(here, here.word("page.hotline"))
    shown = numbers.many(here, ROW)
    st.html(tiles(here, numbers.with_history(here, shown)))
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, RECEIVED, here.word("hotline.intake"))
        shares_block(here, RECEIVED, "category_top", here.word("hotline.topics"))
        shares_block(here, RECEIVED, "channel", here.word("hotline.channels"))
    with right:
        course_block(here, ON_TIME, here.word("hotline.on_time"))
        lower_topics_block(here, RECEIVED)
        states_block(here, RECEIVED)
    spots_block(here, "tickets_hot_spots")
    left, right = st.columns(2, gap="medium")
    with left:
        map_block(here, RECEIVED, here.word("hotline.where"))
    with right:
        ages_block(here, OPEN[:1], here.word("hotline.ages"))
        waiting_block(here, OPEN, here.word("hotline.waiting"))
    hours_block(here, RECEIVED, here.word("hotline.hours"))
    flow_block(here)
    ranking_block(here, ON_TIME, here.word("hotline.who"))
    contacts_block(here)


def ahead(here: Here) -> None:
    """What of it takes a query of all units or all topics, without drawing it."""
    numbers.with_history(here, numbers.many(here, ROW))
    course(here, RECEIVED, here.word("hotline.intake"))
    course(here, ON_TIME, here.word("hotline.on_time"))
    shares(here, RECEIVED, "category_top", here.word("hotline.topics"))
    shares(here, RECEIVED, "channel", here.word("hotline.channels"))
    on_map(here, RECEIVED, here.word("hotline.where"))
    waiting(here, OPEN, here.word("hotline.waiting"))
    in_order(here, ON_TIME, here.word("hotline.who"))


SCREEN = Screen("hotline", 3, render, lambda scope: scope.answers(STATE), ahead=ahead)
