"""Every verdict is written down once: in the snapshot where there is one, in the ledger always."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipelines import ledger
from pipelines.holds import APPROVED, REFUSED
from pipelines.home import Home
from pipelines.intake import TaintedError
from pipelines.receive import Received
from pipelines.report import FileReport

# Not the file's fault, and the file still lies in the inbox: the next run tries again.
TRY_AGAIN = frozenset({"cannot_be_opened", "cannot_be_kept"})

LET_GO: Final = timedelta(days=1)  # within that the same secret bytes are the same receipt
NOT_FINAL: Final = ("duplicate", "held", APPROVED, REFUSED)  # after these a delivery may still be judged


def untold(home: Home, reports: Iterable[FileReport]) -> list[FileReport]:
    """Those of `reports` whose verdict nobody has been told before."""
    # A duplicate bears the hash of its first receipt, which may be of this very run and unjudged until now.
    lines = [line for line in ledger.read_ledger(home.ledger) if line["verdict"] not in NOT_FINAL]
    judged = {(line["source"], line["sha256"]) for line in lines}
    return [one for one in reports if (one.source, one.sha256) not in judged]


def not_read(received: Received) -> FileReport:
    """The verdict on a file that receiving has already judged; its name is left out where it may be secret."""
    codes = {reason.code for reason in received.reasons}
    word = {"marked": "rejected", "refused": "rejected"}.get(received.verdict, received.verdict)
    if codes & TRY_AGAIN:
        word = "waiting"
    name = None if received.verdict == "marked" else received.name
    return FileReport(
        name, received.source, received.sha256, word, received.at.astimezone(UTC), reasons=received.reasons
    )


def note(home: Home, found: FileReport, verdict: str) -> None:
    """A verdict that no snapshot will hold goes into the ledger now; one that is not final does not."""
    line = line_of(found, None)
    if verdict == "marked":
        line = {key: line[key] for key in ("sha256", "source", "received_at", "verdict")}
    known = [old for old in ledger.read_ledger(home.ledger) if ledger.identity(old) == ledger.identity(line)]
    if found.sha256 is not None:
        known = [old for old in known if verdict == "marked" and _is_same_receipt(old, found)]
    # What cannot be read lies there until somebody takes it away: once is enough.
    if found.verdict != "waiting" and not known:
        ledger.append(home.ledger, [line])


def _is_same_receipt(old: Mapping[str, Any], found: FileReport) -> bool:
    """Whether a secret file is still the one told of before, which a failing disk did not let go."""
    before, at = old.get("received_at"), found.received_at
    return bool(before and at and at - datetime.fromisoformat(str(before)) < LET_GO)


def line_of(found: FileReport, generation: int | None) -> dict[str, Any]:
    """A verdict as the ledger keeps it; `generation` is the first that holds it, None where none will."""
    at = found.received_at.astimezone(UTC).isoformat() if found.received_at else None
    return {**found.as_json(), "received_at": at, "generation": generation}


def write_up(home: Home, lines: Iterable[Mapping[str, Any]]) -> None:
    """Give every delivery with a published verdict (`lines`) its line in the ledger, unless it has it already."""
    known = {ledger.identity(line) for line in ledger.read_ledger(home.ledger)}
    missing = [line for line in lines if ledger.identity(line) not in known]
    ledger.append(home.ledger, sorted(missing, key=lambda line: (line["received_at"], line["sha256"])))


def log_error(home: Home, now: datetime, tainted: TaintedError) -> None:
    """Tell the operator where our code broke; without the message, which may quote a cell."""
    frames = traceback.extract_tb(tainted.cause.__traceback__)
    line = {
        "at": now.astimezone(UTC).isoformat(),
        "source": tainted.delivery.source,
        "sha256": tainted.delivery.sha256,
        "kind": type(tainted.cause).__name__,
        "trace": [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames],
    }
    with (home.log / "errors.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
