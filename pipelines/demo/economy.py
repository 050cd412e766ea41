"""The invented economy: one true value per series and month, and how it was told before it was known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from pipelines.demo import economy_figures as known
from pipelines.demo.chance import stream
from pipelines.demo.economy_figures import Flow
from pipelines.demo.filings import World
from pipelines.demo.office import Floats

ESTIMATED, PRELIMINARY, FINAL = 0, 1, 2
STAGES: Final = ("Ước tính", "Sơ bộ", "Chính thức")
LEFT: Final = (1.0, 0.3, 0.0)  # how much of its first error a figure still has at each stage


@dataclass(frozen=True)
class Months:
    """A true value per month: `values[year - first][month - 1]`, with its error when it was first told."""

    first: int
    values: Floats
    errors: Floats
    digits: int

    def at(self, month: date, stage: int = FINAL) -> float:
        """The month as told at a stage."""
        row, column = month.year - self.first, month.month - 1
        return float(self.values[row, column] * (1 + LEFT[stage] * self.errors[row, column]))

    def to_date(self, month: date, stage: int = FINAL) -> float:
        """January up to and including the month; only the month itself may still be an estimate."""
        row, column = month.year - self.first, month.month - 1
        return float(self.values[row, :column].sum()) + self.at(month, stage)

    def written(self, month: date, stage: int, whole_year: bool) -> str:
        """The number as a bureau writes it, with a point."""
        return f"{self.to_date(month, stage) if whole_year else self.at(month, stage):.{self.digits}f}"


def months_of(world: World, name: str, flow: Flow) -> Months:
    """A flow through all years that anybody may ask about, bent to its published nine months."""
    first, years = span(world)
    rng = stream(world.seed, f"economy {name}")
    draws = rng.lognormal(0.0, flow.swing, (years, 12))
    errors = rng.normal(0.0, flow.revised, (years, 12)) if flow.revised else np.zeros((years, 12))
    raw = np.array(known.SEASON) * draws
    path = np.cumprod([1.0, *(1 + flow.growth.get(first + at, known.LATER) for at in range(1, years))])
    raw = raw / raw.sum(axis=1, keepdims=True) * path[:, None]
    anchored = raw[known.ANCHOR - first, :9].sum()
    return Months(first, np.round(raw * (flow.anchor / anchored), flow.digits), errors, flow.digits)


def span(world: World) -> tuple[int, int]:
    """The first year and the number of years: two before the demo begins, and the year of the anchor in any case."""
    first = min(world.first.year - 2, known.ANCHOR - 4)
    return first, max(world.until.year, known.ANCHOR) - first + 1


def grdp(world: World) -> dict[date, float]:
    """GRDP at constant prices from the beginning of each year, by the last day of a quarter."""
    first, years = span(world)
    # Chained from 2021 on: years before it lie on the way back, with the usual growth.
    base = min(first, 2021)
    before = known.GRDP_BASE / (1 + known.LATER) ** (2021 - base) * np.array(known.GRDP_QUARTERS)
    found: dict[date, float] = {}
    for year in range(base, first + years):
        if year > base:
            before = _grown(before, year)
        for quarter, value in enumerate(np.cumsum(before)):
            found[quarter_end(year, quarter)] = float(value)
    return found


def _grown(before: Floats, year: int) -> Floats:
    """The quarters of a year from those of the year before, by the growth of each or from the year's beginning."""
    to_date = np.array(known.GRDP_TO_DATE.get(year, (known.LATER,) * 4))
    quarters: Floats = np.diff(np.cumsum(before) * (1 + to_date), prepend=0.0)
    if year in known.GRDP_GROWTH:
        quarters = before * (1 + np.array(known.GRDP_GROWTH[year]))
    return quarters


def prices(world: World) -> Months:
    """Consumer prices as levels; every percentage of them follows from these."""
    first, years = span(world)
    rng = stream(world.seed, "economy prices")
    rises = np.array([known.PRICES.get(first + at, 0.033) / 12 for at in range(years)])[:, None]
    steps = rises + rng.normal(0.0, known.PRICE_SPREAD, (years, 12))
    levels = (100 * np.cumprod(1 + steps.ravel())).reshape(years, 12).astype(np.float64)
    return Months(first, levels, np.zeros((years, 12)), 2)


def price_changes(levels: Months, month: date) -> Mapping[str, float]:
    """The four percentages of consumer prices: month before, December, same month, average of the year so far."""
    before, year_ago = month_before(month), month.replace(year=month.year - 1)
    so_far = [levels.at(month.replace(month=at)) for at in range(1, month.month + 1)]
    last_year = [levels.at(year_ago.replace(month=at)) for at in range(1, month.month + 1)]
    now = levels.at(month)
    return {
        "previous": now / levels.at(before) - 1,
        "december": now / levels.at(date(month.year - 1, 12, 1)) - 1,
        "year": now / levels.at(year_ago) - 1,
        "average": sum(so_far) / sum(last_year) - 1,
    }


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter, counted from 0."""
    return month_end(date(year, quarter * 3 + 3, 1))


def whole_months(first: date, until: date) -> list[date]:
    """The first days of the months from that of `first` that are over on `until`, oldest first."""
    return list(_months(first.replace(day=1), until))


def _months(month: date, until: date) -> Iterator[date]:
    while month_end(month) <= until:
        yield month
        month = month_end(month) + timedelta(days=1)
