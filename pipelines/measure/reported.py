"""Some numbers are not counted but told, by whoever published them, and told again when they are revised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from pipelines.catalogue import Indicator, Shape
from pipelines.measure.credit import condition, unit_on
from pipelines.measure.entries import PERCENT
from pipelines.measure.parts import total

COLUMNS = (
    "indicator VARCHAR, unit VARCHAR, period_start DATE, period_end DATE, vintage DATE, value DOUBLE, "
    "numerator DOUBLE, denominator DOUBLE, preliminary BOOLEAN, origin VARCHAR"
)
SPANS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}


def write_reported(
    db: duckdb.DuckDBPyConnection, entries: Iterable[Indicator], facts: Mapping[str, Shape]
) -> None:
    """(Re)make the table `reported`, every vintage of it: it is small, and a revision may reach far back."""
    db.execute(f"CREATE OR REPLACE TABLE reported ({COLUMNS})")
    for select in _selects(entries, facts):
        db.execute(f"INSERT INTO reported {select}")


def facts_behind(entries: Iterable[Indicator]) -> frozenset[str]:
    """The facts that `reported` follows from."""
    found = ("reported_value" if entry.series is not None else entry.fact for entry in entries
             if entry.series is not None or entry.kind == "reported")
    return frozenset(fact for fact in found if fact is not None)


def _selects(entries: Iterable[Indicator], facts: Mapping[str, Shape]) -> Iterator[str]:
    for entry in entries:
        if entry.series is not None:
            yield _series(entry)
        elif entry.kind == "reported" and entry.fact is not None:
            yield _aggregate(entry, facts[entry.fact])


def _series(entry: Indicator) -> str:
    series = str(entry.series).replace("'", "''")
    # A bureau writes 8.3 for 8.3 %; wherever code compares it, it is the share 0.083.
    value = f"(value / {PERCENT})::DOUBLE" if entry.is_percent else "value::DOUBLE"
    return (f"SELECT '{entry.id}', unit, period_start, period_end, vintage, {value}, NULL, NULL, "
            f"preliminary, origin FROM fact_reported_value WHERE series = '{series}'")


def _aggregate(entry: Indicator, shape: Shape) -> str:
    """A level that organisations tell at the end of a period, e.g. how many members they have."""
    assert entry.value is not None and entry.day is not None
    known = f"({entry.value.sql}) IS NOT NULL AND {condition(entry.where)}"
    return (f"SELECT '{entry.id}', {unit_on(shape, entry.day)}, "
            f"date_trunc('{SPANS.get(entry.rhythm, 'day')}', {entry.day})::DATE, {entry.day}, {entry.day}, "
            f"{total(entry.value, known, shape)}::DOUBLE, NULL, NULL, FALSE, min(source) "
            f"FROM fact_{shape.name} WHERE {entry.day} IS NOT NULL AND {known} GROUP BY ALL")
