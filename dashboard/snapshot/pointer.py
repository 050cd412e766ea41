"""CURRENT names the pair of files in force; PUBLISHED remembers by which bytes every generation is known."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.snapshot.opened import PARTY, STATE

_LINE: Final = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64})")
_NAME: Final = re.compile(r"(\d{8,18})\.duckdb")


@dataclass(frozen=True)
class Pointer:
    """A generation and the SHA-256 of its two files."""

    generation: int
    state: str
    party: str


def read_pointer(home: Path) -> Pointer | None:
    """What CURRENT says; None when there is none or when it is not one whole line."""
    try:
        return _parse((home / "CURRENT").read_text(encoding="ascii").removesuffix("\n"), whole=True)
    except (OSError, UnicodeDecodeError):
        return None


def is_damaged(home: Path, pointer: Pointer) -> bool:
    """Whether a whole line lies: the record of publications knows other bytes, and the file is not what it says."""
    if all(one == pointer for one in _published(home) if one.generation == pointer.generation):
        return False
    try:
        return sha256(file_of(home, pointer.generation, STATE)) != pointer.state
    except OSError:
        return True


def promises(home: Path, generation: int, clearance: str) -> set[str]:
    """The hashes under which a generation was published, from CURRENT and from the record of publications."""
    found = [one for one in (read_pointer(home), *_published(home)) if one and one.generation == generation]
    return {one.party if clearance == PARTY else one.state for one in found}


def file_of(home: Path, generation: int, clearance: str) -> Path:
    """Where the state or the Party file of a generation lies."""
    return home / "snapshots" / f"{generation:08d}{'.party' if clearance == PARTY else ''}.duckdb"


def kept(home: Path) -> list[int]:
    """Generations of which the state file is there, newest first."""
    names = [_NAME.fullmatch(path.name) for path in (home / "snapshots").glob("*.duckdb")]
    return sorted((int(match[1]) for match in names if match), reverse=True)


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when a file is replaced or written to; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _published(home: Path) -> list[Pointer]:
    try:
        lines = (home / "PUBLISHED").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    return [found for line in lines if (found := _parse(line, whole=False))]


def _parse(line: str, whole: bool) -> Pointer | None:
    match = _LINE.fullmatch(line) if whole else _LINE.match(line)
    return Pointer(int(match[1]), match[2], match[3]) if match else None
