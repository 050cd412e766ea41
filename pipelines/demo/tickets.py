"""Hotline tickets from the call to the published answer, as moments; what does not happen lies at NEVER."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import hotline_words as words
from pipelines.demo.chance import pick, stream
from pipelines.demo.filings import World
from pipelines.demo.office import DAY, Floats, Ints, epoch_day
from pipelines.demo.story import months_before
from pipelines.demo.ticket_lives import handle

# Share of tickets by hour of the day: people report in the morning and after work.
HOURS: Final = np.array([1, 0.5, 0.3, 0.3, 0.5, 1.5, 4, 7, 9, 9, 8, 6, 4, 5, 7, 7, 7, 6, 5, 5, 4, 3, 2, 1.5])
WEEKDAYS: Final = np.array([1.2, 1.1, 1.05, 1.0, 1.0, 0.8, 0.7])


@dataclass(frozen=True)
class Desk:
    """What the hotline works with: categories, their deadlines, and the units it can forward to."""

    categories: pl.DataFrame  # code, top, top_name, name, weight
    deadlines: pl.DataFrame  # category, priority, working_days, hours


def open_desk(categories: pl.DataFrame, deadlines: pl.DataFrame) -> Desk:
    """Weigh the lower categories of the reference; those without a parent only head the list."""
    tops = categories.filter(pl.col("parent").is_null()).select(top="code", top_name="name_vi")
    lower = categories.filter(pl.col("parent").is_not_null()).rename({"parent": "top", "name_vi": "name"})
    weight = pl.col("top").replace_strict(words.CATEGORIES, default=words.OTHER_CATEGORY, return_dtype=pl.Float64)
    rank = pl.col("code").cum_count().over("top")
    weighed = lower.join(tops, on="top", how="left", maintain_order="left").with_columns(
        weight=weight / rank / (1 / rank).sum().over("top")
    )
    return Desk(weighed.select("code", "top", "top_name", "name", "weight"), deadlines)


def report(world: World, desk: Desk, first: date, last: date, size: int, part: int) -> pl.DataFrame:
    """`size` new tickets received from `first` to `last`, with their whole lives, in the order of reception.

    Columns: category (row of `desk.categories`), channel, priority, place, seat, next_seat (seats), and the
    moments received, forwarded, moved, answered, reopened, closed, published; due, due_has_time, flags.
    """
    rng = stream(world.seed, "tickets", part)
    category, place = _what_and_where(world, desk, rng, first, last, size)
    received = np.sort(_received(rng, first, last, len(category)))
    frame = pl.DataFrame(
        {
            "category": category,
            "top": desk.categories["top"].gather(category),
            "channel": pl.Series(list(words.CHANNELS)).gather(pick(rng, _values(words.CHANNELS), len(category))),
            "priority": pl.Series(list(words.PRIORITIES)).gather(pick(rng, _values(words.PRIORITIES), len(category))),
            "place": place,
            "received": received,
        }
    )
    return handle(world, desk.deadlines, frame, first, part)


def _values(weights: dict[str, float]) -> Floats:
    return np.array(list(weights.values()))


def _what_and_where(
    world: World, desk: Desk, rng: np.random.Generator, first: date, last: date, size: int
) -> tuple[Ints, Ints]:
    season = np.ones(desk.categories.height)
    for top, (months, factor) in words.SEASONS.items():
        if first.month in months:
            season = np.where(desk.categories["top"] == top, factor, season)
    communes = world.seats.on(first, "commune")
    category = pick(rng, desk.categories["weight"].to_numpy() * season, size)
    place = communes["seat"].to_numpy()[pick(rng, communes["weight"].to_numpy(), size)]
    rank, code, number = words.HOT_SPOT
    row = desk.categories.with_row_index().filter(pl.col("code") == code)["index"]
    if months_before(first, world.until) == 0 and row.len() and communes.height:
        spot = communes.sort("weight", "seat", descending=[True, False])["seat"][int(rank * communes.height)]
        extra = min(size, round(number * size * 12 / (words.TICKETS / 3)))
        category[:extra], place[:extra] = row[0], spot
        order = rng.permutation(size)
        category, place = category[order], place[order]
    return category, place


def _received(rng: np.random.Generator, first: date, last: date, size: int) -> Ints:
    days = np.arange(epoch_day(first), epoch_day(last) + 1)
    day = days[pick(rng, WEEKDAYS[(days + 3) % 7], size)]
    return day * DAY + pick(rng, HOURS, size) * 3600 + rng.integers(0, 3600, size)
