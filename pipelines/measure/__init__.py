"""Facts become parts: counts that still add up, so that nothing is divided before the very last step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb

from pipelines.bridge import write_bridge
from pipelines.catalogue import Indicator, Shape, shapes
from pipelines.disclose import write_cells
from pipelines.expression import Kind
from pipelines.measure.derived import Days, Derived, Made, Note, Touched, refresh
from pipelines.measure.entries import write_entries, write_targets
from pipelines.measure.lists import list_tables
from pipelines.measure.parts import part_tables
from pipelines.measure.reported import facts_behind, write_reported
from pipelines.merge import changed, changed_facts
from pipelines.reference import Reference

__all__ = ["Days", "Made", "Touched", "measure"]

DERIVED = ("part_", "spread_", "thing_", "cohort_")
SQL_TYPES: Mapping[Kind, str] = {
    "boolean": "BOOLEAN", "number": "BIGINT", "text": "VARCHAR", "date": "DATE", "time": "TIMESTAMP",
}


def measure(
    db: duckdb.DuckDBPyConnection,
    catalogue: Mapping[str, Indicator],
    reference: Reference,
    touched: Touched | None = None,
    *,
    facts: Mapping[str, Shape] | None = None,
    note: Note = lambda table, rows, values, sign: None,
) -> Made:
    """Make every table that follows from the facts in `db`: parts and lists, reported, bridge, published cells.

    Returns which days of which part or list were made anew.

    `catalogue` holds the entries of this file (of one clearance); of sensitive ones nothing is kept but their
    definition and the cells of the published tables. With `touched` None everything is measured, and the catalogue
    written down with it. Else only what changed, with the same result: what the log of an increment tells (merge.py),
    and of facts without one the days in `touched`: fact -> day column -> days (a set, or first and last). `note` is
    told of rows that go and come (derived.py).
    """
    known = shapes() if facts is None else facts
    open_entries = {name: entry for name, entry in catalogue.items() if not entry.sensitive}
    stand_ins = _stand_in(db, open_entries, known)
    planned = list(plan(open_entries, known))
    logs = {name: changed(name) for name in changed_facts(db)}
    if touched is not None:
        touched = {**touched, **{name: _days_in(db, log, known[name]) for name, log in logs.items() if name in known}}
    made = {derived.table: refresh(db, derived, _touched(derived, known, touched), note, logs.get(derived.fact, ""))
            for derived in planned}  # fmt: skip
    _drop_others(db, planned)
    if touched is None or facts_behind(open_entries.values()) & touched.keys():
        write_reported(db, open_entries.values(), known)
    for table in stand_ins:
        db.execute(f"DROP VIEW {table}")
    if touched is None:  # a step is made under the contract of the file before: there they are
        write_entries(db, catalogue)
        write_targets(db, catalogue, reference.targets)
    if touched is None or _reaches_a_reform(touched, reference):
        write_bridge(db, open_entries, reference)
    write_cells(db, catalogue, reference)
    return made


def _days_in(db: duckdb.DuckDBPyConnection, log: str, shape: Shape) -> Mapping[str, Days]:
    """By day column the days of the facts that came and went."""
    return {name: frozenset(day for (day,) in db.execute(f"SELECT DISTINCT {name} FROM {log}").fetchall() if day)
            for name, kind in shape.columns.items() if kind == "date"}  # fmt: skip


def _reaches_a_reform(touched: Touched, reference: Reference) -> bool:
    """Whether anything changed that the bridge counts: days before a reform."""
    last = max((reform.day for reform in reference.place.reforms), default=date.min)
    return any(min(days) < last for columns in touched.values() for days in columns.values() if days)


def plan(catalogue: Mapping[str, Indicator], facts: Mapping[str, Shape]) -> Iterator[Derived]:
    """Every derived table that the catalogue asks for."""
    for name, shape in facts.items():
        entries = [entry for entry in catalogue.values() if entry.fact == name]
        yield from part_tables(shape, entries)
        yield from list_tables(shape, entries)


def _touched(derived: Derived, facts: Mapping[str, Shape], touched: Touched | None) -> Mapping[str, Days] | None:
    """The touched days of the table's fact; None (all) for facts that no file brings: they are small."""
    if touched is None or facts[derived.fact].from_reference:
        return None
    if derived.fact in touched:
        return touched[derived.fact]
    return {piece.day: () for piece in derived.pieces}


def _drop_others(db: duckdb.DuckDBPyConnection, planned: list[Derived]) -> None:
    """A table that the catalogue no longer asks for must not be read by anybody."""
    wanted = {derived.table for derived in planned}
    for (table,) in db.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        if table.startswith(DERIVED) and table not in wanted:
            db.execute(f'DROP TABLE "{table}"')


def _stand_in(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], facts: Mapping[str, Shape]
) -> list[str]:
    """Empty views for facts that nobody has sent yet, so that their parts exist and say zero rows."""
    existing = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    wanted = {entry.fact for entry in catalogue.values() if entry.fact}
    missing = [facts[name] for name in sorted(wanted) if f"fact_{name}" not in existing and name in facts]
    for shape in missing:
        columns = ", ".join(f"NULL::{_type(shape, name)} AS {name}" for name in _all_columns(shape))
        db.execute(f"CREATE TEMP VIEW fact_{shape.name} AS SELECT {columns} WHERE FALSE")
    return [f"fact_{shape.name}" for shape in missing]


def _all_columns(shape: Shape) -> list[str]:
    return sorted({*shape.columns, *shape.credited, *shape.slices, "source"})


def _type(shape: Shape, name: str) -> str:
    return "DECIMAL(20, 2)" if name in shape.fractions else SQL_TYPES[shape.columns.get(name, "text")]
