"""Names of codes that are data: fields of procedures and categories of tickets, as the snapshot published them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.query.tables import has, quoted
from dashboard.snapshot import Snapshot

# slice -> table that names its values
_TABLES: Final = {"field": "field", "category_top": "category", "category": "category"}


def labels(snapshot: Snapshot, by: str) -> Mapping[str, tuple[str, str]]:
    """Code -> (Vietnamese, English) for the values of a slice; empty where the snapshot names none."""
    table = _TABLES.get(by, "")
    if not has(snapshot, table, "code", "name_vi", "name_en"):
        return {}
    return snapshot.remember(("labels", table), lambda: {
        str(code): (str(vi), str(en))
        for code, vi, en in snapshot.rows(f"SELECT code, name_vi, name_en FROM {quoted(table)}")
    })  # fmt: skip
