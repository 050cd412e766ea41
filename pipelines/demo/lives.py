"""What happens to every dossier from reception to result, as moments; what does not happen lies at NEVER."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import calibration as known
from pipelines.demo.chance import happens, stream, waits
from pipelines.demo.filings import World
from pipelines.demo.office import DAY, NEVER, Flags, Floats, Ints, Office
from pipelines.demo.story import late_share
from pipelines.demo.waiting import Points, Request, first_due, first_request, later, missing_share, second_request

REFUSED, WITHDRAWN, STOPPED, DECIDED = 3, 7, 8, 9
# How late a late dossier is: most by a day or two, a few for months. (share, mean working days)
DELAYS: Final = ((0.60, 2.0), (0.20, 12.0), (0.10, 50.0), (0.10, 300.0))
RETURN_DAYS: Final = 0.35  # mean working days between decision and hand-over
NEVER_COLLECTED: Final = 0.006
FEE_ASKED: Final = 0.25  # of the dossiers with a fee that take three days or more
DEPARTMENT_MOVES: Final = 0.02
PROMPT: Final = 0.3  # spread (log) between units of the habit to wait until the last day


def live(world: World, filings: pl.DataFrame, day: date, part: int) -> pl.DataFrame:
    """Add to each filing its moments (epoch seconds) and its end.

    Columns added: received, asked_1, over_1, asked_2, over_2, due_0, due_1, due_2, paused_1, paused_2,
    fee_asked, moved, next_seat, ended, end_kind, returned. `day` lies in the month of all receptions.
    """
    rng = stream(world.seed, "lives", part)
    office, rows = world.office, filings.height
    facts = world.procedures.select("field", "limit_working_days", "has_fee")[filings["procedure"].to_numpy()]
    seat = filings["seat"].to_numpy()
    limit = facts["limit_working_days"].cast(pl.Int64).to_numpy()
    received = Points(filings["number"].to_numpy(), filings["seconds"].to_numpy())
    first = first_request(rng, office, received, limit, missing_share(facts["field"]))
    second = second_request(rng, office, first)
    start = second.over.where(second.answered, first.over.where(first.answered, received))
    dues = _dues(first_due(office, received, limit), first, second)
    late = happens(rng, late_share(world, day, seat, facts["field"]), rows)
    kind = _kinds(rng, first)
    ended = _end(rng, office, start, dues[-1], kind, late & (kind == DECIDED), _last_day_habit(world, seat))
    ended = first.over.where(first.stopped, ended)
    comes = ~first.made | first.answered | first.stopped
    return _moments(world, rng, filings, (received, first, second, dues), (start, ended, kind, comes), facts["has_fee"])


def _dues(due: Ints, first: Request, second: Request) -> tuple[Ints, Ints, Ints]:
    """The due day at reception, after the first pause and after the second (working-day numbers)."""
    return due, due + first.paused, due + first.paused + second.paused


def _kinds(rng: np.random.Generator, first: Request) -> Ints:
    draw = rng.random(len(first.made))
    refused = (draw < known.REFUSED * 1.05) & ~first.made
    withdrawn = draw >= 1 - known.WITHDRAWN
    kind = np.where(refused, REFUSED, np.where(withdrawn, WITHDRAWN, DECIDED))
    return np.where(first.stopped, STOPPED, kind).astype(np.int64)


def _last_day_habit(world: World, seat: Ints) -> Floats:
    """Some units hand out at the last moment, others as soon as it is done; the mean habit is 1."""
    habits = stream(world.seed, "habits").lognormal(-(PROMPT**2) / 2, PROMPT, world.seats.units.height)
    return np.asarray(habits[seat], dtype=np.float64)


def _end(
    rng: np.random.Generator,
    office: Office,
    start: Points,
    due: Ints,
    kind: Ints,
    late: Flags,
    habit: Floats,
) -> Points:
    """The end: late by chance, else on the due day or before it, in the published proportion."""
    size = len(due)
    room = np.maximum(due - start.number, 0)
    quick = kind == REFUSED
    free = (room > 0) & ~late & (kind == DECIDED)
    share = known.EARLY / (known.EARLY + known.ON_THE_DAY + known.LATE)
    sure = ((room > 0) & ~late & ~free).sum()
    wait = 1 - min(max((share * size - sure) / max(int(free.sum()), 1), 0.0), 1.0)
    last_day = free & happens(rng, wait * habit / max(float(habit[free].mean()) if free.any() else 1.0, 0.1), size)
    early = np.where(room > 0, np.floor(rng.random(size) ** 1.3 * room), 0)
    days = np.where(late, room + _delay(rng, size), np.where(last_day, room, early))
    days = np.where(quick, np.minimum(rng.integers(0, 2, size), np.maximum(room - 1, 0)), days)
    return later(rng, office, start, days.astype(np.int64))


def _delay(rng: np.random.Generator, size: int) -> Ints:
    edges = np.cumsum([share for share, _ in DELAYS])
    means = np.array([mean for _, mean in DELAYS])
    return waits(rng, means[np.minimum(np.searchsorted(edges, rng.random(size)), len(means) - 1)], size)


def _moments(
    world: World,
    rng: np.random.Generator,
    filings: pl.DataFrame,
    early: tuple[Points, Request, Request, tuple[Ints, Ints, Ints]],
    late: tuple[Points, Points, Ints, Flags],
    has_fee: pl.Series,
) -> pl.DataFrame:
    received, first, second, dues = early
    start, ended, kind, comes = late
    office, rows = world.office, filings.height
    always = np.ones(rows, dtype=np.bool_)
    decided = comes & (kind == DECIDED)
    fee = decided & has_fee.to_numpy() & (ended.number - start.number >= 3) & happens(rng, FEE_ASKED, rows)
    asked_fee = later(rng, office, start, ((ended.number - start.number) * 2) // 3)
    back = later(rng, office, ended, rng.geometric(1 / (1 + RETURN_DAYS), rows) - 1)
    frame = filings.with_columns(
        received=pl.Series(received.moment(office, always)),
        asked_1=pl.Series(first.asked.moment(office, first.made)),
        over_1=pl.Series(first.over.moment(office, first.answered | first.stopped)),
        asked_2=pl.Series(second.asked.moment(office, second.made)),
        over_2=pl.Series(second.over.moment(office, second.answered)),
        **{f"due_{step}": pl.Series(office.closing(due)) for step, due in enumerate(dues)},
        paused_1=pl.Series(first.paused),
        paused_2=pl.Series(second.paused),
        fee_asked=pl.Series(asked_fee.moment(office, fee)),
        ended=pl.Series(ended.moment(office, comes)),
        end_kind=pl.Series(kind),
        returned=pl.Series(back.moment(office, decided & ~happens(rng, NEVER_COLLECTED, rows))),
    )
    return _with_moves(world, rng, frame)


def _with_moves(world: World, rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """Open cases of a unit that ends go to an heir on the next day; departments pass a few on to each other."""
    seat, received, ended = (frame[name].to_numpy() for name in ("seat", "received", "ended"))
    last = world.seats.last_days()[seat]
    midnight = (last + 1) * DAY
    heir = world.seats.heir(rng, seat)
    inherited = (midnight <= ended) & (heir >= 0)
    departments = world.seats.on(world.until, "province")["seat"].to_numpy()
    passed = np.isin(seat, departments) & happens(rng, DEPARTMENT_MOVES, len(seat)) & (len(departments) > 1)
    other = departments[rng.integers(0, max(len(departments), 1), len(seat))] if len(departments) else seat
    passed &= other != seat
    halfway = received + ((np.minimum(ended, received + 20 * DAY) - received) * 0.4).astype(np.int64)
    moved = np.where(inherited, midnight + world.office.spans[0][0], np.where(passed, halfway, NEVER))
    returned = frame["returned"].to_numpy()
    # A result handed out by the heir would be work of a unit that no longer exists: it goes out at once.
    across = (ended < midnight) & (returned >= midnight) & (returned < NEVER)
    return frame.with_columns(
        moved=pl.Series(moved),
        next_seat=pl.Series(np.where(inherited, heir, np.where(passed, other, seat))),
        returned=pl.Series(np.where(across, ended + 300, returned)),
    )
