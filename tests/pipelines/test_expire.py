"""What a mapping allows to lie here lies here, and not a month longer; what has gone is in no number either."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from pipelines import ledger
from pipelines.expire import EXPIRED
from pipelines.home import Home
from pipelines.status import status
from pipelines.verify import verify
from tests.pipelines.installation import Installation, row, table_hashes


def allow(one: Installation, archive: int = 3650, hold: int = 30, returned: int = 180) -> None:
    path = one.data / "mappings" / "counter.toml"
    days = f"retention_days = {archive}\nhold_days = {hold}\nreturned_days = {returned}\n"
    path.write_text(days + path.read_text("utf-8"), encoding="utf-8")


def files(one: Installation) -> list[str]:
    return [name for (name,) in one.ask("SELECT file FROM delivery ORDER BY file")]


@pytest.fixture
def old(fresh: Installation) -> Installation:
    """One file of 20 November, one of 12 December; the mapping allows sixty days in the archive."""
    allow(fresh, archive=60)
    fresh.drop("old.csv", [row("O-1"), row("S-1")])
    fresh.load()
    fresh.moment = datetime(2026, 12, 12, tzinfo=UTC)
    fresh.drop("new.csv", [row("N-1"), row("S-1", updated="10/12/2026 08:00")])
    fresh.load()
    return fresh


def test_a_file_stays_to_the_end_of_the_month_in_which_its_time_is_over(old: Installation) -> None:
    old.moment = datetime(2027, 1, 31, 22, tzinfo=UTC)
    assert not old.load().published and files(old) == ["new.csv", "old.csv"]


def test_then_it_leaves_archive_and_numbers_and_one_line_stays(old: Installation) -> None:
    old.moment = datetime(2027, 2, 1, 1, tzinfo=UTC)
    report = old.load()
    assert report.published and report.rebuilt and files(old) == ["new.csv"]
    assert old.ask("SELECT count(*) FROM fact_dossier") == [(2,)], "a case that came again stays"
    assert [path.suffix for path in sorted((old.home.archive / "counter").iterdir())] == [".csv", ".json"]
    (line,) = [line for line in ledger.read_ledger(old.home.ledger) if line["verdict"] == EXPIRED]
    assert (line["file"], line["retention_days"]) == ("old.csv", 60)
    assert verify(old.home) == [] and not old.load().published
    hashes = table_hashes(old)
    old.rebuild()
    assert table_hashes(old) == hashes


def test_a_run_that_was_killed_after_a_file_left_is_finished_by_the_next(
    old: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    old.moment = datetime(2027, 2, 1, 1, tzinfo=UTC)
    with monkeypatch.context() as broken:
        broken.setattr("pipelines.run._publish", die)
        with pytest.raises(Killed):
            old.load()
    assert old.load().rebuilt and files(old) == ["new.csv"] and verify(old.home) == []


def put(home: Home, name: str, at: datetime) -> None:
    path = home.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_letters_and_held_files_go_by_the_day(fresh: Installation) -> None:
    allow(fresh, hold=10, returned=20)
    day = timedelta(days=1)
    ledger.append(fresh.home.ledger, [{"source": "counter", "sha256": "a" * 64, "verdict": "held", "file": "x"}])
    for name, age in (("hold/" + "a" * 64 + ".held", 11), ("hold/" + "b" * 64 + ".held", 11),
                      ("hold/" + "c" * 64 + ".held", 31), ("returned/counter/new.xlsx", 19),
                      ("returned/counter/old.xlsx", 21), ("returned/other/old.xlsx", 900)):  # fmt: skip
        put(fresh.home, name, fresh.moment - age * day)
    fresh.load()
    left = {path.name[:3] for folder in ("hold", "returned") for path in (fresh.home.root / folder).rglob("*.*")}
    assert left == {"bbb", "new", "old"} and not (fresh.home.root / "returned/counter/old.xlsx").exists()


def test_status_tells_how_long_and_of_whom_one_line_is_left(old: Installation) -> None:
    found = status(old.home, old.book().mappings, old.now())
    (counter,) = [one for one in found["sources"] if one["source"] == "counter"]
    assert counter["retention_days"] == {"archive": 60, "hold": 30, "returned": 180} and found["forgotten"] == 0
