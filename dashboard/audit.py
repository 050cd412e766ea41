"""Who took what, when: a line is on the disk before the first byte leaves, and every line guards the one before.

Append-only JSON lines; `prev` is the SHA-256 of the line before, so that a changed or missing line shows.
A line never holds a value of the data.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

START: Final = "0" * 64
"""What the first line of a file calls the line before it."""


def append(path: Path, event: Mapping[str, object]) -> str:
    """Write one event and wait until it is on the disk; returns the SHA-256 of its line.

    Several processes may write: the file is locked while the last line is read and the next one written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _end_torn_line(file)
        line = json.dumps({"prev": _last_hash(path), **event}, ensure_ascii=False, sort_keys=True).encode()
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(line).hexdigest()


def broken_at(path: Path) -> int | None:
    """The number (from 1) of the first line that does not follow from the one before, or None."""
    before = START
    for number, line in enumerate(_lines(path), start=1):
        try:
            if json.loads(line)["prev"] != before:
                return number
        except (ValueError, KeyError, TypeError):
            return number
        before = hashlib.sha256(line).hexdigest()
    return None


def events(path: Path) -> Iterator[dict[str, object]]:
    """All events in the order in which they were written; lines that are no JSON are left out."""
    for line in _lines(path):
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _end_torn_line(file: BinaryIO) -> None:
    """A line that a crash cut off stays by itself, so that the next event is not lost with it."""
    if file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")
            file.flush()


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def _last_hash(path: Path) -> str:
    lines = _lines(path)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else START
