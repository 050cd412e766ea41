"""A growth is held against the same period of the year before, and against no other period than that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from dashboard import periods
from dashboard.periods import Period
from dashboard.query.batch import Ask, Cell, Key, Measured

YEAR_BEFORE: Final = "year_before"
_OTHER: Final = Cell(reason="answer.no_year_before")


def year_before(ask: Ask, now: Measured, measure: Callable[[Ask], Measured], of_things: bool = False) -> Measured:
    """For every key of `ask` the cell of the same period a year earlier; `now` are the cells of this year.

    `of_things`: what is counted are things or people, so that a growth rests on as many as there were then.

    A published figure may stand for another period than the one asked about (nine months, asked in October): then the
    nine months of the year before are meant. Where these were never told there is no answer, and not a wrong one.
    """
    meant, before = _meant(ask, now), asked_before(ask, now)
    past = measure(before)
    cells = {key: _of(past.cell((before.spans.index(span), key[1], key[2])), span) for key, span in meant.items()}
    if of_things:
        cells = {key: replace(cell, n=cell.value) for key, cell in cells.items()}
    return Measured(cells, Cell(), past.statements)


def asked_before(ask: Ask, now: Measured) -> Ask:
    """The question about the year before: the same but for its spans."""
    return replace(ask, spans=tuple(dict.fromkeys(_meant(ask, now).values())))


def _meant(ask: Ask, now: Measured) -> dict[Key, Period]:
    """For every key the period of the year before that its own is held against."""
    return {key: periods.year_before(now.cell(key).covers or ask.spans[key[0]]) for key in ask.cells()}


def _of(cell: Cell, span: Period) -> Cell:
    """The cell, if it speaks of `span` and of nothing else."""
    told = cell.covers or span
    return cell if (told.first, told.last) == (span.first, span.last) else _OTHER
