"""Whoever asks to stop waits seconds: what is nearly there is published, what takes long is done by the next run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import build, pair
from pipelines.errors import StoppedError
from pipelines.publish.pointer import read_pointer
from pipelines.readers import Readers
from pipelines.report import LoadReport
from pipelines.run import load_once
from pipelines.verify import verify
from tests.pipelines.installation import Installation, install, row

ENDLESS = "SELECT count(*) FROM range(1000000000000) r(i) WHERE hash(i) = 7"


@pytest.fixture
def loaded(tmp_path: Path) -> Installation:
    one = install(tmp_path)
    one.drop("first.csv", [row("A-1")])
    one.load()
    one.drop("large.csv", [row("L-1"), row("L-2")])
    return one


def stopped_while(one: Installation, stop: threading.Event) -> LoadReport:
    with Readers(time.monotonic, stop.is_set) as readers:
        return load_once(replace(one.at(), readers=readers))


def before_taking(monkeypatch: pytest.MonkeyPatch, first: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    take = build.take

    def slowly(db: duckdb.DuckDBPyConnection, *given: Any) -> Any:
        first(db)
        return take(db, *given)

    monkeypatch.setattr(build, "take", slowly)


def test_a_merge_that_takes_long_is_broken_off_and_done_by_the_next_run(
    loaded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, before = threading.Event(), read_pointer(loaded.home)
    monkeypatch.setattr(pair, "GRACE", 0.2)

    def merging(db: duckdb.DuckDBPyConnection) -> None:
        stop.set()
        db.execute(ENDLESS)

    before_taking(monkeypatch, merging)
    with pytest.raises(StoppedError):
        stopped_while(loaded, stop)
    assert read_pointer(loaded.home) == before and not list(loaded.home.snapshots.glob(".draft*"))
    assert not [path for path in loaded.home.scratch.iterdir() if path.is_file()]
    monkeypatch.undo()
    report = loaded.load()
    assert [(file.file, file.verdict) for file in report.files] == [("large.csv", "loaded")]
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(3,)] and verify(loaded.home) == []


def test_what_is_nearly_there_is_published(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    before_taking(monkeypatch, lambda db: stop.set())
    assert stopped_while(loaded, stop).published
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(3,)]
