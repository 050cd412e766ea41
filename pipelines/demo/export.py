"""A file lies in the inbox as old as the day on which its sender exported it."""

from __future__ import annotations

import os
from datetime import date, datetime, time
from pathlib import Path


def write_export(path: Path, content: bytes, day: date) -> None:
    """Write `content` as a file of `day`."""
    path.write_bytes(content)
    age_export(path, day)


def age_export(path: Path, day: date) -> None:
    """Give a file the first moment of `day`: what nobody has written to for long is known to be complete."""
    moment = datetime.combine(day, time()).timestamp()
    os.utime(path, (moment, moment))
