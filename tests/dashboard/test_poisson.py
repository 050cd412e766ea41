"""Chance brings so many: checked against adding up every term, and against constant months of a thousand years."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.poisson import TAIL, usual


def by_adding_up(mean: float) -> tuple[int, int]:
    """The slow twin: every chance to forty digits, added from nothing on."""
    with localcontext(prec=40):
        term, whole, counts = (-Decimal(mean)).exp(), Decimal(0), []
        for count in range(160):
            whole += term
            counts.append(whole)
            term *= Decimal(mean) / (count + 1)
    low = next(count for count, share in enumerate(counts) if share > TAIL)
    return low, next(count for count, share in enumerate(counts) if share > 1 - TAIL)


@given(st.floats(0.05, 60).map(lambda mean: round(mean, 2)))
def test_the_usual_range_is_that_of_the_slow_twin(mean: float) -> None:
    assert usual(mean) == by_adding_up(mean)


@pytest.mark.parametrize(("mean", "expected"), [(0, (0, 0)), (0.1, (0, 1)), (4, (0, 10)), (35.1, (22, 50))])
def test_a_few_known_ranges(mean: float, expected: tuple[int, int]) -> None:
    assert usual(mean) == expected


def test_large_means_end() -> None:
    low, high = usual(40_000.0)
    assert 39_000 < low < 40_000 < high < 41_000


@pytest.mark.parametrize("mean", [3.0, 12.0, 48.0])
def test_a_constant_rate_raises_few_false_signals(mean: float) -> None:
    low, high = usual(mean)
    months = np.random.default_rng(7).poisson(mean, 12_000)
    assert ((months < low) | (months > high)).mean() <= 2 * TAIL + 0.003
