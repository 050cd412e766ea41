"""What lies in an inbox is looked at, never trusted: only a quiet regular file is worth opening."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IGNORED: Final = (".*", "~$*", "*.tmp", "*.part", "thumbs.db", "desktop.ini")
UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff/\\\\]")


@dataclass(frozen=True)
class Look:
    """One glance at a file; two equal ones some seconds apart mean that nobody is writing it."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, seen: os.stat_result) -> Look:
        """What of a stat result must not change."""
        return cls(seen.st_size, seen.st_mtime_ns, seen.st_ino)


@dataclass(frozen=True)
class Entry:
    """Something in the folder of a source; `look` is None where it is no regular file."""

    source: str
    folder: Path
    file: str
    look: Look | None

    @property
    def name(self) -> str:
        """The file's name as it may be shown and kept: composed, without control or direction marks."""
        return shown(self.file)


def shown(name: str) -> str:
    """A name safe for logs and screens; what could mislead becomes "�"."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return UNSAFE.sub("\ufffd", unicodedata.normalize("NFC", text))


def temporaries(inbox: Path) -> frozenset[Look]:
    """How the files look that still bear a temporary name; a rename changes nothing of it but the name."""
    found = set()
    for folder in folders(inbox):
        for file in _names(folder):
            if is_ignored(file):
                with suppress(OSError):
                    found.add(Look.of((folder / file).lstat()))
    return frozenset(found)


def is_ignored(file: str) -> bool:
    """Whether a name is that of a leftover, or of a file that somebody is still writing."""
    return any(fnmatch.fnmatchcase(file.lower(), pattern) for pattern in IGNORED)


def entries(inbox: Path) -> Iterator[Entry]:
    """Everything one folder deep that is no leftover of an office program, in the order of names."""
    for folder in sorted(folders(inbox)):
        for file in sorted(_names(folder)):
            if is_ignored(file):
                continue
            try:
                seen = (folder / file).lstat()
            except OSError:  # taken away in between
                continue
            look = Look.of(seen) if stat.S_ISREG(seen.st_mode) else None
            yield Entry(shown(folder.name), folder, file, look)


def in_turn(found: Iterable[Entry]) -> list[Entry]:
    """The first file of every source, the smallest of them first, then the second of every source, and so on.

    Whoever sends ten thousand files at once does not keep the others waiting; his own stay in their order.
    """
    rank: Counter[Path] = Counter()
    turns: list[tuple[int, int, int, Entry]] = []
    for entry in found:
        turns.append((rank[entry.folder], entry.look.size if entry.look else 0, len(turns), entry))
        rank[entry.folder] += 1
    return [entry for *_, entry in sorted(turns, key=lambda turn: turn[:3])]


def folders(inbox: Path) -> Iterator[Path]:
    """The folders of the sources."""
    with os.scandir(inbox) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False) and not one.name.startswith("."):
                yield inbox / one.name


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names may be no text at all, and Path would hide that
    except OSError:
        return []


def look_again(entry: Entry) -> Look | None:
    """The second glance; None where the file is gone."""
    try:
        return Look.of((entry.folder / entry.file).lstat())
    except OSError:
        return None


def open_regular(entry: Entry) -> int:
    """A descriptor of a regular file; raises OSError for everything else, and never waits for a pipe."""
    descriptor = os.open(entry.folder / entry.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("not a regular file")
