"""The log of runs says what became of every file, and nothing that stood in one."""

from __future__ import annotations

import json

import pytest

from pipelines import journal
from pipelines.report import LoadReport
from tests.pipelines.installation import START, Installation, row


def runs(one: Installation) -> list[dict[str, object]]:
    path = one.home.log / "runs.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_a_run_is_one_line_without_values_or_names(fresh: Installation) -> None:
    fresh.drop("Nguyễn Văn An.csv", [row("SECRET-1"), row("SECRET-2", received="31/02/2026")])
    fresh.load()
    fresh.load()
    (one,) = runs(fresh)
    assert (one["snapshot"], one["published"]) == (1, True) and float(str(one["seconds"])) > 0
    (file,) = one["files"]  # type: ignore[misc]
    assert (file["verdict"], file["rows_in"], file["reasons"]) == ("loaded_partial", 2, ["date_is_readable"])
    text = (fresh.home.log / "runs.jsonl").read_text("utf-8")
    assert "SECRET" not in text and "31/02" not in text and "Nguy" not in text


def test_a_log_that_cannot_be_written_stops_nothing(fresh: Installation) -> None:
    (fresh.home.log / "runs.jsonl").mkdir()
    fresh.drop("a.csv", [row("A-1")])
    report = fresh.load()
    assert report.published and "The log was not written" in report.notes[-1][1]


def test_a_long_log_gives_way(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST", 10)
    for number in range(2):
        fresh.drop(f"{number}.csv", [row(f"A-{number}")])
        fresh.load()
    assert len(runs(fresh)) == 1 and (fresh.home.log / "runs.jsonl.1").exists()


def test_what_was_forgotten_expired_or_noted_is_in_the_log(fresh: Installation) -> None:
    quiet, began = LoadReport(snapshot=1), START
    journal.write_run(fresh.home, quiet, began, began)
    assert runs(fresh) == []
    for report in (LoadReport(expired=2), LoadReport(forgotten=3), LoadReport(notes=[("đã dựng lại", "rebuilt")])):
        journal.write_run(fresh.home, report, began, began)
    assert [(one["expired_files"], one["forgotten_rows"], one["notes"]) for one in runs(fresh)] == [
        (2, 0, []), (0, 3, []), (0, 0, ["rebuilt"])]  # fmt: skip
