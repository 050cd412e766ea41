"""Equal content is equal bytes: archives without clocks, and a hash over the parts that hold data."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from dashboard.words import PersonError

NEVER: Final = (1980, 1, 1, 0, 0, 0)
"""The only time of a file in our archives: the earliest that the format knows."""
CLOCKED: Final = ("docProps/core.xml", "docProps/app.xml", "ppt/slides/slide1.xml")
"""Members that say when a file was made; the sheet `Scope` of a workbook is the other one (`made_in`)."""


def settled(archive: bytes) -> bytes:
    """The same archive with every time taken out, members in their order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return zipped({name: found.read(name) for name in found.namelist()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """An archive of members in their order; what is packed already is not packed again."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, body in members.items():
            entry = zipfile.ZipInfo(name, NEVER)
            packed = name.endswith((".pptx", ".xlsx", ".pdf", ".zip"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body)
    return memory.getvalue()


def written(folder: Path, name: str, body: bytes) -> Path:
    """The file under its name in a folder, whole or not at all. Raises PersonError where it cannot be written."""
    draft = folder / f".{name}.draft"
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        draft.write_bytes(body)
        return draft.replace(folder / name)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise PersonError("pack.no_folder", folder=str(folder)) from error


def data_sha256(archive: bytes, clocked: tuple[str, ...] = CLOCKED) -> str:
    """SHA-256 over the data parts of an Office file: every member except those that say when it was made.

    It is a hash over name and content of the members in order of their names: equal numbers, texts and looks
    give an equal hash whatever the minute in which the file was made.
    """
    told = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        for name in sorted(found.namelist()):
            if name not in clocked:
                told.update(f"{name}\0".encode() + hashlib.sha256(found.read(name)).digest())
    return told.hexdigest()
