"""A name promises a format, the first bytes keep or break the promise."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import Final

from pipelines.errors import Reason, Rejected
from pipelines.read.format import SUFFIXES, FileFormat

HEAD: Final = 4096
MAGIC: Final = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"PAR1": "parquet",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"\x7fELF": "program",
    b"SQLite format 3": "sqlite",
}
MARKUP: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(!doctype|html|head|body|table|\?xml|script)", re.IGNORECASE)
# The magic that a format must show; the others must show none.
NEEDS: Final = {"xlsx": "zip", "parquet": "parquet"}


def format_of(path: Path, name: str, form: FileFormat) -> str:
    """One of `form.formats`; raises Rejected where name or content is something else, or nothing at all."""
    suffix = PurePath(name).suffix.lower()
    found = SUFFIXES.get(suffix)
    if found not in form.formats:
        wanted = ", ".join(form.formats)
        raise Rejected(Reason("format_not_agreed", {"suffix": suffix or "-", "formats": wanted}))
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Rejected(Reason("file_empty"))
    kind = content_kind(head)
    if kind != NEEDS.get(found, "text"):
        _refuse(found, kind, path)
    return found


def content_kind(head: bytes) -> str:
    """What the first bytes are: a name from `MAGIC`, `markup`, or `text` for want of anything better."""
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    return "markup" if MARKUP.match(head) else "text"


def _refuse(wanted: str, kind: str, path: Path) -> None:
    if wanted == "xlsx" and kind == "ole":
        encrypted = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[: 64 << 20]
        raise Rejected(Reason("file_encrypted" if encrypted else "file_old_excel"))
    raise Rejected(Reason("content_is_something_else", {"format": wanted, "found": kind}))
