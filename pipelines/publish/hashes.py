"""Two snapshots are the same when every table has the same rows, in whatever order they were written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, TypedDict

import duckdb

from pipelines.facts.shape import LINEAGE

# What may differ between two ways to the same data: when it came in, when it was made, and by which line.
LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "delivery": frozenset({"received_at"}),
    "source": frozenset({"last_received_at", "last_verdict"}),
    "reconciliation": frozenset({"left_file", "right_file"}),
}


class TableHash(TypedDict):
    """How many rows a table has, and the sum of their hashes in hexadecimal with the schema folded in."""

    rows: int
    hash: str


def hash_tables(db: duckdb.DuckDBPyConnection) -> dict[str, TableHash]:
    """The hash of every table, by name."""
    columns = _columns(db)
    return {name: _hash(db, name, columns[name]) for name in sorted(columns)}


def hash_table(db: duckdb.DuckDBPyConnection, name: str) -> TableHash:
    """Rows and order-independent content hash of one table: a sum, so that a repeated row counts twice."""
    return _hash(db, name, _columns(db)[name])


def _hash(db: duckdb.DuckDBPyConnection, name: str, columns: list[tuple[str, str]]) -> TableHash:
    listed = ", ".join(f'"{column}"' for column, _ in columns)
    rows, total = db.execute(
        f'SELECT count(*), coalesce(sum(hash({listed})::HUGEINT), 0) FROM "{name}"'
    ).fetchall()[0]
    schema = json.dumps(columns)
    digest = hashlib.sha256(f"{schema} {rows} {total}".encode()).hexdigest()
    return {"rows": int(rows), "hash": digest[:32]}


def _columns(db: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Name and type of the columns that count, of every table except `publication`."""
    found = db.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() JOIN duckdb_tables() "
        "USING (database_name, database_oid, table_oid, table_name) WHERE database_name = current_database() "
        "AND NOT temporary ORDER BY 1, 2"
    ).fetchall()
    columns: dict[str, list[tuple[str, str]]] = {}
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
