"""A draft is what is in force and what has come in since, or the archive from its first file to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ahead import NOTHING, Known, Ready
from pipelines.catalogue import Indicator, cleared
from pipelines.delivery import Delivery
from pipelines.errors import Reason
from pipelines.home import Home
from pipelines.inforce import Before
from pipelines.intake import TaintedError, Taken, Terms, take, verdict
from pipelines.load import create_fact_tables
from pipelines.measure import measure
from pipelines.measure.reconcile import load_checks, write_reconciliation
from pipelines.measure.sums import sums, unequal_steps, unequal_sums
from pipelines.progress import Tell
from pipelines.publish import Draft, Stamp, begin, finish
from pipelines.publish.draft import Clearance, connect_draft, spill
from pipelines.publish.hashes import Growth, Steps
from pipelines.publish.manifest import NotPublishableError, read_manifest
from pipelines.publish.place import write_place
from pipelines.publish.sources import Reached, senders, write_delivery, write_procedures, write_reach, write_sources
from pipelines.readers import Readers
from pipelines.report import FileReport
from pipelines.rulebook import Rulebook
from pipelines.signals import judged, publish_signals


@dataclass(frozen=True, eq=False)
class Job:
    """What one of the two files of a generation is to be made from.

    `force` is the file in force (path, SHA-256) to start from, None to start from nothing. `anew` measures
    every day again, as after a change of the catalogue. `ready` is what is at hand of `force`.
    """

    clearance: Clearance
    force: tuple[Path, str] | None
    deliveries: Sequence[Delivery]
    anew: bool
    ready: Ready = NOTHING

    @property
    def whole(self) -> bool:
        """Whether every day is measured, whatever the deliveries touch."""
        return self.force is None or self.anew


@dataclass
class Built:
    """A finished, checked and closed draft, what is known of it, and what became of each delivery on the way."""

    draft: Draft
    known: Known | None
    manifest: Mapping[str, Any]
    reports: list[FileReport]
    held: list[TaintedError]
    forgotten: list[tuple[Delivery, frozenset[int]]]

    def differs(self, before: Before | None) -> bool:
        """Whether it says anything that the file in force does not: else it is not worth a generation."""
        told = ("data_sha", "contract", "schema_version")
        return before is None or any(self.manifest[key] != before.manifest.get(key) for key in told)


@dataclass
class _Progressed:
    reports: list[FileReport] = field(default_factory=list)
    reached: dict[str, Reached] = field(default_factory=dict)
    forgotten: list[tuple[Delivery, frozenset[int]]] = field(default_factory=list)
    known: Known | None = None
    steps: Steps = field(default_factory=dict)  # by how much the derived tables have grown

    def add(self, delivery: Delivery, taken: Taken, zone: tzinfo) -> None:
        source = delivery.source
        self.reports.append(taken.report)
        if taken.forgotten:
            self.forgotten.append((delivery, taken.forgotten))
        if taken.data_until is not None:
            now = Reached.by(taken.data_until, delivery.received_at, zone)
            self.reached[source] = now.with_(self.reached.get(source))


def build(
    home: Home, book: Rulebook, job: Job, terms: Terms, readers: Readers, stamp: Stamp, tell: Tell,
    begun: Callable[[Draft], None] = lambda draft: None,
) -> Built:  # fmt: skip
    """Make one draft of what is ready in time; `begun` is told of it, for whoever may have to break it off.

    A delivery on which our own code breaks is held, and the draft begun again without it.

    Raises DamagedSnapshotError, NotPublishableError, or what the machine raises; no draft is left then.
    """
    held: list[TaintedError] = []
    while True:
        draft = begin(home, job.clearance, stamp.generation, job.force, job.ready.copy)
        begun(draft)
        try:
            progressed = _fill(draft, book, job, terms, readers, held, tell)
            manifest = finish(draft, stamp, spill(home, job.clearance), not job.whole, progressed.steps)
            return Built(draft, progressed.known, manifest, progressed.reports, held, progressed.forgotten)
        except TaintedError as tainted:
            draft.discard()
            held.append(tainted)
        except BaseException:
            draft.discard()
            raise


def _fill(
    draft: Draft, book: Rulebook, job: Job, terms: Terms, readers: Readers, held: Sequence[TaintedError], tell: Tell
) -> _Progressed:
    db, progressed, zone = draft.db, _Progressed(), book.reference.place.time_zone
    create_fact_tables(db)
    # Readers are at work meanwhile: this costs nobody any time.
    before = None if job.whole else job.ready.known or _known(db, cleared(book.catalogue, job.clearance))
    broken = {tainted.delivery.sha256: tainted for tainted in held}
    good = [delivery for delivery in job.deliveries if delivery.sha256 not in broken]
    for number, (delivery, staged) in enumerate(readers.ready(good), 1):
        progressed.add(delivery, take(db, delivery, staged, terms.decided, not job.whole), zone)
        tell("load", number, len(good))
    for tainted in held:
        report = _held(tainted)
        write_delivery(db, tainted.delivery, report, None)
        progressed.reports.append(report)
    progressed.known = _complete(draft, book, job, progressed, before, tell)
    return progressed


def known_of(path: Path, scratch: Path, book: Rulebook, clearance: Clearance) -> Known | None:
    """What the file at `path` says of itself; nothing where it was made under another rulebook."""
    with connect_draft(path, scratch, read_only=True) as db:
        if read_manifest(db)["contract"] != book.contract.as_json(of_clearance(book, clearance)):
            return None
        return _known(db, cleared(book.catalogue, clearance))


def _known(db: duckdb.DuckDBPyConnection, entries: Mapping[str, Indicator]) -> Known:
    """What the file in force says, measured before anything is added to it."""
    return Known(sums(db, entries), judged(db), senders(db))


def _complete(
    draft: Draft, book: Rulebook, job: Job, progressed: _Progressed, before: Known | None, tell: Tell
) -> Known:
    """Everything of a snapshot that follows from its facts, its deliveries and the rulebook."""
    db = draft.db
    whole = job.whole
    if whole:
        write_place(db, book.reference)
        write_procedures(db, book.reference)
    write_sources(db, of_clearance(book, job.clearance), progressed.reached)
    sent = senders(db, before.senders if before else None)
    write_reach(db, sent, step=before is not None)
    tell("measure", 0, 2)
    entries = cleared(book.catalogue, job.clearance)
    growth = Growth(db)
    made = measure(db, entries, book.reference, None if whole else {}, note=growth.note)
    progressed.steps = growth.of(table for table, days in made.items() if days is not None)
    tell("measure", 1, 2)
    # Judging is arithmetic, and counting is the database's: neither waits for the other.
    with db.cursor() as beside, ThreadPoolExecutor(1) as pool:
        judging = pool.submit(publish_signals, beside, book.rebased, before.judged if before else None, made)
        write_reconciliation(db, load_checks(book.data, book.catalogue), entries)
        now = sums(db, entries)
        unequal = unequal_sums(db, entries) if before is None else unequal_steps(db, entries, before.sums, now)
        if wrong := next(unequal, None):
            raise NotPublishableError("parts add up to their facts", wrong)
        rest_on = judging.result()
    tell("measure", 2, 2)
    return Known(now, rest_on, sent)


def of_clearance(book: Rulebook, clearance: Clearance) -> dict[str, Any]:
    """The mappings whose deliveries go into the file of one clearance."""
    return {name: one for name, one in book.mappings.items() if book.clearance(name) == clearance}


def illustrative(book: Rulebook, sources: Iterable[str]) -> bool:
    """Whether anything in a snapshot of these sources was invented."""
    return book.reference.place.illustrative or any(
        book.mappings[source].illustrative for source in sources if source in book.mappings
    )


def _held(tainted: TaintedError) -> FileReport:
    return verdict(
        tainted.delivery, "held", (Reason("could_not_be_processed", {"kind": type(tainted.cause).__name__}),)
    )
