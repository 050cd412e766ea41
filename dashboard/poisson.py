"""How many rare events a month brings by chance alone, where it usually brings so many: exact, and no rule of thumb."""

from __future__ import annotations

from math import exp, floor, lgamma, log, sqrt
from typing import Final

TAIL: Final = 0.0075  # on each side, as the pipelines judge counted events: few false alarms, and shifts are seen
NEGLIGIBLE: Final = 12  # standard deviations below the mean, where nothing is left to be added up


def usual(mean: float, tail: float = TAIL) -> tuple[int, int]:
    """The least and the most that is usual where `mean` (0 or more) is: outside lie at most `tail` on each side.

    The sum of independent accidents is a Poisson number; a mean of nothing makes any event unusual.
    """
    if mean <= 0:
        return 0, 0
    count = max(0, floor(mean - NEGLIGIBLE * sqrt(mean) - NEGLIGIBLE))
    below, low = chance(count, mean), -1
    while below <= 1 - tail:
        low = count if low < 0 and below > tail else low
        count += 1
        below += chance(count, mean)
    return (low if low >= 0 else count), count


def chance(count: int, mean: float) -> float:
    """The chance of exactly `count` events where `mean` (above 0) are usual."""
    return exp(count * log(mean) - mean - lgamma(count + 1))
