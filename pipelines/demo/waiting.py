"""Papers are missing in one dossier of twenty: when they are asked for, when they come, and how the due day moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import calibration as known
from pipelines.demo.chance import happens, waits
from pipelines.demo.office import NEVER, Flags, Floats, Ints, Office

# Fields in which papers are missing more, or less, often than in SUPPLEMENTED of all cases (assumed).
MISSING: Final = {"DD": 2.8, "XD": 2.4, "HKD": 1.6, "CT": 0.5}
ANSWER_DAYS: Final = 4.0
UNANSWERED: Final = 0.10
FORGOTTEN: Final = 0.35  # of the unanswered: nobody ever closes them
GIVEN_UP_AFTER: Final = 45  # working days of silence, then the dossier is stopped
SECOND_REQUEST: Final = 0.06
TOO_LATE_FOR_TODAY: Final = 0.75  # of the office day: a same-day case may then be handed out tomorrow


@dataclass(frozen=True)
class Points:
    """A point of office time per case: number of the working day and seconds at the counter."""

    number: Ints
    seconds: Ints

    def where(self, condition: Flags, other: Points) -> Points:
        """This point where the condition holds, else the other."""
        return Points(np.where(condition, self.number, other.number), np.where(condition, self.seconds, other.seconds))

    def moment(self, office: Office, comes: Flags) -> Ints:
        """Epoch seconds, NEVER where it does not come."""
        return np.where(comes, office.moment(self.number, self.seconds), NEVER)


@dataclass(frozen=True)
class Request:
    """One request for papers: was it made, was it answered, was the dossier stopped for lack of an answer."""

    made: Flags
    answered: Flags
    stopped: Flags
    asked: Points
    over: Points  # answered or stopped

    @property
    def paused(self) -> Ints:
        """Working days for which the clock stood still, 0 while it still stands."""
        return np.where(self.answered | self.stopped, self.over.number - self.asked.number, 0)


def later(rng: np.random.Generator, office: Office, before: Points, days: Ints) -> Points:
    """So many working days after another point, and on the same day at a later second."""
    draw = rng.random(len(days))
    same_day = before.seconds + 1 + draw * np.maximum(office.open_seconds - before.seconds - 2, 1)
    seconds = np.where(days == 0, same_day, draw * office.open_seconds)
    return Points(before.number + days, seconds.astype(np.int64))


def missing_share(fields: pl.Series) -> Floats:
    """The probability that papers are missing, by field."""
    factor: Floats = fields.replace_strict(MISSING, default=1.1, return_dtype=pl.Float64).to_numpy()
    return known.SUPPLEMENTED * factor


def first_due(office: Office, received: Points, limit: Ints) -> Ints:
    """The working-day number of the deadline; a same-day case that comes late in the day is due tomorrow."""
    tomorrow: Flags = (limit == 0) & (received.seconds > TOO_LATE_FOR_TODAY * office.open_seconds)
    return received.number + limit + tomorrow


def first_request(rng: np.random.Generator, office: Office, received: Points, limit: Ints, share: Floats) -> Request:
    """The request for missing papers, soon after reception and within the limit."""
    size = len(limit)
    made = happens(rng, share, size)
    silent = made & happens(rng, UNANSWERED, size)
    stopped = silent & ~happens(rng, FORGOTTEN, size)
    asked = later(rng, office, received, np.minimum(rng.integers(0, 3, size), limit))
    days = np.where(silent, GIVEN_UP_AFTER, waits(rng, ANSWER_DAYS, size))
    return Request(made, made & ~silent, stopped, asked, later(rng, office, asked, days))


def second_request(rng: np.random.Generator, office: Office, first: Request) -> Request:
    """A second request for papers after an answer that was not enough; it is always answered."""
    size = len(first.made)
    made = first.answered & happens(rng, SECOND_REQUEST, size)
    asked = later(rng, office, first.over, np.zeros(size, dtype=np.int64))
    over = later(rng, office, asked, waits(rng, ANSWER_DAYS, size))
    return Request(made, made, np.zeros(size, dtype=np.bool_), asked, over)
