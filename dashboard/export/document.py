"""What leaves the house as a file: a table that says by itself what it is, of when, for whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

Cell = str | int | float | date | None
TEXT, COUNT, SHARE, NUMBER, DAY = "text", "count", "share", "number", "day"
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: heading in the reader's language, kind of its cells (text, count, share 0..1, number, day)."""

    name: str
    kind: str = TEXT


@dataclass(frozen=True)
class Document:
    """A table with everything that must travel with it; made from what its reader saw, cell by cell.

    `scope` are (label, text) lines: place, period, basis, snapshot, made at, classification. `definitions`
    are (code, name, definition, formula, legal basis) of every indicator in the table. `chart` names the
    native chart of a workbook ("line", "bar" or ""), drawn over the first column and the columns `series`.
    Hidden cells are None with their mark in `marks`: (row, column) -> "×".
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    scope: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str, str, str, str], ...] = ()
    chart: str = ""
    series: tuple[int, ...] = ()
    lang: str = "vi"
    snapshot: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    """Names of the sheets and headings: data, scope, definitions, and the five columns of definitions."""


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: what begins with = + - @ gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def check(document: Document) -> None:
    """Raise ValueError when a row and the columns do not fit; a file must never be shifted by a cell."""
    for row in document.rows:
        if len(row) != len(document.columns):
            raise ValueError(f"a row of {len(row)} cells under {len(document.columns)} columns")


def texts(row: Sequence[Cell]) -> list[str]:
    """A row as plain text for a file without types: dates as 2026-10-31, numbers with a point, None empty."""
    return [
        "" if cell is None else harmless(cell) if isinstance(cell, str) else str(cell)
        for cell in row
    ]
