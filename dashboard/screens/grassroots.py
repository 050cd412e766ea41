"""Grassroots: are the teams at work, whom do they reach, and do people use what is digital by themselves."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import title
from dashboard.comparison import board, in_order, map_block, on_map, ranking_block, units_of
from dashboard.course import course, course_block
from dashboard.figures_block import figures_block
from dashboard.here import Here
from dashboard.screens.screen import Screen
from dashboard.shares import shares, shares_block
from dashboard.told_block import tiles_block, with_courses
from dashboard.twelve_months import with_any

ROW = (
    "grassroots_people",
    "grassroots_sessions",
    "grassroots_people_per_session",
    "teams_active",
    "training_attended",
    "training_of_target",
    "app_accounts",
    "app_active_share",
    "cashless_share",
)
PEOPLE = "grassroots_people"
TEAMS = "teams_active"
CASHLESS = ("cashless_share_health", "cashless_share_education", "cashless_share_fees")
BOARD = ("grassroots_people", "grassroots_sessions", "teams_active", "training_attended", "training_of_target")


def render(here: Here) -> None:
    """Figures, course and models, where, who is at work, cashless payment, and every commune in a table."""
    title(here, here.word("page.grassroots"))
    tiles_block(here, ROW)
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, PEOPLE, here.word("grassroots.course"))
        shares_block(here, PEOPLE, "model", here.word("grassroots.models"))
    with right:
        map_block(here, PEOPLE, here.word("grassroots.where"))
    communes = with_any(here, PEOPLE, units_of(here))
    ranking_block(here, TEAMS, here.word("grassroots.teams"), communes)
    told = (here.word("grassroots.cashless"), here.word("grassroots.cashless_told"),
            here.word("grassroots.cashless_none"))  # fmt: skip
    figures_block(here, "cashless", CASHLESS, *told)
    names = numbers.known(here, BOARD)
    if names and communes:
        board(here, "board_grassroots", here.word("grassroots.board"), names, communes)


def ahead(here: Here) -> None:
    """What of it takes a query of all units or all months, without drawing it."""
    with_courses(here, ROW)
    course(here, PEOPLE, here.word("grassroots.course"))
    shares(here, PEOPLE, "model", here.word("grassroots.models"))
    on_map(here, PEOPLE, here.word("grassroots.where"))
    in_order(here, TEAMS, here.word("grassroots.teams"), with_any(here, PEOPLE, units_of(here)))


SCREEN = Screen("grassroots", 9, render, lambda scope: scope.answers(STATE), ahead=ahead)
