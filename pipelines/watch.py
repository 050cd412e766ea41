"""Watching is loading whenever something has changed, until somebody asks to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, TypeVar

import duckdb

from pipelines.errors import PersonError
from pipelines.home import Home
from pipelines.receive.inbox import folders, is_ignored
from pipelines.report import LoadReport

T = TypeVar("T")
GLIMPSE: Final = 0.05  # seconds between two glimpses of the folders' own times; of their files nothing is asked
Glance = tuple[tuple[str, int, int], ...]


class Stop(Protocol):
    """Whoever ends the watch; `threading.Event` does."""

    def is_set(self) -> bool:
        """Whether to stop before the next run."""

    def wait(self, timeout: float) -> bool:
        """Wait that many seconds, or until asked to stop."""


class Alert:
    """Waits as `stop` does, but no longer than until a name comes or goes in the inbox: what is renamed into place
    need not wait for the next look. Where a file system tells no times of its folders, the looks are all there is.
    """

    def __init__(self, stop: Stop, inbox: Path) -> None:
        self._stop, self._inbox = stop, inbox
        self._seen = folder_times(inbox)

    def is_set(self) -> bool:
        """Whether to stop before the next run."""
        return self._stop.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait that many seconds, until something stirs, or until asked to stop."""
        for _ in range(max(1, round(timeout / GLIMPSE))):
            if self._stop.wait(min(timeout, GLIMPSE)):
                return True
            before, self._seen = self._seen, folder_times(self._inbox)
            if before != self._seen:
                return False
        return False


def folder_times(inbox: Path) -> Mapping[str, int]:
    """When a name last came or went in the inbox and in each of its folders, in nanoseconds, as far as it can be told.
    """
    times = dict[str, int]()
    with suppress(OSError):
        for folder in (inbox, *folders(inbox)):
            times[folder.name] = folder.stat().st_mtime_ns
    return times


def glance(home: Home, *folders: Path) -> Glance:
    """Name, size and time of everything in the inbox and in `folders`: equal glances mean nothing to do.

    What still bears a temporary name is nothing to do either, however it grows.
    """
    return tuple(one for one in seen_in(home.inbox, *folders) if not is_ignored(Path(one[0]).name))


def seen_in(*folders: Path) -> Glance:
    """The same of any folders."""
    return tuple(sorted(entry for folder in folders for entry in _entries(folder)))


def kept(read: Callable[[], T], *folders: Path) -> Callable[[], T]:
    """`read`, which really reads only when a file of `folders` is not what it was; a failure is not kept."""
    last: tuple[Glance, T] | None = None

    def current() -> T:
        nonlocal last
        seen = seen_in(*folders)  # before it is read: what changes meanwhile is read again
        held = last  # two threads may ask
        if held is None or held[0] != seen:
            held = last = seen, read()
        return held[1]

    return current


def _entries(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in folder.rglob("*"):
        try:
            seen = path.lstat()
        except OSError:
            continue  # taken away while we were looking
        if not path.is_dir():
            yield str(path), seen.st_size, seen.st_mtime_ns


def watch(
    run: Callable[[], LoadReport],
    look: Callable[[], Glance],
    say: Callable[[LoadReport | Exception], None],
    stop: Stop,
    every: float,
) -> None:
    """Run once, then again whenever `look` differs or a file was still waiting; returns when asked to stop.

    A run that fails (disk full, another writer) is told to `say` and tried again; a run under way is always
    finished. `every` is in seconds.
    """
    seen: Glance | None = None
    while not stop.is_set():
        before = look()
        if before != seen:
            seen = before if _ran(run, say) else None
        stop.wait(every)


def _ran(run: Callable[[], LoadReport], say: Callable[[LoadReport | Exception], None]) -> bool:
    """Run once; False if there is a reason to run again although nothing changes."""
    try:
        report = run()
    except (PersonError, OSError, MemoryError, duckdb.Error) as failed:
        say(failed)
        return False
    if report.files or report.published or report.notes:
        say(report)
    return not report.unfinished and not any(file.verdict == "waiting" for file in report.files)
