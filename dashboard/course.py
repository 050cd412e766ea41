"""An indicator through the months: this year, the year before, its target and the break of the reform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import frames, numbers, periods, sentences, table
from dashboard.block import Block, block, kept
from dashboard.chart import trend
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.periods import QUARTER
from dashboard.scope_bar import go

QUARTERS: Final = 9
"""Two years of quarters and the one to compare the first with."""


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


def quarters_block(here: Here, name: str, question: str) -> None:
    """The quarters up to the newest whole one of the period: for what is told four times a year."""
    if not numbers.known(here, [name]):
        return
    picked = block(here, kept(here, f"quarters_{name}", question, lambda: _quarters(here, name, question)))
    if picked:
        go(here.view, {"period": picked})
        st.rerun()


def _quarters(here: Here, name: str, question: str) -> Block:
    newest = periods.holding(here.period.last, QUARTER)
    newest = newest if newest.last <= here.period.last else periods.previous(newest)
    figures = numbers.over(here, name, periods.run_of(newest, QUARTERS))
    entry = here.indicators[name]
    rows = frames.of_history(here, figures)
    drawn = trend(rows, style=here.style, axis=frames.axis_of(entry), breaks=frames.breaks(here, figures))
    told = table.of_figures(here, here.word("economy.quarter"), figures, lambda one: _tick(here, one))
    summary = _quarters_told(here, figures)
    return Block(f"quarters_{name}", question, summary, drawn, told, (entry,), True, "line")


def _quarters_told(here: Here, figures: Sequence[Figure]) -> str:
    """The newest quarter that is known, and the two ends of those shown."""
    known = [one for one in figures if one.plot is not None]
    if not known:
        return here.word("chart.nothing")
    high, low = (pick(known, key=lambda one: one.plot or 0.0) for pick in (max, min))
    period = here.format.period(known[-1].answer.question.period)
    return here.word(
        "economy.quarters_told", period=period[:1].upper() + period[1:], value=known[-1].text,
        n=here.format.count(len(figures)), high=high.text, high_at=_tick(here, high), low=low.text,
        low_at=_tick(here, low),
    )  # fmt: skip


def _tick(here: Here, figure: Figure) -> str:
    return here.format.tick(figure.answer.question.period)
