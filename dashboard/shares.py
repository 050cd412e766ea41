"""What a number is made of: one slice of an indicator, largest first, each with its own figure."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import frames, numbers, sentences, table
from dashboard.block import Block, block, kept
from dashboard.chart import bars
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.scope_bar import go

MOST = 12
"""Bars in a block; the rest stands in the table."""


def shares_block(here: Here, name: str, by: str, question: str) -> None:
    """How a count is made up by the slice `by`; a click looks at that part alone."""
    shown = shares(here, name, by, question)
    picked = block(here, shown) if shown else None
    if picked:
        go(here.view, {"slice": f"{by}={picked}"})
        st.rerun()


def shares(here: Here, name: str, by: str, question: str) -> Block | None:
    """The block of a count by the slice `by`, made once; None where the catalogue has no such name."""
    if not numbers.known(here, [name]):
        return None
    return kept(here, f"{by}_{name}", question, lambda: _shares(here, name, by, question))


def _shares(here: Here, name: str, by: str, question: str) -> Block:
    figures = sorted(numbers.sliced(here, name, by), key=lambda one: -(one.plot or 0.0))
    figures = [one for one in figures if by in dict(one.answer.question.slices)]  # what is refused is refused whole
    entry = here.indicators[name]

    def label(one: Figure) -> str:
        return slice_name(here, one, by)

    told = table.of_figures(here, question, figures, label)
    summary = sentences.of_shares(here, figures, label)
    coded = frames.of_units(figures[:MOST], label).with_columns(
        code=pl.Series([dict(one.answer.question.slices)[by] for one in figures[:MOST]], dtype=pl.String)
    )
    drawn = bars(coded, style=here.style, axis=frames.axis_of(entry))
    return Block(f"{by}_{name}", question, summary, drawn, told, (entry,), pick=True)


def slice_name(here: Here, figure: Figure, by: str) -> str:
    """The reader's word for the value of a slice that a figure speaks of."""
    return here.value_name(by, dict(figure.answer.question.slices).get(by, ""))
