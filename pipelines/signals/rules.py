"""Two rules and no more: a month beyond the limits, and beside it two of three beyond two sigma on the same side.

Where events are rare, three months together take the place of two of three (rare.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.signals.limits import Floats, Ints, Limits

RULES = ("outside", "two_of_three", "three_months")


def sides(value: Floats, lower: Floats, upper: Floats) -> Ints:
    """-1 below, +1 above, 0 within or unknown, per point."""
    with np.errstate(invalid="ignore"):
        return np.where(value < lower, -1, 0) + np.where(value > upper, 1, 0)


def judge(value: Floats, found: Limits) -> tuple[list[str | None], Ints]:
    """Per point of one series the rule that speaks (or None) and the side (-1 low, +1 high, 0 none)."""
    outside = sides(value, found.lower, found.upper)
    warning = sides(value, found.warning_lower, found.warning_upper)
    rare = np.full(len(value), found.pooled is not None)
    pooled = np.zeros(len(value), np.int64) if found.pooled is None else found.pooled
    rule, side = rules_of(outside, warning, pooled, rare, np.arange(len(value)))
    return [RULES[one] if one >= 0 else None for one in rule], side


def rules_of(
    outside: Ints, warning: Ints, pooled: Ints, is_rare: NDArray[np.bool_], position: Ints
) -> tuple[Ints, Ints]:
    """Per point of series that lie end to end the number of the rule that speaks (-1: none) and the side.

    `position` is that of a point in its own series. The second of two warnings within three months speaks only in the
    month in which it happens.
    """
    second = np.zeros(len(warning), bool)
    for months in (1, 2):
        second[months:] |= (warning[months:] == warning[:-months]) & (position[months:] >= months)
    speaks = [outside != 0, is_rare & (pooled != 0), ~is_rare & second & (warning != 0)]
    side: Ints = np.select(speaks, [outside, pooled, warning], 0)
    rule: Ints = np.select(speaks, [RULES.index(name) for name in ("outside", "three_months", "two_of_three")], -1)
    return rule, side


def began(side: Ints, locked: NDArray[np.bool_], position: Ints) -> Ints:
    """Per point, end to end, the first point of the unbroken run of signals on its side; -1 without one."""
    points = np.arange(len(side))
    goes_on = np.zeros(len(side), bool)
    goes_on[1:] = (side[1:] == side[:-1]) & (position[1:] > 0)
    first: Ints = np.maximum.accumulate(np.where(goes_on, 0, points))
    return np.where((side != 0) & locked, first, -1)


def assurance(method: str, lower: float, upper: float, target: float | None, better: str) -> str | None:
    """Whether a process with these last limits meets its target: "pass", "fail", "hit_or_miss"; None without one."""
    if target is None or method == "none" or better not in ("higher", "lower"):
        return None
    if lower >= target:
        return "pass" if better == "higher" else "fail"
    if upper < target:
        return "fail" if better == "higher" else "pass"
    return "hit_or_miss"
