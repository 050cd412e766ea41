"""At two in the morning one look says what is wrong, and nothing that stood in a file."""

from __future__ import annotations

import json
import re
from collections import namedtuple
from datetime import timedelta
from typing import Any

import pytest

from pipelines import ledger, owed
from pipelines.condition import DEATHS, LEAST, LIMITS, condition, deaths, disk, sentences
from pipelines.publish.pointer import read_pointer, state_path
from pipelines.read.worker import DEATHS as SIGNALS
from pipelines.reasons import REASONS
from pipelines.report import FileReport
from pipelines.status import status
from tests.pipelines.installation import START, Installation, row

Usage = namedtuple("Usage", "total used free")


def line(code: str, file: str = "x.csv", hours: float = 0) -> dict[str, Any]:
    at = (START - timedelta(hours=hours)).isoformat()
    return {"file": file, "source": "counter", "sha256": file[0] * 64, "verdict": "rejected", "received_at": at,
            "reasons": [{"code": code, "vi": "CELL-VALUE", "en": "CELL-VALUE"}]}  # fmt: skip


def told(one: Installation) -> dict[str, Any]:
    return status(one.home, one.book().mappings, START)


def test_where_all_is_well_one_sentence_says_so(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    found = told(loaded)
    assert list(sentences(found)) == [("Không có việc gì cần người xử lý.", "Nothing needs a person.")]
    assert (found["deaths"], found["owed_letters"], found["failures"]["count"]) == ([], 0, 0)


def test_every_death_of_a_child_has_its_limit_and_its_words() -> None:
    assert {*SIGNALS.values(), "reader_died", "reader_too_slow"} == set(DEATHS) <= set(REASONS)
    assert set(DEATHS.values()) == set(LIMITS)


def test_a_file_that_killed_its_reader_is_named_with_the_limit(fresh: Installation) -> None:
    ledger.append(
        fresh.home.ledger,
        [
            line("reader_out_of_memory", "bomb.xlsx", 3),
            line("date_is_readable", "good.csv"),
            line("reader_too_slow", "old.csv", 24 * 31),
            line("reader_killed", "k.csv", 1),
        ],
    )
    found = told(fresh)
    assert [(one["file"], one["limit"]) for one in found["deaths"]] == [("k.csv", "killed"), ("bomb.xlsx", "memory")]
    vi = "\n".join(sentence for sentence, _ in sentences(found))
    assert "counter/bomb.xlsx" in vi and "quá bộ nhớ cho phép" in vi and "CELL-VALUE" not in json.dumps(found["deaths"])
    assert [one["file"] for one in deaths([line("reader_died")])] == ["x.csv"]


def test_too_little_disk_is_told_before_it_is_full(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    pointer = read_pointer(loaded.home)
    assert pointer is not None
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, LEAST - 1))
    found = disk(loaded.home, pointer)
    assert found == {"free_bytes": LEAST - 1, "needed_bytes": LEAST, "enough": False}
    assert next(iter(sentences(told(loaded))))[1].startswith("ACT: 0.3 GB of disk are free")
    with state_path(loaded.home, pointer.generation).open("r+b") as file:
        file.truncate(LEAST)  # a hole: three times this is more than the least
    assert disk(loaded.home, pointer)["needed_bytes"] > 3 * LEAST


def test_what_waits_is_told_with_its_age_and_the_oldest(fresh: Installation) -> None:
    held = [{"received_at": (START - timedelta(hours=hours)).isoformat()} for hours in (5, 49.24, 1)]
    found = condition(fresh.home, None, held, START)
    assert found["oldest_held_hours"] == 49.2
    assert condition(fresh.home, None, [], START)["oldest_held_hours"] is None
    sentence = next(vi for vi, _ in sentences(found | {"held": held}) if "chờ người duyệt" in vi)
    assert "3 tệp" in sentence and "49 giờ" in sentence


def test_debts_failures_and_expired_files_are_counted(fresh: Installation) -> None:
    owed.owe(fresh.home, [FileReport("x.csv", "counter", "a" * 64, "rejected", START)])
    log = fresh.home.log / "errors.jsonl"
    new = {"at": START.isoformat(), "source": "counter", "kind": "KeyError", "trace": []}
    old = new | {"at": (START - timedelta(days=40)).isoformat()}
    log.write_text(f"{json.dumps(old)}\n{json.dumps(new)}\n{{torn", encoding="utf-8")
    ledger.append(fresh.home.ledger, [line("x") | {"verdict": "expired", "at": "2026-11-01T03:00:00+00:00"}])
    found = told(fresh)
    assert found["failures"] == {"count": 1, "last_at": START.isoformat(), "last_source": "counter",
                                 "last_kind": "KeyError"}  # fmt: skip
    assert found["owed_letters"] == 1
    assert found["expired"] == {"files": 1, "last_at": "2026-11-01T03:00:00+00:00"}
    en = "\n".join(sentence for _, sentence in sentences(found))
    assert "KeyError" in en and "1 answers" in en and "1 files, last on 2026-11-01" in en


def test_times_are_told_to_the_second(fresh: Installation) -> None:
    fresh.moment = START.replace(microsecond=123456)
    fresh.drop("a.csv", [row("A-1")])
    fresh.load()
    found = told(fresh)
    times = [found["made_at"], *(one["last_received_at"] for one in found["sources"] if one["last_received_at"])]
    assert len(times) == 2
    for time in times:
        assert re.fullmatch(r"2026-11-20T03:\d\d:\d\d\+00:00", time)
