"""Whoever sent a file that was not wholly loaded finds an answer to it in `returned/`, without having to ask."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import duckdb

from pipelines.annotate import Answer, Finding, annotate
from pipelines.delivery import Delivery
from pipelines.errors import Rejected
from pipelines.home import Home
from pipelines.intake import Terms, read_delivery
from pipelines.machine import blame
from pipelines.publish.draft import connect_draft
from pipelines.publish.pointer import party_path, read_pointer, state_path
from pipelines.receive import kept
from pipelines.receive.redact import redact
from pipelines.report import FileReport

Faults = Mapping[tuple[str, str], list[Finding]]
Asked = tuple[Delivery, FileReport, Future[Answer]]
ODD: Final = re.compile(r"[^\w.() -]")
QUERY: Final = 'SELECT line, "column", value, rule FROM quarantine WHERE sha256 = ? AND source = ? ORDER BY ALL'


def give_back(home: Home, reports: Iterable[FileReport], terms: Terms) -> Iterator[FileReport]:
    """Write an answer to each delivery of `reports` and yield its report when the letter is there.

    The rows are read again from the archive, after publication: nobody's numbers wait for a letter. What is not in
    the archive cannot be answered and is yielded as well. Raises what the machine raises where it fails; whatever
    else went wrong with one letter (our fault) is raised when all others are written, and its report is yielded.
    """
    asked = list(reports)
    found = [(kept(home.archive, one.source, str(one.sha256)), one) for one in asked if one.source in terms.mappings]
    letters = [(delivery, report) for delivery, report in found if delivery is not None]
    yield from (one for one in asked if not any(one is report for _, report in letters))
    faults = _findings(home, [delivery for delivery, report in letters if report.verdict == "loaded_partial"], terms)
    wrong: list[Exception] = []
    with ThreadPoolExecutor(1) as reading:
        begun = ((*one, reading.submit(_answer, home, *one, faults, terms)) for one in letters)
        for delivery, report, answer in _one_ahead(begun):
            try:
                _write(home, delivery, answer)
            except Exception as error:
                blame(error)
                wrong.append(error)
            yield report
    if wrong:
        raise wrong[0]


def _one_ahead(asked: Iterator[Asked]) -> Iterator[Asked]:
    """The same in the same order; the next file is read again while a letter is written, and no more than that."""
    before = next(asked, None)
    for one in asked:
        assert before is not None  # there is no second without a first
        yield before
        before = one
    if before is not None:
        yield before


def take_out(home: Home, found: Iterable[tuple[Delivery, frozenset[int]]], terms: Terms) -> int:
    """Take the lines of forgotten cases out of archived files, and their letters away; returns how many lines.

    Before publication: whoever dies here finds the same lines, or the table without them, in the next run.
    """
    count = 0
    for delivery, lines in found:
        scratch = terms.scratch / f"forget-{delivery.sha256[:12]}"
        table = read_delivery(delivery, terms.mappings[delivery.source], scratch, terms.worker)
        redact(delivery, table, lines)
        path_of(home, delivery).unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
        count += len(lines)
    return count


def path_of(home: Home, delivery: Delivery) -> Path:
    """Where the answer to a delivery lies: named as the file was, told apart by its hash."""
    stem = ODD.sub("_", Path(delivery.name).stem)[:60].strip(" .") or "tep"
    return home.root / "returned" / delivery.source / f"{stem}.{delivery.sha256[:12]}.xlsx"


def _write(home: Home, delivery: Delivery, answer: Future[Answer]) -> None:
    path = path_of(home, delivery)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        annotate(answer.result(), path)
    finally:
        shutil.rmtree(_scratch(home, delivery), ignore_errors=True)


def _scratch(home: Home, delivery: Delivery) -> Path:
    return home.scratch / f"answer-{delivery.source}-{delivery.sha256[:12]}"


def _answer(home: Home, delivery: Delivery, report: FileReport, faults: Faults, terms: Terms) -> Answer:
    findings = faults.get((delivery.source, delivery.sha256), [])
    if not findings:
        return Answer(report, ())
    try:
        table = read_delivery(delivery, terms.mappings[delivery.source], _scratch(home, delivery), terms.worker)
    except Rejected:
        return Answer(report, findings)  # it could be read a moment ago; the faults are worth sending all the same
    return Answer(report, findings, table.columns, table.chunks)


def _findings(home: Home, deliveries: Sequence[Delivery], terms: Terms) -> Faults:
    """What is wrong with each of `deliveries`, by source and hash; each of the two files is opened once."""
    pointer = read_pointer(home)
    found: dict[tuple[str, str], list[Finding]] = {}
    for is_party, place in ((False, state_path), (True, party_path)):
        own = [one for one in deliveries if (terms.mappings[one.source].clearance == "party") == is_party]
        if own and pointer is not None:
            with connect_draft(place(home, pointer.generation), home.scratch, read_only=True) as db:
                found |= {(one.source, one.sha256): list(findings_of(db, one)) for one in own}
    return found


def findings_of(db: duckdb.DuckDBPyConnection, delivery: Delivery) -> Iterable[Finding]:
    """What a draft or snapshot says is wrong with a delivery, in the order of its lines."""
    for line, column, value, rule in db.execute(QUERY, [delivery.sha256, delivery.source]).fetchall():
        yield Finding(line, column, value, rule)
