"""Units, calendar and targets travel inside the snapshot: a number and the place it speaks of belong together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from pipelines.reference import Place, Reference

UNIT: Final = ("unit_id", "tree", "code", "kind", "level", "name_vi", "name_en", "valid_from", "valid_to",
               "document", "parent_id", "latitude", "longitude", "sure")  # fmt: skip
UNIT_LINK: Final = ("from_unit", "to_unit", "weight", "basis", "weight_basis", "document")
CALENDAR: Final = ("day", "is_working", "working_number", "reason", "document", "sure")


def write_place(db: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """(Re)make the tables `unit`, `unit_link`, `calendar`, `field`, `category`, `target`."""
    put(db, "unit", reference.units.select(UNIT))
    put(db, "unit_link", reference.links.select(UNIT_LINK))
    put(db, "calendar", reference.calendar.select(CALENDAR))
    put(db, "target", reference.targets)
    put(db, "field", reference.fields)
    put(db, "category", reference.categories)


def put(db: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Make `table` hold exactly `rows`."""
    db.register("incoming_rows", rows.to_arrow())
    db.execute(f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM incoming_rows')
    db.unregister("incoming_rows")


def place_as_json(place: Place) -> Mapping[str, Any]:
    """`publication.place`: the keys of `data/place.toml`, days and times as ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(place), default=_text))
    return plain


def _text(value: object) -> str:
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"place.toml holds a {type(value).__name__}")
