"""Filing online is a way of four pages: how many get to each, where most turn back, and whether it gets better."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.block import Block, block, heading
from dashboard.chart import Axis, bars
from dashboard.comparison import ranking_block
from dashboard.course import course_block
from dashboard.export import COUNT, SHARE, TEXT, Column
from dashboard.figure import Figure
from dashboard.fold import said
from dashboard.here import Here
from dashboard.table import Table

PAGES: Final = (
    "online_filings_started",
    "online_filings_filled",
    "online_filings_attached",
    "online_filings_completed",
)
GIVEN_UP: Final = "online_filings_given_up"


def drop_off_blocks(here: Here) -> None:
    """The pages of a filing, the months and the units of what is given up; one sentence where no portal tells."""
    names = numbers.known(here, PAGES)
    if not names:
        return
    told = [figure for figure in numbers.many(here, names).values() if figure.plot]
    if len(told) < 2:
        with st.container(key="card_filings"):
            heading(here.word("days.filings"), here.word("days.filings_told"))
            st.html(said(here.word("days.no_filings")))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _pages(here, told)
    with right:
        course_block(here, GIVEN_UP, here.word("days.given_up_course"))
    ranking_block(here, GIVEN_UP, here.word("days.given_up_where"))


def _pages(here: Here, told: Sequence[Figure]) -> None:
    """A bar per page that the portal counts; what none of them counts is left out."""
    reached = [figure.plot or 0.0 for figure in told]
    shares = [many / reached[0] for many in reached]
    lost = [0.0, *(before - after for before, after in pairwise(reached))]
    names = [figure.short for figure in told]
    count, percent = here.format.count, here.format.percent
    rows = pl.DataFrame(
        {
            "label": names,
            "value": reached,
            # All of them begin: a hundred percent says nothing, and has no room at the end of the longest bar.
            "text": [count(reached[0]), *(f"{count(many)} · {percent(share)}"
                                          for many, share in zip(reached[1:], shares[1:], strict=True))],
            "detail": [here.word("days.page_lost", n=count(gone)) for gone in lost],
        }
    )
    columns = (Column(here.word("days.page"), TEXT), Column(here.word("days.reached"), COUNT),
               Column(here.word("days.of_begun"), SHARE), Column(here.word("days.lost"), COUNT))  # fmt: skip
    cells = tuple(zip(names, reached, shares, lost, strict=True))
    texts = tuple((name, count(many), percent(share), count(gone)) for name, many, share, gone in cells)
    entries = tuple(figure.indicator for figure in told)
    drawn = bars(rows, style=here.style, axis=Axis())
    block(here, Block("filings", here.word("days.filings"), _summary(here, names, reached), drawn,
                      Table(columns, cells, texts), entries))  # fmt: skip


def _summary(here: Here, names: Sequence[str], reached: Sequence[float]) -> str:
    """How many never arrive, and between which two pages most turn back."""
    lost = [before - after for before, after in pairwise(reached)]
    at = max(range(len(lost)), key=lambda step: lost[step])
    count = here.format.count
    return here.word(
        "days.filings_lost", begun=count(reached[0]), filed=count(reached[-1]), gone=count(reached[0] - reached[-1]),
        share=here.format.percent(1 - reached[-1] / reached[0]), before=names[at], after=names[at + 1],
        most=count(lost[at]),
    )  # fmt: skip
