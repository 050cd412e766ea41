"""A folder that a living process works in is nobody else's to clear away; of a dead one's the kernel lets go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import count
from pathlib import Path


@contextmanager
def claimed(parent: Path, stem: str) -> Iterator[Path]:
    """A new folder `<stem>-<n>` below `parent`, removed at the end; a sweep leaves it alone until then.

    Between its making and its claim a sweep could take it away: call where none is under way, or try again.
    """
    folder = _new(parent, stem)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        flock(handle, LOCK_EX | LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _new(parent: Path, stem: str) -> Path:
    for number in count():
        folder = parent / f"{stem}-{number}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise AssertionError("numbers do not end")


def is_claimed(folder: Path) -> bool:
    """Whether a living process works in `folder`."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
