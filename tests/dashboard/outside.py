"""Changes everything that lies outside of what somebody may see: whoever then reads another page saw too much."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from streamlit.testing.v1 import AppTest

from dashboard import running
from dashboard.export.counter import render
from dashboard.running import Running
from tests.dashboard.as_read import said
from tests.dashboard.screens_at import APP, change

COUNTED = ("part_", "spread_", "thing_", "cohort_")
STATED = ("reported", "signal", "published_cell", "reconciliation")
FILES = (
    "UPDATE delivery SET rows_in = rows_in * 3 + 7000, rows_loaded = rows_loaded * 3 + 6000, "
    "rows_quarantined = rows_quarantined * 3 + 1000, cases = cases * 3 + 7, bytes = bytes + 7000{where}",
    "UPDATE source SET rows = rows * 3 + 77, last_verdict = 'held'{where}",
    "INSERT INTO quarantine SELECT * REPLACE (line + 1000 AS line) FROM quarantine{where}",
)
TICKET = re.compile(r"/export/[0-9a-f]{32}")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def twin_of(home: Path, to: Path, own: Sequence[str]) -> Path:
    """A copy of a home in which all that is not about `own` units is another world."""
    shutil.copytree(home, to)
    for party in (False, True):
        with duckdb.connect(str(_file(to, party)), read_only=True) as db:
            statements = list(_everywhere(db, own))
        change(to, *statements, *(one.format(where="") for one in FILES), party=party)
    return to


def other_files(home: Path, to: Path, source: str) -> Path:
    """A copy of a home in which the files of every other source are of another world."""
    shutil.copytree(home, to)
    change(to, *(one.format(where=f" WHERE source <> '{source}'") for one in FILES))
    return to


def _file(home: Path, party: bool) -> Path:
    return home / "snapshots" / f"00000001{'.party' if party else ''}.duckdb"


def _everywhere(db: duckdb.DuckDBPyConnection, own: Sequence[str]) -> Iterator[str]:
    """Half of the rows of other units are taken out; what is counted in the rest is three times as much."""
    listed = ", ".join(f"'{unit}'" for unit in own)
    tables: dict[str, dict[str, str]] = {}
    columns = db.sql("SELECT table_name, column_name, data_type FROM information_schema.columns").fetchall()
    for table, column, kind in columns:
        tables.setdefault(table, {})[column] = kind
    for table, known in tables.items():
        names = [name for name in ("unit", "unit_at_receipt", "unit_now") if name in known]
        # The list of procedures belongs to all.
        if names and "procedure" not in table:
            yield from _changed(table, known, " AND ".join(f"coalesce({name}, '') NOT IN ({listed})" for name in names))


def _changed(table: str, columns: Mapping[str, str], other: str) -> Iterator[str]:
    if table.startswith(COUNTED):
        keys = ", ".join(f'"{name}"' for name in columns if columns[name] != "BIGINT")
        yield f"DELETE FROM {table} WHERE {other} AND hash({keys}) % 2 = 0"
        added = ", ".join(f'"{name}" = "{name}" * 3' for name in columns if columns[name] == "BIGINT")
        yield f"UPDATE {table} SET {added} WHERE {other}" if added else "SELECT 1"
    elif table.startswith("fact_"):
        yield f"DELETE FROM {table} WHERE {other} AND hash(rowid) % 2 = 0"
    elif table in STATED:
        added = ", ".join(f"{name} = {name} * 1.5 + 3" for name in columns if columns[name] == "DOUBLE")
        yield f"UPDATE {table} SET {added} WHERE {other}" if added else "SELECT 1"
        if "rule" in columns:
            yield (f"UPDATE {table} SET rule = 'outside', locked = TRUE, direction = 'worse', severity = 'high' "
                   f"WHERE {other}")  # fmt: skip


def seen(app: Running, files: bool = False, **address: str) -> list[str]:
    """All that the app hands to a browser for an address, and with `files` the bytes of every file it offers."""
    running._RUNNING[:] = [app]
    run = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in address.items():
        run.query_params[key] = value
    run.run()
    found = _all(run)
    offered = [one.key for one in run.button if one.key and not one.key.startswith(("task_", "pack_"))]
    for key in offered if files else []:
        app.exports._open.clear()
        run.button(key=key).click().run()
        found += [f"{key} {one.order.document} {render(one.order, NOW)!r}" for one in app.exports._open.values()]
        assert not run.exception, run.exception
    return found


def _all(run: AppTest) -> list[str]:
    assert not run.exception, run.exception
    found = [part.proto.body for part in run.get("html")]
    found += [TICKET.sub("/export/", json.dumps(one, ensure_ascii=False, sort_keys=True)) for one in said(run)]
    for kind in ("selectbox", "radio", "button", "text_input", "expander"):
        found += [f"{kind} {one.label} {getattr(one, 'options', '')} {getattr(one, 'value', '')}"
                  for one in run.get(kind)]  # fmt: skip
    assert not any("Không hiển thị được phần này" in one or "could not be shown" in one for one in found)
    return found
