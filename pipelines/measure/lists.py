"""Three kinds of number do not simply add: durations keep their spread, things their names, open cases their age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pipelines.catalogue import Indicator, Shape
from pipelines.measure.credit import condition, left_on, moves_inside, second_unit, unit_on, was_in
from pipelines.measure.derived import Derived, Piece

# Measure -> (exact up to, step beyond): ten working days by the hour, then by the day; one working day of
# minutes by the minute, then by the hour. Whole hours and days are completed ones, so steps round down.
BUCKETS: Final[Mapping[str, tuple[int, int]]] = {"working_hour": (80, 8), "minute": (480, 60)}


def list_tables(shape: Shape, entries: Iterable[Indicator]) -> Iterator[Derived]:
    """The spread, thing and cohort tables of one fact."""
    listed = list(entries)
    durations = [entry for entry in listed if entry.kind == "duration" and entry.ages_of is None]
    things = [entry for entry in listed if entry.kind == "distinct"]
    yield from _by_day(shape, "spread", durations, _spread)
    yield from _by_day(shape, "thing", things, _things)
    aged = [entry for entry in listed if entry.kind == "stock" and entry.ages]
    if aged:
        yield Derived(f"cohort_{shape.name}", shape.name, "entered_on", [_cohort(entry, shape) for entry in aged])


def bucket(measure: str, value: str) -> str:
    """SQL of the bucket that a value falls into."""
    if measure not in BUCKETS:
        return f"({value})::INTEGER"
    exact, step = BUCKETS[measure]
    return f"(CASE WHEN {value} <= {exact} THEN {value} ELSE {value} // {step} * {step} END)::INTEGER"


def _by_day(
    shape: Shape, prefix: str, entries: list[Indicator], select: Callable[[Indicator, Shape], str]
) -> Iterator[Derived]:
    by_day: dict[str, list[Indicator]] = defaultdict(list)
    for entry in entries:
        assert entry.day is not None
        by_day[entry.day].append(entry)
    for day, group in by_day.items():
        rows = " UNION ALL ".join(select(entry, shape) for entry in group)
        yield Derived(f"{prefix}_{shape.name}_{day}", shape.name, "day", [Piece(day, rows)])


def _spread(entry: Indicator, shape: Shape) -> str:
    assert entry.value is not None
    value = f"({entry.value.sql})"
    return (f"SELECT {_placed(entry, shape)}, {bucket(entry.measure, value)} AS bucket, count(*) AS n "
            f"{_rows(entry, shape)} AND {value} IS NOT NULL GROUP BY ALL")


def _things(entry: Indicator, shape: Shape) -> str:
    return (f"SELECT {_placed(entry, shape)}, {entry.thing} AS thing, count(*) AS n "
            f"{_rows(entry, shape)} AND {entry.thing} IS NOT NULL GROUP BY ALL")


def _placed(entry: Indicator, shape: Shape) -> str:
    assert entry.day is not None
    return f"'{entry.id}' AS indicator, {entry.day} AS day, {unit_on(shape, entry.day)} AS unit{_slices(shape)}"


def _rows(entry: Indicator, shape: Shape) -> str:
    return f"FROM {{facts}} WHERE {entry.day} IS NOT NULL AND {{days}} AND {condition(entry.where)}"


def _slices(shape: Shape) -> str:
    return "".join(f", {name}" for name in shape.slices)


def _cohort(entry: Indicator, shape: Shape) -> Piece:
    """Who entered together and left together; summed over `n`, never counted.

    A case that moves stays in its first unit until that day. In the second it stands for its whole life and,
    with n = -1, until the day of the move: what remains is the time from then on, at its true age.
    """
    assert entry.entered is not None
    entered, gone = entry.entered.day, left_on(entry)
    if not shape.moves:
        return Piece(entered, _lives(entry, shape, [("TRUE", unit_on(shape, entered), gone, 1)]), _own(entry))
    moved_on, moves = shape.credited[2], moves_inside(entry, shape)
    lives = [
        ("TRUE", unit_on(shape, entered), f"CASE WHEN {moves} THEN {moved_on} ELSE {gone} END", 1),
        (moves, second_unit(shape), gone, 1),
        (moves, second_unit(shape), moved_on, -1),
    ]
    return Piece(entered, _lives(entry, shape, lives), _own(entry))


def _own(entry: Indicator) -> str:
    return f"indicator = '{entry.id}'"


def _lives(entry: Indicator, shape: Shape, lives: list[tuple[str, str, str, int]]) -> str:
    assert entry.entered is not None
    entered = entry.entered.day
    rows = " UNION ALL ".join(
        f"SELECT {entered} AS entered_on, {gone} AS left_on, {entry.since or entered} AS since_on, "
        f"{unit} AS unit{_slices(shape)}, {sign} AS n FROM {{facts}} "
        f"WHERE {was_in(entry)} AND {{days}} AND coalesce({where}, FALSE)" for where, unit, gone, sign in lives)
    return (f"SELECT '{entry.id}' AS indicator, entered_on, left_on, since_on, unit{_slices(shape)}, "
            f"sum(n)::BIGINT AS n FROM ({rows}) GROUP BY ALL HAVING sum(n) <> 0")
