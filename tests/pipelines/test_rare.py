"""Three months together are judged exactly, and no rule could see much more of what hardly ever happens."""

from __future__ import annotations

from itertools import product
from math import comb, exp, factorial, inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.signals import rare
from pipelines.signals.limits import LOCKED_POINTS, limits
from pipelines.signals.rules import judge


def weight(events: int, tried: float, rate: float) -> float:
    """The chance of exactly so many events, from the definition."""
    if tried == inf:
        return exp(-rate) * rate**events / factorial(events)
    return comb(int(tried), events) * rate**events * (1 - rate) ** (int(tried) - events) if events <= tried else 0.0


def slow_side(months: list[int], tried: list[float], rate: float, chance: float) -> int:
    """The twin: every way that three months can turn out is looked at, one by one."""
    centre = rate * (tried[2] if tried[2] != inf else 1)
    if not tried[2] or not chance:
        return 0
    many = few = 0.0
    for turned in product(range(26), repeat=3):
        how_often = weight(turned[0], tried[0], rate) * weight(turned[1], tried[1], rate) * weight(
            turned[2], tried[2], rate)
        many += how_often if turned[2] > centre and sum(turned) >= sum(months) else 0.0
        few += how_often if turned[2] < centre and sum(turned) <= sum(months) else 0.0
    if months[2] > centre and sum(months) >= rare.FEWEST and many <= chance:
        return 1
    return -1 if months[2] < centre and few <= chance else 0


def side(months: list[int], tried: list[float], rate: float, chance: float) -> int:
    before = 0 if tried[2] == inf else sum(tried[:2])
    whole = [np.array([float(one)]) for one in (months[2], sum(months), tried[2], before, rate, chance)]
    return int(rare.sides(rare.Points(*whole))[0])


@settings(max_examples=60, deadline=None)
@given(tried=st.lists(st.integers(0, 12), min_size=3, max_size=3) | st.just([inf] * 3), data=st.data(),
       expected=st.floats(0.02, 3.4), chance=st.sampled_from([0.0075, 0.02, 0.0233, 0.1, 0.4]))
def test_a_slow_twin_looks_at_every_way_three_months_can_turn_out(
        tried: list[float], data: st.DataObject, expected: float, chance: float) -> None:
    months = [data.draw(st.integers(0, int(min(one, 8)))) for one in tried]
    rate = expected if tried[2] == inf else min(0.5, expected / max(1, *tried))
    assert side(months, tried, rate, chance) == slow_side(months, tried, rate, chance)


@pytest.mark.parametrize(("months", "speaks"), [
    ([0, 0, 1], False), ([1, 0, 1], True), ([1, 1, 0], False), ([0, 1, 1], True)])
def test_two_in_three_months_speak_in_a_month_that_has_one_and_one_alone_never_does(
        months: list[int], speaks: bool) -> None:
    """Thirty cases a month, one late in two years before."""
    late = np.array([1.0, *[0.0] * (LOCKED_POINTS - 1), *months])
    tried = np.full(len(late), 30.0)
    rules, sides = judge(1 - late / tried, limits(tried - late, tried))
    assert (rules[-1] == "three_months", int(sides[-1])) == (speaks, -speaks)


def test_events_that_stay_away_are_a_signal_too() -> None:
    births = np.array([*[3.0, 2.0] * 12, 0.0, 0.0, 0.0])
    rules, sides = judge(births, limits(births, None))
    assert rules[-1] == "three_months" and sides[-1] == -1 and limits(births, None).pooled is not None


def test_more_than_a_few_a_month_are_left_to_two_of_three() -> None:
    assert limits(np.full(24, 26.0), np.full(24, 30.0)).pooled is None  # four expected
    assert limits(np.full(24, 29.0), np.full(24, 30.0)).pooled is not None
    assert limits(np.tile([970.0, 974.0], 12), np.full(24, 1000.0)).pooled is None
    assert [rare.chance_of(one) for one in (0.49, 0.5, 3.49, 3.5)] == [0.0233, 0.02, 0.0075, 0.0]


def test_a_rare_numerator_counts_as_itself_and_a_rare_lack_as_a_fall() -> None:
    tried = np.full(27, 100.0)
    few = np.array([*[0.0, 1.0] * 12, 1.0, 2.0, 3.0])
    up, down = (judge(one / tried, limits(one, tried)) for one in (few, tried - few))
    assert up[0] == down[0] and up[1].tolist() == (-down[1]).tolist() and up[1][-1] == 1


def test_a_month_without_cases_says_nothing_even_after_two_bad_ones() -> None:
    late, tried = np.array([*[0.0] * 24, 2.0, 2.0, 0.0]), np.array([*[30.0] * 26, 0.0])
    with np.errstate(invalid="ignore"):
        rules, _ = judge((tried - late) / tried, limits(tried - late, tried))
    assert rules[-2] is not None and rules[-1] is None


def most_that_anybody_can_see(share: float, trials: int, size: float = 0.06) -> float:
    """The power of the most powerful test of the sum of three months (Neyman and Pearson), share and shift known.

    A rule with at most 2 % false alarms a month alarms within three stable months with a chance of at most 6 %. What
    came before the shift tells nothing of it; of the three months the sum tells all. Drawing lots fills the size.
    """
    before = 1 - share
    after = before + 3 * (share * before / trials) ** 0.5
    left, power = size, 0.0
    for events in range(3 * trials, -1, -1):
        chance = weight(events, 3 * trials, before)
        part = min(1.0, left / chance) if chance else 1.0
        power += part * weight(events, 3 * trials, after)
        left -= part * chance
        if part < 1:
            break
    return power


@pytest.mark.parametrize(("share", "trials", "bound"), [
    (0.97, 30, 0.974), (0.97, 87, 0.990), (0.997, 87, 0.913), (0.997, 30, 0.822)])
def test_no_rule_can_see_more_than_the_most_powerful_test(share: float, trials: int, bound: float) -> None:
    """Of 0.997 at 30 cases a month nine in ten are out of anybody's reach, even knowing share and shift beforehand."""
    assert most_that_anybody_can_see(share, trials) == pytest.approx(bound, abs=0.001)
