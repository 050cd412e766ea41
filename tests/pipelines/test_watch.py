"""A watch runs when something has changed, survives what fails, and ends when it is asked to."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.errors import PersonError
from pipelines.report import FileReport, LoadReport
from pipelines.watch import Alert, Glance, glance, kept, watch
from tests.pipelines.publishing import small_home


class Stopping:
    """Asks to stop after so many waits."""

    def __init__(self, waits: int) -> None:
        self.left, self.waited = waits, list[float]()

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float) -> bool:
        self.left -= 1
        self.waited.append(timeout)
        return self.is_set()


def looks(*texts: str) -> list[Glance]:
    return [((text, 0, 0),) for text in texts]


def watched(outcomes: list[LoadReport | Exception], glances: list[Glance]) -> tuple[int, list[object]]:
    """How often it ran and what it said, over as many looks as there are `glances`."""
    ran, said, left, stop = [0], list[object](), iter(glances), Stopping(len(glances))

    def run() -> LoadReport:
        outcome = outcomes[min(ran[0], len(outcomes) - 1)]
        ran[0] += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    watch(run, lambda: next(left), said.append, stop, 5.0)
    assert stop.waited == [5.0] * len(glances)
    return ran[0], said


def test_it_runs_at_once_and_then_only_when_something_changed() -> None:
    assert watched([LoadReport()], looks("a", "a", "b", "b", "b")) == (2, [])


def test_a_waiting_file_is_looked_at_again() -> None:
    growing = LoadReport(files=[FileReport("x", "s", None, "waiting")])
    ran, said = watched([growing, LoadReport()], looks("a", "a", "a"))
    assert ran == 2 and said == [growing]


def test_what_fails_is_said_and_tried_again() -> None:
    full, busy = OSError(28, "No space left on device"), PersonError("bận", "busy", 75)
    done, broken = LoadReport(snapshot=1, published=True), duckdb.IOException("Could not write all bytes to file")
    assert watched([full, busy, broken, done], looks("a", "a", "a", "a", "a")) == (4, [full, busy, broken, done])


def test_our_own_mistakes_are_not_hidden() -> None:
    try:
        watched([ZeroDivisionError()], looks("a"))
    except ZeroDivisionError:
        return
    raise AssertionError("a mistake of ours was swallowed")


def test_asked_to_stop_before_it_began_it_does_not_begin() -> None:
    assert watched([LoadReport()], []) == (0, [])


def test_a_glance_sees_what_comes_grows_and_goes(tmp_path: Path) -> None:
    home, data = small_home(tmp_path), tmp_path / "data"
    data.mkdir()
    seen = [glance(home, data)]
    (home.inbox / "s").mkdir()
    for change in ("one", "more than one"):
        (home.inbox / "s" / "x.csv").write_text(change)
        seen.append(glance(home, data))
    (data / "mapping.toml").write_text("")
    seen.append(glance(home, data))
    (home.inbox / "s" / "x.csv").unlink()
    seen.append(glance(home, data))
    assert len(set(seen)) == len(seen)
    assert glance(home, data) == seen[-1]


def test_what_is_kept_is_read_again_when_a_file_of_it_changed(tmp_path: Path) -> None:
    file, reads = tmp_path / "catalogue" / "desk.toml", list[str]()
    file.parent.mkdir()
    file.write_text("one")

    def read() -> str:
        reads.append(file.read_text())
        if reads[-1] == "wrong":
            raise PersonError("sai", "wrong")
        return reads[-1]

    current = kept(read, tmp_path)
    assert [current(), current()] == ["one", "one"] and reads == ["one"]
    file.write_text("wrong")
    for _ in range(2):
        with pytest.raises(PersonError):
            current()
    file.write_text("another")
    assert [current(), current()] == ["another", "another"] and reads == ["one", "wrong", "wrong", "another"]


def test_a_name_that_comes_ends_the_wait_and_one_that_is_written_to_does_not(tmp_path: Path) -> None:
    home, stop = small_home(tmp_path), Stopping(10)
    folder = home.inbox / "s"
    folder.mkdir()
    (folder / "x.csv.tmp").write_text("half")
    alert = Alert(stop, home.inbox)
    (folder / "x.csv.tmp").write_text("whole")
    assert not alert.wait(0.2) and len(stop.waited) == 4
    (folder / "x.csv.tmp").rename(folder / "x.csv")
    assert not alert.wait(0.2) and len(stop.waited) == 5, "seen at the first glimpse"
    stop.left = 1
    assert alert.wait(0.2) and alert.is_set()


def test_what_bears_a_temporary_name_is_nothing_to_do(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    (home.inbox / "s").mkdir()
    before = glance(home)
    (home.inbox / "s" / "x.csv.tmp").write_text("growing")
    assert glance(home) == before
    (home.inbox / "s" / "x.csv.tmp").rename(home.inbox / "s" / "x.csv")
    assert glance(home) != before
