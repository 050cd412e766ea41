"""A sender gets back what was wrong, cell by cell, in a workbook of its own: its file is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter

from pipelines.errors import LANGUAGES, Reason
from pipelines.report import FileReport

MOST: Final = 2_000  # wrong rows shown; the third sheet counts them all
WIDTH: Final = 500  # letters of a cell that are shown
NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*")
LINE: Final = "_line"
SAID: Final[Mapping[str, Sequence[str]]] = {
    # what is written: in Vietnamese, in English
    "cover": ("Thư trả lời", "Cover note"),
    "rows": ("Dòng lỗi", "Wrong rows"),
    "rules": ("Đếm lỗi", "Errors by rule"),
    "dear": ("Kính gửi đơn vị gửi tệp,", "To the sender of the file,"),
    "verdict": ("Kết quả kiểm tra tệp của quý đơn vị:", "This became of your file:"),
    "columns": ("Các cột đã nhận ra: {names}.", "Columns recognised: {names}."),
    "why": ("Những điểm cần xem:", "What to look at:"),
    "shown": (
        "Trang «Dòng lỗi» có {shown} trong {all} dòng lỗi, mỗi dòng kèm dòng ngay trước và ngay sau; "
        "ô sai được tô màu và có ghi chú.",
        "The sheet “Dòng lỗi” has {shown} of {all} wrong rows, each with the row before and after it; "
        "wrong cells are coloured and have a comment.",
    ),
    "kept": (
        "Tệp gốc không bị thay đổi. Hãy sửa ở hệ thống nguồn rồi gửi lại cả tệp; dòng đã nạp sẽ không bị tính hai lần.",
        "Your file was not changed. Mend it at its source and send the whole file again; rows that were loaded "
        "are not counted twice.",
    ),
    "line": ("Dòng", "Line"),
    "reason": ("Lý do", "Reason"),
    "rule": ("Quy tắc", "Rule"),
    "count": ("Số dòng", "Rows"),
    "first": ("Dòng đầu tiên", "First line"),
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one row: the line in the sender's file, the column, the rule and the cell."""

    line: int
    column: str | None
    value: str | None
    rule: str

    def text(self, lang: str) -> str:
        """The rule in words, without the counting of rows that a whole file's reason has."""
        return _in_words(self.rule, lang)


@cache
def _in_words(rule: str, lang: str) -> str:
    return Reason(rule, {"rows": 1, "line": 1}).text(lang).partition(": 1 ")[0].rstrip(".") + "."


@dataclass(frozen=True)
class Answer:
    """All that a sender is told: the verdict, the faults, and the text of the rows (`chunks`) where there are any.

    Columns that the mapping ignores are not in `chunks`, and so never come back either.
    """

    report: FileReport
    findings: Sequence[Finding]
    columns: Sequence[str] = ()
    chunks: Sequence[Path] = ()


def annotate(answer: Answer, path: Path) -> Path:
    """Write the workbook at `path`, whole or not at all, readable for owner and group."""
    draft, content = path.with_name(f".{path.name}.part"), workbook(answer)
    try:
        draft.write_bytes(content)
        draft.chmod(0o640)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def workbook(answer: Answer) -> bytes:
    """The workbook's bytes; made in memory, for a zip that breaks off on a full disk goes on complaining later."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        lines = list(dict.fromkeys(sorted(one.line for one in answer.findings)))
        _cover(book, answer, len(lines))
        if answer.findings:
            _wrong_rows(book, answer, lines[:MOST])
            _rules(book, answer.findings)
    return made.getvalue()


def inert(text: object) -> str:
    """A cell that no spreadsheet computes, even after it was saved as CSV."""
    cell = "" if text is None else str(text)[:WIDTH]
    runs = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not NUMBER.fullmatch(cell) and cell != "-"
    return f"'{cell}" if runs else cell


def both(key: str) -> str:
    """A short word in both languages, for the head of a column."""
    return " / ".join(SAID[key])


def _cover(book: Any, answer: Answer, wrong: int) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet, wrap = book.add_worksheet(SAID["cover"][0]), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110)
    for number, text in enumerate(_letter(answer, wrong)):
        sheet.write_string(number, 0, inert(text) if text else "", wrap)


def _letter(answer: Answer, wrong: int) -> Iterable[str]:
    for place, lang in enumerate(LANGUAGES):
        yield SAID["dear"][place]
        yield SAID["verdict"][place]
        yield answer.report.sentence(lang).partition(" — ")[0]
        if answer.columns:
            yield SAID["columns"][place].format(names=", ".join(answer.columns))
        if answer.report.reasons:
            yield SAID["why"][place]
            yield from (f"• {reason.text(lang)}" for reason in answer.report.reasons)
        if wrong:
            yield SAID["shown"][place].format(shown=min(wrong, MOST), all=wrong)
        yield SAID["kept"][place]
        yield ""


def _wrong_rows(book: Any, answer: Answer, lines: Sequence[int]) -> None:  # noqa: ANN401
    sheet, looks = book.add_worksheet(SAID["rows"][0]), _looks(book)
    heads = [both("line"), *answer.columns, both("reason")]
    for place, head in enumerate(heads):
        sheet.write_string(0, place, inert(head), looks["head"])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(heads) - 2, 16)
    sheet.set_column(len(heads) - 1, len(heads) - 1, 90)
    faults: dict[int, list[Finding]] = {}
    for one in answer.findings:
        faults.setdefault(one.line, []).append(one)
    rows = _rows(answer, lines)
    every = sorted({*rows, *lines})
    for number, line in enumerate(every, 1):
        _row(sheet, number, line, rows.get(line), faults.get(line, ()), answer.columns, looks)
    sheet.autofilter(0, 0, len(every), len(heads) - 1)


def _looks(book: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "wrong": book.add_format({"bg_color": "#F8D7DA", "bold": True}),
        "context": book.add_format({"font_color": "#808080"}),
        "row": book.add_format({}),
    }


def _row(
    sheet: Any, number: int, line: int, cells: Sequence[str | None] | None, faults: Sequence[Finding],  # noqa: ANN401
    columns: Sequence[str], looks: Mapping[str, Any],
) -> None:  # fmt: skip
    """One row of the sender; a row that is no record has only the cells that its faults quote."""
    plain = looks["row" if faults else "context"]
    sheet.write_number(number, 0, line, plain)
    quoted = {one.column: one.value for one in faults}
    texts = list(cells) if cells is not None else [quoted.get(name) for name in columns]
    wrong: dict[int, list[Finding]] = {}
    for one in faults:
        wrong.setdefault(columns.index(one.column) + 1 if one.column in columns else 0, []).append(one)
    for place, text in enumerate(texts, 1):
        if text or place in wrong:
            sheet.write_string(number, place, inert(text), looks["wrong"] if place in wrong else plain)
    if 0 in wrong:
        sheet.write_number(number, 0, line, looks["wrong"])
    for place, ones in wrong.items():
        sheet.write_comment(number, place, "\n".join(_told(one) for one in ones), {"width": 320, "height": 110})
    sheet.write_string(number, len(columns) + 1, " ".join(_told(one) for one in faults), plain)


def _told(one: Finding) -> str:
    """The rule in both languages."""
    return "\n".join(one.text(lang) for lang in LANGUAGES)


def _rows(answer: Answer, lines: Sequence[int]) -> dict[int, tuple[str | None, ...]]:
    """Text of the wrong rows and of the row before and after each, by line."""
    found: dict[int, tuple[str | None, ...]] = {}
    wanted = pl.col(LINE).is_in(list(lines))
    for chunk in answer.chunks:
        frame = pl.scan_parquet(chunk).select(LINE, *answer.columns)
        near = wanted | wanted.shift(1, fill_value=False) | wanted.shift(-1, fill_value=False)
        found |= {row[0]: row[1:] for row in frame.filter(near).collect().rows()}
    return found


def _rules(book: Any, findings: Sequence[Finding]) -> None:  # noqa: ANN401
    sheet, bold = book.add_worksheet(SAID["rules"][0]), book.add_format({"bold": True, "bottom": 1})
    for place, key in enumerate(("rule", "count", "first")):
        sheet.write_string(0, place, both(key), bold)
    sheet.set_column(0, 0, 110)
    counted: dict[str, list[Finding]] = {}
    for one in findings:
        counted.setdefault(one.rule, []).append(one)
    ordered = sorted(counted.items(), key=lambda item: (-len({one.line for one in item[1]}), item[0]))
    for number, (_, ones) in enumerate(ordered, 1):
        sheet.write_string(number, 0, _told(ones[0]).replace("\n", " / "))
        sheet.write_number(number, 1, len({one.line for one in ones}))
        sheet.write_number(number, 2, min(one.line for one in ones))
