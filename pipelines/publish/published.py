"""Every publication leaves one line behind, so that a generation can be judged by its bytes years later."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.home import Home
from pipelines.publish.pointer import Pointer, numbers_used, state_path

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64}) (\S+)")
_SHORTEST = len(f"1 {'0' * 64} {'0' * 64} 2026-11-22T00:00:00+00:00")


@dataclass(frozen=True)
class Publication:
    """A generation as it was published; `made_at` with its time zone (UTC)."""

    pointer: Pointer
    made_at: datetime


def publications(home: Home) -> dict[int, Publication]:
    """All publications on record by generation; damaged lines are left out."""
    found = [item for line in _lines(home) if (item := _parse(line))]
    return {item.pointer.generation: item for item in found}


def damaged_lines(home: Home) -> list[int]:
    """Numbers (1-based) of lines on record that say nothing, and were not merely torn by a writer that died."""
    return [number for number, line in enumerate(_lines(home), 1) if len(line) >= _SHORTEST and not _parse(line)]


def _lines(home: Home) -> list[str]:
    path = home.root / "PUBLISHED"
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []


def _parse(line: str) -> Publication | None:
    if (match := _LINE.fullmatch(line)) is None:
        return None
    try:
        return Publication(Pointer(int(match[1]), match[2], match[3]), datetime.fromisoformat(match[4]))
    except ValueError:
        return None


def record(home: Home, pointer: Pointer, made_at: datetime) -> None:
    """Add a line (`made_at` in UTC); returns once it is on the disk."""
    handle = os.open(home.root / "PUBLISHED", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        line = f"{pointer.line().strip()} {made_at.astimezone(UTC).isoformat()}\n"
        os.write(handle, f"{chr(10) if torn else ''}{line}".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def made_at(home: Home, generation: int, known: dict[int, Publication]) -> datetime:
    """When a generation was published; the time of its file where the record is lost."""
    if generation in known:
        return known[generation].made_at
    return datetime.fromtimestamp(state_path(home, generation).stat().st_mtime, UTC)


def next_generation(home: Home) -> int:
    """A number that no file, no CURRENT and no publication has ever borne: a path is never used twice."""
    return 1 + max(numbers_used(home) | set(publications(home)), default=0)
