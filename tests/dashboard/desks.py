"""A home with the product's own mappings and catalogue, and a few files that an agency might have sent."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dashboard.__main__ import main
from pipelines.home import open_home
from pipelines.progress import silent
from pipelines.report import FileReport
from pipelines.rulebook import read_rulebook
from pipelines.run import Circumstances, load_once
from tests.pipelines.installation import CODE, REPOSITORY

MOMENT = datetime(2026, 11, 2, 3, tzinfo=UTC)


def load_files(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Path, dict[str, FileReport]]:
    """The home in `folder` after one load of `files` (source/name -> content), and the reports by file name."""
    one = open_home(folder)
    for name, content in files.items():
        (one.inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (one.inbox / name).write_bytes(content.encode() if isinstance(content, str) else content)
    book = read_rulebook(REPOSITORY / "data", REPOSITORY / "data", CODE)
    report = load_once(Circumstances(one, book, lambda: MOMENT, lambda _: None, silent, "test"))
    for file in report.files:  # the row law, whatever was sent
        assert file.rows_in == file.rows_loaded + file.rows_quarantined + file.rows_skipped
    return one.root, {file.file: file for file in report.files}


def workbook(sheet: str, rows: Mapping[int, Sequence[Any]]) -> bytes:
    """A workbook of one sheet; `rows` are by their number as people count, from 1."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in rows.items():
            page.write_row(number - 1, 0, cells)
    return held.getvalue()


def asking(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """`dashboard value` of a home: what a code and more options answer for a period."""

    def ask(code: str, *more: str, period: str = "2026-10") -> dict[str, Any]:
        main(["value", code, "--home", str(home), "--period", period, "--json", *more])
        return dict(json.loads(capsys.readouterr().out))

    return ask
