"""A table on a sheet: numbers stay numbers with the format of what they measure, text is never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from typing import Any, Final

from dashboard.export import COUNT, DAY, NUMBER, SHARE, TEXT, Cell, Column, harmless
from dashboard.format import xlsx_format
from dashboard.look import FONT, palette
from dashboard.pack.content import Piece

_FORMATS: Final = {COUNT: "#,##0", SHARE: "0.0%", NUMBER: "#,##0", DAY: "dd/mm/yyyy"}
_BROADEST: Final = 48
"""Characters of a column."""
_BROADER: Final = 1.15
"""Our font is wider than the one in whose characters a column is measured."""
LINE: Final = 15.0
"""Points of one line."""
_MOST_LINES: Final = 25  # the format ends a row at 409 points


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        look = palette("light")
        self._book = book
        self._numbers: dict[str, Any] = {}
        plain = {"font_name": FONT, "font_color": look.text, "valign": "top"}
        self.words = book.add_format({**plain, "align": "left", "indent": 1})
        self.wrapped = book.add_format({**plain, "align": "left", "indent": 1, "text_wrap": True})
        self.title = book.add_format({**plain, "bold": True, "font_size": 14})
        self.quiet = book.add_format({**plain, "font_color": look.secondary})
        self.moment = book.add_format({**plain, "num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        over = {**plain, "bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format({**over, "align": "left", "indent": 1})
        self.head_number = book.add_format({**over, "align": "right"})

    def number(self, form: str) -> Any:
        """The format of a number."""
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format({"font_name": FONT, "num_format": form, "valign": "top"})
        return self._numbers[form]


def write_table(sheet: Any, formats: Formats, piece: Piece, top: int) -> int:
    """Write a piece's table with its headings in row `top`; returns how many columns it takes."""
    table = piece.table
    for at, column in enumerate(table.columns):
        sheet.write_string(top, at, harmless(column.name), formats.head if column.kind == TEXT else formats.head_number)
        sheet.set_column(at, at, width_of(piece, at))
        for line, row in enumerate(table.cells):
            form = formats.number(_form(piece, column, line, at)) if column.kind != TEXT else formats.wrapped
            _write(sheet, top + 1 + line, at, row[at], form)
    for line, row in enumerate(table.cells):
        texts = [(cell, width_of(piece, at)) for at, cell in enumerate(row) if isinstance(cell, str)]
        set_height(sheet, top + 1 + line, texts)
    return len(table.columns)


def set_height(sheet: Any, line: int, texts: Sequence[tuple[str, float]]) -> None:
    """As high as the longest of (text, characters of its column) needs; not every program finds that out itself."""
    lines = max((ceil(len(text) * _BROADER / (wide - 1)) for text, wide in texts), default=1)
    if lines > 1:
        sheet.set_row(line, LINE * min(lines, _MOST_LINES))


def _form(piece: Piece, column: Column, line: int, at: int) -> str:
    """The number format of a cell: by the measure of its row, of the chart, or by the kind of its column."""
    if column.kind != NUMBER:
        return _FORMATS[column.kind]
    if piece.measures:
        return xlsx_format(piece.measures[line])
    values = [row[at] for row in piece.table.cells if isinstance(row[at], float)]
    if piece.plot is not None and any(value != int(value) for value in values if isinstance(value, float)):
        return xlsx_format("point" if piece.plot.measure == "percent" else piece.plot.measure)
    return _FORMATS[NUMBER]


def width_of(piece: Piece, at: int) -> int:
    """Characters that the longest text of a column needs, within what a page can bear."""
    longest = max((len(row[at]) for row in piece.table.texts), default=0)
    return min(max(ceil(longest * _BROADER) + 2, len(piece.table.columns[at].name) + 2, 12), _BROADEST)


def _write(sheet: Any, line: int, at: int, cell: Cell, form: Any) -> None:
    """A number stays a number and a day a day; a hidden cell stays empty, also behind its format."""
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, at, harmless(cell), form)
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), form)
    else:
        sheet.write_number(line, at, cell, form)
