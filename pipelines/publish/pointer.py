"""CURRENT is one line, replaced in one stroke: it names the pair of files that readers may open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.home import Home
from pipelines.publish import disk

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64})\n?")
_NAME = re.compile(r"(\d{8,18})(\.party)?\.duckdb")


@dataclass(frozen=True)
class Pointer:
    """A generation and the SHA-256 of its two files."""

    generation: int
    state: str
    party: str

    def sha(self, clearance: str) -> str:
        """The SHA-256 of the file for a clearance."""
        return self.state if clearance == "state" else self.party

    def line(self) -> str:
        """The text of CURRENT."""
        return f"{self.generation} {self.state} {self.party}\n"


def state_path(home: Home, generation: int) -> Path:
    """Where the state file of a generation lies."""
    return home.snapshots / f"{generation:08d}.duckdb"


def party_path(home: Home, generation: int) -> Path:
    """Where the Party file of a generation lies."""
    return home.snapshots / f"{generation:08d}.party.duckdb"


def path_of(home: Home, generation: int, clearance: str) -> Path:
    """Where the file of a generation for a clearance lies."""
    return (state_path if clearance == "state" else party_path)(home, generation)


def read_pointer(home: Home) -> Pointer | None:
    """What CURRENT says; None when there is none or when it is not a whole line (see `kept`)."""
    try:
        match = _LINE.fullmatch(home.current.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        return None
    return Pointer(int(match[1]), match[2], match[3]) if match else None


def write_pointer(home: Home, pointer: Pointer) -> None:
    """Put a generation in force; readers see the old line or the new one, never a mixture."""
    disk.write_line(home.current, pointer.line())


def kept(home: Home) -> list[int]:
    """Generations of which both files are there, newest first."""
    found = {False: set[int](), True: set[int]()}
    for path in home.snapshots.iterdir():
        if match := _NAME.fullmatch(path.name):
            found[match[2] is not None].add(int(match[1]))
    return sorted(found[False] & found[True], reverse=True)


def number_of(path: Path) -> int | None:
    """The generation whose file this is, None where it is no file of a generation."""
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else None


def numbers_used(home: Home) -> set[int]:
    """Every generation number that a file or CURRENT bears, whole or not."""
    current = read_pointer(home)
    names = {int(m[1]) for p in home.snapshots.iterdir() if (m := _NAME.match(p.name))}
    return names | ({current.generation} if current else set())
