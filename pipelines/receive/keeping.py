"""Bytes are held, then kept under their own SHA-256, and only then does their first place let go of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, Final

from pipelines.delivery import Delivery
from pipelines.errors import PersonError
from pipelines.machine import blame
from pipelines.receive.inbox import Entry, Look, open_regular

BLOCK: Final = 1 << 20
SUFFIX: Final = re.compile(r"(?:\.[a-z0-9]{1,10}){1,2}")
SYSTEM_FAILED: Final = 3
SHA256: Final = re.compile(r"[0-9a-f]{64}")


class StillGrowingError(Exception):
    """The file changed while it was copied."""


def private_folder(path: Path) -> Path:
    """`path` as a folder that only we may open."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def hold(entry: Entry, folder: Path) -> tuple[Path, str, int]:
    """Copy the bytes into `folder`: path, SHA-256 and size of the copy.

    Raises StillGrowingError where the file is not what was looked at, OSError where it cannot be read or
    the copy cannot be kept.
    """
    private_folder(folder)
    draft = folder / "incoming.part"
    try:
        with os.fdopen(open_regular(entry), "rb") as source:
            if Look.of(os.fstat(source.fileno())) != entry.look:
                raise StillGrowingError
            digest, size = _copy(source.fileno(), draft)
            if Look.of(os.fstat(source.fileno())) != entry.look:
                raise StillGrowingError
        held = folder / digest
        draft.replace(held)
        return held, digest, size
    finally:
        draft.unlink(missing_ok=True)


def _copy(source: int, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
        while block := os.read(source, BLOCK):
            copy.write(block)
            digest.update(block)
            size += len(block)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def sweep(folder: Path) -> None:
    """Remove what an interrupted run left in `hold/`: the inbox still has the originals."""
    if folder.is_dir():
        for left in folder.iterdir():
            if not left.name.endswith(".held"):
                left.unlink(missing_ok=True)


def suffix_of(name: str) -> str:
    """The suffixes of a name in lower case, where they are ordinary; else none.

    `<sha256>.json` is the receipt, so a document that is JSON itself becomes `<sha256>.json.data`.
    """
    suffixes = "".join(PurePath(name).suffixes[-2:]).lower()
    last = PurePath(name).suffix.lower()
    found = next((one for one in (suffixes, last) if SUFFIX.fullmatch(one)), "")
    return f"{found}.data" if found == ".json" else found


def kept(archive: Path, source: str, sha256: str) -> Delivery | None:
    """The delivery with these bytes that the archive already has, with its first receipt.

    Raises OSError where the machine failed to say.
    """
    sidecar = archive / source / f"{sha256}.json"
    try:
        said = json.loads(sidecar.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        blame(wrong)  # a receipt that cannot be read today is not a delivery that never came
        return None
    redacted = said.get("redacted")
    path = archive / source / f"{sha256}{'.redacted.parquet' if redacted else suffix_of(said['name'])}"
    if not path.is_file():
        return None
    received_at = datetime.fromisoformat(said["received_at"])
    return Delivery(source, said["name"], path, sha256, said["bytes"], received_at, redacted)


def archived(archive: Path, but: Container[str] = ()) -> Iterator[Delivery]:
    """Every delivery of the archive whose SHA-256 is not in `but`, in the order of first receipt."""
    found = [
        delivery
        for sidecar in sorted(archive.glob("*/*.json"))
        if SHA256.fullmatch(sidecar.stem)
        and sidecar.stem not in but
        and (delivery := kept(archive, sidecar.parent.name, sidecar.stem))
    ]
    yield from sorted(found, key=lambda one: (one.received_at, one.sha256))


def refuse_damaged(delivery: Delivery) -> None:
    """Raise PersonError where the archived bytes are not those that came: nothing is ever computed from them."""
    with delivery.path.open("rb", buffering=0) as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == (delivery.redacted["sha256"] if delivery.redacted else delivery.sha256):
        return
    where = f"archive/{delivery.source}/{delivery.path.name}"
    raise PersonError(
        f"Tệp lưu {where} đã bị hỏng trên đĩa (không khớp mã SHA-256). Chưa có gì được công bố từ lần chạy này; "
        "hãy khôi phục tệp từ bản sao lưu rồi chạy lại. `pipelines verify` liệt kê mọi chỗ hỏng.",
        f"The archived file {where} was damaged on the disk (its SHA-256 differs). Nothing was published by this run; "
        "restore the file from the backup and run again. `pipelines verify` lists all damage.",
        SYSTEM_FAILED,
    )


def keep(archive: Path, held: Path, entry: Entry, sha256: str, size: int, now: datetime) -> Delivery:
    """Move held bytes into the archive, the sidecar first: no archived file is ever without its time."""
    folder = private_folder(private_folder(archive) / entry.source)
    sidecar = folder / f"{sha256}.json"
    name, received_at = entry.name, _first_receipt(sidecar) or now.astimezone(UTC)
    path = folder / f"{sha256}{suffix_of(name)}"
    said = {
        "source": entry.source,
        "name": name,
        "sha256": sha256,
        "bytes": size,
        "received_at": received_at.isoformat(),
    }
    write_receipt(sidecar, said)
    held.replace(path)
    sync_folder(folder)
    return Delivery(entry.source, name, path, sha256, size, received_at)


def _first_receipt(sidecar: Path) -> datetime | None:
    """When a run that was killed over this file had received it already."""
    try:
        return datetime.fromisoformat(json.loads(sidecar.read_text("utf-8"))["received_at"])
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        blame(wrong)
        return None


def write_receipt(path: Path, said: Mapping[str, Any]) -> None:
    """Write or replace a sidecar, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(said, ensure_ascii=False))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def let_go(entry: Entry) -> bool:
    """Remove the inbox file if it is still the one that was taken; whether it is gone."""
    path = entry.folder / entry.file
    try:
        if Look.of(path.lstat()) == entry.look:
            path.unlink()
            return True
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False
