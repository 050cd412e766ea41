"""Of a workbook only the agreed sheet counts, and nothing in it may hurt the one who reads it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.read import AsOf, FileFormat, Limits, Worker
from tests.pipelines.reading import (
    GOOD,
    HEADER,
    Reading,
    bare_workbook,
    codes,
    rules,
    text_row,
    values,
    zipped,
)

FORM = FileFormat(formats=("xlsx",), columns=("ma", "ten", "ngay"))
NAMES = ("ma", "ten", "ngay")
AN = ("A1", "Nguyễn Văn An", "05/03/2026")


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Worker() as worker:
        yield Reading(worker, tmp_path_factory.mktemp("xlsx"))


def workbook(*rows: Sequence[object], change: Callable[[Worksheet, Workbook], object] = lambda *_: None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    change(sheet, book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_cells_become_exact_text_with_their_row(reads: Reading) -> None:
    moment = datetime(2026, 3, 5, 8, 30, 15)
    table = reads(
        workbook(
            ("ma", "ten", "ngay"),
            ("A1", 5, date(2026, 3, 5)),
            (),
            ("A2", 5.5, moment),
            (12345678901, 1.2e14, time(8, 30)),
            (True, -0.125, "05/03/2026"),
        ),
        "f.xlsx",
        FORM,
    )
    assert values(table) == [
        ("A1", "5", "2026-03-05", 2),
        ("A2", "5.5", "2026-03-05 08:30:15", 4),
        ("12345678901", "120000000000000", "08:30:00", 5),
        ("true", "-0.125", "05/03/2026", 6),
    ]
    assert table.skipped == 1


def test_fractions_speak_the_style_of_the_mapping(reads: Reading) -> None:
    content = workbook(NAMES, ("1.500", 1.125, "x"), ("2", 3, date(2026, 3, 5)))
    table = reads(content, "f.xlsx", replace(FORM, numbers="vi"))
    assert [row[:3] for row in values(table)] == [("1.500", "1,125", "x"), ("2", "3", "2026-03-05")]


def test_a_table_may_stand_anywhere(reads: Reading) -> None:
    def move(sheet: Worksheet, _: Workbook) -> None:
        sheet.move_range("A1:C2", rows=4, cols=2)
        sheet["D2"] = date(2026, 10, 31)

    form = replace(FORM, header_row=5, as_of=AsOf("cell", "%d/%m/%Y", cell="D2"))
    table = reads(workbook(NAMES, AN, change=move), "f.xlsx", form)
    assert (values(table), table.as_of) == ([(*AN, 6)], date(2026, 10, 31))


def test_hidden_sheets_are_never_input(reads: Reading) -> None:
    def add_hidden(sheet: Worksheet, book: Workbook) -> None:
        hidden = book.create_sheet("CCCD", 0)
        hidden.append(NAMES)
        hidden.append(("080123", "Bí", "mật"))
        hidden.sheet_state = "hidden"
        book.create_sheet("Sâu").sheet_state = "veryHidden"

    table = reads(workbook(NAMES, AN, change=add_hidden), "f.xlsx", FORM)
    assert (values(table), codes(table)) == ([(*AN, 2)], ["hidden_sheets"])
    assert table.warnings[0].values["count"] == 2


def test_only_the_agreed_sheet_is_read(reads: Reading) -> None:
    def add(sheet: Worksheet, book: Workbook) -> None:
        sheet.title = "Bìa"
        other = book.create_sheet("Dữ liệu")
        other.append(NAMES)
        other.append(AN)

    content = workbook(("x",), change=add)
    assert values(reads(content, "f.xlsx", replace(FORM, sheet="dữ  liệu"))) == [(*AN, 2)]
    assert reads.verdict(content, "f.xlsx", replace(FORM, sheet="Số liệu")) == "sheet_missing"


def test_hidden_rows_are_read_with_a_word(reads: Reading) -> None:
    def hide(sheet: Worksheet, _: Workbook) -> None:
        sheet.row_dimensions[2].hidden = True

    table = reads(workbook(NAMES, AN, change=hide), "f.xlsx", FORM)
    assert (values(table), codes(table)) == ([(*AN, 2)], ["hidden_rows"])


def test_error_cells_cost_their_row(reads: Reading) -> None:
    cells = '<row r="3"><c r="A3" t="inlineStr"><is><t>A2</t></is></c><c r="B3" t="e"><v>#DIV/0!</v></c></row>'
    content = bare_workbook(text_row(1, *NAMES) + text_row(2, *AN) + cells)
    table = reads(content, "f.xlsx", FORM)
    assert (rules(table), [row[-1] for row in values(table)]) == ([(3, "has_no_error_cell")], [2])


def test_stored_results_of_formulas_are_taken_with_a_word(reads: Reading) -> None:
    cells = (
        '<row r="2"><c r="A2"><f>1+2</f><v>999</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
        '<c r="C2" t="str"><f>A1</f><v>ngay</v></c></row>'
    )
    table = reads(bare_workbook(text_row(1, *NAMES) + cells), "f.xlsx", FORM)
    assert (values(table), codes(table)) == ([("999", None, "ngay", 2)], ["formula_cells"])


def test_the_1904_epoch_is_respected(reads: Reading) -> None:
    def shift(_: Worksheet, book: Workbook) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904

    table = reads(workbook(NAMES, ("A1", "x", date(2026, 3, 5)), change=shift), "f.xlsx", FORM)
    assert values(table)[0][2] == "2026-03-05"


def test_a_dimension_that_lies_hides_no_row(reads: Reading) -> None:
    rows = text_row(1, *NAMES) + "".join(text_row(number, *AN) for number in range(2, 5000))
    content = bare_workbook(rows).replace(b"x", b"x")
    lying = _with_dimension(content, "A1:C3")
    assert len(values(reads(lying, "f.xlsx", FORM))) == 4998


def _with_dimension(content: bytes, reference: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    mark = f'<dimension ref="{reference}"/><sheetData>'.encode()
    return zipped([(name, part.replace(b"<sheetData>", mark)) for name, part in members])


def formula(inner: str) -> bytes:
    return bare_workbook(text_row(1, *NAMES) + f'<row r="2"><c r="A2">{inner}</c></row>')


def merged(sheet: Worksheet, _: Workbook) -> None:
    sheet.merge_cells("A1:B1")


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PASSWORD = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
GOOD_BOOK = bare_workbook(text_row(1, *NAMES) + text_row(2, *AN))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bare_workbook(text_row(1, *NAMES) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
         "too_many_columns"),
        (bare_workbook(text_row(1, *NAMES) + "".join(f'<row r="{n}"><c r="SF{n}"><v>1</v></c></row>'
                                                     for n in (2, 1048576))), "sheet_too_large"),
        (formula("<f>1+1</f>"), "formula_without_value"),
        (formula("<f>1+1</f><v></v>"), "formula_without_value"),
        (formula('<f t="shared" si="0"/><v/>'), "formula_without_value"),
        (formula('<f>WEBSERVICE("x")</f><v>1</v>'), "formula_reaches_out"),
        (formula("<f>cmd|'/c calc'!A0</f><v>1</v>"), "formula_reaches_out"),
        (bare_workbook(text_row(1, *NAMES), prolog=ENTITY), "xml_with_dtd"),
        (bare_workbook(text_row(1, *NAMES), prolog=OUTSIDE), "xml_with_dtd"),
        (bare_workbook(text_row(1, *NAMES), more=[("../../evil.sh", b"x")]), "zip_suspicious"),
        (bare_workbook(text_row(1, *NAMES), more=[("xl/vbaProject.bin", b"x")]), "file_has_macros"),
        (bare_workbook(text_row(1, *NAMES), more=[("xl/media/a.bin", b" " * (40 << 20))]),
         "zip_too_large_inside"),
        (GOOD_BOOK[: len(GOOD_BOOK) // 2], "zip_damaged"),
        (b"", "file_empty"),
        ((HEADER + GOOD).encode(), "content_is_something_else"),
        (zipped([("a.csv", b"x"), ("b.csv", b"y")]), "zip_damaged"),
        (PASSWORD, "file_encrypted"),
        (OLE + b"\0" * 600, "file_old_excel"),
        (workbook(("ma", "ten", "ten", "ngay")), "header_doubled"),
        (workbook(("ma", None, "ten", "ngay"), ("a", "b", "c", "d")), "header_empty"),
        (workbook(("ma", None, "ngay"), ("a", "b", "c"), change=merged), "header_merged"),
        (workbook(AN, AN), "header_not_found"),
        (workbook(), "sheet_empty"),
    ],
)  # fmt: skip
def test_a_bad_workbook_is_refused_whole(reads: Reading, content: bytes, code: str) -> None:
    assert reads.verdict(content, "f.xlsx", FORM) == code


def test_header_only_is_read_with_a_word(reads: Reading) -> None:
    assert codes(reads(workbook(NAMES), "f.xlsx", FORM)) == ["no_rows"]


def test_columns_without_header_and_content_do_not_count(reads: Reading) -> None:
    def widen(sheet: Worksheet, _: Workbook) -> None:
        sheet["F1"] = " "

    assert values(reads(workbook(NAMES, AN, change=widen), "f.xlsx", FORM)) == [(*AN, 2)]


def test_blank_row_total_row_and_signatures_are_no_data(reads: Reading) -> None:
    form = FileFormat(formats=("xlsx",), columns=("xa", "so", "ghi"), total_row="Tổng cộng")
    rows = [("xa", "so", "ghi"), ("A", 1, "x"), ("B", 2, "y"), (), ("Tổng cộng", 3), (), (None, "Người lập", None)]
    table = reads(workbook(*rows), "f.xlsx", form)
    assert ([row[0] for row in values(table)], table.skipped) == (["A", "B"], 4)
    rows[4] = ("Tổng cộng", 4)
    assert reads.verdict(workbook(*rows), "f.xlsx", form) == "control_total_differs"


def test_a_greedy_workbook_ends_its_child_and_nothing_else(reads: Reading) -> None:
    rows = "".join(text_row(number, *AN) for number in range(2, 60_000))
    content = bare_workbook(text_row(1, *NAMES) + rows)
    tight = Limits(memory=110 << 20)
    assert reads.verdict(content, "f.xlsx", FORM, tight) in ("reader_out_of_memory", "reader_died", "reader_failed")
    assert values(reads(workbook(NAMES, AN), "f.xlsx", FORM)) == [(*AN, 2)]


def test_a_duration_is_text_too(reads: Reading) -> None:
    table = reads(workbook(NAMES, ("A1", timedelta(minutes=90), "x")), "f.xlsx", FORM)
    assert values(table)[0][1] is not None
