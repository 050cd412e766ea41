"""What the machine failed at is no verdict on a file, however a library words it."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import Rejected
from pipelines.machine import COURTESY, ERRNOS, blame, courteously, failure, write_rows
from pipelines.read import Limits, Worker, child
from pipelines.read import worker as parent
from pipelines.read.child import serve
from pipelines.receive import archived, kept

FULL = "No space left on device"


def wrapped(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, FULL),
        OSError("Too many open files (os error 24): /x/a.parquet"),
        pl.exceptions.ComputeError("parquet: underlying IO error: Input/output error (os error 5)"),
        wrapped(ValueError("no zip"), OSError(errno.EIO, "Input/output error")),
        duckdb.TransactionException("Failed to commit: Could not write file: Input/output error"),
        RuntimeError("[Errno 28] No space left on device"),
    ],
)
def test_a_failure_of_the_machine_is_known_in_every_dress(error: Exception) -> None:
    failed = failure(error)
    assert failed is not None and failed.errno in ERRNOS
    with pytest.raises(OSError):
        blame(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("invalid literal"),
        FileNotFoundError(errno.ENOENT, "No such file"),
        OSError("Couldn't deserialize thrift"),
        OSError(errno.EFBIG, "File too large"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        pl.exceptions.ComputeError("could not parse `(os error 2)`"),
        PermissionError(errno.EACCES, "Permission denied"),
    ],
)
def test_everything_else_may_be_judged(error: Exception) -> None:
    assert failure(error) is None
    blame(error)


def test_rows_that_we_write_come_back_and_a_full_disk_is_told_by_its_number(tmp_path: Path) -> None:
    rows = pl.DataFrame({"a": ["x", None, "đ"], "n": [1, 2, 3]})
    write_rows(rows, tmp_path / "rows.parquet")
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(rows)
    with pytest.raises(OSError) as full:
        write_rows(rows, Path("/dev/full"))
    assert full.value.errno == errno.ENOSPC


class Said(list[str]):
    """What a child answers with."""

    def write(self, text: str) -> None:
        self.append(text)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(("error", "answer"), [
    (OSError(errno.ENOSPC, FULL), '"failed": 28'), (ValueError("x"), '"code": "reader_failed"')])  # fmt: skip
def test_a_reader_on_a_full_disk_refuses_nothing(
    error: Exception, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    said = Said()
    monkeypatch.setitem(child.TASKS, "read", fail)  # type: ignore[arg-type]
    monkeypatch.setattr(child, "allow", lambda *_: None)
    serve({"task": "read", "size": 1, "limits": Limits().as_json()}, said)  # type: ignore[arg-type]
    assert answer in said[0] and '"tired": true' in said[0]


def test_what_the_child_says_of_the_machine_is_raised_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "_talk", lambda *_: b'{"failed": 28, "tired": true}\n')
    with Worker() as worker, pytest.raises(OSError, match=FULL) as failed:
        worker.ask("read", 1, Limits(), {})
    assert failed.value.errno == errno.ENOSPC


def test_a_child_that_never_comes_up_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent.sys, "executable", "/bin/false")
    with Worker() as worker, pytest.raises(OSError, match="did not come up"):
        worker.ask("look", 1, Limits(), {"files": []})


def test_a_child_that_came_up_still_answers_for_itself() -> None:
    with Worker() as worker, pytest.raises(Rejected):
        worker.ask("dance", 1, Limits(), {})


def test_a_receipt_that_cannot_be_read_today_is_not_a_delivery_that_never_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mot_cua"
    folder.mkdir()
    (folder / f"{'a' * 64}.json").write_text("{}")

    def fail(*_: object) -> str:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "read_text", fail)
    with pytest.raises(OSError):
        kept(tmp_path, "mot_cua", "a" * 64)
    with pytest.raises(OSError):
        list(archived(tmp_path))


def nice() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_courteous_work_gives_way_and_nobody_else_does() -> None:
    before = nice()
    assert courteously(nice) == before + COURTESY and nice() == before


def test_courteous_work_fails_as_any_other() -> None:
    def fail() -> None:
        raise OSError(errno.ENOSPC, FULL)

    with pytest.raises(OSError, match=FULL):
        courteously(fail)
