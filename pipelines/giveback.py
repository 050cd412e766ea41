"""Whoever sent a file that was not wholly loaded finds an answer to it in `returned/`, without having to ask."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from pipelines.annotate import Answer, Finding, annotate
from pipelines.delivery import Delivery
from pipelines.errors import Reason, Rejected
from pipelines.home import Home
from pipelines.intake import Terms
from pipelines.publish.draft import connect_draft
from pipelines.publish.pointer import party_path, read_pointer, state_path
from pipelines.read import read
from pipelines.receive import kept
from pipelines.report import FileReport

ANSWERED: Final = ("loaded_partial", "rejected")
ODD: Final = re.compile(r"[^\w.() -]")
QUERY: Final = 'SELECT line, "column", value, rule FROM quarantine WHERE sha256 = ? AND source = ? ORDER BY ALL'


def give_back(home: Home, reports: Iterable[FileReport], terms: Terms) -> list[Path]:
    """Write an answer to every delivery of `reports` that was not wholly loaded; returns where they are.

    The rows are read again from the archive, after publication: nobody's numbers wait for a letter.
    """
    found = []
    for report in reports:
        delivery = kept(home.archive, report.source, report.sha256) if report.sha256 else None
        if delivery is not None and report.verdict in ANSWERED and report.source in terms.mappings:
            found.append(_answer(home, delivery, report, terms))
    return found


def path_of(home: Home, delivery: Delivery) -> Path:
    """Where the answer to a delivery lies: named as the file was, told apart by its hash."""
    stem = ODD.sub("_", Path(delivery.name).stem)[:60].strip(" .") or "tep"
    return home.root / "returned" / delivery.source / f"{stem}.{delivery.sha256[:12]}.xlsx"


def _answer(home: Home, delivery: Delivery, report: FileReport, terms: Terms) -> Path:
    path = path_of(home, delivery)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = home.scratch / f"answer-{delivery.sha256[:12]}"
    try:
        return annotate(_found(home, delivery, report, terms, scratch), path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _found(home: Home, delivery: Delivery, report: FileReport, terms: Terms, scratch: Path) -> Answer:
    findings = _findings(home, delivery, terms) if report.verdict == "loaded_partial" else []
    if not findings:
        return Answer(report, ())
    try:
        table = read(delivery, terms.mappings[delivery.source].file, scratch, worker=terms.worker)
    except Rejected:
        return Answer(report, findings)  # it could be read a moment ago; the faults are worth sending all the same
    return Answer(report, findings, table.columns, table.chunks)


def _findings(home: Home, delivery: Delivery, terms: Terms) -> list[Finding]:
    pointer = read_pointer(home)
    if pointer is None:
        return []
    place = party_path if terms.mappings[delivery.source].clearance == "party" else state_path
    with connect_draft(place(home, pointer.generation), home.scratch, read_only=True) as db:
        return list(findings_of(db, delivery))


def findings_of(db: duckdb.DuckDBPyConnection, delivery: Delivery) -> Iterable[Finding]:
    """What a draft or snapshot says is wrong with a delivery, in the order of its lines."""
    for line, column, value, rule in db.execute(QUERY, [delivery.sha256, delivery.source]).fetchall():
        yield Finding(line, column, value, Reason(rule, {"rows": 1, "line": line}))
