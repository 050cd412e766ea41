"""How many people come on which day: Mondays, the quiet before Tết, the rush after it, and the weeks of a reform."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from pipelines.demo.office import Floats, Ints, Office, epoch_day

# Monday to Sunday; a make-up Saturday is a slow day (assumed, after "heavy Tết and Monday seasonality").
WEEKDAYS: Final = np.array([1.30, 1.08, 1.00, 0.94, 0.86, 0.55, 0.40])
# January to December; school papers in summer, land and civil status in autumn (assumed).
MONTHS: Final = np.array([1.00, 0.98, 1.06, 1.02, 0.98, 1.04, 1.08, 1.10, 1.04, 1.00, 0.96, 0.92])
BEFORE_TET: Final = (0.55, 0.68, 0.78, 0.86, 0.92, 0.96)  # last working day first
AFTER_TET: Final = (1.60, 1.45, 1.30, 1.22, 1.16, 1.12, 1.08, 1.05)
AFTER_REFORM: Final = (0.45, 0.55, 0.62, 0.70, 0.78, 0.85, 0.92, 1.0, 1.12, 1.15, 1.15, 1.12, 1.1, 1.06)
YEARLY_GROWTH: Final = 0.05
TET_DAYS_OFF: Final = 5


def busyness(office: Office, first: date, last: date, reforms: tuple[date, ...]) -> tuple[Ints, Floats]:
    """The working days of a period as epoch days, and the relative number of dossiers of each."""
    since, until = epoch_day(first), epoch_day(last)
    days = office.days[(office.days >= since) & (office.days <= until)]
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12
    weights = WEEKDAYS[(days + 3) % 7] * MONTHS[month] * (1 + YEARLY_GROWTH * (days - since) / 365)
    for number in _tet(office):
        weights *= _around(office.number(days) - number, AFTER_TET, BEFORE_TET)
    for reform in reforms:
        start = int(office.number(np.array([epoch_day(reform) - 1]))[0]) + 1
        weights *= _around(office.number(days) - start, AFTER_REFORM, ())
    return days, weights


def _tet(office: Office) -> list[int]:
    """The number of the first working day after each Tết: the longest gap that begins in January or February."""
    gaps = np.diff(office.days) - 1
    dates = office.days.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")[:-1]
    winter = (dates.astype("datetime64[M]").astype(np.int64) % 12 <= 1)[:-1]
    longest = [np.flatnonzero(winter & (years == year)) for year in np.unique(years)]
    starts = [int(rows[np.argmax(gaps[rows])]) for rows in longest if len(rows)]
    return [start + 2 for start in starts if gaps[start] >= TET_DAYS_OFF]


def _around(distance: Ints, after: tuple[float, ...], before: tuple[float, ...]) -> Floats:
    factor = np.ones(len(distance))
    for step, value in enumerate(after):
        factor[distance == step] = value
    for step, value in enumerate(before):
        factor[distance == -1 - step] = value
    return factor


def per_part(weights: list[float], rows: int) -> list[int]:
    """Share `rows` out by weight, largest remainders first, so that the parts add up to `rows` exactly."""
    exact = np.array(weights) / sum(weights) * rows
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: rows - int(whole.sum())]] += 1
    return [int(part) for part in whole]
