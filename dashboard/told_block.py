"""Figures that are the province's alone: a unit is shown what speaks of it, and told in a sentence what does not."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import numbers, periods
from dashboard.course import course_block, quarters_block
from dashboard.figure import NO_DATA, Figure
from dashboard.fold import said
from dashboard.here import Here
from dashboard.query import gather
from dashboard.tile import tiles


def speaking(here: Here, names: Sequence[str]) -> dict[str, Figure]:
    """Those of `names` of which anything is known for this unit and period, in order."""
    return {name: one for name, one in numbers.many(here, names).items() if one.state != NO_DATA}


def with_courses(here: Here, names: Sequence[str]) -> list[tuple[Figure, list[Figure]]]:
    """What speaks of this unit with its past months; published figures and what follows from them in few queries."""
    shown = speaking(here, names)
    told = [name for name in shown if here.indicators[name].kind in ("reported", "formula")]
    if told and here.period.grain == periods.MONTH:
        months = periods.run_of(here.period, numbers.MONTHS)
        gather(here.snapshot, here.scope, told, here.question(told[0]), months, today=here.today)
    return numbers.with_history(here, shown)


def tiles_block(here: Here, names: Sequence[str]) -> None:
    """The tiles of what speaks of this unit, and one sentence about the rest."""
    shown = speaking(here, names)
    if shown:
        st.html(tiles(here, with_courses(here, names)))
    silent = [name for name in numbers.known(here, names) if name not in shown]
    if silent:
        told = ", ".join(here.indicators[name].text("short", here.lang) for name in silent)
        st.html(said(here.word("told.silent", names=told), small=True))


def told_course(here: Here, name: str, question: str, quarterly: bool = False) -> None:
    """The course of a figure, where it has any for this unit: an empty chart answers no question."""
    if speaking(here, [name]):
        (quarters_block if quarterly else course_block)(here, name, question)
