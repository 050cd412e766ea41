"""Small files first, every source in its turn, and one lane that no long file ever blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pipelines.delivery import Delivery
from pipelines.load import Staged

PATIENCE: Final = 30.0  # seconds for which one source may keep another waiting
TAKING: Final = 10.0  # seconds of it for taking files in,
READING: Final = PATIENCE - TAKING  # and for a file that is being read
QUICK: Final = 16 << 20  # bytes; a larger file is long before it was begun
TRIED: Final = 10.0  # seconds after which a small file that is still being read counts as long
AHEAD: Final = 2  # files of one source that are read, or wait to be merged, at a time

# The second lane takes long files where there are any. In the first no file stays longer than `TRIED`.
Lane = Literal["quick", "long"]
LANES: Final[tuple[Lane, Lane]] = ("quick", "long")


class DroppedError(Exception):
    """Nobody wants to know any more what a file holds."""


@dataclass(eq=False)
class Reading:
    """One delivery on its way from the archive into typed rows; `began` by the clock of whoever reads."""

    delivery: Delivery
    folder: Path
    is_long: bool
    began: float | None = None
    lane: Lane | None = None  # where it is being read right now
    dropped: bool = False
    outcome: Future[Staged] = field(default_factory=Future)

    @property
    def is_open(self) -> bool:
        """Whether nobody reads it yet, or again."""
        return self.lane is None and not self.outcome.done()

    def is_slow(self, now: float) -> bool:
        """Whether it has been read for longer than anybody else should wait."""
        return not self.outcome.done() and self.began is not None and now - self.began >= READING


Queues = Mapping[str, Sequence[Reading]]  # by source, each in the order of first receipt


def next_for(lane: Lane, queues: Queues, same: bool) -> Reading | None:
    """What this lane reads next; with `same` nobody waits for anything but the whole, and both take everything.

    The first file of every source comes before the second of any, and of equals the smaller.
    """
    found = [
        (rank, reading)
        for queue in queues.values()
        for rank, reading in enumerate(queue[:AHEAD])
        if reading.is_open and (same or lane == "long" or not reading.is_long)
    ]
    return min(found, key=lambda one: _turn(lane, same, *one), default=(0, None))[1]


def _turn(lane: Lane, same: bool, rank: int, reading: Reading) -> tuple[bool, int, int, str]:
    is_late = lane == "long" and not same and not reading.is_long
    return is_late, rank, reading.delivery.bytes, reading.delivery.sha256


def stuck(queues: Queues, now: float) -> Iterator[Reading]:
    """Readings that nobody waits for any more: the slow, what comes after them in its source, and in their lane."""
    long = [one for queue in queues.values() for one in queue[:AHEAD] if one.lane == "long" and one.is_long]
    is_blocked = any(one.is_slow(now) for one in long)
    for queue in queues.values():
        behind = False
        for one in queue:
            behind = behind or one.is_slow(now) or (is_blocked and one.is_long and one.is_open)
            if behind:
                yield one


def all_stuck(queues: Queues, sources: Collection[str], now: float) -> bool:
    """Whether nothing of `sources` is left that is worth waiting for."""
    left = sum(len(queue) for source, queue in queues.items() if source in sources)
    return left == sum(1 for one in stuck(queues, now) if one.delivery.source in sources)
