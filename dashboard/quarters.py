"""Party figures by quarter: only what a published table says, looked up and never computed from smaller cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard import periods
from dashboard.figure import ZERO, Figure, make_figure
from dashboard.here import Here
from dashboard.periods import QUARTER, Period
from dashboard.query import Answer, Indicator, Unit, by_unit, children, series, wilson
from dashboard.query.published import cells
from dashboard.query.question import AS_WAS
from dashboard.query.targets import target_of

SHOWN: Final = 8
"""Quarters in a trend: two years, so that each quarter has its own of the year before."""
MARKS: Final = {"no_data": "–", "hidden": "×", "too_few": "…"}


def published_quarters(here: Here) -> list[Period]:
    """Quarters of which any table has been published, oldest first."""
    codes = {period for entry in here.indicators.values() if entry.sensitive
             for _, period in cells(here.snapshot, entry.id)}  # fmt: skip
    found = [periods.parse(code) for code in codes]
    return sorted((one for one in found if one.grain == QUARTER), key=lambda one: one.first)


def quarters_to_choose(here: Here) -> list[Period]:
    """The published quarters that an address may ask for, newest first, two years of them."""
    return published_quarters(here)[::-1][:SHOWN]


def newest(here: Here, entry: Indicator, until: Period) -> Period | None:
    """The newest quarter up to `until` for which an indicator says anything; None where it never has.

    A cell that is hidden says something too. Ratings come once a year: they stand under their own quarter.
    """
    if entry.sensitive:
        known = {period for _, period in cells(here.snapshot, entry.id)}
        found = [one for one in published_quarters(here) if one.last <= until.last and one.code in known]
        return found[-1] if found else None
    if entry.rhythm != "yearly":
        return until
    asked = periods.run_of(until, 4)
    told = series(here.snapshot, here.scope, here.question(entry.id, slices=()), asked, today=here.today)
    return next((one.question.period for one in reversed(told) if one.value is not None), None)


def at_quarter(here: Here) -> Here | None:
    """The same reader at the newest published quarter of the period asked for, in the units of that time.

    Published tables exist on the basis of their time alone; None where nothing has been published.
    """
    found = published_quarters(here)
    if not found:
        return None
    asked = [one for one in found if one.first <= here.period.last] if here.view.period else found
    return replace(here, period=(asked or found[:1])[-1], basis=AS_WAS)


def figure(here: Here, entry: Indicator, told: Answer, previous: Answer | None = None) -> Figure:
    """The figure of a published cell, with the interval of its own two numbers where it is a share of them."""
    target = target_of(here.snapshot, entry, told.question.unit, told.question.period.last)
    comparison = "year" if entry.rhythm == "yearly" else "previous"
    told = with_interval(entry, told)
    return make_figure(entry, told, here.lang, target=target, previous=previous, comparison=comparison)


def with_interval(entry: Indicator, told: Answer) -> Answer:
    """The answer with the Wilson interval of the numbers that its cell shows; never of a hidden one."""
    above, below = told.numerator, told.denominator
    if told.interval or entry.measure != "percent" or told.value is None or above is None or not below:
        return told
    return replace(told, interval=wilson(above, below)) if 0 <= above <= below else told


def tile_figures(here: Here, entry: Indicator) -> tuple[Figure, list[Figure]] | None:
    """The newest figure of an indicator for the unit of the view, and its course; None where there is no cell."""
    quarter = newest(here, entry, here.period)
    if quarter is None:
        return None
    past = course(here, entry, quarter)
    before = past[-2].answer if len(past) > 1 else None
    return figure(here, entry, past[-1].answer, before), past


def course(here: Here, entry: Indicator, until: Period) -> list[Figure]:
    """The figures of the quarters that end with `until`; of a yearly one the same quarter of every year."""
    step = 12 if entry.rhythm == "yearly" else 3
    asked = [periods.shift(until, -step * back) for back in range(SHOWN - 1, -1, -1)]
    question = here.question(entry.id, slices=())
    return [figure(here, entry, told) for told in series(here.snapshot, here.scope, question, asked, today=here.today)]


def below(here: Here) -> list[Unit]:
    """The organisations directly below the unit of the view that existed in its quarter, by name."""
    found = children(here.places, here.unit.unit_id, here.basis, here.period)
    return sorted(found, key=lambda unit: (unit.kind, unit.name(here.lang)))


def among(here: Here, entry: Indicator, units: Sequence[Unit]) -> list[Figure]:
    """One figure per organisation, in their order."""
    ids = [unit.unit_id for unit in units]
    question = here.question(entry.id, slices=())
    return [figure(here, entry, told) for told in by_unit(here.snapshot, here.scope, question, ids, today=here.today)]


def mark(one: Figure) -> str:
    """What stands in a cell: the value, or the mark that says why there is none."""
    if one.answer.status == "refused" or (one.state == ZERO and one.plot is None):
        return MARKS["no_data"]
    return MARKS.get(one.state, one.text)
