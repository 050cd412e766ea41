"""What the invented months have to tell: who gets slower, who recovers, and which signal is new this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.filings import World
from pipelines.demo.office import Floats, Ints

ORDINARY: Final = {"commune": 0.0029, "district": 0.0032, "province": 0.0060}
UNEVEN: Final = 0.9  # spread (log) of the ordinary lateness between units
AFTER_REFORM: Final = (3.5, 2.5, 1.6)  # how many times more, month by month
SLOW_FIELDS: Final = {"DD": 2.4, "XD": 1.6}


@dataclass(frozen=True)
class Story:
    """A unit (by its rank of size, 0 largest to 1 smallest) and its share of late dossiers over some months."""

    level: str
    rank: float
    months_ago: tuple[int, int]  # first and last month, counted back from the newest
    late: tuple[float, float]  # share in the first and in the last of them


MONTHLY_AGO: Final = 5  # months before the newest one in which files began to come monthly

STORIES: Final = (
    Story("commune", 0.03, (0, 0), (0.20, 0.20)),  # the signal of the newest month
    Story("commune", 0.12, (4, 0), (0.015, 0.090)),
    Story("commune", 0.22, (3, 0), (0.020, 0.080)),
    Story("commune", 0.31, (5, 0), (0.010, 0.070)),
    Story("commune", 0.17, (15, 5), (0.060, 0.001)),  # a commune that recovers
    Story("province", 0.15, (8, 0), (0.030, 0.160)),
    Story("province", 0.45, (6, 0), (0.040, 0.130)),
)


def months_before(day: date, until: date) -> int:
    """How many calendar months the month of `day` lies before that of `until`."""
    return (until.year - day.year) * 12 + until.month - day.month


def is_export(last: date, until: date) -> bool:
    """Whether the end of a month is one at which the big systems sent a file: in old times only every third."""
    ago = months_before(last, until)
    return ago <= MONTHLY_AGO or ago % 3 == 2


def late_share(world: World, day: date, seat: Ints, fields: pl.Series) -> Floats:
    """The probability of ending late for each dossier received in the month of `day`."""
    ordinary = _ordinary(world, day)[seat]
    slow = fields.replace_strict(SLOW_FIELDS, default=1.0, return_dtype=pl.Float64).to_numpy()
    shares: Floats = ordinary * slow * _turbulence(world, day)
    for unit, share in told(world, day).items():
        shares = np.where(seat == unit, share, shares)
    return shares


def told(world: World, day: date) -> dict[int, float]:
    """Seats with a story in the month of `day`, with their share of late dossiers."""
    ago = months_before(day, world.until)
    found: dict[int, float] = {}
    for story in STORIES:
        units = world.seats.on(world.until, story.level).sort("weight", "seat", descending=[True, False])
        begin, end = story.months_ago
        if units.height and end <= ago <= begin:
            passed = (begin - ago) / max(begin - end, 1)
            seat = int(units["seat"][int(story.rank * units.height)])
            found[seat] = story.late[0] + (story.late[1] - story.late[0]) * passed
    return found


def _ordinary(world: World, day: date) -> Floats:
    units = world.seats.units
    spread = stream(world.seed, "lateness").lognormal(-(UNEVEN**2) / 2, UNEVEN, units.height)
    return units["level"].replace_strict(ORDINARY, return_dtype=pl.Float64).to_numpy() * spread


def _turbulence(world: World, day: date) -> float:
    for reform in world.reforms:
        passed = months_before(reform, day)
        if 0 <= passed < len(AFTER_REFORM):
            return AFTER_REFORM[passed]
    return 1.0
