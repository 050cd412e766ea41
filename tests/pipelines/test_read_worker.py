"""A stranger's file may end the child that reads it; the parent goes on with the next file in a new child."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import Rejected
from pipelines.read import Limits, Worker
from pipelines.run import load_once
from tests.pipelines.installation import Installation, row
from tests.pipelines.reading import GOOD, HEADER, Reading, rows_of

MUCH = HEADER + GOOD * 400_000


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reading]:
    with Worker() as worker:
        yield Reading(worker, tmp_path)


def test_one_child_serves_many_files(reads: Reading) -> None:
    reads(HEADER + GOOD)
    first = reads.worker.pid
    reads.verdict("")
    reads(HEADER + GOOD)
    assert (reads.worker.pid, first is not None) == (first, True)


def test_a_look_for_a_secrecy_mark_does_not_wait_for_what_only_readers_need(reads: Reading) -> None:
    def has_polars() -> bool:
        return "polars" in Path(f"/proc/{reads.worker.pid}/maps").read_text()

    reads.worker.ask("look", 1, Limits(), {"files": []})
    assert not has_polars()
    reads(HEADER + GOOD)
    assert has_polars()


def test_a_warm_child_has_what_the_first_file_needs(reads: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    reads.worker.warm()
    first = reads.worker.pid
    assert "polars" in Path(f"/proc/{first}/maps").read_text()
    reads(HEADER + GOOD)
    assert reads.worker.pid == first

    def fails(_: Worker) -> None:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(Worker, "_start", fails)
    with Worker() as another:
        another.warm()  # nobody has sent anything yet, so nobody is told
        with pytest.raises(OSError, match="no more processes"):
            another.ask("look", 1, Limits(), {"files": []})


def test_a_child_that_died_between_two_files_costs_nothing(reads: Reading) -> None:
    reads(HEADER + GOOD)
    assert reads.worker.pid
    os.kill(reads.worker.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert rows_of(reads(HEADER + GOOD)).height == 1


@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (Limits(wall=0, wall_per_gb=0), {"reader_too_slow"}),
        (Limits(memory=48 << 20), {"reader_out_of_memory", "reader_died", "reader_failed"}),
        (Limits(written=1000), {"reader_failed", "reader_died"}),
    ],
    ids=["wall", "memory", "disk"],
)
def test_limits_cost_one_file(reads: Reading, limits: Limits, codes: set[str]) -> None:
    reads(HEADER + GOOD)
    assert reads.verdict(MUCH, limits=limits) in codes
    assert rows_of(reads(HEADER + GOOD)).height == 1


def test_cpu_is_limited_per_file(reads: Reading) -> None:
    slow = MUCH * 4 + "one cell\n"  # irregular: read row by row
    assert reads.verdict(slow, limits=Limits(cpu=0, cpu_per_gb=0)) == "reader_too_slow"
    assert rows_of(reads(HEADER + GOOD)).height == 1


def test_a_killed_child_is_a_reason(reads: Reading) -> None:
    reads(HEADER + GOOD)
    child = reads.worker.pid
    assert child
    os.kill(child, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child, signal.SIGKILL)).start()
    assert reads.verdict(MUCH) == "reader_killed"
    assert rows_of(reads(HEADER + GOOD)).height == 1


def test_after_a_large_file_the_child_is_replaced_and_the_parent_stays_small(reads: Reading) -> None:
    def resident() -> int:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) << 10

    before = resident()
    assert rows_of(reads(MUCH)).height == 400_000
    assert resident() - before < 300 << 20


def test_the_child_knows_no_environment_of_ours(reads: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_SECRET", "x")
    reads(HEADER + GOOD)
    assert b"IOC_SECRET" not in Path(f"/proc/{reads.worker.pid}/environ").read_bytes()


def test_an_unknown_task_is_answered(reads: Reading) -> None:
    with pytest.raises(Rejected, match="KeyError"):
        reads.worker.ask("dance", 0, Limits(), {})


def children() -> set[str]:
    """Process ids of whatever this process has started and not yet seen end."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def test_no_child_outlives_the_run_that_started_it(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = Worker._start

    def noted(self: Worker) -> subprocess.Popen[bytes]:
        started.append(start(self))
        return started[-1]

    monkeypatch.setattr(Worker, "_start", noted)
    loaded.drop("x.csv", [row("X-1")])
    before = children()
    load_once(loaded.at())
    assert len(started) >= 2, "one looks for secrecy marks, one reads"
    assert children() <= before and all(child.returncode is not None for child in started)
