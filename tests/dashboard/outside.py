"""Changes everything that lies outside of what somebody may see: whoever then reads another page saw too much."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from tests.dashboard.screens_at import change

COUNTED = ("part_", "spread_", "thing_", "cohort_")
FILES = (
    "UPDATE delivery SET rows_in = rows_in * 3 + 7000, rows_loaded = rows_loaded * 3 + 6000, "
    "rows_quarantined = rows_quarantined * 3 + 1000, cases = cases * 3 + 7, bytes = bytes + 7000",
    "UPDATE source SET rows = rows * 3 + 77, last_verdict = 'held'",
)


def twin_of(home: Path, to: Path, own: Sequence[str], party: bool = False) -> Path:
    """A copy of a home in which all that is not about `own` units is another world."""
    shutil.copytree(home, to)
    with duckdb.connect(str(to / "snapshots" / f"00000001{'.party' if party else ''}.duckdb"), read_only=True) as db:
        statements = [*_everywhere(db, own), *FILES]
    change(to, *statements, party=party)
    return to


def _everywhere(db: duckdb.DuckDBPyConnection, own: Sequence[str]) -> Iterator[str]:
    """Half of the rows of other units are taken out; what is counted in the rest is three times as much."""
    listed = ", ".join(f"'{unit}'" for unit in own)
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in db.sql(
        "SELECT table_name, column_name, data_type FROM information_schema.columns").fetchall():
        tables.setdefault(table, {})[column] = kind
    for table, columns in tables.items():
        if "procedure" in table:
            continue  # the list of procedures belongs to all
        names = [name for name in ("unit", "unit_at_receipt", "unit_now") if name in columns]
        other = " AND ".join(f"coalesce({name}, '') NOT IN ({listed})" for name in names)
        if table.startswith(COUNTED):
            keys = ", ".join(f'"{name}"' for name in columns if columns[name] != "BIGINT")
            yield f"DELETE FROM {table} WHERE {other} AND hash({keys}) % 2 = 0"
            added = ", ".join(f'"{name}" = "{name}" * 3' for name in columns if columns[name] == "BIGINT")
            if added:
                yield f"UPDATE {table} SET {added} WHERE {other}"
        elif table.startswith("fact_") and names:
            yield f"DELETE FROM {table} WHERE {other} AND hash({', '.join(names)}, rowid) % 2 = 0"
        elif table in ("reported", "signal", "published_cell", "reconciliation"):
            values = [name for name in columns if columns[name] == "DOUBLE"]
            changed = ", ".join(f"{name} = {name} * 1.5 + 3" for name in values)
            yield f"UPDATE {table} SET {changed} WHERE {other}"
            if "rule" in columns:
                yield (f"UPDATE {table} SET rule = 'limits', locked = TRUE, direction = 'worse', severity = 'high' "
                       f"WHERE {other} AND hash(unit, indicator, month) % 3 = 0")  # fmt: skip
        elif table == "quarantine":
            yield "INSERT INTO quarantine SELECT * REPLACE (line + 1000 AS line) FROM quarantine"
