"""Units are put in an order that luck does not make: small ones are pulled towards what is usual (empirical Bayes).

With equal true rates, sorting by the raw rate hands most of the first and last places to the units with the
fewest cases; the lower Wilson bound is worse still (`product.md`, section 5.1). The order here is that of the
posterior mean under a beta prior whose mean and spread come from all units; what is shown stays the raw rate
with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Prior:
    """What is usual: the mean rate of all units, and how many cases that knowledge weighs."""

    mean: float
    weight: float


def prior(hits: Sequence[float], cases: Sequence[float]) -> Prior:
    """The beta prior of (hits, cases) per unit by the method of moments; cases are > 0.

    Where the rates differ no more than chance would make them, the weight grows without bound and is cut:
    then every unit is believed to be like the others.
    """
    total = sum(cases)
    mean = sum(hits) / total
    spread = sum(n * (h / n - mean) ** 2 for h, n in zip(hits, cases, strict=True)) / total
    by_chance = mean * (1 - mean) * len(cases) / total
    beyond = spread - by_chance
    most = 10 * total
    if beyond <= 0 or mean in (0.0, 1.0):
        return Prior(mean, most)
    return Prior(mean, min(most, max(1.0, mean * (1 - mean) / beyond - 1)))


def believed(hits: Sequence[float], cases: Sequence[float]) -> list[float]:
    """The posterior mean of every unit, by which units are put in order."""
    if not cases:
        return []
    usual = prior(hits, cases)
    return [(h + usual.weight * usual.mean) / (n + usual.weight) for h, n in zip(hits, cases, strict=True)]
