"""A table as A4 pages that somebody carries into a meeting: every row, its scope below it, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dashboard.export import TEXT
from dashboard.paper.typeset import Data, broken, frame, listing, pages
from dashboard.table import Table

WIDE: Final = 6
"""Columns beyond which a page is laid on its side."""
AROUND: Final = 2
"""Letters of air in every column."""
WIDEST: Final = 26
"""Letters by which a column of text is given its width, at most."""
LINES: Final = 3
"""Of the scope (place, period, basis), repeated at the foot of every page."""


def as_sheet(
    title: str, summary: str, table: Table, scope: tuple[tuple[str, str], ...], mark: str, lang: str, made_at: datetime
) -> bytes:
    """A tagged PDF; `mark` stands above the title where numbers are invented, `scope` are lines (label, text)."""
    place = scope[0][1] if scope else ""
    footer = [" · ".join(text for _, text in scope[:LINES]), " · ".join(": ".join(line) for line in scope[LINES:])]
    data: Data = {
        **frame(title, lang, place, made_at, footer),
        "summary": broken(summary), "mark": mark, "wide": len(table.columns) > WIDE,
        "table": _listing(table), "scope": [[broken(label), broken(text)] for label, text in scope],
    }  # fmt: skip
    return pages("sheet.typ", data)


def _listing(table: Table) -> Data | None:
    """The table with the width of each column: text by its longest cell, numbers by theirs, no word ever cut."""
    told = listing(table)
    if told is not None:
        told["shares"] = [_share(column.name, [row[at] for row in table.texts], column.kind == TEXT)
                          for at, column in enumerate(table.columns)]  # fmt: skip
    return told


def _share(head: str, cells: Sequence[str], is_text: bool) -> int:
    """Letters: never fewer than the longest word, of a text no more than WIDEST."""
    words = max(len(part) for text in (head, *cells) for part in (text.split() or [""]))
    longest = max(len(cell) for cell in cells)
    return AROUND + max(words, min(longest, WIDEST) if is_text else longest)
