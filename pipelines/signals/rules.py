"""Two rules and no more: a month beyond the limits, and beside it two of three beyond two sigma on the same side.

Where events are rare, three months together take the place of two of three (rare.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.signals.limits import Floats, Limits

RULES = ("outside", "two_of_three", "three_months")


def sides(value: Floats, lower: Floats, upper: Floats) -> NDArray[np.int64]:
    """-1 below, +1 above, 0 within or unknown, per point."""
    with np.errstate(invalid="ignore"):
        return np.where(value < lower, -1, 0) + np.where(value > upper, 1, 0)


def judge(value: Floats, found: Limits) -> tuple[list[str | None], NDArray[np.int64]]:
    """Per point the rule that speaks (or None) and the side (-1 low, +1 high, 0 none).

    The second of two warnings within three months speaks only in the month in which it happens.
    """
    outside = sides(value, found.lower, found.upper)
    warning = sides(value, found.warning_lower, found.warning_upper)
    rules: list[str | None] = [None] * len(value)
    side = np.zeros(len(value), np.int64)
    for month in range(len(value)):
        if outside[month]:
            rules[month], side[month] = RULES[0], outside[month]
        elif found.pooled is not None:
            if found.pooled[month]:
                rules[month], side[month] = RULES[2], found.pooled[month]
        elif warning[month] and (warning[max(0, month - 2):month] == warning[month]).any():
            rules[month], side[month] = RULES[1], warning[month]
    return rules, side


def began(side: NDArray[np.int64], locked: bool) -> list[int | None]:
    """Per point the first month of the unbroken run of signals on one side that it belongs to; None without one."""
    first: list[int | None] = []
    for month, one in enumerate(side):
        goes_on = bool(month and one == side[month - 1])
        first.append(None if not one or not locked else first[-1] if goes_on else month)
    return first


def assurance(found: Limits, target: float | None, better: str) -> str | None:
    """Whether the process as it is will meet its target: "pass", "fail", "hit_or_miss"; None without target."""
    if target is None or found.method == "none" or better not in ("higher", "lower"):
        return None
    lower, upper = float(found.lower[-1]), float(found.upper[-1])
    if lower >= target:
        return "pass" if better == "higher" else "fail"
    if upper < target:
        return "fail" if better == "higher" else "pass"
    return "hit_or_miss"
