"""kill -9 at every step and at random moments, readers in three processes, a disk that fails: all stays whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.publish import disk
from pipelines.publish.pointer import kept, party_path, read_pointer, state_path
from pipelines.publish.recover import whole_pair
from tests.pipelines.publishing import deliveries, publish_one, small_home

FORK = multiprocessing.get_context("fork")
KILLS = 70
GENERATIONS = 8
CHANGES = frozenset({"open", "os.rename", "os.chmod", "os.link", "os.remove"})


def write_for_ever(home: Home) -> None:
    while True:
        publish_one(home)


def publish_up_to(home: Home, step: int) -> None:
    """Publish, and be gone before the `step`-th change: a file of the home made, synced, renamed, sealed or removed."""
    left = count(1)

    def die(event: str, arguments: tuple[Any, ...]) -> None:
        is_change = event in CHANGES and arguments[1:2] != ("r",) and str(arguments[0]).startswith(str(home.root))
        if is_change and next(left) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    publish_one(home)
    os._exit(0)


def killer(home: Home, orders: Connection) -> None:
    """A warm parent that has never opened a database: forks a writer, which dies after a time or at a step; says so."""
    while (order := orders.recv()) is not None:
        child = os.fork()
        if child == 0 and isinstance(order, int):
            publish_up_to(home, order)
        if child == 0:
            write_for_ever(home)
        if isinstance(order, float):
            time.sleep(order)
            os.kill(child, signal.SIGKILL)
        orders.send(os.WIFSIGNALED(os.waitpid(child, 0)[1]))
    os._exit(0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path)


@pytest.fixture
def killed(home: Home) -> Iterator[Callable[[float], bool]]:
    """Whether a writer was killed: after so many seconds, or, told a whole number, at that step."""
    here, there = FORK.Pipe()
    parent = FORK.Process(target=killer, args=(home, there))
    parent.start()

    def kill(order: float) -> bool:
        here.send(order)
        return bool(here.recv())

    yield kill
    here.send(None)
    parent.join(10)


def whole(home: Home, before: int) -> int:
    """The generation in force, which is whole and no older than `before`."""
    pointer = read_pointer(home)
    assert pointer is not None and pointer.generation >= before
    assert disk.sha256_file(state_path(home, pointer.generation)) == pointer.state
    assert disk.sha256_file(party_path(home, pointer.generation)) == pointer.party
    return pointer.generation


def test_a_kill_at_any_step_damages_nothing(home: Home, killed: Callable[[float], bool]) -> None:
    publish_one(home)
    before, step, published = 1, 1, 1
    while killed(step):
        now, step = whole(home, before), step + 1
        before, published = now, published + (now > before)
        assert deliveries(home) == published, "a publication is there wholly or not at all"
    assert step > 12 and whole(home, before) > before, "the last writer was let live"
    assert whole_pair(home, whole(home, before)) == read_pointer(home)
    publish_one(home)
    assert deliveries(home) == published + 2 and list(home.snapshots.glob(".draft-*")) == []


def test_kills_at_random_moments_damage_nothing(home: Home, killed: Callable[[float], bool]) -> None:
    publish_one(home)
    moments, before, leftovers, longest = random.Random(20261122), 1, 0, 0.3
    for _ in range(KILLS):
        assert killed(moments.uniform(0.005, longest))
        leftovers += len(list(home.snapshots.glob(".draft-*")))
        now = whole(home, before)
        # a busy machine publishes slowly: the window follows it, so that about half of the kills come too late
        longest = max(0.05, longest * 0.8) if now > before else min(4.0, longest * 1.3)
        before = now
    assert whole_pair(home, before) == read_pointer(home)
    assert deliveries(home) > 2 and leftovers > 5, "the kills came too early or too late to mean anything"
    publish_one(home)
    assert list(home.snapshots.glob(".draft-*")) == []


def read_along(home: Home, results: Any) -> None:
    """Open what CURRENT names, again and again; report how many reads, which generations, and what went wrong."""
    last, reads, wrong = 0, 0, []
    while last < GENERATIONS:
        pointer = read_pointer(home)
        if pointer is None:
            continue
        try:
            with duckdb.connect() as db:
                db.execute(f"ATTACH '{state_path(home, pointer.generation)}' AS snap (READ_ONLY)")
                query = "SELECT (SELECT count(*) FROM snap.delivery) * 3, (SELECT count(*) FROM snap.fact_small)"
                promised, found = db.execute(query).fetchall()[0]
        except duckdb.Error as error:
            wrong.append(str(error))
            break
        reads += 1
        if promised != found or pointer.generation < last:
            wrong.append(f"{pointer.generation} after {last}: {promised} != {found}")
        last = pointer.generation
    results.put((reads, wrong))


def test_three_readers_see_no_torn_and_no_older_snapshot(home: Home) -> None:
    results: Any = FORK.SimpleQueue()
    readers = [FORK.Process(target=read_along, args=(home, results)) for _ in range(3)]
    for reader in readers:
        reader.start()
    writer = FORK.Process(target=lambda: [publish_one(home) for _ in range(GENERATIONS)])
    writer.start()
    found = [results.get() for _ in readers]
    for process in (*readers, writer):
        process.join(60)
    assert [wrong for _, wrong in found] == [[], [], []]
    assert all(reads >= 5 for reads, _ in found)


class DiskError(OSError):
    pass


@pytest.mark.parametrize("step", ["fsync_file", "fsync_folder", "write_line", "copy_hashed", "sha256_file"])
def test_a_step_that_fails_leaves_what_was_published(home: Home, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publish_one(home)

    def fail(*_: object) -> None:
        raise DiskError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk, step, fail)
        with pytest.raises(DiskError):
            publish_one(home)
    assert read_pointer(home) == before
    assert deliveries(home) == 1
    after = publish_one(home)
    assert after.generation > before.generation and deliveries(home) == 2
    assert list(home.snapshots.glob(".draft-*")) == []


@pytest.mark.parametrize("name", ["rename", "replace", "chmod"])
def test_a_rename_that_fails_leaves_what_was_published(home: Home, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publish_one(home)

    def fail(*_: object) -> None:
        raise DiskError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(Path, name, fail)
        with pytest.raises(DiskError):
            publish_one(home)
    assert read_pointer(home) == before and deliveries(home) == 1
    publish_one(home)
    assert deliveries(home) == 2


def write_on_a_full_disk(home: Home, results: Any) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    try:
        publish_one(home, rows=300_000)
        results.put("published")
    except (duckdb.Error, OSError) as error:
        results.put(type(error).__name__)
    os._exit(0)


def test_a_disk_that_fills_up_while_drafting_costs_only_the_draft(home: Home) -> None:
    results: Any = FORK.SimpleQueue()
    first = FORK.Process(target=publish_one, args=(home,))
    first.start()
    first.join(30)
    before = read_pointer(home)
    full = FORK.Process(target=write_on_a_full_disk, args=(home, results))
    full.start()
    assert results.get() != "published"
    full.join(30)
    assert read_pointer(home) == before and kept(home) == [1]
    assert deliveries(home) == 1
    publish_one(home)
    assert deliveries(home) == 2
