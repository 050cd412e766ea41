"""What is not exactly what was published is never shown, and the reason is."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import duckdb
import pytest

from dashboard.snapshot import Limits, Snapshot, Snapshots
from dashboard.words import PersonError
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = write_tiny(tmp_path_factory.mktemp("made"), tiny_facts(20), generation=1)
    return write_tiny(home, tiny_facts(21), generation=2)


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    (tmp_path / "snapshots").mkdir()
    for path in [*made.glob("*"), *made.glob("snapshots/*")]:
        if path.is_file():
            (tmp_path / path.relative_to(made)).write_bytes(path.read_bytes())
    return tmp_path


def cases(snapshot: Snapshot) -> int:
    return int(snapshot.rows("SELECT count(*) FROM fact_dossier")[0][0])


def point_at(home: Path, generation: int) -> None:
    lines = [line.split() for line in (home / "PUBLISHED").read_text().splitlines()]
    line = next(line for line in lines if int(line[0]) == generation)
    (home / "CURRENT").write_text(" ".join(line[:3]) + "\n")


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"\x00\x01")


def test_the_generation_that_current_names_is_shown(home: Path) -> None:
    snapshots = Snapshots(home)
    assert (snapshots.current().id, cases(snapshots.current()), snapshots.trouble) == (2, 21, None)
    assert cases(snapshots.at(1)) == 20


def test_a_new_generation_is_seen_and_the_old_one_stays_readable_for_who_holds_it(home: Path) -> None:
    point_at(home, 1)
    snapshots = Snapshots(home)
    held = snapshots.current()
    point_at(home, 2)
    assert (snapshots.current().id, cases(snapshots.current())) == (2, 21)
    assert cases(held) == 20


def test_an_unchanged_pointer_costs_no_second_look_at_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots = Snapshots(home)
    snapshots.current()
    monkeypatch.setattr("dashboard.snapshot.door.sha256", lambda path: pytest.fail("hashed again"))
    assert snapshots.current() is snapshots.current()


def test_a_damaged_file_is_not_shown_and_the_one_before_it_is(home: Path) -> None:
    point_at(home, 1)
    snapshots = Snapshots(home)
    snapshots.current()
    spoil(home / "snapshots" / "00000002.duckdb")
    point_at(home, 2)
    assert snapshots.current().id == 1
    assert snapshots.trouble is not None
    assert (snapshots.trouble.key, snapshots.trouble.generation) == ("snapshot.damaged", 2)
    assert snapshots.at_hand() is None
    point_at(home, 1)
    assert (snapshots.current().id, snapshots.trouble) == (1, None)


def test_damage_under_our_hands_is_noticed(home: Path) -> None:
    snapshots = Snapshots(home)
    assert snapshots.current().id == 2
    spoil(home / "snapshots" / "00000002.duckdb")
    assert snapshots.current().id == 1
    assert snapshots.trouble is not None


def test_after_a_start_the_newest_older_generation_that_verifies_is_shown(home: Path) -> None:
    (home / "snapshots" / "00000002.duckdb").unlink()
    snapshots = Snapshots(home)
    assert snapshots.current().id == 1
    assert snapshots.trouble is not None and snapshots.trouble.key == "snapshot.missing"


def test_a_generation_taken_back_is_not_brought_back_by_damage(home: Path) -> None:
    point_at(home, 1)
    spoil(home / "snapshots" / "00000001.duckdb")
    with pytest.raises(PersonError) as caught:
        Snapshots(home).current()
    assert caught.value.key == "snapshot.none"


@pytest.mark.parametrize("text", ["", "2 abc def\n", "garbage", "2 " + "a" * 64 + " " + "b" * 64 + " tail\n"])
def test_half_a_pointer_is_no_pointer(home: Path, text: str) -> None:
    (home / "CURRENT").write_text(text)
    snapshots = Snapshots(home)
    assert snapshots.current().id == 2
    assert snapshots.trouble is not None and snapshots.trouble.key == "snapshot.no_pointer"


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PersonError) as caught:
        Snapshots(tmp_path).current()
    assert "pipelines load" in caught.value.text("vi")
    assert caught.value.exit_code == 3


def test_a_generation_without_record_or_file_is_refused_by_name(home: Path) -> None:
    with pytest.raises(PersonError) as caught:
        Snapshots(home).at(77)
    assert "77" in caught.value.text("en")


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM read_text('/etc/hostname')", "COPY (SELECT 1) TO '{home}/stolen.csv'", "SET threads = 4",
     "ATTACH '{home}/snapshots/00000001.duckdb' AS other", "INSTALL httpfs", "DELETE FROM fact_dossier",
     "CREATE TABLE snapshot.evil (a INT)", "SELECT * FROM '{home}/PUBLISHED'", "SELECT * FROM glob('*')"],
)  # fmt: skip
def test_even_hostile_sql_reads_nothing_else_and_writes_nothing(home: Path, sql: str) -> None:
    snapshot = Snapshots(home).current()
    with pytest.raises(duckdb.Error):
        snapshot.rows(sql.format(home=home))
    assert not (home / "stolen.csv").exists()
    assert cases(snapshot) == 21


def test_the_variables_of_the_program_are_no_tables(home: Path) -> None:
    snapshot = Snapshots(home).current()
    secret = [("secret",)]
    with pytest.raises(duckdb.Error):
        snapshot.rows("SELECT * FROM secret")
    assert secret


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_runs(home: Path) -> None:
    snapshot = Snapshots(home, Limits(seconds=0.3)).current()
    with pytest.raises(PersonError) as caught:
        snapshot.rows("SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b")
    assert caught.value.key == "snapshot.slow"
    assert cases(snapshot) == 21


def test_many_threads_read_one_snapshot(home: Path) -> None:
    snapshot, found = Snapshots(home).current(), []

    def read() -> None:
        found.extend(cases(snapshot) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [21] * 160


def test_the_party_file_is_an_object_of_its_own(home: Path) -> None:
    snapshots = Snapshots(home)
    state = snapshots.current()
    party = snapshots.party(state)
    assert (party.clearance, party.id) == ("party", state.id)
    with pytest.raises(duckdb.Error):
        state.rows("SELECT * FROM published_cell")
    assert party.rows("SELECT count(*) FROM published_cell")[0][0] == 3


def test_what_is_remembered_is_bounded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.snapshot.opened._REMEMBERED", 10)
    snapshot = Snapshots(home).current()
    made = [snapshot.remember(("key", number), lambda number=number: number) for number in range(50)]  # type: ignore[misc]
    assert made == list(range(50))
    assert snapshot.remember(("key", 49), lambda: -1) == 49
    assert snapshot.remember(("key", 40), lambda: -1) == 40
    assert snapshot.remember(("key", 39), lambda: -1) == -1
    gc.collect()


class Dead:
    """A cursor of an instance that a fault inside DuckDB has invalidated."""

    def execute(self, *_: object) -> None:
        raise duckdb.FatalException("database has been invalidated because of a previous fatal error")

    def interrupt(self) -> None:
        """Nothing runs here."""


def test_a_fault_inside_the_engine_costs_one_question_and_not_the_dashboard(home: Path) -> None:
    snapshot = Snapshots(home).current()
    assert cases(snapshot) == 21
    snapshot._mine.cursor = Dead()
    with pytest.raises(PersonError) as caught:
        cases(snapshot)
    assert caught.value.key == "snapshot.engine"
    assert cases(snapshot) == 21
    found: list[int] = []
    elsewhere = threading.Thread(target=lambda: found.append(cases(snapshot)))
    elsewhere.start()
    elsewhere.join()
    assert found == [21]


def test_at_hand_is_what_is_in_force_and_nothing_that_would_have_to_be_opened(home: Path) -> None:
    point_at(home, 1)
    snapshots = Snapshots(home)
    assert snapshots.at_hand() is None
    shown = snapshots.current()
    assert snapshots.at_hand() is shown
    point_at(home, 2)
    assert snapshots.at_hand() is None
    assert snapshots.current().id == 2
    assert snapshots.at_hand() is snapshots.current()
