"""An operator reads what happened without reading anybody's data: one line a run, verdicts and codes only."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any, Final

from pipelines.home import Home
from pipelines.report import FileReport, LoadReport

MOST: Final = 32 << 20  # bytes; then the log of before gives way to this one


def write_run(home: Home, report: LoadReport, began: datetime, ended: datetime) -> None:
    """Append a run that did something to `log/runs.jsonl`; a disk that is full keeps nobody from his numbers."""
    if not (report.files or report.published or report.notes or report.forgotten or report.expired):
        return
    path = home.log / "runs.jsonl"
    try:
        if path.exists() and path.stat().st_size > MOST:
            path.replace(path.with_suffix(".jsonl.1"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.write(json.dumps(line_of(report, began, ended)) + "\n")
    except OSError as error:
        report.note(f"Không ghi được nhật ký: {error.strerror}.", f"The log was not written: {error.strerror}.")


def line_of(report: LoadReport, began: datetime, ended: datetime) -> dict[str, Any]:
    """A run as the log keeps it."""
    return {
        "at": began.astimezone(UTC).isoformat(),
        "seconds": round((ended - began).total_seconds(), 3),
        "snapshot": report.snapshot,
        "published": report.published,
        "rebuilt": report.rebuilt,
        "forgotten_rows": report.forgotten,
        "expired_files": report.expired,
        "notes": [en for _, en in report.notes],
        "files": [_file(one) for one in report.files],
    }


def _file(one: FileReport) -> dict[str, Any]:
    """No name, no sentence: both may quote what is in the file."""
    counted = ("rows_in", "rows_loaded", "rows_quarantined", "rows_skipped", "cases")
    return {
        "source": one.source,
        "sha256": one.sha256,
        "verdict": one.verdict,
        **{name: getattr(one, name) for name in counted},
        "reasons": [reason.code for reason in one.reasons],
    }
