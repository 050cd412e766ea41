"""What a screen asks in the exchange folder is answered there, and nothing else is ever opened for it."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipelines.exchange import MOST_BYTES, answer_all
from tests.pipelines.installation import HEADER, Installation, row

ID = "0123456789abcdef0123456789abcdef"
ROWS = "\n".join([HEADER, row("A-1"), row("A-2", received="31/02/2026"), ""]).encode()


def folder(one: Installation) -> Path:
    return one.home.root / "exchange"


def ask(one: Installation, content: bytes | None, number: str = ID, **asked: Any) -> dict[str, Any]:
    """What the answer to a question is."""
    if content is not None:
        (folder(one) / f"{number}.upload").write_bytes(content)
    said = {"name": "tháng 3.csv", "source": "counter", "clearances": ["state"]} | asked
    (folder(one) / f"{number}.json").write_text(json.dumps(said))
    assert answer_all(one.home, one.book, one.now) == 1
    answer: dict[str, Any] = json.loads((folder(one) / f"{number}.answer").read_text())
    return answer


def test_the_verdict_and_the_annotated_copy_lie_beside_the_question(fresh: Installation) -> None:
    answer = ask(fresh, ROWS)
    assert (answer["verdict"], answer["rows_in"], answer["rows_quarantined"]) == ("loaded_partial", 2, 1)
    assert answer["findings"][0]["line"] == 3 and "không đọc được" in answer["findings"][0]["vi"]
    assert "tháng 3.csv: đã nạp một phần" in answer["vi"] and "loaded in part" in answer["en"]
    book = folder(fresh) / f"{ID}.xlsx"
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert "Dòng lỗi" in load_workbook(book).sheetnames
    assert not (folder(fresh) / f"{ID}.upload").exists()
    assert answer_all(fresh.home, fresh.book, fresh.now) == 0


def test_nothing_is_loaded_and_nothing_left(fresh: Installation) -> None:
    ask(fresh, ROWS)
    assert list((fresh.home.root / "returned").iterdir()) == []
    assert list(fresh.home.archive.iterdir()) == [] and not fresh.home.ledger.exists()


def test_the_source_may_be_guessed_among_those_that_one_may_see(fresh: Installation) -> None:
    assert ask(fresh, ROWS, source=None)["source"] == "counter"
    refused = ask(fresh, ROWS, ID[::-1], source="chibo_thu")
    assert refused["verdict"] is None and "chibo_thu" in refused["en"] and "There are: counter." in refused["en"]


def test_a_marked_file_is_refused_and_gone(fresh: Installation) -> None:
    answer = ask(fresh, "Độ mật: Tối mật\n".encode() + ROWS)
    assert [one["code"] for one in answer["reasons"]] == ["marked_secret"]
    assert not list(folder(fresh).glob("*.upload"))


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "pipe", "folder", "nothing", "large"])
def test_only_a_plain_file_of_the_screen_is_opened(fresh: Installation, kind: str) -> None:
    upload, key = folder(fresh) / f"{ID}.upload", fresh.home.root / "keys" / "secret"
    key.write_bytes(ROWS)
    if kind == "symlink":
        upload.symlink_to(key)
    if kind == "hardlink":
        upload.hardlink_to(key)
    if kind == "pipe":
        os.mkfifo(upload)
    if kind == "folder":
        upload.mkdir()
    if kind == "large":
        with upload.open("wb") as file:
            file.truncate(MOST_BYTES + 1)
    if kind == "folder":
        with pytest.raises(OSError):
            ask(fresh, None)
        upload.rmdir()
        return
    assert ask(fresh, None)["verdict"] is None
    assert key.read_bytes() == ROWS


@pytest.mark.parametrize("said", ["{", "[]", '{"name": 1}', "x" * 5000])
def test_a_question_that_is_none_gets_an_answer_all_the_same(fresh: Installation, said: str) -> None:
    (folder(fresh) / f"{ID}.json").write_text(said)
    assert answer_all(fresh.home, fresh.book, fresh.now) == 1
    assert json.loads((folder(fresh) / f"{ID}.answer").read_text())["verdict"] is None


def test_old_files_go_and_strangers_stay(fresh: Installation) -> None:
    ask(fresh, ROWS)
    for name in ("note.txt", f"{ID}.doc"):
        (folder(fresh) / name).write_text("x")
    then = (fresh.now() - timedelta(hours=2)).timestamp()
    for path in folder(fresh).iterdir():
        os.utime(path, (then, then))
    answer_all(fresh.home, fresh.book, fresh.now)
    assert sorted(path.name for path in folder(fresh).iterdir()) == [f"{ID}.doc", "note.txt"]
