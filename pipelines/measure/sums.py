"""What stands beside each other by day and unit must add up to what the facts hold, or nothing is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.catalogue import Indicator, Shape, shapes
from pipelines.measure.parts import part_columns
from pipelines.merge import changed, changed_facts

SUFFIX = ' AS "'


def unequal_sums(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], facts: Mapping[str, Shape] | None = None
) -> Iterator[str]:
    """Every column of a part table whose sum is not the total of its fact, in words for an operator.

    The totals are taken from the facts in one stroke, without days, units or slices: a day that was not measured
    again, a row that fell between two units or was placed twice shows here.
    """
    present = _present(db)
    for name, shape in (shapes() if facts is None else facts).items():
        if f"fact_{name}" not in present:
            continue
        for day, columns in _columns(catalogue, shape).items():
            yield from _unequal(db, shape, day, columns)


@dataclass(frozen=True)
class Sums:
    """What every column of every part table adds up to, by table and column."""

    parts: Mapping[str, tuple[Any, ...]]


def sums(db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator]) -> Sums:
    """The sums as they are; of tables that are not there yet, nothing."""
    present = _present(db)
    wanted = {f"part_{name}_{day}": columns for name, shape in shapes().items()
              for day, columns in _columns(catalogue, shape).items()}
    return Sums({table: _sum(db, table, columns) for table, columns in wanted.items() if table in present})


def unequal_steps(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], before: Sums, now: Sums
) -> Iterator[str]:
    """Every column of a part table that has not grown by what its fact has, in words for an operator.

    As strict as `unequal_sums` where that held before: what changed in the facts is taken from the log of the merges,
    which knows nothing of days. A table that was not there before is counted out in full.
    """
    logged, present = changed_facts(db), _present(db)
    for name, shape in shapes().items():
        for day, columns in _columns(catalogue, shape).items() if f"fact_{name}" in present else ():
            table = f"part_{name}_{day}"
            if table not in before.parts or len(before.parts[table]) != len(columns):
                yield from _unequal(db, shape, day, columns)
                continue
            grown = _grown(db, name, day, columns) if name in logged else [0] * len(columns)
            expected = [old + more for old, more in zip(before.parts[table], grown, strict=True)]
            yield from _told(table, columns, expected, now.parts[table])


def _grown(db: duckdb.DuckDBPyConnection, fact: str, day: str, columns: list[tuple[str, str]]) -> list[Any]:
    """What came less what went, for every column."""
    totals = ", ".join(sql for _, sql in columns)
    came, went = (
        db.execute(f"SELECT {totals} FROM {changed(fact)} WHERE sign = {sign} AND {day} IS NOT NULL").fetchall()[0]
        for sign in (1, -1)
    )
    return [more - less for more, less in zip(came, went, strict=True)]


def _present(db: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def _sum(db: duckdb.DuckDBPyConnection, table: str, columns: list[tuple[str, str]]) -> tuple[Any, ...]:
    listed = ", ".join(f'coalesce(sum("{name}"), 0)' for name, _ in columns)
    return tuple(db.execute(f"SELECT {listed} FROM {table}").fetchall()[0])


def _told(
    table: str, columns: list[tuple[str, str]], expected: Sequence[Any], found: Sequence[Any]
) -> Iterator[str]:
    for (name, _), fact, part in zip(columns, expected, found, strict=True):
        if fact != part:
            yield f"{table}.{name}: {part} != {fact}"


def _columns(catalogue: Mapping[str, Indicator], shape: Shape) -> Mapping[str, list[tuple[str, str]]]:
    """Placing day -> (name, SQL) of every column of its part table."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in catalogue.values():
        if entry.fact == shape.name and not entry.sensitive:
            for day, column in part_columns(entry, shape):
                sql, _, name = column.rpartition(SUFFIX)
                found[day].append((name.rstrip('"'), sql))
    return found


def _unequal(
    db: duckdb.DuckDBPyConnection, shape: Shape, day: str, columns: list[tuple[str, str]]
) -> Iterator[str]:
    totals = ", ".join(sql for _, sql in columns)
    (expected,) = db.execute(f"SELECT {totals} FROM fact_{shape.name} WHERE {day} IS NOT NULL").fetchall()
    table = f"part_{shape.name}_{day}"
    yield from _told(table, columns, expected, _sum(db, table, columns))
