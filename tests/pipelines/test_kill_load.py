"""A whole run killed at any moment: the next one loads every file once, and what is published is whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from multiprocessing.context import BaseContext

from pipelines import ledger
from pipelines.home import writer_lock
from pipelines.publish.pointer import read_pointer
from pipelines.publish.recover import whole_pair
from tests.pipelines.installation import REPOSITORY, Installation, load_in_another_process, row

KILLS, AT_MOST = 12, 60


def test_a_killed_run_loses_no_file_and_counts_none_twice(loaded: Installation) -> None:
    # Writers are forked from a server that has imported everything and run nothing: no thread is lost.
    moments, clean = random.Random(7), multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(["tests.pipelines.installation"])
    longest, outcomes, generations, kill = how_long(clean, loaded), set[int | None](), set[int](), 0
    while kill < KILLS or (kill < AT_MOST and (len(generations) < 3 or -signal.SIGKILL not in outcomes)):
        loaded.drop(f"k{kill}.csv", [row(f"K-{kill}-{n}") for n in range(3)])
        writer = clean.Process(target=load_in_another_process, args=(loaded,))
        writer.start()
        time.sleep(moments.uniform(0.05, 1.0) * longest)
        writer.kill()
        writer.join()
        outcomes.add(writer.exitcode)
        pointer = read_pointer(loaded.home)
        assert pointer is not None and whole_pair(loaded.home, pointer.generation) == pointer
        # a busy machine loads slowly: the window follows it, so that about half of the kills come too late
        longest *= 1.3 if pointer.generation in generations else 0.8
        generations.add(pointer.generation)
        kill += 1
    assert -signal.SIGKILL in outcomes and len(generations) > 2, "the kills came too early or too late"
    loaded.load()
    assert loaded.ask("SELECT count(*) FROM fact_dossier WHERE case_id IS NOT NULL") == [(7 + 3 * kill,)]
    verdicts = Counter(line["file"] for line in ledger.read_ledger(loaded.home.ledger))
    assert verdicts == dict.fromkeys([*(f"k{n}.csv" for n in range(kill)), "a.csv", "b.csv", "c.csv", "p.csv",
                                      "picture.csv", "first.csv"], 1)
    assert ledger.damage(loaded.home.ledger) == []


def how_long(clean: BaseContext, one: Installation) -> float:
    """Seconds that an undisturbed run takes in such a process, today, on this machine."""
    one.drop("first.csv", [row("F-1")])
    started = time.monotonic()
    writer = clean.Process(target=load_in_another_process, args=(one,))  # type: ignore[attr-defined]
    writer.start()
    writer.join()
    assert writer.exitcode == 0
    return time.monotonic() - started


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
