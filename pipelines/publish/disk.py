"""Nothing is said to be written before the disk has it: the four steps that every publication is made of."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

BLOCK = 1 << 20


def fsync_file(path: Path) -> None:
    """Return once the bytes of `path` are on the disk."""
    _fsync(path, os.O_RDONLY)


def fsync_folder(path: Path) -> None:
    """Return once the names in folder `path` are on the disk: without it a rename may be forgotten."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def has_room(path: Path) -> bool:
    """Whether a copy of `path` beside it leaves room for another: nothing may fail for what is merely convenient."""
    return shutil.disk_usage(path.parent).free > 2 * path.stat().st_size


def write_line(path: Path, text: str) -> None:
    """Replace `path` by one that holds `text`, so that a reader finds the old line or the new one."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    fsync_folder(path.parent)


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read a megabyte at a time."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as source:
        while block := source.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def copy_hashed(source: Path, target: Path) -> str:
    """Copy `source` and return the SHA-256 of exactly what was copied."""
    digest = hashlib.sha256()
    with source.open("rb", buffering=0) as old, target.open("wb", buffering=0) as new:
        while block := old.read(BLOCK):
            digest.update(block)
            while block:
                block = block[new.write(block) :]
    return digest.hexdigest()
