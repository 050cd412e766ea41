"""What the next run will need whatever comes is made while nobody waits: a verified copy, and what is known of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

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
"""Seconds that a run waits for a copy which is being made: to begin another would take no less."""


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


class Ahead:
    """A context manager beside a watch; whatever fails here costs the next run its head start and nothing else."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._copies: dict[Clearance, tuple[str, Future[Path | None]]] = {}
        self._known: dict[Clearance, tuple[str, Known]] = {}
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
        """Have what is in force now copied, by whomever it was published, unless it has been; returns at once."""
        pointer = read_pointer(self._home)
        if pointer is None:
            return
        for clearance in CLEARANCES:
            sha = pointer.sha(clearance)
            if self._copies.get(clearance, ("",))[0] != sha:
                path = path_of(self._home, pointer.generation, clearance)
                self._copies[clearance] = sha, self._pool.submit(self._copy, path, clearance, sha)

    def _copy(self, path: Path, clearance: Clearance, sha: str) -> Path | None:
        """The copy, unless its bytes are not those of CURRENT: the run itself then finds the damage, and says it."""
        target = self._folder / f"{clearance}.duckdb"
        try:
            if _has_room(path) and disk.copy_hashed(path, target) == sha:
                return target
        except OSError:
            pass  # a failing disk, a generation taken away meanwhile: the run meets the same, or has no need of it
        target.unlink(missing_ok=True)
        return None

    def equip(self, job: Job) -> Job:
        """The job with what is at hand of the file that it begins with; a copy is handed out once, or given up."""
        sha = job.force[1] if job.force else ""
        of, known = self._known.get(job.clearance, ("", None))
        return replace(job, ready=Ready(self._handed_out(job.clearance, sha), known if of == sha else None))

    def _handed_out(self, clearance: Clearance, sha: str) -> Path | None:
        found, copying = self._copies.pop(clearance, ("", None))
        if copying is None or copying.cancel():
            return None
        try:
            copy = copying.result(timeout=PATIENCE)
        except TimeoutError:
            return None  # whatever becomes of it: the next one takes its place
        if copy is not None and found != sha:
            copy.unlink()  # of no more use, and a rebuild may need the room
            return None
        return copy

    def remember(self, built: Mapping[Clearance, Built]) -> None:
        """Keep what is known of files that have just come into force."""
        self._known |= {clearance: (one.draft.sha256, one.known) for clearance, one in built.items() if one.known}


def _has_room(path: Path) -> bool:
    """Whether a copy leaves room for another: what comes in must not fail for what is merely convenient."""
    return shutil.disk_usage(path.parent).free > 2 * path.stat().st_size
