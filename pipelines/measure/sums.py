"""What stands beside each other by day and unit must add up to what the facts hold, or nothing is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import duckdb

from pipelines.catalogue import Indicator, Shape, shapes
from pipelines.measure.parts import part_columns

SUFFIX = ' AS "'


def unequal_sums(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], facts: Mapping[str, Shape] | None = None
) -> Iterator[str]:
    """Every column of a part table whose sum is not the total of its fact, in words for an operator.

    The totals are taken from the facts in one stroke, without days, units or slices: a day that was not measured
    again, a row that fell between two units or was placed twice shows here.
    """
    present = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for name, shape in (shapes() if facts is None else facts).items():
        if f"fact_{name}" not in present:
            continue
        for day, columns in _columns(catalogue, shape).items():
            yield from _unequal(db, shape, day, columns)


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
    table = f"part_{shape.name}_{day}"
    totals = ", ".join(sql for _, sql in columns)
    sums = ", ".join(f'coalesce(sum("{name}"), 0)' for name, _ in columns)
    (expected,) = db.execute(f"SELECT {totals} FROM fact_{shape.name} WHERE {day} IS NOT NULL").fetchall()
    (found,) = db.execute(f"SELECT {sums} FROM {table}").fetchall()
    for (name, _), fact, part in zip(columns, expected, found, strict=True):
        if fact != part:
            yield f"{table}.{name}: {part} != {fact}"
