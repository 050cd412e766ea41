"""What goes back to a sender names every wrong cell, and holds nothing that computes."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from pipelines import annotate as annotating
from pipelines.annotate import MOST, Answer, Finding, annotate, inert
from pipelines.errors import Reason
from pipelines.report import FileReport
from tests.pipelines.installation import Installation, row

AT = datetime(2026, 11, 22, tzinfo=UTC)
COLUMNS = ("so", "nhan")


def reason(rule: str, line: int) -> Reason:
    return Reason(rule, {"rows": 1, "line": line})


def answer(tmp_path: Path, rows: int, findings: list[Finding]) -> Workbook:
    chunk = tmp_path / "chunk.parquet"
    frame = pl.DataFrame({"so": [f"A{n}" for n in range(rows)], "nhan": ["x"] * rows, "_line": range(2, rows + 2)})
    frame.with_columns(pl.col("_line").cast(pl.Int64)).write_parquet(chunk)
    lines = len({one.line for one in findings})
    report = FileReport("f.csv", "nguon", "0" * 64, "loaded_partial", AT, rows, rows - lines, lines, 0, rows - lines,
                        tuple(reason(rule, 3) for rule in {one.rule for one in findings}))  # fmt: skip
    path = annotate(Answer(report, findings, COLUMNS, (chunk,)), tmp_path / "out.xlsx")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    return load_workbook(path)


def bad(line: int, column: str | None = "nhan", rule: str = "date_is_readable", value: str | None = "x") -> Finding:
    return Finding(line, column, value, rule)


def test_wrong_rows_stand_between_their_neighbours_with_their_lines(tmp_path: Path) -> None:
    sheet = answer(tmp_path, 9, [bad(5), bad(5, "so", "has_a_case_id")])["Dòng lỗi"]
    assert [(one[0].value, one[1].value) for one in sheet.iter_rows(min_row=2)] == [(4, "A2"), (5, "A3"), (6, "A4")]
    assert [cell.value for cell in sheet[1]] == ["Dòng / Line", "so", "nhan", "Lý do / Reason"]


def test_every_wrong_cell_has_a_comment_in_both_languages(tmp_path: Path) -> None:
    sheet = answer(tmp_path, 9, [bad(5), bad(7, None, "is_an_object")])["Dòng lỗi"]
    told = {cell.coordinate: cell.comment.text for line in sheet.iter_rows() for cell in line if cell.comment}
    assert set(told) == {"C3", "A5"}
    assert "không đọc được" in told["C3"] and "cannot be read" in told["C3"]


def test_what_is_said_of_one_cell_counts_no_rows() -> None:
    assert (bad(5).text("vi"), bad(7).text("en")) == (
        "Ngày, giờ không đọc được theo kiểu đã thỏa thuận.", "A date or time cannot be read in the agreed style.")


def test_a_row_that_is_no_record_is_named_all_the_same(tmp_path: Path) -> None:
    sheet = answer(tmp_path, 2, [bad(90, "so", "has_no_nul", "=A")])["Dòng lỗi"]
    assert [cell.value for cell in sheet[2]][:2] == [90, "'=A"]


def test_all_errors_are_counted_though_not_all_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotating, "MOST", 3)
    book = answer(tmp_path, 99, [bad(line) for line in range(10, 60, 5)] + [bad(20, "so", "has_a_case_id")])
    lines = [one[0].value for one in book["Dòng lỗi"].iter_rows(min_row=2)]
    assert lines == [9, 10, 11, 14, 15, 16, 19, 20, 21]
    counted = [[cell.value for cell in one][1:] for one in book["Đếm lỗi"].iter_rows(min_row=2)]
    assert counted == [[10, 10], [1, 20]]
    assert MOST == 2_000


def test_the_letter_speaks_to_a_clerk(tmp_path: Path) -> None:
    letter = "\n".join(str(one[0].value or "") for one in answer(tmp_path, 9, [bad(5)])["Thư trả lời"].iter_rows())
    assert letter.startswith("Kính gửi") and "To the sender" in letter
    assert "9 dòng = 8 nạp + 1 giữ lại" in letter and "Các cột đã nhận ra: so, nhan." in letter


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("+cmd", "'+cmd"), ("-1", "-1"), ("-", "-"), ("+84", "+84"), ("\tx", "'\tx"),
     ("a=b", "a=b"), (None, ""), ("x" * 999, "x" * 500)],
)  # fmt: skip
def test_nothing_computes(text: str | None, shown: str) -> None:
    assert inert(text) == shown


def test_what_was_not_wholly_loaded_is_answered_once(fresh: Installation) -> None:
    fresh.drop("tốt.csv", [row("A-1")])
    fresh.drop("nửa/../../x.csv".replace("/", "\u2215"), [row("B-1"), row("B-2", received="31/02/2026")])
    fresh.drop_bytes("hỏng.csv", b"\x89PNG\r\n\x1a\n")
    fresh.drop("MẬT.csv", [row("C-1")])
    fresh.load()
    folder = fresh.home.root / "returned" / "counter"
    found = sorted(path.name for path in folder.iterdir())
    assert len(found) == 2 and all(re.fullmatch(r"[^/]+\.[0-9a-f]{12}\.xlsx", name) for name in found)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    sheets = {name: load_workbook(folder / name).sheetnames for name in found}
    assert sorted(map(len, sheets.values())) == [1, 3]
    for path in folder.iterdir():
        path.unlink()
    fresh.drop("mới.csv", [row("D-1")])
    fresh.load()
    assert list(folder.iterdir()) == []


def test_a_letter_that_cannot_be_written_stops_no_publication(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.giveback.annotate", full)
    fresh.drop("a.csv", [row("B-1"), row("B-2", received="31/02/2026")])
    report = fresh.load()
    assert report.published and "No space left" in report.notes[-1][1]
