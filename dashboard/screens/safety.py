"""Safety and order: published figures against the same period, and whether a month is more than chance."""

from __future__ import annotations

import streamlit as st

from dashboard.access import STATE
from dashboard.block import title
from dashboard.comparison import map_block, on_map, waiting, waiting_block
from dashboard.course import course, course_block
from dashboard.figures_block import figures_block
from dashboard.here import Here
from dashboard.safety_blocks import band, compared_block, moving_block, usual_block
from dashboard.screens.screen import Screen
from dashboard.told_block import tiles_block, with_courses
from dashboard.twelve_months import over_twelve_months

ROW = (
    "traffic_accidents",
    "traffic_deaths",
    "traffic_injured",
    "traffic_violations",
    "traffic_fines",
    "fires",
    "fire_damage",
)
ORDER = ("order_offences", "order_offences_growth", "order_solved_share")
ACCIDENTS = "traffic_accidents"
PLACES = ("traffic_accidents", "traffic_deaths", "traffic_injured")


def render(here: Here) -> None:
    """Which days are meant, figures, the same period, is it a signal, courses, where, and public order."""
    title(here, here.word("page.safety"))
    band(here)
    tiles_block(here, ROW)
    compared_block(here)
    usual_block(here)
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, ACCIDENTS, here.word("safety.course"))
    with right:
        moving_block(here, "traffic_deaths", here.word("safety.moving"))
    year = over_twelve_months(here)
    left, right = st.columns(2, gap="medium")
    with left:
        map_block(year, ACCIDENTS, here.word("safety.where"))
    with right:
        waiting_block(year, PLACES, here.word("safety.places"))
    told = (here.word("safety.order"), here.word("safety.order_told"), here.word("safety.order_none"))
    figures_block(here, "order", ORDER, *told)


def ahead(here: Here) -> None:
    """What of it takes a query of all units or all months, without drawing it."""
    with_courses(here, ROW)
    course(here, ACCIDENTS, here.word("safety.course"))
    year = over_twelve_months(here)
    on_map(year, ACCIDENTS, here.word("safety.where"))
    waiting(year, PLACES, here.word("safety.places"))


SCREEN = Screen("safety", 8, render, lambda scope: scope.answers(STATE), ahead=ahead)
