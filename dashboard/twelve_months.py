"""What happens seldom is compared over twelve months: a single month of it says more of chance than of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard import numbers, periods
from dashboard.here import Here
from dashboard.periods import MONTH
from dashboard.query import Unit

BACK: Final = 11  # months before the one that the period ends in


def over_twelve_months(here: Here) -> Here:
    """The same view over the twelve months that end with its period; a longer period stays as it is."""
    newest = periods.holding(here.period.last, MONTH, here.period.report_day)
    first = periods.shift(newest, -BACK).first
    if here.period.first <= first:
        return here
    return replace(here, period=periods.between(first, here.period.last))


def with_any(here: Here, name: str, units: Sequence[Unit]) -> list[Unit]:
    """Those of `units` of which the count `name` says anything in this view: the others are no part of a ranking."""
    if not numbers.known(here, [name]):
        return []
    return [unit for unit, one in zip(units, numbers.among(here, name, units), strict=True) if one.plot]
