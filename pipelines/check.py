"""The file doctor says what would become of a file, and touches nothing but a copy of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from pipelines.annotate import Answer, Finding, annotate
from pipelines.correct import load_corrections
from pipelines.delivery import Delivery
from pipelines.errors import PersonError, Reason, Rejected
from pipelines.giveback import findings_of
from pipelines.intake import Taken, Terms, stage, take
from pipelines.load import create_fact_tables
from pipelines.publish import disk
from pipelines.publish.tables import create_tables
from pipelines.read import Limits, Table, Worker, read
from pipelines.report import FileReport
from pipelines.rulebook import Rulebook

ENOUGH: float = 0.5  # share of a mapping's columns that a file must have to be taken for one of its
SHOWN = 20


@dataclass(frozen=True)
class Checked:
    """The verdict on one file and what it rests on; `annotated` is the copy with the reasons, if one was made."""

    report: FileReport
    findings: tuple[Finding, ...]
    annotated: Path | None = None

    def sentences(self, lang: str) -> Iterator[str]:
        """What the command line prints."""
        yield self.report.sentence(lang)
        for finding in self.findings[:SHOWN]:
            line = "dòng" if lang == "vi" else "line"
            cell = "" if finding.value is None else f" «{finding.value}»"
            yield f"  {line} {finding.line}, {finding.column or '-'}{cell}: {finding.text(lang)}"
        if len(self.findings) > SHOWN:
            rest = len(self.findings) - SHOWN
            yield f"  … còn {rest} lỗi nữa" if lang == "vi" else f"  … and {rest} more"
        if self.annotated is not None:
            yield f"  {'bản có ghi chú' if lang == 'vi' else 'annotated copy'}: {self.annotated}"


def check(
    file: Path, source: str | None, book: Rulebook, now: datetime, scratch: Path, out: Path | None, name: str = ""
) -> Checked:
    """What `load` would say about `file` if it came from `source` (None: guessed from its header).

    `name` is what the sender calls it, where that is not the name of `file`. `scratch` is an empty folder that
    the caller removes; an annotated copy of a file that would not be loaded whole goes into folder `out`.

    Raises PersonError for a file that is not there or whose source cannot be guessed.
    """
    if not file.is_file():
        raise PersonError(f"Không tìm thấy tệp {file}.", f"There is no file {file}.")
    with Worker() as worker:
        if _is_marked(file, name or file.name, worker):
            secret = FileReport(None, source or "?", None, "rejected", reasons=(Reason("marked_secret"),))
            return Checked(secret, ())
        named = _delivery(file, name, source or "", now)
        if source is None:
            named = replace(named, source=_guess(named, book, scratch, worker))
        if named.source not in book.mappings:
            raise _unknown(named.source, book)
        return _examine(named, book, scratch, worker, out)


def _delivery(file: Path, name: str, source: str, now: datetime) -> Delivery:
    return Delivery(source, name or file.name, file, disk.sha256_file(file), file.stat().st_size, now)


def _is_marked(file: Path, name: str, worker: Worker) -> bool:
    request = {"files": [{"path": str(file), "name": name}]}
    try:
        return bool(worker.ask("look", file.stat().st_size, Limits(), request)["marked"][0])
    except Rejected:
        return False  # reading it will say what is wrong with it


def _guess(delivery: Delivery, book: Rulebook, scratch: Path, worker: Worker) -> str:
    """The source whose columns the file has most of."""
    shares: dict[str, float] = {}
    for source, mapping in book.mappings.items():
        try:
            form = replace(mapping.file, as_of=None)  # who sent it does not hang on how it names its day
            table = read(delivery, form, scratch / f"guess-{source}", worker=worker)
        except Rejected:
            continue
        shares[source] = len(set(mapping.headers) & set(table.columns)) / max(1, len(mapping.headers))
    best = max(shares, key=lambda source: shares[source], default=None)
    if best is None or shares[best] < ENOUGH:
        raise PersonError(
            f"Không nhận ra {delivery.name} thuộc nguồn nào; hãy chọn nguồn (trên dòng lệnh: --source): {_list(book)}.",
            f"Cannot tell what source {delivery.name} is of; choose it (on the command line: --source): {_list(book)}.",
        )
    return best


def _unknown(source: str, book: Rulebook) -> PersonError:
    return PersonError(
        f"Không có nguồn {source}. Các nguồn: {_list(book)}.", f"There is no source {source}. There are: {_list(book)}."
    )


def _list(book: Rulebook) -> str:
    return ", ".join(sorted(book.mappings))


def _examine(delivery: Delivery, book: Rulebook, scratch: Path, worker: Worker, out: Path | None) -> Checked:
    corrections = load_corrections(book.data, book.mappings)
    terms = Terms(book.mappings, book.reference, corrections, bytes(32), scratch, worker)
    folder = scratch / "file"
    tables: list[Table] = []

    def table() -> Table:
        tables.append(read(delivery, book.mappings[delivery.source].file, folder, worker=worker))
        return tables[0]

    with duckdb.connect() as db:
        create_tables(db)
        create_fact_tables(db)
        taken: Taken = take(db, delivery, partial(stage, delivery, folder, terms, table))
        findings = tuple(findings_of(db, delivery))
    annotated = _annotated(delivery, taken.report, findings, tables, out) if out else None
    return Checked(taken.report, findings, annotated)


def _annotated(
    delivery: Delivery, report: FileReport, findings: Sequence[Finding], tables: Sequence[Table], out: Path
) -> Path | None:
    """The workbook for whoever asked; none where there is nothing to mend."""
    if report.verdict == "loaded":
        return None
    columns, chunks = (tables[0].columns, tables[0].chunks) if tables else ((), ())
    return annotate(Answer(report, findings, columns, chunks), out / f"{Path(delivery.name).stem}.checked.xlsx")
