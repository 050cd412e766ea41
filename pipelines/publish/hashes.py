"""Two snapshots are the same when every table has the same rows, in whatever order they were written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict

import duckdb

from pipelines.facts.shape import LINEAGE
from pipelines.merge import changed, changed_facts

# What may differ between two ways to the same data: when it came in, when it was made, and by which line.
LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "delivery": frozenset({"received_at"}),
    "source": frozenset({"last_received_at", "last_verdict"}),
    "reconciliation": frozenset({"left_file", "right_file"}),
}


class TableHash(TypedDict):
    """How many rows a table has, the sum of their hashes, and what one gets who folds the schema into that."""

    rows: int
    sum: str
    hash: str


Known = Mapping[str, Mapping[str, Any]]
Columns = dict[str, list[tuple[str, str]]]
Steps = Mapping[str, tuple[int, int]]
"""By table by how many rows, and by which sum of their hashes, it has grown since the file in force."""


class Growth:
    """What comes and goes of tables of which only a part is made anew, added up while it happens."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self._columns: Columns = {}
        self._told: dict[str, tuple[int, int]] = {}

    def note(self, table: str, rows: str, values: Sequence[object], sign: int) -> None:
        """These rows of a table (SQL that gives them) are about to go (-1), or come (+1)."""
        self._columns = self._columns or _columns(self._db)
        counted = f"SELECT count(*), coalesce(sum({_row(self._columns[table])}), 0) FROM ({rows})"
        many, total = self._db.execute(counted, list(values)).fetchall()[0]
        before = self._told.get(table, (0, 0))
        self._told[table] = before[0] + sign * int(many), before[1] + sign * int(total)

    def of(self, tables: Iterable[str]) -> Steps:
        """The same of these tables; of those of which nothing was told, nothing."""
        return {table: self._told.get(table, (0, 0)) for table in tables}


def hash_tables(
    db: duckdb.DuckDBPyConnection, before: Known | None = None, steps: Steps | None = None
) -> dict[str, TableHash]:
    """The hash of every table, by name.

    `before` are those of the file that the tables are an increment of, by the same DuckDB: a sum is then that of
    before, less the rows that went, plus those that came: of a fact by the log of its merges, of a table named in
    `steps` by these. Whoever promises it so has it checked in full (manifest.py).
    """
    columns, known = _columns(db), before or {}
    grown = {name: _logged(db, name, columns[name]) for name in columns if name.startswith("fact_")} | dict(steps or {})
    told = {name: _step(columns[name], known[name], grown[name]) for name in grown if _goes_on(columns, name, known)}
    counted = _hash(db, {name: columns[name] for name in columns if name not in told})
    return dict(sorted((told | counted).items()))


def _goes_on(columns: Columns, name: str, before: Known) -> bool:
    """Whether the sum before is known of a table, over the same columns."""
    known = before.get(name)
    return known is not None and _told(columns[name], known["rows"], int(known.get("sum", 0))) == known


def _step(columns: list[tuple[str, str]], before: Mapping[str, Any], grown: tuple[int, int]) -> TableHash:
    rows, total = grown
    return _told(columns, before["rows"] + rows, int(before["sum"]) + total)


def _logged(db: duckdb.DuckDBPyConnection, table: str, columns: list[tuple[str, str]]) -> tuple[int, int]:
    """By how much a fact has grown, as the log of its merges tells."""
    fact = table.removeprefix("fact_")
    if fact not in changed_facts(db):
        return 0, 0
    rows, total = db.execute(
        f"SELECT coalesce(sum(sign), 0), coalesce(sum(sign * {_row(columns)}), 0) FROM {changed(fact)}"
    ).fetchall()[0]
    return int(rows), int(total)


def hash_table(db: duckdb.DuckDBPyConnection, name: str) -> TableHash:
    """Rows and order-independent content hash of one table: a sum, so that a repeated row counts twice."""
    return _hash(db, {name: _columns(db)[name]})[name]


def _hash(db: duckdb.DuckDBPyConnection, tables: Columns) -> dict[str, TableHash]:
    """One question for all of them: most are so small that asking takes longer than counting."""
    asked = [f"SELECT '{name}', count(*), coalesce(sum({_row(columns)}), 0) FROM \"{name}\""
             for name, columns in tables.items()]  # fmt: skip
    found = db.execute(" UNION ALL ".join(asked)).fetchall() if asked else []
    return {name: _told(tables[name], int(rows), int(total)) for name, rows, total in found}


def _row(columns: list[tuple[str, str]]) -> str:
    listed = ", ".join(f'"{column}"' for column, _ in columns)
    return f"hash({listed})::HUGEINT"


def _told(columns: list[tuple[str, str]], rows: int, total: int) -> TableHash:
    digest = hashlib.sha256(f"{json.dumps(columns)} {rows} {total}".encode()).hexdigest()
    return {"rows": rows, "sum": str(total), "hash": digest[:32]}


def _columns(db: duckdb.DuckDBPyConnection) -> Columns:
    """Name and type of the columns that count, of every table except `publication`."""
    found = db.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY 1, 2"
    ).fetchall()
    columns: Columns = {}
    for table, column, kind in found:
        if table != "publication":
            kept = columns.setdefault(table, [])
            if column not in _left_out(table):
                kept.append((column, kind))
    return columns


def _left_out(table: str) -> frozenset[str]:
    return LEFT_OUT.get(table, frozenset()) | (frozenset(LINEAGE) if table.startswith("fact_") else frozenset())


def data_sha(tables: Mapping[str, TableHash]) -> str:
    """One hash over all tables: equal for two snapshots that say the same."""
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()
