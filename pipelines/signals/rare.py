"""Where hardly anything is ever counted, one month says little and three months together say what can be said.

Of a few expected events a month whole numbers leave the rule "two of three" half blind to a shift by
three sigma. The sum of the last three months carries all that three months know, so it is judged instead, and
exactly: an alarm is a month on the far side of its centre whose three months together would come about by chance in at
most `chance` of months. The month's own limits stay as they are. No rule can see more than the most powerful test of
that sum; how near this one comes stands in tests/pipelines/test_rare.py.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTHS: Final = 3
FEWEST: Final = 2  # one case is no pattern, however seldom there was one before
# Expected events a month, below which a chance applies; of more the rule "two of three" sees enough. The chances
# were chosen by simulation, as large as limits estimated from 24 months allow (tests/pipelines/test_signals.py).
CHANCES: Final = ((0.5, 0.0233), (1.2, 0.02), (3.5, 0.0075))
CERTAIN: Final = 40  # so many in three months of fewer than three or four: the chance has ten zeros


class Points(NamedTuple):
    """Months of rare series, end to end: events, what was tried (infinite: Poisson), how often, at which chance.

    `sum` and `tried_before` are those of three and of the two months before; points without two months before them
    have chance 0, which nothing reaches.
    """

    events: Floats
    sum: Floats
    tried: Floats
    tried_before: Floats
    rate: Floats  # events per trial; of counts, per month
    chance: Floats


def chance_of(expected: float) -> float:
    """The chance that applies to a series of so many expected events a month; 0 where it is not rare."""
    return next((chance for below, chance in CHANCES if expected < below), 0.0)


def sides(points: Points) -> Ints:
    """Per point +1 where three months together hold too many events, -1 too few, 0 neither."""
    counted = np.isinf(points.tried)
    centre = np.where(counted, points.rate, points.rate * np.where(counted, 1.0, points.tried))
    found = np.zeros(len(points.events), np.int64)
    live = (points.chance > 0) & (points.tried > 0)
    many = np.flatnonzero(live & (points.events > centre) & (points.sum >= FEWEST))
    few = np.flatnonzero(live & (points.events < centre) & (_none(points) <= points.chance))
    found[many] = _at_least(points, many, centre) <= points.chance[many]
    found[few] -= _at_most(points, few, centre) <= points.chance[few]
    return found


def _none(points: Points) -> Floats:
    """The chance of no event in three months: where that is no wonder, nothing is too few."""
    counted = np.isinf(points.tried)
    trials = np.where(counted, 1.0, points.tried + points.tried_before)
    with np.errstate(divide="ignore"):
        missed = np.where(counted, -MONTHS * points.rate, trials * np.log1p(-np.minimum(points.rate, 1.0)))
    return np.exp(missed)


def _at_least(points: Points, of: Ints, centre: Floats) -> Floats:
    """Chance that a month lies above its centre and that it and the two before hold at least so many events."""
    wanted = np.minimum(points.sum[of], CERTAIN)
    told = 1.0 - _below(points, of, wanted, before=False)  # this month alone holds so many
    for events in range(CERTAIN):
        inside = (events > centre[of]) & (events < wanted)
        some = of[inside]
        told[inside] += _exactly(points, some, events) * (
            1.0 - _below(points, some, wanted[inside] - events, before=True))
    return told


def _at_most(points: Points, of: Ints, centre: Floats) -> Floats:
    """Chance that a month lies below its centre and that it and the two before hold at most so many events."""
    told = np.zeros(len(of))
    for events in range(int(np.ceil(centre[of].max(initial=0.0)))):
        inside = (events < centre[of]) & (events <= points.sum[of])
        some = of[inside]
        told[inside] += _exactly(points, some, events) * _below(
            points, some, points.sum[some] - events + 1, before=True)
    return told


def _exactly(points: Points, of: Ints, events: int) -> Floats:
    number = np.full(len(of), float(events))
    return _below(points, of, number + 1, before=False) - _below(points, of, number, before=False)


def _below(points: Points, of: Ints, number: Floats, before: bool) -> Floats:
    """Chance of fewer than `number` events in a month, or in the two months before it."""
    from scipy.special import bdtr, pdtr  # a second to import, and most commands never ask

    counted = np.isinf(points.tried[of])
    trials = (points.tried_before if before else points.tried)[of]
    whole = np.where(counted, 1.0, trials).astype(np.int64)  # scipy wants the number of trials as an integer
    months = MONTHS - 1 if before else 1
    highest = number - 1
    told = np.where(
        counted, pdtr(np.maximum(highest, 0), points.rate[of] * months),
        np.where(highest >= whole, 1.0, bdtr(np.clip(highest, 0, whole), whole, np.minimum(points.rate[of], 1.0))))
    return np.where(number <= 0, 0.0, told)
