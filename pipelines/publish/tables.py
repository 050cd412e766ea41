"""The tables that every snapshot has, whatever its place measures."""

from __future__ import annotations

from typing import Final

import duckdb

SCHEMA_VERSION: Final = 2

TABLES: Final[dict[str, str]] = {
    "publication": "generation BIGINT, made_at TIMESTAMP, data_until DATE, whole_until DATE, code_version VARCHAR, "
    "contract_sha VARCHAR, schema_version INTEGER, illustrative BOOLEAN, place JSON, manifest JSON",
    "source": "source VARCHAR, name_vi VARCHAR, name_en VARCHAR, fact VARCHAR, owner_vi VARCHAR, "
    "owner_en VARCHAR, rhythm VARCHAR, cut_off VARCHAR, mode VARCHAR, clearance VARCHAR, "
    "illustrative BOOLEAN, last_received_at TIMESTAMP, data_until DATE, whole_until DATE, rows BIGINT, "
    "last_verdict VARCHAR",
    "delivery": "sha256 VARCHAR, source VARCHAR, file VARCHAR, bytes BIGINT, received_at TIMESTAMP, "
    "as_of DATE, verdict VARCHAR, rows_in BIGINT, rows_loaded BIGINT, rows_quarantined BIGINT, "
    "rows_skipped BIGINT, cases BIGINT, reasons JSON",
    "quarantine": 'sha256 VARCHAR, source VARCHAR, line BIGINT, rule VARCHAR, "column" VARCHAR, '
    "value VARCHAR",
    "target": "indicator VARCHAR, unit_id VARCHAR, valid_from DATE, valid_to DATE, value DOUBLE, "
    "basis VARCHAR, document VARCHAR, checked BOOLEAN",
    "reconciliation": "check_id VARCHAR, name_vi VARCHAR, name_en VARCHAR, measure VARCHAR, indicator VARCHAR, "
    "unit VARCHAR, period_start DATE, period_end DATE, left_source VARCHAR, left_file VARCHAR, left_value DOUBLE, "
    "right_source VARCHAR, right_file VARCHAR, right_value DOUBLE, computed BOOLEAN, difference DOUBLE, "
    "allowed DOUBLE, agrees BOOLEAN",
}


def create_tables(db: duckdb.DuckDBPyConnection) -> None:
    """Make the fixed tables where they are missing; facts and parts bring their own."""
    for name, columns in TABLES.items():
        db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
