"""A forgotten case is in no number and no file, does not come back, and every row is still accounted for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines import ledger
from pipelines.errors import PersonError
from pipelines.forgotten import ask, carried_out, forgotten, holding, path_of
from pipelines.home import pseudonym_key, writer_lock
from pipelines.pseudonym import pseudonym
from pipelines.report import LoadReport
from pipelines.rollback import rollback
from pipelines.verify import verify
from tests.pipelines.installation import HEADER, Installation, row, table_hashes


def name_of(one: Installation, number: str) -> str:
    return pseudonym(number, "counter", pseudonym_key(one.home, create=False))


def forget(one: Installation, number: str) -> LoadReport:
    ask(one.home, "counter", name_of(one, number), "đơn số 5", "an", one.now())
    return one.load()


def content(one: Installation) -> bytes:
    """Everything that lies in the home but generations published before."""
    newest = max(one.home.snapshots.glob("*.duckdb")).name[:8]
    return b"".join(
        path.read_bytes() for path in sorted(one.home.root.rglob("*"))
        if path.is_file() and (path.parent != one.home.snapshots or path.name.startswith(newest))
    )  # fmt: skip


def cases(one: Installation) -> list[tuple[str, int]]:
    return sorted(one.ask("SELECT d.file, d.rows_skipped FROM delivery d"))


def test_it_leaves_archive_facts_letters_and_quarantine_and_the_rest_stays(loaded: Installation) -> None:
    loaded.drop("bad.csv", [row("A-2", received="31/02/2026"), row("Z-9"), row("A-2-and-more")])
    loaded.load()
    assert b"A-2;" in content(loaded) and loaded.ask("SELECT count(*) FROM fact_dossier") == [(8,)]
    report = forget(loaded, "A-2")
    assert report.published and report.rebuilt and report.forgotten == 3, "a.csv, c.csv and bad.csv each had a row"
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(7,)]
    assert b"A-2;" not in content(loaded) and b"A-2-and-more" in _archived(loaded)
    bad = "SELECT count(*) FROM quarantine q JOIN delivery d USING (sha256) WHERE d.file = 'bad.csv'"
    assert loaded.ask(bad) == [(0,)]
    assert cases(loaded) == [("a.csv", 1), ("b.csv", 0), ("bad.csv", 1), ("c.csv", 1), ("picture.csv", 0)]
    law = "SELECT bool_and(rows_in = rows_loaded + rows_quarantined + rows_skipped) FROM delivery"
    assert loaded.ask(law) == [(True,)]
    assert verify(loaded.home) == []


def _archived(one: Installation) -> bytes:
    import polars as pl

    frames = [pl.read_parquet(path) for path in (one.home.archive / "counter").glob("*.redacted.parquet")]
    return b"".join(frame.write_csv().encode() for frame in frames)


def test_a_rebuild_from_what_is_left_says_the_same(loaded: Installation) -> None:
    loaded.drop_bytes("torn.csv", f"{HEADER}\n{row('A-2')}\nA-7;only\n{row('T-1')}\n".encode())
    forget(loaded, "A-2")
    hashes = table_hashes(loaded)
    loaded.rebuild()
    assert table_hashes(loaded) == hashes
    reasons = loaded.ask("SELECT reasons FROM delivery WHERE file = 'torn.csv'")[0][0]
    assert "rows_forgotten" in reasons
    assert loaded.ask("SELECT value FROM quarantine WHERE line = 3 AND value = 'A-7'") == []


def test_sent_again_it_is_taken_out_again(loaded: Installation) -> None:
    forget(loaded, "A-2")
    loaded.drop("tomorrow.csv", [row("A-2", updated="11/03/2026 08:00"), row("N-1")])
    report = loaded.load()
    assert report.forgotten == 1 and not report.rebuilt
    assert b"A-2;" not in content(loaded) and loaded.ask("SELECT count(*) FROM fact_dossier") == [(6,)]
    hashes = table_hashes(loaded)
    loaded.rebuild()
    assert table_hashes(loaded) == hashes and verify(loaded.home) == []


def test_the_same_bytes_again_are_still_a_duplicate(loaded: Installation) -> None:
    forget(loaded, "A-2")
    loaded.drop("again.csv", [row(f"A-{n}") for n in range(4)])
    assert [file.verdict for file in loaded.load().files] == ["duplicate"]


def test_one_line_stays_without_the_number_and_cannot_be_edited_away(loaded: Installation) -> None:
    forget(loaded, "A-2")
    lines = ledger.read_ledger(path_of(loaded.home))
    assert [line["state"] for line in lines] == ["asked", "done"] and lines[0]["reason"] == "đơn số 5"
    assert "A-2" not in json.dumps(lines) and lines[0]["case"] == name_of(loaded, "A-2")
    text = path_of(loaded.home).read_text()
    path_of(loaded.home).write_text(text.replace("đơn số 5", "đơn số 6"))
    assert "forgotten.jsonl:1" in {damage.where for damage in verify(loaded.home)}


def test_a_run_that_was_killed_over_it_is_finished_by_the_next(
    loaded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    for step in ("pipelines.run.take_out", "pipelines.run.publish", "pipelines.run.carried_out"):
        with monkeypatch.context() as broken:
            broken.setattr(step, die)
            with pytest.raises(Killed):
                forget(loaded, "A-2")
        assert forgotten(loaded.home).due
    assert loaded.load().rebuilt
    assert not forgotten(loaded.home).due and b"A-2;" not in content(loaded) and verify(loaded.home) == []
    carried_out(loaded.home, loaded.now())
    assert len(ledger.read_ledger(path_of(loaded.home))) == 4, "asked three times, done once"


def test_older_generations_are_named_and_cannot_come_back(loaded: Installation) -> None:
    forget(loaded, "A-2")
    assert holding(loaded.home, {name_of(loaded, "A-2")}) == [2, 1]
    with writer_lock(loaded.home, "test"), pytest.raises(PersonError, match="forgotten"):
        rollback(loaded.home, 1, "x")


def test_without_a_reason_nobody_is_forgotten(loaded: Installation) -> None:
    with pytest.raises(PersonError):
        ask(loaded.home, "counter", "0" * 32, " ", "an", loaded.now())
    assert not path_of(loaded.home).exists()


def test_a_raw_file_that_a_killed_run_left_beside_its_table_is_damage(loaded: Installation, tmp_path: Path) -> None:
    raw = {path.name: path.read_bytes() for path in (loaded.home.archive / "counter").glob("*.csv")}
    forget(loaded, "A-2")
    gone = next(name for name in raw if not (loaded.home.archive / "counter" / name).exists())
    (loaded.home.archive / "counter" / gone).write_bytes(raw[gone])
    assert [(one.where, "forgotten" in one.en) for one in verify(loaded.home)] == [(f"archive/counter/{gone}", True)]
    loaded.moment += timedelta(days=1)
    loaded.load()
    assert verify(loaded.home) == []
