"""Working days as consecutive numbers and office time as seconds at the counter: deadlines become additions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 86_400
NEVER: Final = 2**40  # seconds; later than every day that a calendar knows


def epoch_day(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def evening(day: date) -> int:
    """The last second of a day, as epoch seconds of the place's clock."""
    return (epoch_day(day) + 1) * DAY - 1


@dataclass(frozen=True)
class Office:
    """`numbers[d - first]`: working days up to and including epoch day d; `days[n - 1]`: the n-th of them."""

    first: int
    numbers: Ints
    days: Ints
    spans: tuple[tuple[int, int], ...]  # office hours, seconds of the day

    @property
    def open_seconds(self) -> int:
        """How long the counter is open on one working day."""
        return sum(until - since for since, until in self.spans)

    def number(self, day: Ints) -> Ints:
        """Working days up to and including each epoch day."""
        return self.numbers[day - self.first]

    def day(self, number: Ints) -> Ints:
        """The epoch day of each working-day number; past the calendar's end its last day."""
        return self.days[np.clip(number, 1, len(self.days)) - 1]

    def moment(self, number: Ints, seconds: Ints) -> Ints:
        """Epoch seconds of the place's clock: so many seconds at the counter on that working day."""
        return self.day(number) * DAY + self._clock(seconds)

    def closing(self, number: Ints) -> Ints:
        """The end of office hours on each working day, when a deadline of that day runs out."""
        return self.day(number) * DAY + self.spans[-1][1]

    def _clock(self, seconds: Ints) -> Ints:
        clock = seconds + self.spans[0][0]
        for (_, until), (since, _) in pairwise(self.spans):
            clock = np.where(clock >= until, clock + since - until, clock)
        return clock


def open_office(calendar: pl.DataFrame, hours: Sequence[tuple[time, time]]) -> Office:
    """Read the calendar (columns day, is_working) and the place's office hours."""
    frame = calendar.sort("day")
    working = frame["is_working"].to_numpy()
    first = epoch_day(frame["day"][0])
    return Office(
        first=first,
        numbers=np.cumsum(working).astype(np.int64),
        days=np.flatnonzero(working).astype(np.int64) + first,
        spans=tuple((_second(since), _second(until)) for since, until in hours),
    )


def _second(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
