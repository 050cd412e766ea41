"""An answer that a sender is owed is written down before anything is published, and struck out when it is there.

Whoever is killed between the publication and the letters, or finds the disk full there, owes them still: the next run
writes them. A letter that somebody has taken away is not written again, for it is no longer owed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pipelines import ledger
from pipelines.errors import Reason
from pipelines.home import Home
from pipelines.publish.disk import write_line
from pipelines.report import FileReport

ANSWERED: Final = ("loaded_partial", "rejected")
Key = tuple[str, str]


def path_of(home: Home) -> Path:
    """Where the debts are; gone where there are none."""
    return home.root / "returned" / "owed.json"


def owe(home: Home, reports: Iterable[FileReport]) -> None:
    """Write down that these need an answer, beside what is owed already; on the disk when this returns."""
    due = [one for one in reports if one.verdict in ANSWERED and one.sha256]
    if due:
        _write(home, {_key(one): one for one in (*owed(home), *due)}.values())


def owed(home: Home) -> tuple[FileReport, ...]:
    """What is owed, oldest first; nothing where the list is damaged, for it only ever repeats what a ledger says."""
    try:
        return tuple(map(_report, json.loads(path_of(home).read_text(encoding="utf-8"))))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return ()


def settle(home: Home, answer: Callable[[Sequence[FileReport]], Iterator[FileReport]]) -> None:
    """Have every debt answered whose verdict stands, and strike it out; what `answer` raises leaves the rest owed.

    `answer` yields each report when its letter is on the disk, or when there is nothing that could be answered.
    A verdict that no ledger knows was never published: the file is judged again, and owed again.
    """
    debts = owed(home)
    if not debts:
        return
    told = {(str(line["source"]), str(line["sha256"])) for line in ledger.read_ledger(home.ledger)
            if line["verdict"] in ANSWERED}  # fmt: skip
    left = {_key(one): one for one in debts if _key(one) in told}
    try:
        for one in answer(tuple(left.values())):
            left.pop(_key(one), None)
    finally:
        _write(home, left.values())


def _write(home: Home, reports: Iterable[FileReport]) -> None:
    lines = [_line(one) for one in reports]
    if lines:
        write_line(path_of(home), json.dumps(lines, ensure_ascii=False))
        path_of(home).chmod(0o600)
        return
    for path in (path_of(home), path_of(home).with_name(f".{path_of(home).name}.new")):
        path.unlink(missing_ok=True)


def _key(one: FileReport) -> Key:
    return one.source, str(one.sha256)


def _line(one: FileReport) -> dict[str, Any]:
    reasons = [{"code": reason.code, "values": dict(reason.values)} for reason in one.reasons]
    at = one.received_at.astimezone(UTC).isoformat() if one.received_at else None
    return {**one.as_json(), "received_at": at, "reasons": reasons}


def _report(line: Mapping[str, Any]) -> FileReport:
    reasons = tuple(Reason(one["code"], one["values"]) for one in line["reasons"])
    at = datetime.fromisoformat(line["received_at"]) if line["received_at"] else None
    return FileReport(**{**line, "received_at": at, "reasons": reasons})
