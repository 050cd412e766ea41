"""A month is worth a leader's attention only when chance alone would hardly have made it.

Methods, each stated where it is used: XmR limits (Wheeler; NHS "Making Data Count") for series with enough
events, exact binomial limits where fewer than ten numerator or complement events are expected, exact Poisson
limits for counts that are expected below thirty. Limits are locked on the first 24 points and move only after a
re-basing that somebody dated and gave a reason for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, pdtr

Floats = NDArray[np.float64]

LOCKED_POINTS = 24
FEWEST_POINTS = 12
SIGMAS_PER_MEAN_RANGE = 1 / 1.128  # d2 of a moving range of two
EXPECTED_EVENTS = 10  # fewer on either side: exact binomial
EXPECTED_COUNT = 30  # fewer: exact Poisson
# One-sided tails for events that can only be counted. Whole numbers never fill a tail, so the tails of three and
# two sigma (0.00135, 0.023) would leave most shifts unseen; these were chosen by simulation so that a stable
# process still signals in fewer than 2 % of unit-months (tests/pipelines/test_signals.py repeats it).
OUTSIDE = 0.005
WARNING = 0.06


@dataclass(frozen=True)
class Limits:
    """Centre and limits per point, with how they were found; `locked` is False while fewer than 24 points exist."""

    method: str  # "xmr", "binomial", "poisson", "none"
    locked: bool
    centre: Floats
    lower: Floats
    upper: Floats
    warning_lower: Floats
    warning_upper: Floats


def limits(numerator: Floats, denominator: Floats | None) -> Limits:
    """Limits of one monthly series in time order; with a denominator it is a rate, without one a count.

    Months with a zero denominator carry no information: they are left out of the baseline and never signal.
    """
    usable = np.ones(len(numerator), bool) if denominator is None else denominator > 0
    baseline = np.flatnonzero(usable)[:LOCKED_POINTS]
    if len(baseline) < FEWEST_POINTS:
        return _none(len(numerator))
    locked = len(baseline) == LOCKED_POINTS
    if denominator is None:
        return _of_counts(numerator, baseline, locked)
    return _of_rates(numerator, denominator, baseline, locked)


def _none(points: int) -> Limits:
    empty = np.full(points, np.nan)
    return Limits("none", False, empty, empty, empty, empty, empty)


def _of_counts(count: Floats, baseline: NDArray[np.intp], locked: bool) -> Limits:
    mean = float(count[baseline].mean())
    if mean < EXPECTED_COUNT:
        expected = np.full(len(count), (count[baseline].sum() + 0.5) / len(baseline))
        bounds = [_poisson_bounds(expected, tail) for tail in (OUTSIDE, WARNING)]
        return Limits("poisson", locked, expected, *bounds[0], *bounds[1])
    return _xmr(count, baseline, locked, floor=0.0, ceiling=np.inf)


def _of_rates(numerator: Floats, denominator: Floats, baseline: NDArray[np.intp], locked: bool) -> Limits:
    total = denominator[baseline].sum()
    # Half an event on either side (Jeffreys): a baseline without one failure does not prove that none can happen.
    share = float((numerator[baseline].sum() + 0.5) / (total + 1.0))
    typical = float(np.median(denominator[baseline]))
    if typical * min(share, 1 - share) < EXPECTED_EVENTS:
        safe = np.maximum(np.rint(denominator), 1.0)
        bounds = [_binomial_bounds(safe, share, tail) for tail in (OUTSIDE, WARNING)]
        return Limits("binomial", locked, np.full(len(safe), share), *bounds[0], *bounds[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(denominator > 0, numerator / denominator, np.nan)
    return _xmr(rate, baseline, locked, floor=0.0, ceiling=1.0)


def _xmr(value: Floats, baseline: NDArray[np.intp], locked: bool, floor: float, ceiling: float) -> Limits:
    points = value[baseline]
    centre = float(points.mean())
    sigma = float(np.abs(np.diff(points)).mean()) * SIGMAS_PER_MEAN_RANGE
    whole = np.full(len(value), 1.0)

    def at(sigmas: float) -> Floats:
        return np.clip(whole * (centre + sigmas * sigma), floor, ceiling)

    return Limits("xmr", locked, whole * centre, at(-3), at(3), at(-2), at(2))


def _binomial_bounds(trials: Floats, share: float, tail: float) -> tuple[Floats, Floats]:
    """Smallest and largest share that is not yet in a tail of at most `tail`, for each number of trials."""
    whole = trials.astype(np.int64)  # scipy wants the number of trials as an integer
    low = _first(lambda k: bdtr(k, whole, share) > tail, trials)
    high = trials - _first(lambda k: bdtr(k, whole, 1 - share) > tail, trials)
    return low / trials, high / trials


def _poisson_bounds(expected: Floats, tail: float) -> tuple[Floats, Floats]:
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
