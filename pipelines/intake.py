"""One delivery becomes one verdict; what goes wrong with it stays with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.correct import Correction
from pipelines.delivery import Delivery
from pipelines.errors import PersonError, Reason, Rejected
from pipelines.holds import Decisions, doubt
from pipelines.load import Loaded, Staged, stage_table
from pipelines.machine import blame
from pipelines.mapping import SourceMapping
from pipelines.publish.sources import write_delivery
from pipelines.read import Limits, Table, Worker, read
from pipelines.receive import refuse_damaged
from pipelines.receive.redact import read_redacted
from pipelines.reference import Reference
from pipelines.report import FileReport

# The machine failed, not the file: the run ends, nothing is judged, and the next run tries again.
MACHINE = (
    OSError, MemoryError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException,
    duckdb.InternalException, duckdb.InterruptException,
)  # fmt: skip
Read = Callable[[Delivery, SourceMapping, Path, Worker, Limits], Table]


class TaintedError(Exception):
    """Loading broke off in the middle of a file: the draft holds a part of it and must be thrown away."""

    def __init__(self, delivery: Delivery, cause: BaseException) -> None:
        super().__init__(delivery.sha256)
        self.delivery = delivery
        self.cause = cause


@dataclass(frozen=True, eq=False)
class Terms:
    """Under which terms deliveries are taken in; `key` is the installation's pseudonym key.

    `worker` is a child for what is read again after merging. `mark` changes with anything that a reading depends on.
    """

    mappings: Mapping[str, SourceMapping]
    reference: Reference
    corrections: Sequence[Correction]
    key: bytes
    scratch: Path
    worker: Worker
    decided: Decisions | None = None  # None: nothing is ever held back
    forgotten: frozenset[str] = frozenset()  # pseudonyms of cases whose rows are taken out
    mark: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one delivery: its verdict, and how far it reaches."""

    report: FileReport
    data_until: date | None = None
    forgotten: frozenset[int] = frozenset()  # lines of its file that are to be taken out of the archive


def read_delivery(
    delivery: Delivery, mapping: SourceMapping, scratch: Path, worker: Worker, limits: Limits | None = None
) -> Table:
    """The real reader, in the child of `worker`. Raises PersonError where the archive was damaged."""
    refuse_damaged(delivery)
    if delivery.redacted is not None:
        return read_redacted(delivery, scratch)
    return read(delivery, mapping.file, scratch, limits, worker)


def stage(
    delivery: Delivery, folder: Path, terms: Terms, table: Callable[[], Table], go_on: Callable[[], None] = lambda: None
) -> Staged:
    """Stage what was read of one delivery beside it in `folder`; raises what `take` tells apart.

    `go_on` is called between chunks; what it raises ends the work.
    """
    content, chunks = table(), folder / "staged"
    chunks.mkdir(mode=0o700, parents=True, exist_ok=True)
    mapping = terms.mappings[delivery.source]
    with _tainted(delivery):
        return stage_table(
            delivery, content, mapping, terms.reference, terms.key, chunks, terms.corrections, terms.forgotten, go_on
        )


def take(
    db: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    staged: Callable[[], Staged],
    decided: Decisions | None = None,
    log: bool = True,
) -> Taken:
    """Load one delivery into the draft and write its verdict there; `log`: also which rows it changed.

    Raises TaintedError when loading breaks off for a reason that is neither the file's nor the machine's.
    """
    as_of = None
    try:
        content = staged()
        as_of = content.table.as_of
        with _tainted(delivery):
            doubted = doubt(db, delivery, content, decided) if decided is not None else None
            if doubted is None:
                loaded = content.into(db, log)
        taken = Taken(verdict(delivery, *doubted)) if doubted else _loaded(delivery, content.table, loaded)
        taken = replace(taken, forgotten=frozenset(content.forgotten))
    except Rejected as refused:
        taken = Taken(verdict(delivery, "rejected", (refused.reason,)))
    write_delivery(db, delivery, taken.report, as_of)
    return taken


@contextmanager
def _tainted(delivery: Delivery) -> Iterator[None]:
    """What is neither the file's nor the machine's fault is ours, and taints the draft."""
    try:
        yield
    except (Rejected, PersonError, *MACHINE):
        raise
    except Exception as wrong:
        blame(wrong)
        raise TaintedError(delivery, wrong) from wrong


def _loaded(delivery: Delivery, content: Table, loaded: Loaded) -> Taken:
    report = FileReport(
        file=delivery.name,
        source=delivery.source,
        sha256=delivery.sha256,
        verdict="loaded_partial" if loaded.rows_quarantined else "loaded",
        received_at=delivery.received_at,
        rows_in=loaded.rows_in,
        rows_loaded=loaded.rows_loaded,
        rows_quarantined=loaded.rows_quarantined,
        rows_skipped=loaded.rows_skipped,
        cases=loaded.cases,
        reasons=(*content.warnings, *loaded.reasons),
    )
    return Taken(report, loaded.data_until)


def verdict(delivery: Delivery, word: str, reasons: tuple[Reason, ...]) -> FileReport:
    """A verdict on a whole file, of which no row was counted."""
    return FileReport(
        delivery.name, delivery.source, delivery.sha256, word, delivery.received_at, reasons=reasons
    )
