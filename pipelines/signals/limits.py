"""A month is worth a leader's attention only when chance alone would hardly have made it.

Methods, each stated where it is used: XmR limits (Wheeler; NHS "Making Data Count") for series with enough
events, exact binomial limits where fewer than ten numerator or complement events are expected, exact Poisson
limits for counts that are expected below thirty. Limits are locked on the first 24 points and move only after a
re-basing that somebody dated and gave a reason for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipelines.signals import rare

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Series = tuple[Floats, Floats | None]

METHODS = ("xmr", "binomial", "poisson", "none")
LOCKED_POINTS = 24
FEWEST_POINTS = 12
SIGMAS_PER_MEAN_RANGE = 1 / 1.128  # d2 of a moving range of two
EXPECTED_EVENTS = 10  # fewer on either side: exact binomial
EXPECTED_COUNT = 30  # fewer: exact Poisson
# One-sided tails for events that can only be counted. Whole numbers never fill a tail, so the tails of three and
# two sigma (0.00135, 0.023) would leave most shifts unseen; these were chosen by simulation so that a stable
# process still signals in fewer than 2 % of unit-months (tests/pipelines/test_signals.py repeats it).
OUTSIDE = 0.0075
WARNING = 0.06


@dataclass(frozen=True)
class Limits:
    """Centre and limits per point, with how they were found; `locked` is False while fewer than 24 points exist.

    `pooled`: of a rare series (rare.py) the side on which three months together lie outside, per point; else None.
    """

    method: str  # one of METHODS
    locked: bool
    centre: Floats
    lower: Floats
    upper: Floats
    warning_lower: Floats
    warning_upper: Floats
    pooled: Ints | None = None


@dataclass(frozen=True)
class _Plan:
    """What one series asks for, before any bound is computed: bounds of all series are found in one stroke."""

    method: str
    locked: bool
    centre: float  # mean, share or expected count
    sigma: float = 0.0
    ceiling: float = np.inf
    chance: float = 0.0  # of three months together; 0 where the series is not rare


@dataclass(frozen=True, eq=False)
class Together:
    """The limits of many series end to end; series number n has its points from `ends[n]` to `ends[n + 1]`."""

    plans: Sequence[_Plan]
    ends: Ints
    centre: Floats
    lower: Floats
    upper: Floats
    warning_lower: Floats
    warning_upper: Floats
    pooled: Ints

    def limits(self, number: int) -> Limits:
        """Those of one series."""
        plan, own = self.plans[number], slice(*self.ends[number:number + 2])
        return Limits(plan.method, plan.locked, self.centre[own], self.lower[own], self.upper[own],
                      self.warning_lower[own], self.warning_upper[own], self.pooled[own] if plan.chance else None)


def limits(numerator: Floats, denominator: Floats | None) -> Limits:
    """Limits of one monthly series in time order; with a denominator it is a rate, without one a count.

    Months with a zero denominator carry no information: they are left out of the baseline and never signal.
    """
    return limits_of_many([(numerator, denominator)])[0]


def limits_of_many(series: Sequence[Series]) -> list[Limits]:
    """The same for many series at once."""
    found = limits_together(series)
    return [found.limits(number) for number in range(len(series))]


def limits_together(series: Sequence[Series]) -> Together:
    """The same end to end: ten thousand small searches cost what a dozen do."""
    plans = [_plan(numerator, denominator) for numerator, denominator in series]
    sizes = [len(numerator) for numerator, _ in series]
    centre = np.repeat([plan.centre for plan in plans], sizes).astype(float)
    method = np.repeat([METHODS.index(plan.method) for plan in plans], sizes)
    sigma = np.repeat([plan.sigma for plan in plans], sizes)
    ceiling = np.repeat([plan.ceiling for plan in plans], sizes)
    tried = np.concatenate([*(numerator if denominator is None else denominator for numerator, denominator in series),
                            np.empty(0)])
    trials = np.maximum(np.rint(tried), 1.0)
    binomial, poisson, none = (method == METHODS.index(name) for name in ("binomial", "poisson", "none"))

    def bounds(tail: float, sigmas: int) -> tuple[Floats, Floats]:
        low, high = (np.clip(centre + side * sigmas * sigma, 0.0, ceiling) for side in (-1, 1))
        low[binomial], high[binomial] = _binomial_bounds(trials[binomial], centre[binomial], tail)
        low[poisson], high[poisson] = _poisson_bounds(centre[poisson], tail)
        low[none] = high[none] = np.nan
        return low, high

    return Together(plans, np.cumsum([0, *sizes]), centre, *bounds(OUTSIDE, 3), *bounds(WARNING, 2),
                    _pooled(series, plans))


def _pooled(series: Sequence[Series], plans: Sequence[_Plan]) -> Ints:
    """What three months together say of rare series, end to end with all others, of which it says nothing."""
    sides = [np.zeros(len(numerator), np.int64) for numerator, _ in series]
    rares = [at for at, plan in enumerate(plans) if plan.chance]
    points = [_points(*series[at], plans[at]) for at in rares]
    if points:
        found = rare.sides(rare.Points(*(np.concatenate(column) for column in zip(*points, strict=True))))
        for at, start in zip(rares, np.cumsum([0, *(len(sides[at]) for at in rares)]), strict=False):
            turned = -1 if series[at][1] is not None and plans[at].centre > 0.5 else 1
            sides[at] = turned * found[start:start + len(sides[at])]
    return np.concatenate([*sides, np.empty(0, np.int64)])


def _points(numerator: Floats, denominator: Floats | None, plan: _Plan) -> rare.Points:
    """One rare series as months of events: of a share near one the events are what is lacking."""
    if denominator is None:
        events, tried, rate = numerator, np.full(len(numerator), np.inf), plan.centre
    else:
        tried = np.maximum(np.rint(denominator), 0.0)
        lacking = np.maximum(tried - numerator, 0.0)
        events, rate = (lacking, 1 - plan.centre) if plan.centre > 0.5 else (numerator, plan.centre)
    before = np.convolve(np.where(np.isinf(tried), 0.0, tried), [0, 1, 1])[:len(tried)]
    chance = np.where(np.arange(len(events)) < rare.MONTHS - 1, 0.0, plan.chance)
    return rare.Points(events, np.convolve(events, [1, 1, 1])[:len(events)], tried, before,
                       np.full(len(events), rate), chance)


def _plan(numerator: Floats, denominator: Floats | None) -> _Plan:
    usable = np.ones(len(numerator), bool) if denominator is None else denominator > 0
    baseline = np.flatnonzero(usable)[:LOCKED_POINTS]
    if len(baseline) < FEWEST_POINTS:
        return _Plan("none", False, np.nan)
    locked = len(baseline) == LOCKED_POINTS
    if denominator is None:
        return _plan_of_counts(numerator[baseline], locked)
    return _plan_of_rates(numerator[baseline], denominator[baseline], locked)


def _plan_of_counts(count: Floats, locked: bool) -> _Plan:
    if float(count.sum() / len(count)) < EXPECTED_COUNT:
        expected = float((count.sum() + 0.5) / len(count))
        return _Plan("poisson", locked, expected, chance=rare.chance_of(expected))
    return _xmr(count, locked, np.inf)


def _plan_of_rates(numerator: Floats, denominator: Floats, locked: bool) -> _Plan:
    # Half an event on either side (Jeffreys): a baseline without one failure does not prove that none can happen.
    share = float((numerator.sum() + 0.5) / (denominator.sum() + 1.0))
    expected = median(denominator.tolist()) * min(share, 1 - share)
    if expected < EXPECTED_EVENTS:
        return _Plan("binomial", locked, share, chance=rare.chance_of(expected))
    return _xmr(numerator / denominator, locked, 1.0)


def _xmr(points: Floats, locked: bool, ceiling: float) -> _Plan:
    ranges = np.abs(points[1:] - points[:-1])
    sigma = float(ranges.sum() / len(ranges)) * SIGMAS_PER_MEAN_RANGE
    return _Plan("xmr", locked, float(points.sum() / len(points)), sigma, ceiling)


def _binomial_bounds(trials: Floats, share: Floats, tail: float) -> tuple[Floats, Floats]:
    """Smallest and largest share that is not yet in a tail of at most `tail`, for each number of trials."""
    from scipy.special import bdtr  # a second to import, and most commands never ask

    whole = trials.astype(np.int64)  # scipy wants the number of trials as an integer
    low = _first(lambda k: bdtr(k, whole, share) > tail, trials)
    high = trials - _first(lambda k: bdtr(k, whole, 1 - share) > tail, trials)
    return low / trials, high / trials


def _poisson_bounds(expected: Floats, tail: float) -> tuple[Floats, Floats]:
    from scipy.special import pdtr

    ceiling = np.ceil(expected + 12 * np.sqrt(expected) + 30)
    low = _first(lambda k: pdtr(k, expected) > tail, ceiling)
    high = _first(lambda k: 1 - pdtr(k, expected) <= tail, ceiling)
    return low, high


def _first(holds: Callable[[Floats], NDArray[np.bool_]], last: Floats) -> Floats:
    """The smallest whole k in 0..last for which a monotone condition holds, by halving, for all points at once."""
    low, high = np.zeros_like(last), last.copy()
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        true = holds(middle)
        high = np.where(true & (low < high), middle, high)
        low = np.where(~true & (low < high), middle + 1, low)
    return low
