"""The pack as a workbook: a sheet per slide with its real numbers and a native chart drawn from them."""

from __future__ import annotations

import io
from typing import Any, Final

import xlsxwriter

from dashboard.export import harmless
from dashboard.look import FONT, palette
from dashboard.pack.archive import settled
from dashboard.pack.chart_data import is_cut
from dashboard.pack.content import QUALITY, Pack, Piece
from dashboard.pack.sheet_chart import chart_of, data_block
from dashboard.pack.sheet_table import LINE, Formats, set_height, width_of, write_table

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4: Final = 9
HEAD: Final = 4
"""The row (from 0) of every sheet's column headings; above it stand message, sentence and source."""
SHORT: Final = 20
"""Rows up to which the chart stands below its table."""
LEAST_WIDE, CHART_COLUMNS, CHART_ROWS = 8, 14, 20
ONE_PAGE: Final = 60
"""Rows of a sheet that is printed on one page."""
USUAL_COLUMN: Final = 64  # pixels
TITLE_LINE: Final = 1.6 * LINE
LONGEST: Final = 230  # characters that the format leaves a footer
SCOPE_SHEET: Final = "xl/worksheets/sheet1.xml"
"""The sheet that says when the workbook was made, which is no data."""


def as_xlsx(pack: Pack) -> bytes:
    """Scope first, then a sheet per piece in the order of the meeting, data quality, definitions; equal packs are
    equal bytes."""
    memory = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    quality = [piece for section in pack.sections if section.kind == QUALITY for piece in section.pieces]
    others = [piece for piece in pack.pieces if piece not in quality]
    names = sheet_names(pack, others)
    with xlsxwriter.Workbook(memory, settings) as book:
        book.set_properties({"title": f"{pack.title} · {pack.lines[0]}", "author": pack.place,
                             "subject": pack.classification, "created": pack.made_at.replace(tzinfo=None)})  # fmt: skip
        book.formats[0].set_font_name(FONT)
        formats = Formats(book)
        _scope(book, formats, pack, list(zip(names, others, strict=True)))
        for name, piece in zip(names, others, strict=True):
            _piece(book, formats, pack, piece, name)
        _quality(book, formats, pack, quality)
        _definitions(book, formats, pack)
    return settled(memory.getvalue())


def sheet_names(pack: Pack, pieces: list[Piece]) -> list[str]:
    """A short name per sheet: its number, which keeps it unique, and as much of its question as the format lets."""
    return [sheet_name(f"{at:02d} {piece.heading}") for at, piece in enumerate(pieces, start=1)]


def sheet_name(text: str) -> str:
    """At most 31 characters and none of []:*?/\\, as the format demands; no blank or quote at an end."""
    return "".join(" " if c in "[]:*?/\\" else c for c in text)[:31].strip(" '")


def _piece(book: Any, formats: Formats, pack: Pack, piece: Piece, name: str) -> None:
    sheet = book.add_worksheet(name)
    cut = f" · {pack.labels['not_zero']}" if piece.plot is not None and is_cut(piece.plot) else ""
    _head(sheet, formats, piece, cut)
    wide = write_table(sheet, formats, piece, HEAD)
    last, columns = HEAD + len(piece.table.cells), max(wide, LEAST_WIDE)
    if piece.plot is not None:
        last, columns = _drawn(book, sheet, formats, pack, piece, wide)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.repeat_rows(HEAD)
    sheet.print_area(0, 0, last, columns - 1)
    _printed(sheet, pack, piece.title, one_page=last <= ONE_PAGE)


def _drawn(book: Any, sheet: Any, formats: Formats, pack: Pack, piece: Piece, wide: int) -> tuple[int, int]:
    """The chart below a short table and beside a long one, its own numbers beyond; the last row and the columns that
    are printed."""
    assert piece.plot is not None
    rows = len(piece.table.cells)
    short = rows <= SHORT
    at = (HEAD + rows + 2, 0) if short else (HEAD, wide + 1)
    columns = max(wide, LEAST_WIDE) if short else wide + 1 + CHART_COLUMNS
    data_block(sheet, formats, piece.plot, pack.labels, HEAD, columns + 1)
    chart = chart_of(book, piece.plot, sheet.get_name(), HEAD, columns + 1)
    if short:
        chart.set_size({"width": _pixels(piece, columns)})
    chart.set_title({"name": harmless(piece.title), "name_font": {"size": 12, "name": FONT}})
    sheet.insert_chart(*at, chart, {"description": f"{piece.heading}. {piece.summary}"})
    return max(HEAD + rows, at[0] + CHART_ROWS), columns


def _pixels(piece: Piece, columns: int) -> int:
    """As wide as the printed columns: seven pixels a character, and what the format calls a usual column."""
    wide = len(piece.table.columns)
    return sum(7 * width_of(piece, at) + 5 for at in range(wide)) + USUAL_COLUMN * max(0, columns - wide)


def _head(sheet: Any, formats: Formats, piece: Piece, more: str) -> None:
    sheet.set_row(0, TITLE_LINE)
    sheet.write_string(0, 0, harmless(piece.title), formats.title)
    sheet.write_string(1, 0, harmless(piece.summary), formats.quiet)
    sheet.write_string(2, 0, harmless(piece.source + more), formats.quiet)


def _printed(sheet: Any, pack: Pack, title: str, one_page: bool = False) -> None:
    """A4 across, one page wide; a sheet that lies on a table without its file still says what it is."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, int(one_page))
    told = " · ".join((pack.place, pack.title, *pack.lines[:2], pack.classification, f"#{pack.snapshot}"))
    sheet.set_header(f"&L&\"{FONT},Bold\"{_escaped(title)}")
    sheet.set_footer(f"&L&8{_escaped(told)[:LONGEST]}&R&8&P/&N")
    sheet.set_tab_color(palette("light").better)


def _escaped(text: str) -> str:
    return text.replace("&", "&&")


def _scope(book: Any, formats: Formats, pack: Pack, sheets: list[tuple[str, Piece]]) -> None:
    """What, where, when, of which snapshot, and the sheets with their messages."""
    sheet = book.add_worksheet(sheet_name(pack.labels["scope"]))
    sheet.write_string(0, 0, harmless(f"{pack.place} · {pack.title}"), formats.title)
    line = 2
    for label, text in pack.scope:
        sheet.write_string(line, 0, harmless(label), formats.words)
        if label == pack.labels["made_at"]:  # a real date, so that no text of the workbook changes with the clock
            sheet.write_datetime(line, 1, pack.made_at.replace(tzinfo=None), formats.moment)
        else:
            sheet.write_string(line, 1, harmless(text), formats.wrapped)
        line += 1
    sheet.write_row(line + 1, 0, [pack.labels["sheet"], pack.labels["message"]], formats.head)
    for at, (name, piece) in enumerate(sheets, start=line + 2):
        sheet.write_url(at, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", formats.words, string=name)
        sheet.write_string(at, 1, harmless(piece.title), formats.wrapped)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    sheet.print_area(0, 0, line + 2 + len(sheets), 1)
    _printed(sheet, pack, pack.title)


def _quality(book: Any, formats: Formats, pack: Pack, pieces: list[Piece]) -> None:
    """Who has sent and how steadily, on one sheet."""
    sheet = book.add_worksheet(sheet_name(pack.labels["quality"]))
    line, wide = 0, 0
    for piece in pieces:
        sheet.set_row(line, TITLE_LINE)
        sheet.write_string(line, 0, harmless(piece.title), formats.title)
        sheet.write_string(line + 1, 0, harmless(piece.summary), formats.quiet)
        wide = max(wide, write_table(sheet, formats, piece, line + 3))
        line += len(piece.table.cells) + 6
    for at in range(wide):  # tables below each other share their columns
        sheet.set_column(at, at, max(width_of(one, at) for one in pieces if at < len(one.table.columns)))
    sheet.freeze_panes(HEAD, 1)
    sheet.print_area(0, 0, max(line, 1), max(wide, 1) - 1)
    _printed(sheet, pack, pack.labels["quality"])


def _definitions(book: Any, formats: Formats, pack: Pack) -> None:
    sheet = book.add_worksheet(sheet_name(pack.labels["definitions"]))
    heads = [pack.labels[name] for name in ("code", "name", "definition", "formula", "legal")]
    widths = (12, 36, 60, 50, 40)
    for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, at, harmless(head), formats.head)
        sheet.set_column(at, at, width)
    for line, entry in enumerate(pack.definitions, start=1):
        for at, text in enumerate(entry):
            sheet.write_string(line, at, harmless(text), formats.wrapped)
        set_height(sheet, line, list(zip(entry, widths, strict=True)))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(1, len(pack.definitions)), len(heads) - 1)
    _printed(sheet, pack, pack.labels["definitions"])
