"""Who asks for what, where and how: one row per new dossier of one part of the period, before any work begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import calibration as known
from pipelines.demo.chance import happens, pick, pick_within, stream
from pipelines.demo.office import DAY, Flags, Floats, Ints, Office
from pipelines.demo.seats import Seats
from pipelines.demo.volume import busyness

COUNTER, ONLINE, POST = 1, 2, 3
CITIZEN, ENTERPRISE, HOUSEHOLD = 0, 1, 2
ENTERPRISE_SHARE: Final = {"province": 0.35, "district": 0.04, "commune": 0.01}
HOUSEHOLD_SHARE: Final = {"province": 0.02, "district": 0.10, "commune": 0.03}
MORNING: Final = 0.62
SELDOM: Final = 0.25  # what is not offered online is asked for less than its place in the list says
MOSTLY: Final = 0.998
LAST_MINUTE: Final = 0.10  # of those filed online, the evening or the days off before


@dataclass(frozen=True)
class World:
    """What stays the same for the whole demo: offices, units, procedures (with `weight`), seed, period, zone."""

    office: Office
    seats: Seats
    procedures: pl.DataFrame
    reforms: tuple[date, ...]
    seed: int
    first: date
    until: date
    zone: str

    def between(self, day: date, ends: tuple[float, float]) -> float:
        """Where a slow change from `ends[0]` to `ends[1]` has got to on `day`."""
        share = (day - self.first).days / max((self.until - self.first).days, 1)
        return ends[0] + (ends[1] - ends[0]) * share


def weigh_procedures(procedures: pl.DataFrame) -> pl.DataFrame:
    """Share each field's weight out among its procedures; the first in the list are wanted by everybody."""
    seldom = pl.when(pl.col("online_level") == "none").then(SELDOM).otherwise(1.0)
    popular = seldom / pl.col("procedure_code").rank("ordinal").over("field", "level", "valid_from")
    return procedures.sort("procedure_code").with_columns(
        weight=_field_weight() * popular / popular.sum().over("field", "level", "valid_from")
    )


def _field_weight() -> pl.Expr:
    """The weight of the field at the level of the row."""
    default = pl.lit(known.OTHER_FIELD)
    for level, weights in known.FIELDS.items():
        found = pl.col("field").replace_strict(weights, default=known.OTHER_FIELD, return_dtype=pl.Float64)
        default = pl.when(pl.col("level") == level).then(found).otherwise(default)
    return default


def file_dossiers(world: World, first: date, last: date, rows: int, part: int) -> pl.DataFrame:
    """`rows` new dossiers received from `first` to `last`, in the order of reception.

    Columns: seat, level, procedure (row of `world.procedures`), channel, applicant, home (seat or -1),
    number (of the working day of reception), seconds (at the counter), submitted (epoch seconds).
    """
    rng = stream(world.seed, "filings", part)
    shares = known.LEVELS_BEFORE if world.seats.on(first, "district").height else known.LEVELS_AFTER
    levels = {level: share for level, share in shares.items() if is_served(world, first, level)}
    counts = rng.multinomial(rows, np.array(list(levels.values())) / sum(levels.values()))
    rush = busyness(world.office, first, last, world.reforms)
    frames = [_of_level(world, rng, level, int(n), first, rush) for level, n in zip(levels, counts, strict=True)]
    return pl.concat(frames).sort("number", "seconds", maintain_order=True)


def is_served(world: World, day: date, level: str) -> bool:
    """Whether anybody works at that level on that day, and offers anything."""
    return world.seats.on(day, level).height > 0 and offered(world, day, level).height > 0


def offered(world: World, day: date, level: str) -> pl.DataFrame:
    """The procedures of a level on a day, with their row; without districts the communes do theirs as well."""
    levels = {level}
    if level == "commune" and not world.seats.on(day, "district").height:
        levels.add("district")
    return world.procedures.with_row_index("procedure").filter(
        pl.col("level").is_in(levels),
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day),
    )


def _of_level(
    world: World, rng: np.random.Generator, level: str, rows: int, first: date, rush: tuple[Ints, Floats]
) -> pl.DataFrame:
    days, weights = rush
    procedures = offered(world, first, level)
    chosen = pick(rng, procedures["weight"].to_numpy(), rows)
    number = world.office.number(days[pick(rng, weights, rows)])
    seconds = counter_time(rng, world.office, rows)
    seat = _seat(world, rng, first, level, procedures["field"].gather(chosen))
    offline = (procedures["online_level"].gather(chosen) == "none").to_numpy()
    channel = _channel(world, rng, first, level, offline)
    return pl.DataFrame(
        {
            "seat": seat,
            "level": pl.repeat(level, rows, eager=True),
            "procedure": procedures["procedure"].to_numpy()[chosen].astype(np.int64),
            "channel": channel,
            "applicant": _applicant(rng, level, rows),
            "home": _home(world, rng, first, seat),
            "number": number,
            "seconds": seconds,
            "submitted": _submitted(world.office, rng, channel == ONLINE, number, seconds),
        }
    )


def counter_time(rng: np.random.Generator, office: Office, size: int, morning: float = MORNING) -> Ints:
    """Seconds at the counter since opening; `morning` of the cases in the first half of the day."""
    half = office.open_seconds / 2
    later = rng.random(size) >= morning
    return ((rng.random(size) + later) * half).astype(np.int64)


def _seat(world: World, rng: np.random.Generator, day: date, level: str, fields: pl.Series) -> Ints:
    units = world.seats.on(day, level)
    if level != "province":
        return units["seat"].to_numpy()[pick(rng, units["weight"].to_numpy(), len(fields))]
    return _department(rng, units, fields)


def _department(rng: np.random.Generator, units: pl.DataFrame, fields: pl.Series) -> Ints:
    """The department of the field; where the reference has no such agency, any of them."""
    codes = fields.replace_strict(known.DEPARTMENTS, default=None, return_dtype=pl.String)
    by_code = dict(zip(units["code"], units["seat"], strict=True))
    seats = codes.replace_strict(by_code, default=None, return_dtype=pl.Int64)
    anywhere = units["seat"].to_numpy()[pick(rng, units["weight"].to_numpy(), len(fields))]
    return seats.fill_null(pl.Series(anywhere)).to_numpy()


def _channel(world: World, rng: np.random.Generator, day: date, level: str, offline: Flags) -> Ints:
    """Online where the procedure is offered online, so often that the published share comes out."""
    rows = len(offline)
    wanted = world.between(day, known.ONLINE_DEPARTMENTS if level == "province" else known.ONLINE)
    share = min(wanted * rows / max(int((~offline).sum()), 1), MOSTLY)
    online = ~offline & happens(rng, share, rows)
    return np.where(online, ONLINE, np.where(happens(rng, known.BY_POST, rows), POST, COUNTER)).astype(np.int64)


def _applicant(rng: np.random.Generator, level: str, rows: int) -> Ints:
    draw = rng.random(rows)
    firms = ENTERPRISE_SHARE[level]
    households = firms + HOUSEHOLD_SHARE[level]
    return np.where(draw < firms, ENTERPRISE, np.where(draw < households, HOUSEHOLD, CITIZEN)).astype(np.int64)


def _home(world: World, rng: np.random.Generator, day: date, seat: Ints) -> Ints:
    """The commune where the applicant lives: usually the receiving one, or one below the receiving district."""
    communes = world.seats.on(day, "commune")
    anywhere = communes["seat"].to_numpy()[pick(rng, communes["weight"].to_numpy(), len(seat))]
    below = communes.join(world.seats.units.select(parent_id="unit_id", parent="seat"), on="parent_id").sort("parent")
    row = pick_within(rng, below["parent"].to_numpy(), below["weight"].to_numpy(), seat)
    home = np.where(np.isin(seat, communes["seat"].to_numpy()), seat, anywhere)
    home = np.where(row >= 0, below["seat"].to_numpy()[row], home) if below.height else home
    return np.where(happens(rng, known.FILED_ELSEWHERE, len(seat)), anywhere, home).astype(np.int64)


def _submitted(office: Office, rng: np.random.Generator, online: Flags, number: Ints, seconds: Ints) -> Ints:
    """When the applicant handed it in: at the counter minutes before, online also at night and on days off."""
    received = office.moment(number, seconds)
    free_days = office.day(number) - office.day(number - 1) - 1
    back = np.where(free_days > 0, 1 + np.floor(rng.random(len(number)) * free_days), 1).astype(np.int64)
    evening = np.where(free_days > 0, 8 + 14 * rng.random(len(number)), 17.6 + 5 * rng.random(len(number)))
    earlier = (office.day(number) - back) * DAY + (evening * 3600).astype(np.int64)
    share = np.where(free_days > 0, 3 * LAST_MINUTE, LAST_MINUTE)
    waited = (rng.random(len(number)) * np.where(online, 5400, 900)).astype(np.int64)
    return np.where(online & happens(rng, share, len(number)), earlier, received - waited).astype(np.int64)
