"""Two children read side by side; whoever takes long is waited for by nobody but himself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from threading import Condition, Thread
from types import TracebackType
from typing import Final, Self

from pipelines.claim import claimed
from pipelines.delivery import Delivery
from pipelines.errors import Rejected, StoppedError
from pipelines.intake import Read, Terms, read_delivery, stage
from pipelines.lanes import LANES, PATIENCE, QUICK, TAKING, TRIED, DroppedError, Lane, Reading, all_stuck, next_for
from pipelines.load import Staged
from pipelines.read import Limits, Table, Worker
from pipelines.read.worker import warm

TICK: Final = 0.25  # seconds between two looks at the clock while nothing is ready
TOO_SLOW: Final = "reader_too_slow"
Asked = tuple[Delivery, Callable[[], Staged]]


class Readers:
    """A context manager around two lanes of reading; it may outlive a run, and what it reads outlives it too.

    `ticks` gives seconds, `stopping` whether somebody wants an end, `reader` reads a delivery within its limits.
    All else is told by `want`, once in every run.
    """

    def __init__(
        self, ticks: Callable[[], float], stopping: Callable[[], bool] = lambda: False, reader: Read = read_delivery
    ) -> None:
        self.worker = Worker()  # for looks and letters
        self.ticks, self.stopping, self._reader = ticks, stopping, reader
        self._turn = Condition()
        self._queues: dict[str, list[Reading]] = {}
        self._threads: list[Thread] = []
        self._folder = Path()
        self._stack = ExitStack()
        self._workers: dict[Lane, Worker] = {lane: self._stack.enter_context(Worker()) for lane in LANES}
        self._terms: Terms | None = None
        self._count = 0
        self._began = 0.0
        self._patient = self._whole = True
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._turn:
            self._closed = True
            for reading in self._all():
                reading.dropped = True
            self._turn.notify_all()
        while any(thread.is_alive() for thread in self._threads):
            for worker, thread in zip(self._workers.values(), self._threads, strict=True):
                worker.interrupt()
                thread.join(TICK)
        self.worker.close()
        self._stack.close()

    def warm(self) -> None:
        """Have all children up before there is anything for them: the first to send waits for no import."""
        warm(self.worker, *self._workers.values())

    def begin(self) -> None:
        """A run begins; from now on its patience is counted."""
        self._began = self.ticks()

    @property
    def has_enough(self) -> bool:
        """Whether what has been taken in so far should be read before anything else is taken in."""
        return self.stopping() or self.ticks() - self._began >= TAKING

    def want(self, deliveries: Collection[Delivery], terms: Terms, *, whole: bool, patient: bool) -> None:
        """Read these, as `terms` say, and forget whatever else was asked for. Call only under the writer's lock.

        `patient`: wait beyond the run's patience for all but the slow. `whole`: wait for everything.
        """
        if deliveries:
            self._start(terms.scratch)
        with self._turn:
            is_old = self._terms is None or self._terms.mark != terms.mark
            wanted = {(one.source, one.sha256) for one in deliveries}
            self._drop(lambda one: is_old or (one.delivery.source, one.delivery.sha256) not in wanted)
            self._terms, self._whole, self._patient = terms, whole, patient or whole
        self._ask(deliveries)

    def hopeful(self, deliveries: Collection[Delivery]) -> bool:
        """Whether any of these will be there soon enough to begin a draft for it."""
        sources = {one.source for one in deliveries}
        with self._turn:
            return self._whole or not all_stuck(self._queues, sources, self.ticks())

    def ready(self, deliveries: Sequence[Delivery]) -> Iterator[Asked]:
        """Each delivery with a call that gives what was staged of it (or raises Rejected), as they are ready.

        Within a source in the order given, so that whatever is judged by what came before it is judged the same
        every time. Ends where nothing is left but what this run does not wait for; that is there for the next.

        Raises StoppedError where everything was wanted and somebody asked to stop.
        """
        self._ask(deliveries)
        sources, given = {one.source for one in deliveries}, 0
        while (reading := self._await(sources, given)) is not None:
            given += 1
            try:
                yield reading.delivery, reading.outcome.result
            finally:
                rmtree(reading.folder, ignore_errors=True)

    @property
    def pending(self) -> int:
        """How many files are still being read, or wait for it."""
        with self._turn:
            return sum(1 for _ in self._all())

    @property
    def reading(self) -> set[str]:
        """Names of the files that are being read right now."""
        with self._turn:
            return {one.delivery.name for one in self._all() if one.lane is not None}

    @property
    def done(self) -> int:
        """How many sources have a file that could be merged at once."""
        with self._turn:
            return sum(bool(queue and queue[0].outcome.done()) for queue in self._queues.values())

    def rest(self) -> None:
        """Wait until there is something to merge, nothing left to read, or a wish to stop."""
        with self._turn:
            while any(self._queues.values()) and not self.done and not self.stopping():
                self._turn.wait(TICK)

    def _all(self) -> Iterator[Reading]:
        return (one for queue in self._queues.values() for one in queue)

    def _start(self, scratch: Path) -> None:
        if self._threads:
            return
        self._folder = self._stack.enter_context(claimed(scratch, "reading"))
        for lane in LANES:
            self._threads.append(Thread(target=self._serve, args=(lane,), name=f"reading {lane}", daemon=True))
            self._threads[-1].start()

    def _ask(self, deliveries: Iterable[Delivery]) -> None:
        with self._turn:
            known = {(one.delivery.source, one.delivery.sha256) for one in self._all()}
            for one in deliveries:
                if (one.source, one.sha256) not in known:
                    self._count += 1
                    folder = self._folder / f"{self._count:06d}-{one.sha256[:12]}"
                    self._queues.setdefault(one.source, []).append(Reading(one, folder, one.bytes > QUICK))
            for queue in self._queues.values():
                queue.sort(key=lambda one: (one.delivery.received_at, one.delivery.sha256))
            self._turn.notify_all()

    def _drop(self, unwanted: Callable[[Reading], bool]) -> None:
        for source, queue in self._queues.items():
            for reading in filter(unwanted, queue):
                reading.dropped = True
                if reading.lane is not None:
                    self._workers[reading.lane].interrupt()
            self._queues[source] = [one for one in queue if not one.dropped]

    def _await(self, sources: Collection[str], given: int) -> Reading | None:
        """The next reading of `sources` to be merged, None where this run is not to wait for any more."""
        with self._turn:
            while not self._is_ended():
                mine = [queue for source, queue in self._queues.items() if source in sources and queue]
                ready = [queue for queue in mine if queue[0].outcome.done()]
                if given and self._is_late():  # at least one in every run, or there would be no end
                    return None
                if ready:
                    self._turn.notify_all()  # the next of its source may be begun
                    return min(ready, key=lambda queue: queue[0].delivery.received_at).pop(0)
                if not mine or not (self._whole or not all_stuck(self._queues, sources, self.ticks())):
                    return None
                self._turn.wait(TICK)
        return None

    def _is_ended(self) -> bool:
        if self.stopping() and self._whole:
            raise StoppedError
        return self.stopping()

    def _is_late(self) -> bool:
        return not self._patient and self.ticks() - self._began >= PATIENCE

    def _serve(self, lane: Lane) -> None:
        while (found := self._next(lane)) is not None:
            reading, terms = found
            try:
                outcome: Staged | BaseException | None = self._staged(lane, reading, terms)
            except BaseException as error:  # whoever merges is told, in his own thread
                outcome = error
            with self._turn:
                self._settle(reading, outcome)
                self._turn.notify_all()

    def _next(self, lane: Lane) -> tuple[Reading, Terms] | None:
        with self._turn:
            while not self._closed:
                reading = next_for(lane, self._queues, self._whole)
                if reading is not None and self._terms is not None:
                    reading.lane = lane
                    reading.began = self.ticks() if reading.began is None else reading.began
                    return reading, self._terms
                self._turn.wait()
        return None

    def _staged(self, lane: Lane, reading: Reading, terms: Terms) -> Staged | None:
        """What the file holds; None where it takes too long for a file that looked small."""
        is_tried = not reading.is_long and not self._whole
        limits = replace(Limits(), wall=TRIED, wall_per_gb=0.0) if is_tried else Limits()
        mapping, worker = terms.mappings[reading.delivery.source], self._workers[lane]

        def go_on() -> None:
            if reading.dropped:
                raise DroppedError

        def table() -> Table:
            go_on()
            return self._reader(reading.delivery, mapping, reading.folder, worker, limits)

        try:
            return stage(reading.delivery, reading.folder, terms, table, go_on)
        except Rejected as refused:
            if is_tried and refused.reason.code == TOO_SLOW:
                return None
            raise

    def _settle(self, reading: Reading, outcome: Staged | BaseException | None) -> None:
        reading.lane = None
        if reading.dropped or outcome is None:
            rmtree(reading.folder, ignore_errors=True)
            reading.is_long = True
        elif isinstance(outcome, BaseException):
            reading.outcome.set_exception(outcome)
        else:
            reading.outcome.set_result(outcome)
