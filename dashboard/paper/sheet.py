"""A table as A4 pages that somebody carries into a meeting: every row, its scope below it, the same bytes each time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dashboard.paper.typeset import Data, broken, frame, listing, pages
from dashboard.table import Table

WIDE: Final = 6
"""Columns beyond which a page is laid on its side."""
LINES: Final = 3
"""Of the scope (place, period, basis), repeated at the foot of every page."""


def as_sheet(
    title: str, summary: str, table: Table, scope: tuple[tuple[str, str], ...], mark: str, lang: str, made_at: datetime
) -> bytes:
    """A tagged PDF; `mark` stands above the title where numbers are invented, `scope` are lines (label, text)."""
    place = scope[0][1] if scope else ""
    footer = [" · ".join(text for _, text in scope[:LINES]), " · ".join(text for _, text in scope[LINES:])]
    data: Data = {
        **frame(title, lang, place, made_at, footer),
        "summary": broken(summary), "mark": mark, "wide": len(table.columns) > WIDE,
        "table": listing(table), "scope": [[broken(label), broken(text)] for label, text in scope],
    }  # fmt: skip
    return pages("sheet.typ", data)
