"""Socio-economic: does the economy grow, does the money come in and go out as planned, and which figure has changed."""

from __future__ import annotations

import streamlit as st

from dashboard import numbers
from dashboard.access import STATE
from dashboard.block import title
from dashboard.comparison import in_order, ranking_block
from dashboard.course import course
from dashboard.economy_blocks import TOLD, investors, lines_block, revised_block
from dashboard.here import Here
from dashboard.screens.screen import Screen
from dashboard.told_block import tiles_block, told_course, with_courses

ROW = (
    "grdp_growth",
    "iip_to_date",
    "revenue_of_council_estimate",
    "investment_spent_of_plan",
    "exports_growth",
    "fdi_capital_to_date",
    "firms_new_to_date",
    "retail_growth",
    "cpi_average",
)
INVESTMENT = "investment_spent_of_plan"


def render(here: Here) -> None:
    """Main figures, all of them in a table, four courses, investors beside each other, and what was told again."""
    title(here, here.word("page.economy"))
    tiles_block(here, ROW)
    lines_block(here)
    left, right = st.columns(2, gap="medium")
    with left:
        told_course(here, "grdp_growth", here.word("economy.quarters"), quarterly=True)
        told_course(here, INVESTMENT, here.word("economy.invest_way"))
    with right:
        told_course(here, "revenue_of_council_estimate", here.word("economy.revenue_way"))
        told_course(here, "exports_growth", here.word("economy.trade_way"))
    spending = investors(here)
    if spending:
        ranking_block(here, INVESTMENT, here.word("economy.investors"), spending)
    revised_block(here)


def ahead(here: Here) -> None:
    """What of it takes many questions, without drawing it."""
    with_courses(here, ROW)
    numbers.many(here, TOLD)
    course(here, INVESTMENT, here.word("economy.invest_way"))
    course(here, "revenue_of_council_estimate", here.word("economy.revenue_way"))
    course(here, "exports_growth", here.word("economy.trade_way"))
    in_order(here, INVESTMENT, here.word("economy.investors"), investors(here))


SCREEN = Screen("economy", 7, render, lambda scope: scope.answers(STATE), ahead=ahead)
