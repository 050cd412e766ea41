"""Newer numbers announce themselves: whoever writes them leaves a name in the lock until they are in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

BRIEF: Final = 60.0
"""Seconds for which a load that has begun makes others wait for it; a long one changes nothing for anybody."""


def is_loading(home: Path, now: datetime) -> bool:
    """Whether a writer has just begun its work: it leaves its name in the lock until it is done, or dies."""
    try:
        lock = (home / "lock").stat()
    except OSError:
        return False
    return lock.st_size > 0 and now.timestamp() - lock.st_mtime < BRIEF
