"""Whoever attends loads what comes and answers what screens ask, and neither waits for the other."""

from __future__ import annotations

from argparse import Namespace
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Final

from pipelines.ahead import Ahead, Known
from pipelines.build import known_of
from pipelines.commands import World, book_of, circumstances, home_of, tell_report
from pipelines.errors import PersonError
from pipelines.exchange import answer_all, clear_work
from pipelines.home import Home
from pipelines.progress import silent
from pipelines.publish.draft import Clearance
from pipelines.readers import Readers
from pipelines.receive.inbox import Look, temporaries
from pipelines.report import LoadReport
from pipelines.run import load_once
from pipelines.watch import Alert, Glance, glance, kept, watch

LOOK: Final = 1.0  # seconds between two looks at what screens ask
LOOKS: Final = 20  # how many looks at temporary names are remembered


def keep_watching(world: World, args: Namespace) -> int:
    """`pipelines watch`: load whenever something changes, until SIGTERM or SIGINT."""
    home = home_of(world, args)

    def say(outcome: LoadReport | Exception) -> None:
        if isinstance(outcome, LoadReport):
            tell_report(world, outcome)
        elif isinstance(outcome, PersonError):
            world.both(outcome.vi, outcome.en)
        else:
            world.both(f"Lần nạp này hỏng: {outcome}", f"This run failed: {outcome}")

    rules = kept(lambda: book_of(world, args), args.data, world.product / "catalogue")
    # As the last looks found them: some are but a glimpse apart, and what has not changed since is as good as ever.
    being_written: deque[frozenset[Look]] = deque([frozenset()], maxlen=LOOKS)

    def run() -> LoadReport:
        settled = frozenset().union(*being_written)
        at = circumstances(world, args, silent, rules())
        return load_once(replace(at, settled=settled, readers=readers, ahead=ahead))

    def look() -> Glance:
        ahead.prepare()
        being_written.append(temporaries(home.inbox))
        read = ("readings that are done", readers.done, readers.pending)
        return (*glance(home, args.data, world.product / "catalogue"), read)

    def know(path: Path, clearance: Clearance) -> Known | None:
        return known_of(path, home.scratch, rules(), clearance)

    with (doctor(world, args, home, say), Readers(world.ticks, world.stop.is_set) as readers,
          Ahead(home, know) as ahead):  # fmt: skip
        readers.warm()
        watch(run, look, say, Alert(world.stop, home.inbox), args.every)
    world.both("Đã dừng theo yêu cầu.", "Stopped as asked.")
    return 0


@contextmanager
def doctor(
    world: World, args: Namespace, home: Home, say: Callable[[LoadReport | Exception], None]
) -> Iterator[None]:
    """Answer the screens beside the watch, so that nobody waits for a load to end."""
    clear_work(home)

    def answer() -> None:
        while not world.stop.is_set():
            try:
                answer_all(home, lambda: book_of(world, args), world.now)
            except (PersonError, OSError, MemoryError) as failed:
                say(failed)
            world.stop.wait(LOOK)

    thread = Thread(target=answer, name="doctor", daemon=True)
    thread.start()
    yield
    thread.join()
