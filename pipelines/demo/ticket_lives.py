"""How a ticket is handled: forwarded within minutes, answered within its deadline nine times of ten, rated by some."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import hotline_words as words
from pipelines.demo.chance import happens, pick, stream, waits
from pipelines.demo.filings import World
from pipelines.demo.office import DAY, NEVER, Flags, Floats, Ints
from pipelines.demo.story import months_before

NIGHT: Final = (6 * 3600, 22 * 3600)  # outside these hours the desk forwards in the morning
FORWARD_MINUTES: Final = (2.3, 1.1)  # log-normal: median ten minutes
LATE_DAYS: Final = 5.0
UNIT_SPREAD: Final = 0.04  # how far units differ in their share on time


def handle(world: World, deadlines: pl.DataFrame, frame: pl.DataFrame, day: date, part: int) -> pl.DataFrame:
    """Add to reported tickets (columns of `tickets.report`) who handles them, when, and what people say."""
    rng = stream(world.seed, "handling", part)
    size = frame.height
    frame = frame.with_columns(seat=pl.Series(_handlers(world, rng, frame, day)))
    received = frame["received"].to_numpy()
    forwarded = _forwarded(rng, received)
    days, hours = _promised(frame, deadlines)
    start = world.office.number(forwarded // DAY)
    due = np.where(hours > 0, forwarded + hours * 3600, world.office.day(start + days) * DAY)
    refused = happens(rng, words.REFUSED, size)
    late = ~refused & ~happens(rng, _on_time(world, frame, day), size)
    closed = _closed(world, rng, forwarded, (start, days, hours), late, refused)
    closed = np.where(happens(rng, words.FORGOTTEN, size), NEVER, closed)
    first_close = closed
    again = (closed < NEVER) & ~refused & happens(rng, words.REOPENED, size)
    reopened = np.where(again, closed + _days(rng, size), NEVER)
    closed = np.where(reopened < NEVER, reopened + _days(rng, size), closed)
    said = happens(rng, words.RATED, size)
    published = (closed < NEVER) & ~refused & happens(rng, words.PUBLISHED, size)
    answered = forwarded + ((np.minimum(first_close, forwarded + 20 * DAY) - forwarded) * rng.uniform(0.1, 1, size))
    frame = frame.with_columns(
        forwarded=pl.Series(forwarded),
        answered=pl.Series(np.where(first_close < NEVER, answered.astype(np.int64), NEVER)),
        due=pl.Series(due),
        due_has_time=pl.Series(hours > 0),
        first_close=pl.Series(first_close),
        reopened=pl.Series(reopened),
        closed=pl.Series(closed),
        published=pl.Series(np.where(published, closed + rng.integers(3600, 2 * DAY, size), NEVER)),
        refused=pl.Series(refused),
        asks=pl.Series(happens(rng, words.NEEDS_INFO, size)),
        rating=pl.Series(np.where(said, _rating(rng, late), 0)),
        again=pl.Series(happens(rng, np.where(late, 5.0, 0.8) * words.COMPLAINED_AGAIN, size)),
        transfers=pl.Series(pick(rng, np.array(words.TRANSFERS), size)),
        punctual=pl.Series(np.where(late, happens(rng, words.CALLED_PUNCTUAL, size), True)),
    )
    return _with_moves(world, rng, frame)


def _handlers(world: World, rng: np.random.Generator, frame: pl.DataFrame, day: date) -> Ints:
    """The agency of the category, or the local government: the district as long as there was one."""
    units = world.seats.units
    by_code = {code: seat for code, seat, level in units.select("code", "seat", "level").rows() if level == "province"}
    seats = {top: by_code.get(code, -1) for top, (code, _) in words.AGENCIES.items()}
    shares = {top: part for top, (_, part) in words.AGENCIES.items()}
    seat = frame["top"].replace_strict(seats, default=-1, return_dtype=pl.Int64).to_numpy()
    share = frame["top"].replace_strict(shares, default=0.0, return_dtype=pl.Float64)
    local = _local(world, frame["place"].to_numpy(), day)
    return np.where(happens(rng, share.to_numpy(), frame.height) & (seat >= 0), seat, local).astype(np.int64)


def _local(world: World, place: Ints, day: date) -> Ints:
    districts = world.seats.on(day, "district").select(parent_id="unit_id", above="seat")
    above = world.seats.units.join(districts, on="parent_id", how="left", maintain_order="left")
    return above.select(pl.coalesce("above", "seat")).to_series().to_numpy()[place]


def _forwarded(rng: np.random.Generator, received: Ints) -> Ints:
    minutes = rng.lognormal(*FORWARD_MINUTES, len(received))
    moment = received + np.minimum(minutes * 60, 2 * DAY).astype(np.int64)
    second, midnight = moment % DAY, moment - moment % DAY
    morning = midnight + NIGHT[0] + (minutes * 60).astype(np.int64) % 3600
    return np.where(second < NIGHT[0], morning, np.where(second > NIGHT[1], morning + DAY, moment))


def _promised(frame: pl.DataFrame, deadlines: pl.DataFrame) -> tuple[Ints, Ints]:
    """Working days and hours promised for category and priority; five working days where nothing is."""
    known = deadlines.select("category", "priority", "working_days", "hours").unique(
        ["category", "priority"], keep="last", maintain_order=True
    )
    found = frame.select(category="top", priority="priority").join(
        known, on=["category", "priority"], how="left", maintain_order="left"
    )
    hours = found["hours"].cast(pl.Int64).fill_null(0).to_numpy()
    return found["working_days"].cast(pl.Int64).fill_null(5).to_numpy(), hours


def _on_time(world: World, frame: pl.DataFrame, day: date) -> Floats:
    units = world.seats.units
    habit = stream(world.seed, "hotline habits").normal(0.0, UNIT_SPREAD, units.height)
    code, months, worse = words.WORSE_AGENCY
    slow = frame["top"].replace_strict(words.SLOWEST_CATEGORIES, default=0.0, return_dtype=pl.Float64).to_numpy()
    seat = frame["seat"].to_numpy()
    share = world.between(day, words.ON_TIME) + habit[seat] - slow
    told = (units["code"] == code).to_numpy()[seat] & (months_before(day, world.until) <= months)
    return np.clip(np.where(told, worse, share), 0.0, 0.995)


def _closed(
    world: World,
    rng: np.random.Generator,
    forwarded: Ints,
    promise: tuple[Ints, Ints, Ints],
    late: Flags,
    refused: Flags,
) -> Ints:
    start, days, hours = promise
    size, office = len(start), world.office
    used = np.floor(rng.random(size) ** 0.8 * (days + 1)).astype(np.int64)
    used = np.where(refused, np.minimum(days, 2), np.minimum(used, days))
    used = np.where(late, days + waits(rng, LATE_DAYS, size), used)
    seconds = (rng.random(size) * office.open_seconds).astype(np.int64)
    by_day = np.maximum(office.moment(start + used, seconds), forwarded + 600)
    share = np.where(late, 1 + rng.exponential(1.5, size), 0.15 + 0.8 * rng.random(size))
    return np.where(hours > 0, forwarded + (share * hours * 3600).astype(np.int64), by_day).astype(np.int64)


def _days(rng: np.random.Generator, size: int) -> Ints:
    """Half a day to a week."""
    return rng.integers(DAY // 2, 7 * DAY, size)


def _rating(rng: np.random.Generator, late: Flags) -> Ints:
    draw = rng.random(len(late))
    bad = np.where(late, 4.0, 0.7) * words.DISSATISFIED
    return np.where(draw < bad, 3, np.where(draw < 1 - words.SATISFIED, 2, 1)).astype(np.int64)


def _with_moves(world: World, rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """Handed on within days, or inherited by the successor of a unit that ended."""
    seat, forwarded, closed = (frame[name].to_numpy() for name in ("seat", "forwarded", "closed"))
    midnight = (world.seats.last_days()[seat] + 1) * DAY
    heir = world.seats.heir(rng, seat)
    inherited = (midnight <= closed) & (heir >= 0)
    local = _local_now(world, frame["place"].to_numpy(), seat)
    passed = (frame["transfers"].to_numpy() > 0) & (local != seat) & ~inherited & (closed < NEVER)
    handed = forwarded + ((closed - forwarded) * 0.3).astype(np.int64)
    # What a unit closed before its end is published before its end: nobody of that name is left to do it.
    published = frame["published"].to_numpy()
    left = (closed < midnight) & (published >= midnight) & (published < NEVER)
    place_ends = (world.seats.last_days()[local] + 1) * DAY
    passed &= (handed < midnight) & (closed < place_ends)
    return frame.with_columns(
        published=pl.Series(np.where(left, midnight - 1, published)),
        moved=pl.Series(np.where(inherited, midnight + world.office.spans[0][0], np.where(passed, handed, NEVER))),
        next_seat=pl.Series(np.where(inherited, heir, np.where(passed, local, seat))),
    )


def _local_now(world: World, place: Ints, seat: Ints) -> Ints:
    """Agencies hand back to the commune of the place; communes keep what they have."""
    agencies = (world.seats.units["level"] == "province").to_numpy()[seat]
    return np.where(agencies, place, seat)
