"""Luck must not decide an order: with equal true rates, small units do not fill both ends."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.fair import believed, prior

UNITS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=60)


def simulated(seed, spread=0.0):
    chance = random.Random(seed)
    cases = [int(10 * (200 ** chance.random())) for _ in range(120)]
    rates = [min(1.0, max(0.0, 0.97 + chance.gauss(0, spread))) for _ in cases]
    hits = [sum(chance.random() < rate for _ in range(n)) for n, rate in zip(cases, rates, strict=True)]
    return cases, hits, rates


def ends(values, many=10):
    order = sorted(range(len(values)), key=values.__getitem__)
    return order[:many], order[-many:]


def test_without_real_differences_everyone_is_believed_to_be_alike():
    cases, hits, _ = simulated(1)
    found = believed(hits, cases)
    assert max(found) - min(found) < 0.03
    raw = [h / n for h, n in zip(hits, cases, strict=True)]
    assert max(raw) - min(raw) > 0.1


def test_small_units_do_not_fill_the_bottom_by_luck_alone():
    small = {True: 0, False: 0}
    for seed in range(20):
        cases, hits, _ = simulated(seed)
        raw = [h / n for h, n in zip(hits, cases, strict=True)]
        for fair, values in ((True, believed(hits, cases)), (False, raw)):
            small[fair] += sum(cases[at] < 60 for at in ends(values)[0])
    assert small[True] < small[False] * 0.7


def test_the_truly_worst_are_found_more_often_than_by_the_raw_rate():
    found = {True: 0, False: 0}
    for seed in range(30):
        cases, hits, rates = simulated(seed, spread=0.016)
        worst = set(ends(rates)[0])
        raw = [h / n for h, n in zip(hits, cases, strict=True)]
        found[True] += len(worst & set(ends(believed(hits, cases))[0]))
        found[False] += len(worst & set(ends(raw)[0]))
    assert found[True] > found[False]


@given(UNITS)
def test_what_is_believed_lies_between_the_raw_rate_and_what_is_usual(units):
    hits = [min(h, n) for h, n in units]
    cases = [n for _, n in units]
    usual = prior(hits, cases).mean
    for h, n, told in zip(hits, cases, believed(hits, cases), strict=True):
        low, high = sorted((h / n, usual))
        assert low - 1e-9 <= told <= high + 1e-9


def test_more_cases_weigh_more():
    cases, hits = [1000, 1000, 10, 10], [999, 900, 10, 9]
    found = believed(hits, cases)
    assert found[0] > found[2] and found[1] < found[3]


def test_no_units_no_order():
    assert believed([], []) == []


@pytest.mark.parametrize("share", [0, 1])
def test_where_all_or_none_succeed_nobody_differs(share):
    found = believed([10 * share, 200 * share], [10, 200])
    assert found == pytest.approx([share, share])
