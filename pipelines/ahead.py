"""What the next run will need whatever comes is made while nobody waits: a verified copy, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

import polars as pl

from pipelines.claim import claimed
from pipelines.home import Home
from pipelines.machine import give_way
from pipelines.measure.sums import Sums
from pipelines.publish import disk
from pipelines.publish.draft import CLEARANCES, Clearance
from pipelines.publish.pointer import path_of, read_pointer
from pipelines.signals import Judged

if TYPE_CHECKING:
    from pipelines.build import Built, Job

PATIENCE: Final = 60.0
"""Seconds that a run waits for what is being made: to begin it anew would take no less."""


@dataclass(frozen=True, eq=False)
class Known:
    """What a file says of itself that the check of its next increment rests on."""

    sums: Sums
    judged: Judged
    senders: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Ready:
    """What is at hand of a file in force: a copy of exactly its bytes, and what is known of them."""

    copy: Path | None = None
    known: Known | None = None


NOTHING: Final = Ready()
T = TypeVar("T")
Know = Callable[[Path, Clearance], Known | None]


class Ahead:
    """A context manager beside a watch; whatever fails here costs the next run its head start and nothing else."""

    def __init__(self, home: Home, know: Know = lambda path, clearance: None) -> None:
        self._home, self._know = home, know
        self._copies: dict[Clearance, tuple[str, Future[Path | None]]] = {}
        self._known: dict[Clearance, tuple[str, Future[Known | None]]] = {}
        self._stack = ExitStack()
        self._folder = Path()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead", initializer=give_way)

    def __enter__(self) -> Self:
        self._folder = self._stack.enter_context(claimed(self._home.scratch, "ahead"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._stack.close()

    def prepare(self) -> None:
        """Have what is in force now copied and known, by whomever it was published, unless it is; returns at once."""
        pointer = read_pointer(self._home)
        if pointer is None:
            return
        for clearance in CLEARANCES:
            path, sha = path_of(self._home, pointer.generation, clearance), pointer.sha(clearance)
            if self._copies.get(clearance, ("",))[0] != sha:
                self._copies[clearance] = sha, self._pool.submit(self._copy, path, clearance, sha)
            if self._known.get(clearance, ("",))[0] != sha:
                self._known[clearance] = sha, self._pool.submit(self._told, path, clearance)

    def _copy(self, path: Path, clearance: Clearance, sha: str) -> Path | None:
        """The copy, unless its bytes are not those of CURRENT: the run itself then finds the damage, and says it."""
        target = self._folder / f"{clearance}.duckdb"
        try:
            if disk.has_room(path) and disk.copy_hashed(path, target) == sha:
                disk.fsync_file(target)  # so that publishing writes no more than what has changed
                return target
        except OSError:
            pass  # a failing disk, a generation taken away meanwhile: the run meets the same, or has no need of it
        target.unlink(missing_ok=True)
        return None

    def _told(self, path: Path, clearance: Clearance) -> Known | None:
        try:
            return self._know(path, clearance)
        except Exception:
            return None  # the run asks the same, meets whatever this was, and says it

    def equip(self, job: Job) -> Job:
        """The job with what is at hand of the file that it begins with; a copy is handed out once, or given up."""
        sha = job.force[1] if job.force else ""
        of, telling = self._known.get(job.clearance, ("", None))
        copy = self._handed_out(job.clearance, sha)
        return replace(job, ready=Ready(copy, _in_time(telling) if telling and of == sha else None))

    def _handed_out(self, clearance: Clearance, sha: str) -> Path | None:
        found, copying = self._copies.pop(clearance, ("", None))
        copy = _in_time(copying) if copying else None
        if copy is not None and found != sha:
            copy.unlink()  # of no more use, and a rebuild may need the room
            return None
        return copy

    def remember(self, built: Mapping[Clearance, Built]) -> None:
        """Keep what is known of files that have just come into force."""
        for clearance, one in built.items():
            known = Future[Known | None]()
            known.set_result(one.known)
            self._known[clearance] = one.draft.sha256, known


def _in_time(asked: Future[T | None]) -> T | None:
    """What was asked for, unless nobody has begun it, or it takes too long: then whatever becomes of it is left."""
    if asked.cancel():
        return None
    try:
        return asked.result(timeout=PATIENCE)
    except TimeoutError:
        return None
