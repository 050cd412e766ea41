"""Long work is seen to move: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Tell(Protocol):
    """Called with what is being done, how much of it is done, and how much there is."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """`done` of `total` of `what` are done."""


def silent(what: str, done: int, total: int) -> None:
    """For tests and for `--json`: progress that nobody reads."""


@contextmanager
def shown(out: TextIO, clock: Callable[[], float], every: float = 2.0) -> Iterator[Tell]:
    """A `Tell` for `out`: a bar if it is a terminal, else one plain line per step and every few seconds."""
    console = Console(file=out)
    if not console.is_terminal:
        yield Lines(out, clock, every)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        yield _bar(bar)


def _bar(bar: Progress) -> Tell:
    tasks: dict[str, object] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

    return tell


class Lines:
    """Progress as plain lines: the first and last of each step, and between them one every few seconds."""

    def __init__(self, out: TextIO, clock: Callable[[], float], every: float) -> None:
        self.out, self.clock, self.every = out, clock, every
        self.what, self.last = "", 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Write a line if one is due."""
        now = self.clock()
        if what == self.what and done < total and now - self.last < self.every:
            return
        self.what, self.last = what, now
        self.out.write(f"{what} {done}/{total}\n")
        self.out.flush()
