"""N091 to N112: workbooks, from the merely untidy to those made to hurt."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.pipelines.named import HEADER, Case, contract, kept, line, loaded, partly, refused
from tests.pipelines.reading import bare_workbook, text_row, zipped

XLSX: Final = contract(('formats = ["csv"]', 'formats = ["xlsx"]'))
SUMMED: Final = contract(('formats = ["csv"]', 'formats = ["xlsx"]\ntotal_row = "Tổng cộng"'))
NAMES: Final = ("so", "nhan", "don_vi", "phi", "ho_ten")
FIRST: Final = ("A1", "05/03/2026", "Xã Đức Hòa", "1.500", "An")
SECOND: Final = ("A2", *FIRST[1:])
A1, A2 = kept(), kept("A2")
BARE: Final = text_row(1, *NAMES) + text_row(2, *FIRST)
ENTITIES: Final = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE: Final = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/shadow">]>'
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLANKS: Final = 200 << 20


def book(*rows: Sequence[object], change: Callable[[Worksheet, Workbook], object] = lambda *_: None) -> bytes:
    """A workbook of one sheet, changed as a test likes."""
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    change(sheet, made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def bad(name: str, content: Any, reason: str, **more: Any) -> Case:
    """A workbook that is refused."""
    return refused(name, content, reason, file="f.xlsx", contract=XLSX, **more)


def good(name: str, content: Any, *rows: Any, **more: Any) -> Case:
    """A workbook that is taken whole."""
    return loaded(name, content, *rows, file="f.xlsx", **{"contract": XLSX, **more})


def some(name: str, content: Any, wrong: Sequence[tuple[int, str]], *rows: Any, **more: Any) -> Case:
    """A workbook with bad rows."""
    return partly(name, content, wrong, *rows, file="f.xlsx", contract=XLSX, **more)


def hide_sheets(_: Worksheet, made: Workbook) -> None:
    """A hidden sheet of persons before the one that people see, and one that only a programmer finds."""
    first = made.create_sheet("CCCD", 0)
    first.append(NAMES)
    first.append(("080123456789", *FIRST[1:]))
    first.sheet_state = "hidden"
    made.create_sheet("Sâu").sheet_state = "veryHidden"


def hide_row(sheet: Worksheet, _: Workbook) -> None:
    """A filter has put one row out of sight."""
    sheet.row_dimensions[2].hidden = True


def count_from_1904(_: Worksheet, made: Workbook) -> None:
    """The epoch of old Macintoshes."""
    made.epoch = CALENDAR_MAC_1904


def two_levels(sheet: Worksheet, _: Workbook) -> None:
    """A header of which two columns share a name."""
    sheet.merge_cells("A1:B1")


def lying() -> bytes:
    """Two hundred rows, of which the sheet admits three."""
    rows = text_row(1, *NAMES) + "".join(text_row(n + 1, f"A{n}", *FIRST[1:]) for n in range(1, 201))
    with zipfile.ZipFile(io.BytesIO(bare_workbook(rows))) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    mark = b'<dimension ref="A1:E3"/><sheetData>'
    return zipped([(name, part.replace(b"<sheetData>", mark)) for name, part in members])


def blanks() -> bytes:
    """Some 200 kB that unpack to 200 MB of nothing; written in pieces, for the test has to live as well."""
    target = io.BytesIO(bare_workbook(BARE))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as member:
        for _ in range(BLANKS >> 20):
            member.write(b" " * (1 << 20))
    return target.getvalue()


def formula(inner: str) -> bytes:
    """A good row whose fee is computed."""
    cells = "".join(f'<c r="{"ABC"[n]}2" t="inlineStr"><is><t>{FIRST[n]}</t></is></c>' for n in range(3))
    return bare_workbook(text_row(1, *NAMES) + f'<row r="2">{cells}<c r="D2"{inner}</c></row>')


ERROR: Final = '<row r="3"><c r="A3" t="inlineStr"><is><t>A2</t></is></c><c r="D3" t="e"><v>#DIV/0!</v></c></row>'
FAR: Final = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOOKS: Final = (
    good("N091 typed and written dates", book(NAMES, ("A1", date(2026, 3, 5), *FIRST[2:]), SECOND, ("A3", "05/03/2026",
         "Xã Đức Hòa", 1500.5, "An")), A1, A2, kept("A3", fee="1500.50")),
    bad("N092 header of two levels", book(("so", None, *NAMES[2:]), FIRST, change=two_levels), "header_merged"),
    bad("N093 formula without value", formula("><f>1+2</f>"), "formula_without_value"),
    good("N094 stored result", formula("><f>1+2</f><v>999</v>"), kept(fee="999.00"), reasons=("formula_cells",)),
    some("N094 error cell", bare_workbook(BARE + ERROR), [(3, "has_no_error_cell")], A1),
    good("N095 hidden sheets", book(NAMES, FIRST, change=hide_sheets), reasons=("hidden_sheets",)),
    good("N096 hidden rows", book(NAMES, FIRST, SECOND, change=hide_row), A1, A2, reasons=("hidden_rows",)),
    bad("N097 doubled header", book(("so", "nhan", "nhan", "don_vi", "phi"), FIRST), "header_doubled"),
    bad("N097 empty header", book(("so", None, "nhan", "don_vi", "phi"), FIRST), "header_empty"),
    bad("N098 one cell far out", bare_workbook(BARE + FAR), "too_many_columns"),
    some("N099 numbers that lost digits", book(NAMES, FIRST, (1.2e20, *FIRST[1:]), (80123456789012345678, *FIRST[1:])),
         [(3, "number_has_kept_its_digits"), (4, "number_has_kept_its_digits")], A1),
    good("N100 epoch of 1904", book(NAMES, ("A1", date(2026, 3, 5), *FIRST[2:]), change=count_from_1904)),
    good("N101 a dimension that lies", lying, *(kept(f"A{n}") for n in range(1, 201))),
    bad("N102 200 MB of blanks", blanks, "zip_too_large_inside"),
    bad("N103 billion laughs", bare_workbook(BARE, prolog=ENTITIES), "xml_with_dtd"),
    bad("N104 external entity", bare_workbook(BARE, prolog=OUTSIDE), "xml_with_dtd"),
    bad("N105 cut", bare_workbook(BARE)[:-300], "zip_damaged"),
    bad("N106 nothing", b"", "file_empty"),
    bad("N107 CSV called workbook", HEADER + line(), "content_is_something_else"),
    bad("N108 password", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    bad("N108 OLE", OLE + b"\0" * 600, "file_old_excel"),
    bad("N109 way out of the folder", bare_workbook(BARE, more=[("../../evil.sh", b"x")]), "zip_suspicious"),
    bad("N110 WEBSERVICE", formula('><f>WEBSERVICE("http://a.example")</f><v>1</v>'), "formula_reaches_out"),
    bad("N110 DDE", formula("><f>cmd|'/c calc'!A0</f><v>1</v>"), "formula_reaches_out"),
    good("N111 blank, total, signature", book(NAMES, FIRST, SECOND, (), ("Tổng cộng", None, None, 3000), (),
         (None, None, "Người lập biểu")), A1, A2, contract=SUMMED, skipped=4),
    Case("N112 header only", book(NAMES), "loaded", ("no_rows",), file="f.xlsx", contract=XLSX),
    bad("N112 empty sheet", book(), "sheet_empty"),
)  # fmt: skip
