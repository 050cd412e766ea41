"""What people report about, in two levels: a click on a topic opens the topics below it."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from dashboard import frames, numbers, sentences, table
from dashboard.block import Block, block
from dashboard.chart import bars
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.query import by_slice
from dashboard.scope_bar import go
from dashboard.shares import MOST, slice_name

UPPER: Final = "category_top"
LOWER: Final = "category"


def lower_topics_block(here: Here, name: str) -> None:
    """The lower level of the topics in this view: of the chosen topic, or the most frequent of all."""
    chosen = dict(here.question(name).slices)
    if not numbers.known(here, [name]) or not numbers.fits(here, here.indicators[name], [LOWER]):
        return
    entry = here.indicators[name]
    asked = here.question(name, slices=tuple(pair for pair in chosen.items() if pair[0] != LOWER))
    told = [one for one in by_slice(here.snapshot, here.scope, asked, LOWER, today=here.today) if one.value]
    figures = sorted((numbers.figure_of(here, entry, one) for one in told), key=lambda one: -(one.plot or 0.0))
    above = chosen.get(UPPER)
    question = here.word("topics.below", topic=here.value_name(UPPER, above)) if above else here.word("topics.all")
    codes = [dict(one.answer.question.slices)[LOWER] for one in figures[:MOST]]

    def label(one: Figure) -> str:
        return slice_name(here, one, LOWER)

    rows = frames.of_units(figures[:MOST], label).with_columns(code=pl.Series(codes, dtype=pl.String))
    drawn = bars(rows, style=here.style, axis=frames.axis_of(entry))
    listed = table.of_figures(here, question, figures, label)
    summary = sentences.of_shares(here, figures, label)
    picked = block(here, Block(f"{LOWER}_{name}", question, summary, drawn, listed, (entry,), pick=True))
    if picked:
        kept = [f"{by}={value}" for by, value in chosen.items() if by != LOWER]
        go(here.view, {"slice": ",".join([*kept, f"{LOWER}={picked}"])})
        st.rerun()
