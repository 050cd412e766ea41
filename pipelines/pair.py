"""The two files of a generation are made at once: what one leaves idle of the machine the other uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

from pipelines.build import Built, Job, build, illustrative, of_clearance
from pipelines.errors import StoppedError
from pipelines.home import Home, key_check
from pipelines.inforce import Before
from pipelines.intake import Terms
from pipelines.progress import Tell, silent
from pipelines.publish import Stamp
from pipelines.publish.draft import Clearance, Draft
from pipelines.publish.place import place_as_json
from pipelines.readers import Readers
from pipelines.rulebook import Rulebook

GRACE: Final = 10.0  # seconds in which a publication that is nearly there may still come about
LOOK: Final = 0.25  # seconds between two looks whether somebody wants an end


@dataclass(frozen=True)
class Moment:
    """Which generation is made, and when (aware)."""

    generation: int
    made_at: datetime


def make_pair(
    home: Home,
    book: Rulebook,
    jobs: Sequence[Job],
    terms: Terms,
    readers: Readers,
    at: Moment,
    before: Mapping[Clearance, Before],
    tell: Tell,
) -> dict[Clearance, Built]:
    """Build a draft per job from what `readers` have read; the first tells how far it is.

    Where one fails no draft stays, and what `build` raised is raised. Raises StoppedError where somebody asked to stop
    and a draft was not done soon after.
    """
    begun: list[Draft] = []
    with ThreadPoolExecutor(len(jobs)) as pool:
        asked = {}
        for number, job in enumerate(jobs):
            stamp = _stamp(book, job, terms.key, at, before.get(job.clearance))
            told = silent if number else tell
            asked[job.clearance] = pool.submit(build, home, book, job, terms, readers, stamp, told, begun.append)
        broken_off = _all_done(asked.values(), begun, readers)
    failed = [error for one in asked.values() if (error := one.exception()) is not None]
    if failed:
        for one in asked.values():
            if one.exception() is None:
                one.result().draft.discard()
        if broken_off:
            raise StoppedError from failed[0]
        raise failed[0]
    return {clearance: one.result() for clearance, one in asked.items()}


def _all_done(asked: Collection[Future[Built]], begun: Sequence[Draft], readers: Readers) -> bool:
    """Wait for all. Whoever asks to stop has `GRACE` seconds of patience: then what is not done is broken off.

    Returns whether anything was. Merging a file of two gigabytes takes minutes, and a service that does not end is
    killed by its supervisor; a draft that is thrown away costs no more, and leaves nothing to sweep.
    """
    since = None
    while wait(asked, timeout=LOOK).not_done:
        if not readers.stopping():
            continue
        since = readers.ticks() if since is None else since
        if readers.ticks() - since >= GRACE:
            for draft in list(begun):
                with suppress(duckdb.Error):  # closed meanwhile
                    draft.db.interrupt()
    return since is not None and readers.ticks() - since >= GRACE


def _stamp(book: Rulebook, job: Job, key: bytes, at: Moment, known: Before | None) -> Stamp:
    """What the publication of one file says of itself."""
    sources = {delivery.source for delivery in job.deliveries}
    sources |= {source for source, _ in known.delivered} if known and job.force else set()
    contract = book.contract
    return Stamp(
        at.generation,
        at.made_at.astimezone(UTC).replace(tzinfo=None),
        contract.code_version,
        contract.sha,
        illustrative(book, sources),
        place_as_json(book.reference.place),
        {"contract": contract.as_json(of_clearance(book, job.clearance)), "key_check": key_check(key)},
    )
