"""What a watch makes ahead saves time and nothing else: the same tables, and no copy of what is no longer in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, current_thread
from typing import Any, NamedTuple

import pytest

import pipelines.ahead
from pipelines import build
from pipelines.ahead import Ahead, Known
from pipelines.build import known_of
from pipelines.contract import Code
from pipelines.publish import disk, sweep
from pipelines.publish.draft import CLEARANCES, Clearance
from pipelines.publish.pointer import read_pointer, state_path
from pipelines.report import LoadReport
from pipelines.run import load_once, rebuild
from pipelines.verify import verify
from tests.pipelines.installation import Installation, row, table_hashes
from tests.pipelines.spare import spared
from tests.pipelines.test_damage import flip


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@dataclass
class Attended:
    """An installation whose runs find what the one before left ready, as those of a watch do."""

    one: Installation
    ahead: Ahead

    def load(self, name: str = "", *rows: str) -> LoadReport:
        if name:
            self.one.drop(name, rows)
        with spared():
            return load_once(replace(self.one.at(), ahead=self.ahead))

    @property
    def copies(self) -> dict[str, bytes]:
        """Name and content of every copy that lies ready, once none is being made."""
        self.ahead.prepare()
        self.ahead._pool.submit(int).result()
        return {path.name: path.read_bytes() for path in self.one.home.scratch.glob("ahead-*/*")}


@pytest.fixture
def attended(loaded: Installation) -> Iterator[Attended]:
    def know(path: Path, clearance: Clearance) -> Known | None:
        return known_of(path, loaded.home.scratch, loaded.book(), clearance)

    with Ahead(loaded.home, know) as ahead:
        yield Attended(loaded, ahead)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """From where to where snapshots are copied."""
    found: list[tuple[str, str]] = []
    copy = disk.copy_hashed

    def noted(source: Path, target: Path) -> str:
        found.append((source.name, target.name))
        return copy(source, target)

    monkeypatch.setattr(disk, "copy_hashed", noted)
    return found


def in_force(one: Installation) -> bytes:
    pointer = read_pointer(one.home)
    assert pointer is not None
    return state_path(one.home, pointer.generation).read_bytes()


def test_a_copy_of_both_files_in_force_lies_ready(attended: Attended) -> None:
    copies = attended.copies
    assert sorted(copies) == sorted(f"{clearance}.duckdb" for clearance in CLEARANCES)
    assert copies["state.duckdb"] == in_force(attended.one)


def test_a_run_begins_with_the_copy_and_makes_none(attended: Attended, copied: list[tuple[str, str]]) -> None:
    assert attended.copies
    copied.clear()
    assert attended.load("second.csv", row("S-1")).published
    assert not any(target.startswith(".draft") for _, target in copied)
    assert attended.load("third.csv", row("T-1")).published
    assert any(target.startswith(".draft") for _, target in copied), "a copy is handed out once"


def test_a_copy_is_on_the_disk_before_anybody_needs_it(
    attended: Attended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else publishing would wait for every byte of it, and not only for those that changed."""
    synced, sync = list[str](), disk.fsync_file

    def noted(path: Path) -> None:
        synced.append(path.name)
        sync(path)

    monkeypatch.setattr(disk, "fsync_file", noted)
    attended.one.drop("by hand.csv", [row("H-1")])
    attended.one.load()
    synced.clear()
    assert attended.copies and "state.duckdb" in synced


def test_a_copy_is_made_once_for_a_file_and_anew_for_another(
    attended: Attended, copied: list[tuple[str, str]]
) -> None:
    for _ in range(3):
        assert attended.copies
    assert sorted(copied) == [("00000002.duckdb", "state.duckdb"), ("00000002.party.duckdb", "party.duckdb")]
    attended.one.drop("by hand.csv", [row("H-1")])
    attended.one.load()  # by somebody else: what was copied is not in force any more
    assert attended.copies["state.duckdb"] == in_force(attended.one)


def test_step_by_step_from_copies_equals_a_rebuild(attended: Attended) -> None:
    steps = {
        "late": [row("L-1", received="03/01/2024 08:00", due="10/01/2024", ended="09/01/2024 08:00")],
        "moved": [row("A-1", ended="", updated="18/03/2026 09:30"), row("M-1")],
        "elsewhere": [row("E-1", unit="27712"), row("broken", received="31/02/2026")],
    }
    for name, rows in steps.items():
        assert attended.copies
        assert attended.load(f"{name}.csv", *rows).published
        assert attended.ahead._known["state"][0] == getattr(read_pointer(attended.one.home), "state", "")
    stepped = table_hashes(attended.one)
    attended.one.rebuild()
    assert table_hashes(attended.one) == stepped and verify(attended.one.home) == []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Threads in which what a file says of itself is measured."""
    found, known = list[str](), build._known

    def noted(*given: Any) -> Known:
        found.append("ahead" if current_thread().name.startswith("ahead") else "run")
        return known(*given)

    monkeypatch.setattr(build, "_known", noted)
    return found


def test_what_a_file_says_of_itself_is_known_before_a_run_needs_it(attended: Attended, asked: list[str]) -> None:
    """By whomever it was published; and of what this watch published itself nothing is asked at all."""
    assert attended.copies and asked == ["ahead"] * 2
    for name in ("second.csv", "third.csv"):
        assert attended.load(name, row(name)).published and attended.copies
    assert asked.count("run") == 0 and len(asked) <= 3
    attended.one.drop("by hand.csv", [row("H-1")])
    attended.one.load()
    asked.clear()
    assert attended.load("fourth.csv", row("X-1")).published
    assert asked == ["run"], "nobody had time to look at it"


def test_under_another_rulebook_nothing_is_known(attended: Attended) -> None:
    one = attended.one
    for book, is_known in ((one.book(), True), (replace(one, code=Code("x", "y", "z")).book(), False)):
        assert (known_of(state_path(one.home, 2), one.home.scratch, book, "state") is not None) is is_known


def test_what_cannot_be_known_is_measured_by_the_run(loaded: Installation, asked: list[str]) -> None:
    def fails(*_: object) -> None:
        raise ValueError("whatever it is")

    with Ahead(loaded.home, fails) as ahead:
        attended = Attended(loaded, ahead)
        assert attended.copies
        assert attended.load("second.csv", row("S-1")).published
    assert asked == ["run"]


def test_damage_is_never_copied_into_a_generation(attended: Attended) -> None:
    flip(state_path(attended.one.home, 2), 8 * 20_000)
    assert "state.duckdb" not in attended.copies
    report = attended.load("second.csv", row("S-1"))
    assert report.published and report.notes, "the run finds the damage itself, says it, and rebuilds"
    assert {damage.where for damage in verify(attended.one.home)} == {"snapshots/00000002.duckdb"}


def test_a_copy_of_what_is_not_wanted_any_more_is_removed(attended: Attended) -> None:
    assert attended.copies
    rebuild(replace(attended.one.at(), ahead=attended.ahead))
    assert not list(attended.one.home.scratch.glob("ahead-*/state.duckdb")), "a rebuild begins with nothing"
    assert attended.copies["state.duckdb"] == in_force(attended.one)


def full(_: Path) -> Usage:
    return Usage(1 << 30, (1 << 30) - 4096, 4096)


def fails(source: Path, target: Path) -> str:
    target.write_bytes(source.read_bytes()[:100])
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("name", "instead"), [("shutil.disk_usage", full), ("pipelines.publish.disk.copy_hashed", fails)])
def test_without_room_there_is_no_copy_and_nothing_else_is_missing(
    attended: Attended, name: str, instead: Callable[..., object]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name, instead)
        assert attended.copies == {}
    assert attended.load("second.csv", row("S-1")).published


def test_nobody_waits_for_ever_for_a_copy(attended: Attended, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, copy = Event(), Event(), disk.copy_hashed

    def slow(source: Path, target: Path) -> str:
        if target.name == "state.duckdb":
            begun.set()
            go_on.wait(60)
        return copy(source, target)

    monkeypatch.setattr(disk, "copy_hashed", slow)
    monkeypatch.setattr(pipelines.ahead, "PATIENCE", 0.01)
    attended.ahead.prepare()
    assert begun.wait(60)
    try:
        assert attended.load("second.csv", row("S-1")).published
    finally:
        go_on.set()


def test_a_sweep_leaves_copies_to_the_living_and_the_end_takes_them_away(loaded: Installation) -> None:
    with Ahead(loaded.home) as ahead:
        before = Attended(loaded, ahead).copies
        sweep(loaded.home)
        assert Attended(loaded, ahead).copies == before != {}
    assert list(loaded.home.scratch.iterdir()) == []
