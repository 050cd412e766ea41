"""A whole run killed at any moment: the next one loads every file once, and what is published is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

from pipelines import ledger
from pipelines.contract import read_code
from pipelines.home import writer_lock
from pipelines.publish.pointer import read_pointer
from pipelines.verify import verify
from tests.pipelines.installation import REPOSITORY, Installation, row
from tests.pipelines.kills import survive

KILLS, AT_MOST = 12, 60


def test_a_killed_run_loses_no_file_and_counts_none_twice(loaded: Installation) -> None:
    assert survive(loaded, KILLS, AT_MOST) == []


def run(one: Installation, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipelines", *arguments, "--home", str(one.home.root), "--data", str(one.data)]
    environment = {**os.environ, "IOC_PRODUCT_DATA": str(one.home.root)}  # no catalogue but the place's own
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_of_two_processes_one_loads_and_the_other_says_so(loaded: Installation) -> None:
    with writer_lock(loaded.home, "another process"):
        second = run(loaded, "load")
        out, told = second.communicate(timeout=120)
    assert second.returncode == 75 and out == ""
    assert "another process" in told and "Traceback" not in told


def test_of_two_that_start_at_once_every_file_is_loaded_once(loaded: Installation) -> None:
    for number in range(5):
        loaded.drop(f"t{number}.csv", [row(f"T-{number}")])
    both = [run(loaded, "load", "--json") for _ in range(2)]
    told = [one.communicate(timeout=120) for one in both]
    codes = sorted(one.returncode for one in both)
    assert codes in ([0, 0], [0, 75]) and not any("Traceback" in err for _, err in told)
    loaded.code = read_code(REPOSITORY / "pipelines")  # what the two processes were made of
    loaded.load()
    assert loaded.ask("SELECT count(*), count(DISTINCT file) FROM delivery WHERE file LIKE 't%'") == [(5, 5)]
    lines = Counter(line["file"] for line in ledger.read_ledger(loaded.home.ledger))
    assert {lines[f"t{number}.csv"] for number in range(5)} == {1} and verify(loaded.home) == []


def test_a_watch_ends_cleanly_on_sigterm(loaded: Installation) -> None:
    loaded.drop("w.csv", [row("W-1")])
    watching = run(loaded, "watch", "--every", "0.2")
    deadline = time.monotonic() + 120
    while (read_pointer(loaded.home) or loaded).generation < 3 and time.monotonic() < deadline:  # type: ignore[union-attr]
        time.sleep(0.1)
    watching.send_signal(signal.SIGTERM)
    out, told = watching.communicate(timeout=60)
    assert (watching.returncode, told) == (0, "") and "Stopped as asked" in out
    assert loaded.ask("SELECT verdict FROM delivery WHERE file = 'w.csv'") == [("loaded",)]
    with writer_lock(loaded.home, "the lock is free again"):
        pass
