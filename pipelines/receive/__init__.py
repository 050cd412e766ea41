"""A file counts once it has stopped growing; its bytes are its identity, and its first receipt its date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pipelines.delivery import Delivery
from pipelines.errors import Reason, Rejected
from pipelines.read.format import Limits
from pipelines.read.worker import Worker
from pipelines.receive.inbox import Entry, Look, entries, in_turn, look_again
from pipelines.receive.keeping import (
    StillGrowingError,
    archived,
    hold,
    keep,
    kept,
    let_go,
    refuse_damaged,
    sweep,
)

__all__ = ["Delivery", "Received", "archived", "kept", "receive", "refuse_damaged"]

SETTLE: Final = 2.0
Verdict = Literal["received", "duplicate", "waiting", "marked", "held", "refused"]


@dataclass(frozen=True)
class Received:
    """What became of one inbox file; only `received` is to be read, `duplicate` names its first receipt.

    Of a marked file nothing is told but source, hash and time: its name may be the secret.
    """

    source: str
    name: str
    verdict: Verdict
    at: datetime
    sha256: str | None = None
    delivery: Delivery | None = None
    reasons: tuple[Reason, ...] = ()


def receive(
    home: Path,
    sources: Collection[str],
    now: Callable[[], datetime],
    known: Container[str],
    *,
    sleep: Callable[[float], None],
    settle: float = SETTLE,
    limits: Limits | None = None,
    worker: Worker | None = None,
    note: Callable[[Received], None] = lambda received: None,
    settled: Container[Look] = (),
) -> Iterator[Received]:
    """Take in everything below `home/inbox`, one result per file, and never let one file stop the next.

    `note` is told of every result before the inbox lets go of its file: what is not written down must not be gone.
    `known` has the SHA-256 of every delivery with a verdict: what the archive holds beyond it was received
    by a run that was killed, and is handed out again first. Fresh files are looked at twice, `settle`
    seconds apart (one `sleep` for all of them), but for those that looked the same under a temporary name (`settled`):
    they were renamed into place. Of every source one file comes before the second of any.
    """
    one = worker or Worker()
    desk = _Desk(home, sources, now, one, limits or Limits(), note)
    try:
        sweep(home / "hold")
        for delivery in archived(home / "archive", known):
            if delivery.source in sources:
                at = delivery.received_at
                yield Received(delivery.source, delivery.name, "received", at, delivery.sha256, delivery)
        for entry, is_quiet in _quiet(in_turn(entries(home / "inbox")), now, sleep, settle, settled):
            yield desk.take(entry) if is_quiet else desk.answer(entry, "waiting", "still_growing")
    finally:
        if worker is None:
            one.close()


def _quiet(
    found: list[Entry], now: Callable[[], datetime], sleep: Callable[[float], None], settle: float,
    settled: Container[Look],
) -> Iterator[tuple[Entry, bool]]:
    """Every entry, and whether nobody seems to be writing it."""
    moment = now().timestamp()
    fresh = {
        entry for entry in found
        if entry.look and not entry.look.mtime_ns / 1e9 <= moment - settle and entry.look not in settled
    }
    if fresh:
        sleep(settle)
    for entry in found:
        yield entry, entry not in fresh or look_again(entry) == entry.look


@dataclass
class _Desk:
    """Where files are taken in, one after the other."""

    home: Path
    sources: Collection[str]
    now: Callable[[], datetime]
    worker: Worker
    limits: Limits
    note: Callable[[Received], None]

    def answer(self, entry: Entry, verdict: Verdict, code: str) -> Received:
        """A result that leaves the file where it is."""
        result = Received(entry.source, entry.name, verdict, self.now(), reasons=(Reason(code),))
        self.note(result)
        return result

    def take(self, entry: Entry) -> Received:
        """Hold, look, keep, let go."""
        if entry.look is None:
            return self.answer(entry, "refused", "not_a_regular_file")
        if entry.source not in self.sources:
            return self.answer(entry, "refused", "source_unknown")
        try:
            held, sha256, size = hold(entry, self.home / "hold")
        except StillGrowingError:
            return self.answer(entry, "waiting", "still_growing")
        except OSError:
            return self.answer(entry, "refused", "cannot_be_opened")
        try:
            return self._judge(entry, held, sha256, size)
        except OSError:
            held.unlink(missing_ok=True)
            return self.answer(entry, "refused", "cannot_be_kept")

    def _judge(self, entry: Entry, held: Path, sha256: str, size: int) -> Received:
        at = self.now()
        if first := kept(self.home / "archive", entry.source, sha256):
            held.unlink()
            return self._done(entry, Received(entry.source, entry.name, "duplicate", at, sha256, first))
        try:
            marked = self._look(entry, held, size)
        except Rejected as died:
            held.replace(held.with_name(f"{sha256}.held"))
            why = (Reason("look_failed"), died.reason)
            return self._done(entry, Received(entry.source, entry.name, "held", at, sha256, None, why))
        if marked:
            held.unlink()
            secret = (Reason("marked_secret"),)
            return self._done(entry, Received(entry.source, "", "marked", at, sha256, None, secret))
        delivery = keep(self.home / "archive", held, entry, sha256, size, at)
        return self._done(entry, Received(entry.source, entry.name, "received", at, sha256, delivery))

    def _look(self, entry: Entry, held: Path, size: int) -> bool:
        request = {"files": [{"path": str(held), "name": entry.name}]}
        return bool(self.worker.ask("look", size, self.limits, request)["marked"][0])

    def _done(self, entry: Entry, result: Received) -> Received:
        """Empty the inbox of a file that is dealt with; say so where that is not allowed."""
        self.note(result)
        if let_go(entry):
            return result
        reasons = (*result.reasons, Reason("inbox_not_emptied"))
        return Received(
            result.source, result.name, result.verdict, result.at, result.sha256, result.delivery, reasons
        )
