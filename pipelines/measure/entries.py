"""The catalogue is published inside the snapshot, so a label can never disagree with its number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import duckdb
import polars as pl

from pipelines.catalogue import Indicator

INDICATOR: Final = (
    "id VARCHAR, code VARCHAR, desk VARCHAR, position INTEGER, kind VARCHAR, fact VARCHAR, day VARCHAR, "
    "measure VARCHAR, better VARCHAR, adds BOOLEAN, minimum_n INTEGER, rhythm VARCHAR, clearance VARCHAR, "
    "sensitive BOOLEAN, owner_vi VARCHAR, owner_en VARCHAR, name_vi VARCHAR, name_en VARCHAR, "
    "short_vi VARCHAR, short_en VARCHAR, definition_vi VARCHAR, definition_en VARCHAR, target_value DOUBLE, "
    "target_from DATE, target_basis VARCHAR, target_document VARCHAR, target_checked BOOLEAN, legal JSON, "
    "spec JSON, sql_numerator VARCHAR, sql_denominator VARCHAR"
)
TARGET: Final = (
    "indicator VARCHAR, unit_id VARCHAR, valid_from DATE, valid_to DATE, value DOUBLE, basis VARCHAR, "
    "document VARCHAR, checked BOOLEAN"
)
PERCENT: Final = 100.0


def write_entries(db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator]) -> None:
    """(Re)make the table `indicator`; targets of percent entries become shares like their values."""
    _write(db, "indicator", INDICATOR, [_row(entry) for entry in catalogue.values()])


def write_targets(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], targets: pl.DataFrame
) -> None:
    """(Re)make the table `target` from the reference, for the entries that are published here.

    A target may name its entry by id or by code; what is published is the id.
    """
    entries = {entry.id: entry for entry in catalogue.values()} | {entry.code: entry for entry in catalogue.values()}
    columns = [column.split()[0] for column in TARGET.split(", ")]
    rows = []
    for row in targets.select(columns).iter_rows(named=True):
        entry = entries.get(row["indicator"])
        if entry is not None:
            rows.append([*(row | {"indicator": entry.id, "value": in_code(entry, row["value"])}).values()])
    _write(db, "target", TARGET, rows)


def _write(db: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[list[Any]]) -> None:
    db.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    if rows:
        values = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
        db.execute(f"INSERT INTO {table} VALUES {values}", [cell for row in rows for cell in row])


def in_code(entry: Indicator, value: float) -> float:
    """What people write as 99 (%) is 0.99 wherever code compares it with a rate."""
    return value / PERCENT if entry.is_percent else value


def _row(entry: Indicator) -> list[Any]:
    return [
        entry.id, entry.code, entry.desk, entry.position, entry.kind, entry.fact, entry.day, entry.measure,
        entry.better, entry.adds, entry.minimum_n, entry.rhythm, entry.clearance, entry.sensitive,
        *_both(entry.owner), *_both(entry.name), *_both(entry.short), *_both(entry.definition), *_target(entry),
        _json(entry.legal), _json(entry.spec), *_sql(entry),
    ]


def _both(texts: Mapping[str, str]) -> tuple[str, str]:
    return texts["vi"], texts["en"]


def _target(entry: Indicator) -> tuple[Any, ...]:
    target = entry.target
    if target is None:
        return (None,) * 5
    return in_code(entry, target.value), target.since, target.basis, target.document, target.checked


def _json(value: Iterable[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _sql(entry: Indicator) -> tuple[str | None, str | None]:
    """What is counted above and below the line, as the machine reads it, for *Explain this number*."""
    above = entry.numerator or entry.amount or entry.value or entry.where
    return above.sql if above else None, entry.denominator.sql if entry.denominator else None
