"""An indicator through the months: this year, the year before, its target and the break of the reform."""

from __future__ import annotations

import streamlit as st

from dashboard import frames, numbers, sentences, table
from dashboard.block import Block, block, kept
from dashboard.chart import trend
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.scope_bar import go


def course_block(here: Here, name: str, question: str) -> None:
    """The last thirteen months; a click on a month opens it. Nothing where the catalogue has no such name."""
    shown = course(here, name, question)
    picked = block(here, shown) if shown else None
    if picked:
        go(here.view, {"period": picked})
        st.rerun()


def course(here: Here, name: str, question: str) -> Block | None:
    """The block of a course, made once; None where the catalogue has no such name."""
    if not numbers.known(here, [name]):
        return None
    return kept(here, f"course_{name}", question, lambda: _course(here, name, question))


def _course(here: Here, name: str, question: str) -> Block:
    figures = numbers.history(here, name, months=25)
    past, now = figures[:12], figures[12:]
    entry = here.indicators[name]
    drawn = trend(
        frames.of_history(here, now, past + now[:1]),
        style=here.style,
        axis=frames.axis_of(entry),
        target=frames.rule(now[-1].target, now[-1].target_plot),
        breaks=frames.breaks(here, now),
    )
    told = table.of_figures(here, here.word("chart.month"), now, lambda one: _tick(here, one))
    return Block(f"course_{name}", question, sentences.of_history(here, now), drawn, told, (entry,), True, "line")


def _tick(here: Here, figure: Figure) -> str:
    return here.format.tick(figure.answer.question.period)
