"""Public services: are people served on time, who will be late soon, and where does it differ."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import title
from dashboard.comparison import in_order, map_block, on_map, ranking_block, waiting, waiting_block
from dashboard.course import course, course_block
from dashboard.here import Here
from dashboard.screens.screen import Screen
from dashboard.shares import shares, shares_block
from dashboard.tile import tiles

ROW = (
    "dossiers_received",
    "dossiers_resolved",
    "dossiers_on_time",
    "dossiers_overdue",
    "dossiers_due_soon",
    "online_share_of_full",
    "dossiers_paid_online",
    "dossiers_electronic_result",
    "satisfaction_surveyed",
    "satisfaction_response",
)
ON_TIME = "dossiers_on_time"
RECEIVED = "dossiers_received"
LOAD = "dossiers_per_officer"  # of a counter, never of a person: hidden where fewer than three work
WAITING = ("dossiers_overdue", "dossiers_due_soon", "dossiers_open")


def render(here: Here) -> None:
    """Figures, the course of punctuality beside its map, who will be late, units, fields, load."""
    title(here, here.word("page.public_services"))
    shown = numbers.many(here, ROW)
    st.html(tiles(here, numbers.with_history(here, shown)))
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, ON_TIME, here.word("services.on_time"))
        shares_block(here, RECEIVED, "channel", here.word("services.channels"))
    with right:
        map_block(here, ON_TIME, here.word("services.where"))
    ranking_block(here, ON_TIME, here.word("services.who"))
    left, right = st.columns(2, gap="medium")
    with left:
        waiting_block(here, WAITING, here.word("services.waiting"), stacked=2)
    with right:
        shares_block(here, RECEIVED, "field", here.word("services.fields"))
    ranking_block(here, LOAD, here.word("services.load"))


def ahead(here: Here) -> None:
    """The same without drawing it."""
    numbers.with_history(here, numbers.many(here, ROW))
    course(here, ON_TIME, here.word("services.on_time"))
    shares(here, RECEIVED, "channel", here.word("services.channels"))
    on_map(here, ON_TIME, here.word("services.where"))
    in_order(here, ON_TIME, here.word("services.who"))
    waiting(here, WAITING, here.word("services.waiting"), stacked=2)
    shares(here, RECEIVED, "field", here.word("services.fields"))


SCREEN = Screen("public_services", 2, render, lambda scope: scope.answers(STATE), ahead=ahead)
