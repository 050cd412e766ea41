"""Documents and tasks: what is overdue, who owns it, how old it is, and do documents go through on time."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.ages_block import ages_block
from dashboard.block import title
from dashboard.comparison import board, in_order, ranking_block
from dashboard.course import course, course_block
from dashboard.here import Here
from dashboard.owners import owners
from dashboard.screens.screen import Screen
from dashboard.shares import shares, shares_block
from dashboard.task_blocks import cell_of, owners_block, tasks_block
from dashboard.told_block import tiles_block, with_courses
from dashboard.twelve_months import over_twelve_months, with_any

ROW = (
    "tasks_overdue",
    "tasks_due_soon",
    "tasks_open",
    "tasks_on_time",
    "tasks_on_first_time",
    "tasks_extended",
    "documents_on_time",
    "documents_electronic",
    "documents_signed",
    "meetings_online",
)
ON_TIME = "tasks_on_time"
ASSIGNED = "tasks_assigned"
DOCUMENTS_ON_TIME = "documents_on_time"
DOCUMENTS = ("documents_incoming", "documents_outgoing", "documents_on_time", "documents_electronic",
             "documents_signed")  # fmt: skip


def render(here: Here) -> None:
    """Figures, owners and their tasks, trend and age, who is on time, who gives what, documents by unit."""
    title(here, here.word("page.tasks"))
    cell = cell_of(here.view.tab)
    tiles_block(here, ROW)
    owners_block(here, cell)
    tasks_block(here, cell)
    left, right = st.columns(2, gap="medium")
    with left:
        course_block(here, ON_TIME, here.word("assigned.trend"))
        shares_block(here, ASSIGNED, "subject", here.word("assigned.subjects"))
    with right:
        ages_block(here, ("tasks_overdue",), here.word("assigned.ages"))
        shares_block(here, ASSIGNED, "assigned_by", here.word("assigned.assigners"))
    year = over_twelve_months(here)
    ranking_block(year, ON_TIME, here.word("assigned.ranking"), with_any(year, ASSIGNED, owners(year)))
    course_block(here, DOCUMENTS_ON_TIME, here.word("assigned.documents_trend"))
    writers = with_any(here, DOCUMENTS[0], owners(here))
    ranking_block(here, DOCUMENTS_ON_TIME, here.word("assigned.documents_ranking"), writers)
    if writers:
        board(here, "board_documents", here.word("assigned.documents_board"), numbers.known(here, DOCUMENTS), writers)


def ahead(here: Here) -> None:
    """What of it takes a query of all units or all months, without drawing it."""
    with_courses(here, ROW)
    course(here, ON_TIME, here.word("assigned.trend"))
    shares(here, ASSIGNED, "subject", here.word("assigned.subjects"))
    shares(here, ASSIGNED, "assigned_by", here.word("assigned.assigners"))
    year = over_twelve_months(here)
    in_order(year, ON_TIME, here.word("assigned.ranking"), with_any(year, ASSIGNED, owners(year)))
    course(here, DOCUMENTS_ON_TIME, here.word("assigned.documents_trend"))
    writers = with_any(here, DOCUMENTS[0], owners(here))
    in_order(here, DOCUMENTS_ON_TIME, here.word("assigned.documents_ranking"), writers)


SCREEN = Screen("tasks", 6, render, lambda scope: scope.answers(STATE), ahead=ahead)
