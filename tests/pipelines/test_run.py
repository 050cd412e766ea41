"""Every file has exactly one verdict, one bad file never stops another, and nothing new means nothing published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines import intake, ledger, pair, run
from pipelines.build import Job
from pipelines.errors import PersonError
from pipelines.home import BUSY, key_check, writer_lock
from pipelines.load import Staged
from pipelines.publish.pointer import party_path, read_pointer, state_path
from pipelines.report import LoadReport
from tests.pipelines.installation import Installation, row


def verdicts(one: Installation) -> dict[str, str]:
    return {line["file"]: line["verdict"] for line in ledger.read_ledger(one.home.ledger)}


def test_an_empty_home_publishes_nothing(fresh: Installation) -> None:
    report = fresh.load()
    assert report == LoadReport()
    assert not fresh.home.current.exists()


def test_a_first_run_gives_every_file_its_verdict(loaded: Installation) -> None:
    assert verdicts(loaded) == {"a.csv": "loaded", "b.csv": "loaded_partial", "picture.csv": "rejected",
                                "p.csv": "loaded", "c.csv": "loaded"}
    assert len(ledger.read_ledger(loaded.home.ledger)) == 5
    assert sorted(loaded.ask("SELECT file, verdict, rows_in, rows_loaded, rows_quarantined FROM delivery")) == [
        ("a.csv", "loaded", 4, 4, 0), ("b.csv", "loaded_partial", 3, 2, 1), ("c.csv", "loaded", 2, 2, 0),
        ("picture.csv", "rejected", 0, 0, 0)]
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(6,)]
    assert loaded.ask("SELECT line, rule FROM quarantine")[0][0] == 3


def test_party_deliveries_are_named_nowhere_in_the_state_file(loaded: Installation) -> None:
    assert loaded.ask("SELECT file FROM delivery", party=True) == [("p.csv",)]
    assert loaded.ask("SELECT source FROM source") == [("counter",)]
    pointer = read_pointer(loaded.home)
    assert pointer is not None
    sha = loaded.ask("SELECT sha256 FROM delivery", party=True)[0][0]
    content = state_path(loaded.home, pointer.generation).read_bytes()
    assert b"chibo_thu" not in content and sha.encode() not in content and b"p.csv" not in content


def test_the_party_file_of_a_state_only_run_is_a_hard_link(loaded_once: Installation) -> None:
    assert party_path(loaded_once.home, 1).stat().st_ino == party_path(loaded_once.home, 2).stat().st_ino


def test_nothing_new_publishes_nothing(loaded: Installation) -> None:
    before = loaded.home.ledger.read_bytes()
    report = loaded.load()
    assert (report.snapshot, report.published, report.files) == (2, False, [])
    assert loaded.home.ledger.read_bytes() == before


def test_the_same_bytes_again_are_a_duplicate_and_change_nothing(loaded: Installation) -> None:
    path = loaded.drop("again.csv", [row(f"A-{n}") for n in range(4)])
    report = loaded.load()
    assert [(file.file, file.verdict) for file in report.files] == [("again.csv", "duplicate")]
    assert report.snapshot == 2 and not path.exists()
    assert verdicts(loaded)["again.csv"] == "duplicate"


def test_the_same_bytes_twice_in_one_run_are_both_reported(fresh: Installation) -> None:
    for name in ("a.csv", "b.csv"):
        fresh.drop(name, [row("A-1")])
    assert {file.file: file.verdict for file in fresh.load().files} == {"a.csv": "loaded", "b.csv": "duplicate"}


def test_load_json_has_the_documented_keys(loaded: Installation) -> None:
    loaded.drop("bad.csv", ["too;short"], header="what;is;this")
    (found,) = loaded.load().as_json()["files"]
    assert list(found) == ["file", "source", "sha256", "verdict", "rows_in", "rows_loaded", "rows_quarantined",
                           "rows_skipped", "cases", "reasons"]
    assert found["verdict"] == "rejected" and set(found["reasons"][0]) == {"code", "vi", "en"}
    json.dumps(found)


def test_a_folder_of_no_source_is_refused_once(loaded: Installation) -> None:
    path = loaded.drop("x.csv", [row("X-1")], source="nobody")
    for _ in range(2):
        assert [file.verdict for file in loaded.load().files] == ["rejected"]
    lines = [line for line in ledger.read_ledger(loaded.home.ledger) if line["source"] == "nobody"]
    assert len(lines) == 1 and path.exists()


def test_a_secret_file_leaves_only_hash_source_and_time(loaded: Installation) -> None:
    loaded.drop("TUYỆT MẬT ke hoach.csv", [row("S-1")])
    report = loaded.load()
    assert [(file.file, file.verdict) for file in report.files] == [(None, "rejected")]
    line = ledger.read_ledger(loaded.home.ledger)[-1]
    assert set(line) == {"sha256", "source", "received_at", "verdict"}
    left = [path for path in loaded.home.root.rglob("*") if path.is_file()]
    assert not any("TUYỆT".encode() in path.read_bytes() for path in left if path.suffix != ".duckdb")
    assert not any("TUY" in path.name for path in left)


def test_our_own_mistake_holds_one_file_and_loads_the_others(
    loaded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Staged.into

    def breaks_on_x(staged: Staged, db: duckdb.DuckDBPyConnection, days: bool) -> object:
        done = real(staged, db, days)
        if staged.delivery.name == "x.csv":
            raise ZeroDivisionError("079086001234")  # after half of the work is in the draft
        return done

    loaded.drop("x.csv", [row("X-1"), row("A-3", updated="01/10/2026 08:00")])
    loaded.drop("y.csv", [row("Y-1")])
    with monkeypatch.context() as broken:
        broken.setattr(Staged, "into", breaks_on_x)
        report = loaded.load()
    assert {file.file: file.verdict for file in report.files} == {"x.csv": "held", "y.csv": "loaded"}
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(7,)]
    assert loaded.ask("SELECT count(*) FROM fact_dossier WHERE updated_at > '2026-09-01'") == [(0,)]
    log = (loaded.home.log / "errors.jsonl").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log and "079086001234" not in log
    loaded.rebuild()  # the mistake is mended
    assert verdicts(loaded)["x.csv"] == "loaded" and loaded.ask("SELECT count(*) FROM fact_dossier") == [(8,)]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError(),
                                   duckdb.OutOfMemoryException("disk")])
def test_a_machine_that_fails_judges_no_file(
    loaded: Installation, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    loaded.drop("y.csv", [row("Y-1")])
    with monkeypatch.context() as broken:
        broken.setattr(intake, "stage_table", fail)
        with pytest.raises(type(error)):
            loaded.load()
    assert "y.csv" not in verdicts(loaded) and list(loaded.home.snapshots.glob(".draft*")) == []
    assert [(file.file, file.verdict) for file in loaded.load().files] == [("y.csv", "loaded")]


def test_a_run_that_died_after_archiving_is_taken_up(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    loaded.drop("y.csv", [row("Y-1")])
    with monkeypatch.context() as broken:
        broken.setattr(run, "_publish", die)
        with pytest.raises(Killed):
            loaded.load()
    assert list((loaded.home.inbox / "counter").iterdir()) == []
    assert [(file.file, file.verdict) for file in loaded.load().files] == [("y.csv", "loaded")]


def test_a_run_that_died_before_the_ledger_is_written_up(loaded: Installation) -> None:
    lines = loaded.home.ledger.read_text(encoding="utf-8").splitlines()
    loaded.home.ledger.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    loaded.load()
    assert len(verdicts(loaded)) == len(ledger.read_ledger(loaded.home.ledger)) == 5
    assert ledger.damage(loaded.home.ledger) == []


def test_a_second_writer_is_told_who_writes(loaded: Installation) -> None:
    with writer_lock(loaded.home, "4711 since this morning"), pytest.raises(PersonError) as told:
        loaded.load()
    assert told.value.exit_code == BUSY == 75
    assert "4711 since this morning" in told.value.en and "4711" in told.value.vi
    loaded.load()


def test_a_foreign_key_is_refused_before_anything_is_loaded(loaded: Installation) -> None:
    loaded.home.key.chmod(0o600)
    loaded.home.key.write_text("00" * 32)
    loaded.drop("y.csv", [row("Y-1")])
    with pytest.raises(PersonError, match="not the one"):
        loaded.load()
    assert (loaded.home.inbox / "counter" / "y.csv").exists()


def test_the_key_is_made_once_and_is_nobody_elses(fresh: Installation) -> None:
    fresh.load()
    first = fresh.home.key.read_text()
    assert fresh.home.key.stat().st_mode & 0o777 == 0o600 and len(bytes.fromhex(first)) == 32
    fresh.load()
    assert fresh.home.key.read_text() == first
    assert key_check(bytes.fromhex(first)) != key_check(b"0" * 32)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-9000] ^= 4
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [flip, lambda path: path.write_bytes(path.read_bytes()[:20_000]),
                                   lambda path: path.write_bytes(b"")])
def test_damage_under_a_load_leads_to_a_rebuild(loaded: Installation, spoil: Callable[[Path], None]) -> None:
    spoil(state_path(loaded.home, 2))
    loaded.drop("y.csv", [row("Y-1")])
    report = loaded.load()
    assert report.rebuilt and report.published and report.snapshot == 3
    assert [file.file for file in report.files] == ["y.csv"] and "damaged" in report.notes[0][1]
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(7,)]
    assert len(ledger.read_ledger(loaded.home.ledger)) == 6


def test_a_file_in_force_that_is_gone_is_made_again(loaded: Installation) -> None:
    party_path(loaded.home, 2).unlink()
    report = loaded.load()
    assert report.published and "CURRENT was damaged" in report.notes[0][1]
    assert loaded.ask("SELECT count(*) FROM fact_dossier") == [(6,)]
    assert loaded.ask("SELECT count(*) FROM delivery", party=True) == [(1,)]


def test_progress_tells_every_step(fresh: Installation) -> None:
    told: list[tuple[str, int, int]] = []
    fresh.drop("a.csv", [row("A-1")])
    at = fresh.at()
    run.load_once(run.Circumstances(at.home, at.book, at.now, at.sleep, lambda *what: told.append(what), "test"))
    assert {what for what, _, _ in told} == {"receive", "load", "measure"}
    assert ("load", 1, 1) in told




def test_a_real_home_does_not_lie_in_the_checkout(tmp_path: Path) -> None:
    from pipelines.home import open_home

    (tmp_path / "pyproject.toml").write_text("")
    for inside in ("home", "data", "data/local/deeper", "."):
        with pytest.raises(PersonError, match="checkout"):
            open_home(tmp_path / inside, tmp_path)
    open_home(tmp_path / "data" / "local", tmp_path)
    open_home(tmp_path.parent / "elsewhere", tmp_path)


def test_where_one_file_of_the_pair_cannot_be_made_no_draft_stays(
    loaded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded.drop("y.csv", [row("Y-1")])
    before = loaded.home.current.read_text(encoding="utf-8")
    real = pair.build

    def fails_for_the_party(*given: object) -> object:
        job = next(one for one in given if isinstance(one, Job))
        if job.clearance == "party":
            raise OSError(28, "No space left on device")
        return real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(pair, "build", fails_for_the_party)
        with pytest.raises(OSError, match="No space"):
            loaded.rebuild()
    assert loaded.home.current.read_text(encoding="utf-8") == before
    assert [path.name for path in loaded.home.snapshots.iterdir() if "draft" in path.name] == []


def test_the_dashboards_user_may_write_where_it_has_to_and_not_look_into_what_is_private(fresh: Installation) -> None:
    """It is another user of the same group: what it must not touch it cannot, what it answers for it can."""
    modes = {path.name: path.stat().st_mode & 0o7777 for path in fresh.home.root.iterdir() if path.is_dir()}
    assert all(modes[name] == 0o2770 for name in ("audit", "exchange"))
    assert all(modes[name] == 0o700 for name in ("archive", "hold", "keys", "log", "returned", "scratch"))
