"""Whoever sends a file that takes long waits for it himself; everybody else is published meanwhile, as ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.claim import claimed, is_claimed
from pipelines.delivery import Delivery
from pipelines.errors import Reason, Rejected, StoppedError
from pipelines.intake import read_delivery
from pipelines.lanes import AHEAD, PATIENCE, QUICK, TRIED, Reading, all_stuck, next_for, stuck
from pipelines.mapping import SourceMapping
from pipelines.publish import sweep
from pipelines.read import Limits, Table, Worker
from pipelines.readers import Readers
from pipelines.report import LoadReport
from pipelines.run import load_once, rebuild
from tests.pipelines.installation import Installation, install, row, table_hashes
from tests.pipelines.loading import RECEIVED
from tests.pipelines.spare import spared

SLOW = "slow.csv"


@dataclass
class Gate:
    """The real reader, but for one file: it is there only when the gate is open, and says when it was begun."""

    opened: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    read: list[str] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def __call__(
        self, delivery: Delivery, mapping: SourceMapping, scratch: Path, worker: Worker, limits: Limits | None = None
    ) -> Table:
        self.read.append(delivery.name)
        self.limits.append((limits or Limits()).wall)
        if delivery.name == SLOW:
            self.begun.set()
            self.opened.wait()
        return read_delivery(delivery, mapping, scratch, worker, limits)


class Clock:
    """Seconds: patience is over whenever the slow file is all that is still being read."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.readers: Readers | None = None

    def __call__(self) -> float:
        held = self.gate.begun.is_set() and not self.gate.opened.is_set()
        return PATIENCE if held and self.readers and self.readers.reading == {SLOW} else 0.0


@dataclass
class Watched:
    """An installation whose runs share their readers, as those of a watch do."""

    one: Installation
    readers: Readers
    gate: Gate
    clock: Clock
    stopping: threading.Event

    def load(self) -> LoadReport:
        return load_once(replace(self.one.at(), readers=self.readers))


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    one, gate, stopping = install(tmp_path), Gate(), threading.Event()
    mapping = (one.data / "mappings" / "counter.toml").read_text("utf-8")
    (one.data / "mappings" / "other.toml").write_text(mapping, encoding="utf-8")
    one.drop("first.csv", [row("F-1")])
    one.load()
    with spared(), Readers(clock := Clock(gate), stopping.is_set, gate) as clock.readers:
        readers = clock.readers
        yield Watched(one, readers, gate, clock, stopping)
        gate.opened.set()


def told(report: LoadReport) -> list[tuple[str | None, str]]:
    return [(file.file, file.verdict) for file in report.files]


def test_a_file_that_takes_long_holds_up_nobody_and_is_taken_into_a_later_generation(watched: Watched) -> None:
    one = watched.one
    one.drop(SLOW, [row("S-1")])
    one.drop("to wait.csv", [row("B-1")])
    one.drop("quick.csv", [row("Q-1")], source="other")
    one.drop("p.csv", [row("P-1")], source="chibo_thu")
    first = watched.load()
    assert sorted(told(first)) == [("p.csv", "loaded"), ("quick.csv", "loaded")] and first.published
    one.drop("later.csv", [row("L-1")], source="other")
    assert told(watched.load()) == [("later.csv", "loaded")], "a run that finds it still being read does not wait"
    assert not watched.load().published and watched.readers.pending == 2
    watched.gate.opened.set()
    watched.readers.rest()
    last = [*told(watched.load())]
    while watched.readers.pending:
        watched.readers.rest()
        last += told(watched.load())
    assert last == [(SLOW, "loaded"), ("to wait.csv", "loaded")], "of one source in the order of receipt"
    assert watched.gate.read.count(SLOW) == 1, "it was read once, through several runs"
    hashes = table_hashes(one)
    one.rebuild()
    assert table_hashes(one) == hashes


def test_a_load_by_hand_publishes_the_others_first_and_ends_with_everything(watched: Watched) -> None:
    watched.one.drop(SLOW, [row("S-1")])
    watched.one.drop("quick.csv", [row("Q-1")], source="other")
    seen: list[int] = []

    class Resting(Readers):
        def rest(self) -> None:
            seen.append(watched.one.ask("SELECT count(*) FROM fact_dossier")[0][0])
            watched.gate.opened.set()
            super().rest()

    import pipelines.run

    with pytest.MonkeyPatch.context() as patch:
        watched.clock.readers = Resting(watched.clock, reader=watched.gate)
        patch.setattr(pipelines.run, "Readers", lambda ticks: watched.clock.readers)
        report = load_once(replace(watched.one.at(), ticks=watched.clock))
    assert seen[0] == 2, "published before anybody waited for the slow one"
    assert told(report) == [("quick.csv", "loaded"), (SLOW, "loaded")] and report.snapshot == 3


def test_asked_to_stop_the_readings_are_given_up_and_nothing_is_lost(watched: Watched) -> None:
    watched.one.drop(SLOW, [row("S-1")])
    watched.load()
    watched.stopping.set()
    watched.gate.opened.set()
    watched.readers.__exit__(None, None, None)
    assert not list(watched.one.home.scratch.iterdir())
    assert told(watched.one.load()) == [(SLOW, "loaded")]


def test_a_rebuild_waits_for_everything_and_asked_to_stop_publishes_nothing_half(watched: Watched) -> None:
    watched.one.drop(SLOW, [row("S-1")])
    watched.one.drop("quick.csv", [row("Q-1")], source="other")
    watched.load()
    generation = watched.one.manifest()
    watched.stopping.set()
    with pytest.raises(StoppedError):
        rebuild(replace(watched.one.at(), readers=watched.readers))
    assert watched.one.manifest() == generation and not list(watched.one.home.snapshots.glob(".draft*"))
    watched.stopping.clear()
    watched.gate.opened.set()
    report = rebuild(replace(watched.one.at(), readers=watched.readers))
    assert report.published and watched.one.ask("SELECT count(*) FROM fact_dossier") == [(3,)]


def test_new_rules_make_a_reading_under_the_old_ones_worthless(watched: Watched) -> None:
    watched.one.drop(SLOW, [row("S-1")])
    watched.load()
    path = watched.one.data / "mappings" / "counter.toml"
    path.write_text(path.read_text("utf-8").replace('constant = "counter"', 'constant = "post"'), encoding="utf-8")
    watched.gate.opened.set()
    watched.load()
    assert watched.one.ask("SELECT DISTINCT channel FROM fact_dossier WHERE source = 'counter'") == [("post",)]
    assert watched.gate.read.count(SLOW) == 2


def test_a_small_file_that_takes_long_moves_to_the_lane_of_the_long(watched: Watched) -> None:
    """In the lane of small files nobody stays longer than a moment; with more time the file is as good as any."""
    late = [True]

    def reader(
        delivery: Delivery, mapping: SourceMapping, scratch: Path, worker: Worker, limits: Limits | None = None
    ) -> Table:
        table = watched.gate(delivery, mapping, scratch, worker, limits)
        if delivery.name == "heavy.csv" and late.pop():
            raise Rejected(Reason("reader_too_slow"))
        return table

    late.insert(0, False)
    watched.one.drop("heavy.csv", [row("H-1")])
    with Readers(watched.clock, reader=reader) as readers:
        report = load_once(replace(watched.one.at(), readers=readers))
    assert told(report) == [("heavy.csv", "loaded")]
    assert watched.gate.limits == [TRIED, Limits().wall]


def test_a_folder_in_use_is_not_swept_and_a_dead_ones_is(watched: Watched) -> None:
    home = watched.one.home
    (home.scratch / "left").mkdir()
    with claimed(home.scratch, "mine") as folder:
        assert is_claimed(folder)
        assert sweep(home) == ["left"] and folder.is_dir()
    assert not folder.exists() and not is_claimed(folder)


def reading(source: str, number: int, size: int, state: str, began: float) -> Reading:
    delivery = Delivery(source, f"{number}", Path("x"), f"{source}{number:03d}", size, RECEIVED)
    one = Reading(delivery, Path("x"), size > QUICK)
    if state == "done":
        one.outcome.set_exception(Rejected(Reason("reader_too_slow")))
    elif state == "running":
        one.began, one.lane = began, "long"
    return one


@st.composite
def queues(draw: st.DrawFn) -> dict[str, list[Reading]]:
    """Any state the lanes can be in: at most one reading runs, in the lane of the long."""
    found, running = {}, draw(st.sampled_from("abc-"))
    for source in draw(st.sets(st.sampled_from("abc"))):
        sizes = draw(st.lists(st.sampled_from((1, 2, QUICK, QUICK + 1, 10 * QUICK)), max_size=4))
        found[source] = [reading(source, n, size, draw(st.sampled_from(("open", "done"))) if n < AHEAD else "open", 0)
                         for n, size in enumerate(sizes)]
        if source == running and sizes:
            found[source][0] = reading(source, 0, sizes[0], "running", draw(st.sampled_from((0.0, PATIENCE))))
    return found


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(queues())
def test_law_nobody_waits_behind_the_long_file_of_another(some: dict[str, list[Reading]]) -> None:
    now = PATIENCE + 1
    quick = next_for("quick", some, same=False)
    assert quick is None or not quick.is_long
    blocked = set(stuck(some, now))
    for source, queue in some.items():
        small = [one for one in queue[:AHEAD] if one.is_open and not one.is_long]
        assert not small or quick is not None, "a small file always finds a lane"
        first = next((one for one in queue if one in blocked), None)
        assert first is None or first.is_slow(now) or first.is_long, "a small file waits for its own source alone"
        assert all_stuck(some, {source}, now) == all(one in blocked for one in queue)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(queues())
def test_law_the_first_of_each_source_comes_before_the_second_of_any_and_small_before_large(
    some: dict[str, list[Reading]]
) -> None:
    for lane, same in (("quick", False), ("long", True)):
        found = next_for(lane, some, same)  # type: ignore[arg-type]
        if found is not None:
            rank = some[found.delivery.source].index(found)
            others = [(n, one.delivery.bytes) for queue in some.values() for n, one in enumerate(queue[:AHEAD])
                      if one.is_open and (same or not one.is_long)]
            assert (rank, found.delivery.bytes) == min(others)


def test_the_second_lane_prefers_what_is_long() -> None:
    some = {"a": [reading("a", 0, 1, "open", 0)], "b": [reading("b", 0, QUICK + 1, "open", 0)]}
    picked: Callable[[str], str] = lambda lane: next_for(lane, some, same=False).delivery.source  # type: ignore  # noqa
    assert (picked("quick"), picked("long")) == ("a", "b")


def test_every_file_of_a_source_has_its_turn_however_many_there_are(watched: Watched) -> None:
    """What was read ahead and merged makes room for the next: no lane sleeps while a file waits."""
    for number in range(3 * AHEAD):
        watched.one.drop(f"{number}.csv", [row(f"N-{number}")])
    assert [verdict for _, verdict in told(watched.load())] == ["loaded"] * 3 * AHEAD
