"""Tasks from the day a leader gave them: who got them, by when, whether more time was given, when they were done."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import happens, pick, stream, waits
from pipelines.demo.filings import World
from pipelines.demo.office import NEVER, Floats, Ints, epoch_day
from pipelines.demo.seats import spans_between
from pipelines.demo.story import months_before

# Volumes and shares are assumed: no province publishes them by unit.
PER_MONTH: Final = 160
TO_DEPARTMENTS: Final = 0.6
ASSIGNERS: Final = {"chair": 0.40, "vice_chair": 0.24, "people_committee": 0.18, "council": 0.08, "government": 0.07,
                    "other": 0.03}  # fmt: skip
SUBJECTS: Final = {"administration": 0.20, "investment": 0.18, "land": 0.17, "economy": 0.14, "social": 0.13,
                   "digital": 0.09, "order": 0.05, "other": 0.04}  # fmt: skip
LIMITS: Final = (5, 7, 10, 15, 20, 30)  # working days
WITHOUT_DUE: Final = 0.04
ON_TIME: Final = (0.82, 0.90)
HABIT: Final = 0.08  # how far units differ in their share on time
LATE_DAYS: Final = 9.0
FORGOTTEN: Final = 0.02
REMEMBERED: Final = (40, 190)  # working days after its deadline until somebody finds a forgotten task
CANCELLED: Final = 0.015
EXTENDED: Final = 0.12
MORE_TIME: Final = (5, 21)  # working days
# Departments (by rank of size) that fall behind in the newest months: (rank, months, share on time then).
BEHIND: Final = ((0.2, 4, 0.52), (0.7, 3, 0.60))


def give_tasks(world: World) -> pl.DataFrame:
    """Every task of the demo, by the day it was given.

    Columns: number, seat, next_seat (rows of `world.seats.units`), assigned_by, subject, the epoch days given and
    done, first_due, due, extended and moved (NEVER where there is none), and cancelled (bool).
    """
    spans = spans_between(world.reforms, world.first, world.until)
    parts = [_of_span(world, first, last, part) for part, (first, last) in enumerate(spans)]
    tasks = pl.concat(parts).sort("given", maintain_order=True)
    return _moved(world, tasks).with_row_index("number", offset=1).with_columns(pl.col("number").cast(pl.Int64))


def _of_span(world: World, first: date, last: date, part: int) -> pl.DataFrame:
    rng = stream(world.seed, "tasks", part)
    days = world.office.days[(world.office.days >= epoch_day(first)) & (world.office.days <= epoch_day(last))]
    size = round(PER_MONTH * ((last - first).days + 1) / 30.4) if days.size else 0
    given = np.sort(days[pick(rng, np.ones(days.size), size)]) if size else days[:0]
    seat = _owners(world, rng, first, size)
    limit = np.array(LIMITS)[pick(rng, np.array([1.0, 1.5, 2.0, 2.0, 1.2, 0.8]), size)]
    start = world.office.number(given)
    extended = happens(rng, EXTENDED, size)
    more = np.where(extended, rng.integers(*MORE_TIME, size), 0)
    late = ~happens(rng, _share_on_time(world, first)[seat], size)
    ahead = np.minimum(waits(rng, 3.0, size) - 1, limit)
    taken = np.where(late, limit + more + waits(rng, LATE_DAYS, size), np.maximum(limit + more - ahead, 0))
    taken += np.where(happens(rng, FORGOTTEN, size), rng.integers(*REMEMBERED, size), 0)
    no_due = happens(rng, WITHOUT_DUE, size)
    return pl.DataFrame({
        "seat": seat,
        "assigned_by": pl.Series(list(ASSIGNERS)).gather(pick(rng, np.array(list(ASSIGNERS.values())), size)),
        "subject": pl.Series(list(SUBJECTS)).gather(pick(rng, np.array(list(SUBJECTS.values())), size)),
        "given": given,
        "first_due": np.where(no_due, NEVER, world.office.day(start + limit)),
        "due": np.where(no_due, NEVER, world.office.day(start + limit + more)),
        # More time is asked for shortly before the first day runs out.
        "extended": np.where(extended & ~no_due, world.office.day(start + np.maximum(limit - 1, 1)), NEVER),
        "done": world.office.day(start + taken),
        "cancelled": happens(rng, CANCELLED, size),
    })  # fmt: skip


def _owners(world: World, rng: np.random.Generator, day: date, size: int) -> Ints:
    """Departments, and the local governments of the day: districts as long as there were any."""
    local = world.seats.on(day, "district")
    local = local if local.height else world.seats.on(day, "commune")
    departments = world.seats.on(day, "province")
    department = happens(rng, TO_DEPARTMENTS if departments.height else 0.0, size)
    chosen = [units["seat"].to_numpy()[pick(rng, np.sqrt(units["weight"].to_numpy()), size)] if units.height
              else np.zeros(size, dtype=np.int64) for units in (departments, local)]  # fmt: skip
    return np.where(department, *chosen).astype(np.int64)


def _share_on_time(world: World, day: date) -> Floats:
    """How likely each unit is to be on time in the month of `day`."""
    units = world.seats.units
    habit = stream(world.seed, "task habits").normal(0.0, HABIT, units.height)
    share = np.clip(world.between(day, ON_TIME) + habit, 0.3, 0.99)
    departments = world.seats.on(world.until, "province").sort("weight", "seat", descending=[True, False])
    for rank, months, told in BEHIND:
        if departments.height and months_before(day, world.until) < months:
            share[departments["seat"][int(rank * departments.height)]] = told
    return share


def _moved(world: World, tasks: pl.DataFrame) -> pl.DataFrame:
    """Whose unit was abolished before the task was done, its heir takes it over on the day after."""
    seat = tasks["seat"].to_numpy()
    last = world.seats.last_days()[seat]
    moves = last < tasks["done"].to_numpy()
    heir = world.seats.heir(stream(world.seed, "task heirs"), seat)
    moves &= heir >= 0
    return tasks.with_columns(
        next_seat=pl.Series(np.where(moves, heir, seat)), moved=pl.Series(np.where(moves, last + 1, NEVER))
    )
