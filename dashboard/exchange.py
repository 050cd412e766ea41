"""A file to be examined is carried through unopened: this side writes bytes and reads an answer, never a table."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.words import PersonError

MOST_BYTES: Final = 50 << 20
MOST_WAITING: Final = 20
"""Questions that may lie there at once, so that nobody fills the disk through a form."""
KINDS: Final = ("upload", "json", "seen", "answer", "xlsx")


@dataclass(frozen=True)
class Upload:
    """What a person wants to be examined; without a `source` the header tells which it is."""

    name: str
    body: bytes
    source: str = ""


@dataclass(frozen=True)
class Exchange:
    """The exchange folder of a home; numbers are 32 hex digits that only whoever asked knows."""

    folder: Path

    def ask(self, upload: Upload, clearances: Collection[str], session: str, number: str) -> None:
        """Leave a file and the question about it. Raises PersonError where it is too large or cannot be left."""
        if len(upload.body) > MOST_BYTES:
            raise PersonError("doctor.too_large", most=MOST_BYTES >> 20)
        said = {
            "name": upload.name[:255],
            "source": upload.source or None,
            "clearances": sorted(clearances),
            "session": mark(session),
        }
        try:
            if sum(1 for _ in self.folder.glob("*.upload")) >= MOST_WAITING:
                raise PersonError("doctor.busy")
            self._leave(number, "upload", upload.body)
            self._leave(number, "json", json.dumps(said).encode())
        except OSError as error:
            self.withdraw(number)
            raise PersonError("doctor.no_folder") from error

    def _leave(self, number: str, kind: str, content: bytes) -> None:
        """Whole or not at all, readable for the group of the pipelines and for nobody else."""
        draft = self.folder / f".{number}.{kind}.part"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            file.write(content)
        draft.replace(self.folder / f"{number}.{kind}")

    def answer(self, number: str) -> dict[str, Any] | None:
        """What the pipelines said, or None so far."""
        try:
            found = json.loads((self.folder / f"{number}.answer").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_seen(self, number: str) -> bool:
        """Whether somebody is reading the file."""
        return (self.folder / f"{number}.seen").exists()

    def annotated(self, number: str, session: str) -> bytes | None:
        """The annotated copy, for the browser that asked."""
        try:
            asked = json.loads((self.folder / f"{number}.json").read_text(encoding="utf-8"))
            body = (self.folder / f"{number}.xlsx").read_bytes()
        except (OSError, ValueError):
            return None
        return body if session and asked.get("session") == mark(session) else None

    def withdraw(self, number: str) -> None:
        """Take everything of a question away."""
        for kind in KINDS:
            for name in (f"{number}.{kind}", f".{number}.{kind}.part"):
                with suppress(OSError):
                    (self.folder / name).unlink(missing_ok=True)


def mark(session: str) -> str:
    """A browser's name as it may lie on a disk."""
    return hashlib.sha256(session.encode()).hexdigest()
