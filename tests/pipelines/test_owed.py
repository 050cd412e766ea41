"""Killed or out of disk after publication, a run owes letters; the next one writes them, and none is written twice."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import stat
from pathlib import Path

import pytest

from pipelines import giveback, owed
from pipelines.errors import Reason
from pipelines.publish.pointer import read_pointer
from pipelines.report import FileReport
from pipelines.verify import verify
from tests.pipelines.installation import START, Installation, row

BAD = "31/02/2026"


def letters(one: Installation) -> list[str]:
    return sorted(path.name.split(".")[0] for path in (one.home.root / "returned").glob("*/*.xlsx"))


def drop_two(one: Installation) -> None:
    """Two files that each need an answer."""
    one.drop("half.csv", [row("B-1"), row("B-2", received=BAD)])
    one.drop("other.csv", [row("C-1"), row("C-2", due=BAD)])


def load_and_die(one: Installation, where: str, after: int) -> None:
    """A run that is killed when it calls `where` for the (after + 1)-th time."""
    calls = [0]
    module, name = where.rsplit(".", 1)
    place = importlib.import_module(module)
    whole = getattr(place, name)

    def die(*arguments: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] > after:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*arguments, **named)

    setattr(place, name, die)
    one.load()


def killed_at(one: Installation, where: str, after: int) -> None:
    """Have another process die there."""
    # Forked from a server that has imported everything and run nothing: no thread is lost.
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(["tests.pipelines.installation"])
    writer = clean.Process(target=load_and_die, args=(one, where, after))
    writer.start()
    writer.join(120)
    assert writer.exitcode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("where", "after", "published"),
    [
        ("pipelines.run.publish", 0, False),  # owed, and nothing published: judged again
        ("pipelines.run.write_up", 1, True),  # published, and the ledger does not know
        ("pipelines.run.settle_debts", 0, True),  # published, acknowledged, no letter
        ("pipelines.giveback.annotate", 1, True),  # one letter of two
    ],
)
def test_a_run_that_was_killed_still_answers(fresh: Installation, where: str, after: int, published: bool) -> None:
    fresh.drop("a.csv", [row("A-1")])
    fresh.load()
    drop_two(fresh)
    killed_at(fresh, where, after)
    pointer = read_pointer(fresh.home)
    assert pointer is not None and (pointer.generation == 2) is published
    assert owed.path_of(fresh.home).exists() and len(letters(fresh)) < 2
    fresh.load()
    assert letters(fresh) == ["half", "other"] and not owed.path_of(fresh.home).exists()
    assert verify(fresh.home) == []


def test_a_letter_that_was_taken_away_is_not_written_again(fresh: Installation) -> None:
    drop_two(fresh)
    fresh.load()
    for path in (fresh.home.root / "returned").glob("*/*.xlsx"):
        path.unlink()
    fresh.drop("new.csv", [row("N-1")])
    fresh.load()
    assert letters(fresh) == []


def test_a_full_disk_is_a_delay(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_two(fresh)
    with monkeypatch.context() as patch:
        patch.setattr(giveback, "annotate", _full)
        report = fresh.load()
    assert report.published and "No space left" in report.notes[-1][1] and letters(fresh) == []
    assert fresh.load().notes == [] and letters(fresh) == ["half", "other"]


def test_our_own_fault_with_one_letter_keeps_no_other_back(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = giveback.annotate

    def one_fails(answer: giveback.Answer, path: Path) -> Path:
        if answer.report.file == "half.csv":
            raise ZeroDivisionError
        return whole(answer, path)

    monkeypatch.setattr(giveback, "annotate", one_fails)
    drop_two(fresh)
    assert "ZeroDivisionError" in fresh.load().notes[-1][1]
    assert letters(fresh) == ["other"] and not owed.path_of(fresh.home).exists()


def test_what_is_owed_comes_back_as_it_was_and_nobody_else_may_read_it(fresh: Installation) -> None:
    one = FileReport("x.csv", "counter", "a" * 64, "rejected", START, 3, 1, 2, 0, 1,
                     (Reason("date_is_readable", {"rows": 2, "line": 4}),))  # fmt: skip
    loaded = FileReport("y.csv", "counter", "b" * 64, "loaded", START)
    owed.owe(fresh.home, [loaded])
    assert not owed.path_of(fresh.home).exists()
    owed.owe(fresh.home, [one, loaded])
    owed.owe(fresh.home, [one])
    assert owed.owed(fresh.home) == (one,)
    assert stat.S_IMODE(owed.path_of(fresh.home).stat().st_mode) == 0o600
    owed.path_of(fresh.home).write_text(json.dumps([{"source": 1}]), encoding="utf-8")
    assert owed.owed(fresh.home) == ()


def test_a_debt_that_no_ledger_knows_is_struck_out(fresh: Installation) -> None:
    fresh.load()
    owed.owe(fresh.home, [FileReport("x.csv", "counter", "a" * 64, "rejected", START)])
    fresh.load()
    assert not owed.path_of(fresh.home).exists()


def _full(*_: object) -> Path:
    raise OSError(28, "No space left on device")
