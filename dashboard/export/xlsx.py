"""A workbook people go on working with: real numbers, a native chart, and sheets that say what they mean."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from dashboard.export.document import COUNT, DAY, NUMBER, SHARE, Cell, Document, check, harmless
from dashboard.look import FONT, palette

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4: Final = 9
SHORT: Final = 20  # rows
LONGEST: Final = 230  # characters that the format leaves a footer
_FORMATS: Final = {COUNT: "#,##0", SHARE: "0.0%", NUMBER: "#,##0.##", DAY: "dd/mm/yyyy"}
_CHARTS: Final = {"line": {"type": "line"}, "bar": {"type": "bar"}}


def as_xlsx(document: Document, made_at: datetime) -> bytes:
    """The document with sheets for data, scope and definitions; the same input gives the same bytes."""
    check(document)
    memory = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, settings) as book:
        book.set_properties({"title": document.title, "created": made_at.replace(tzinfo=None)})
        book.formats[0].set_font_name(FONT)
        _data(book, document)
        _scope(book, document)
        _definitions(book, document)
    return memory.getvalue()


def _data(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(_sheet_name(document.labels.get("data", "Data")))
    head = {"bold": True, "font_name": FONT, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    over_text, over_numbers = book.add_format({**head, "indent": 1}), book.add_format({**head, "align": "right"})
    words = book.add_format({"font_name": FONT, "indent": 1})
    formats = {kind: book.add_format({"num_format": f, "font_name": FONT}) for kind, f in _FORMATS.items()}
    for at, column in enumerate(document.columns):
        sheet.write_string(0, at, harmless(column.name), over_numbers if column.kind in _FORMATS else over_text)
        sheet.set_column(at, at, _width(document, at))
        for line, row in enumerate(document.rows, start=1):
            _write(sheet, line, at, row[at], formats.get(column.kind, words))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    _printed(sheet, document)
    if document.chart and document.rows:
        sheet.insert_chart(*_place(document), _chart(book, document, sheet.get_name()))


def _width(document: Document, at: int) -> int:
    """Characters: what the longest text of a column needs, within what a page can bear."""
    longest = max((len(str(row[at])) for row in document.rows if isinstance(row[at], str)), default=0)
    return min(max(longest + 2, 12, min(len(document.columns[at].name) + 2, 18)), 40)


def _place(document: Document) -> tuple[int, int]:
    """Below a short table, beside a long one."""
    return (len(document.rows) + 2, 0) if len(document.rows) <= SHORT else (1, len(document.columns) + 1)


def _printed(sheet: Any, document: Document) -> None:
    """A4 across, one page wide; a sheet that lies on a table without its file still says what it is."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L&\"{FONT},Bold\"{_escaped(document.title)}")
    sheet.set_footer(f"&L&8{_escaped(foot(document))}&R&8&P/&N")


def foot(document: Document) -> str:
    """The scope in one line that a footer can hold; what is too long is cut at the place, never at the marks behind."""
    values = [value for _, value in document.scope]
    over = len(_escaped(" · ".join(values))) - LONGEST
    if over > 0:
        values[0] = values[0][: max(0, len(values[0]) - over - 1)] + "…"
    return " · ".join(values)[:LONGEST]


def _escaped(text: str) -> str:
    return text.replace("&", "&&")


def _write(sheet: Any, line: int, at: int, cell: Cell, form: Any) -> None:
    """A number stays a number and a day a day; a hidden cell stays empty, also behind its format."""
    if cell is None:
        sheet.write_blank(line, at, None)
    elif isinstance(cell, str):
        sheet.write_string(line, at, harmless(cell), form)
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), form)
    else:
        sheet.write_number(line, at, cell, form)


def _chart(book: Any, document: Document, sheet: str) -> Any:
    chart = book.add_chart(_CHARTS[document.chart])
    last = len(document.rows)
    for place, at in enumerate(document.series):
        colour = palette("light").series[place % 4]
        chart.add_series(
            {
                "name": [sheet, 0, at],
                "categories": [sheet, 1, 0, last, 0],
                "values": [sheet, 1, at, last, at],
                "line": {"color": colour, "width": 2.25} if document.chart == "line" else {"none": True},
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": document.title, "name_font": {"size": 12, "name": FONT}})
    chart.set_legend({"none": len(document.series) < 2, "position": "bottom"})
    form = _FORMATS.get(document.columns[document.series[0]].kind, "General") if document.series else "General"
    values = {"num_format": form, "major_gridlines": {"visible": True, "line": {"color": palette("light").line}}}
    if document.chart == "bar":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(values)
    else:
        chart.set_y_axis(values)
    chart.set_size({"width": 900, "height": max(320, 22 * last if document.chart == "bar" else 320)})
    return chart


def _scope(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(_sheet_name(document.labels.get("scope", "Scope")))
    bold = book.add_format({"bold": True, "font_name": FONT, "font_size": 14})
    sheet.write_string(0, 0, harmless(document.title), bold)
    for line, (label, value) in enumerate(document.scope, start=2):
        sheet.write_string(line, 0, harmless(label))
        sheet.write_string(line, 1, harmless(value))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    _printed(sheet, document)


def _definitions(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(_sheet_name(document.labels.get("definitions", "Definitions")))
    bold = book.add_format({"bold": True, "font_name": FONT, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "font_name": FONT})
    heads = [document.labels.get(k, k) for k in ("code", "name", "definition", "formula", "legal")]
    for at, (head, width) in enumerate(zip(heads, (12, 36, 60, 50, 40), strict=True)):
        sheet.write_string(0, at, head, bold)
        sheet.set_column(at, at, width)
    for line, entry in enumerate(document.definitions, start=1):
        for at, text in enumerate(entry):
            sheet.write_string(line, at, harmless(text), wrap)
    _printed(sheet, document)


def _sheet_name(text: str) -> str:
    """At most 31 characters and none of []:*?/\\, as the format demands."""
    return "".join(" " if c in "[]:*?/\\" else c for c in text)[:31]
