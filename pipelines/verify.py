"""What is on the disk is what was written, or an operator hears of it before a reader does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines import forgotten, ledger
from pipelines.home import Home, key_check
from pipelines.publish import disk
from pipelines.publish.draft import connect_draft
from pipelines.publish.manifest import NotPublishableError, check_draft
from pipelines.publish.pointer import kept, party_path, read_pointer, state_path
from pipelines.publish.published import damaged_lines, publications

REDACTED: Final = ".redacted.parquet"


@dataclass(frozen=True)
class Damage:
    """One thing that is not as it was written: where, and what, in both languages."""

    where: str
    vi: str
    en: str


def verify(home: Home) -> list[Damage]:
    """Everything that is damaged or missing in a home: archive, snapshots, CURRENT, ledger, key."""
    return [
        *_archive(home),
        *_pointer(home),
        *_record(home),
        *_snapshots(home),
        *_contents(home),
        *_ledger(home),
        *_forgotten(home),
    ]


def _archive(home: Home) -> Iterator[Damage]:
    for folder in sorted(path for path in home.archive.iterdir() if path.is_dir()):
        named = sorted(path for path in folder.iterdir() if path.suffix != ".json")
        files = {path.name.split(".")[0]: path for path in named if not path.name.endswith(REDACTED)}
        taken = {path.name.split(".")[0]: path for path in named if path.name.endswith(REDACTED)}
        for sha in sorted(taken.keys() & files.keys()):
            where = _name(home, files[sha])
            yield Damage(where, "tệp gốc có hồ sơ đã yêu cầu xóa vẫn còn", "still holds a case that was forgotten")
        files |= taken
        sidecars = {path.stem: path for path in folder.glob("*.json")}
        for sha, path in sorted(files.items()):
            yield from _archived(home, sha, path, sidecars.get(sha))
        for sha in sorted(sidecars.keys() - files.keys()):
            where = _name(home, sidecars[sha])
            yield Damage(where, "tệp gốc không còn trong kho lưu", "the archived file is gone")


def _archived(home: Home, sha: str, path: Path, sidecar: Path | None) -> Iterator[Damage]:
    where, said = _name(home, path), _said(sidecar) if sidecar else None
    found = disk.sha256_file(path)
    if found != (said[0] if said and path.name.endswith(REDACTED) else sha):
        yield Damage(where, "nội dung không khớp mã SHA-256", "the bytes do not match their SHA-256")
    if sidecar is None:
        yield Damage(where, "thiếu tệp ghi thời điểm nhận", "its receipt (sidecar) is missing")
    elif said != (found, path.stat().st_size) or not path.name.startswith(sidecar.stem):
        yield Damage(_name(home, sidecar), "tệp ghi nhận không nói về tệp này", "the receipt is not of this file")


def _said(sidecar: Path) -> tuple[str, int] | None:
    """What a receipt says the bytes that are kept are; None where it cannot be read."""
    try:
        content = json.loads(sidecar.read_bytes())
        datetime.fromisoformat(content["received_at"])
        kept_as = content.get("redacted") or content
        return kept_as["sha256"], kept_as["bytes"]
    except (ValueError, KeyError, TypeError):
        return None


def _pointer(home: Home) -> Iterator[Damage]:
    pointer = read_pointer(home)
    if pointer is None:
        if home.current.exists() or kept(home):
            yield Damage("CURRENT", "bị thiếu hoặc hỏng", "missing or damaged")
        return
    promised = {state_path: pointer.state, party_path: pointer.party}
    for locate, sha in promised.items():
        path = locate(home, pointer.generation)
        if not path.exists():
            yield Damage(_name(home, path), "bản đang công bố bị mất", "the file in force is gone")
        elif disk.sha256_file(path) != sha:
            yield Damage(_name(home, path), "không khớp CURRENT", "the bytes do not match CURRENT")


def _record(home: Home) -> Iterator[Damage]:
    """PUBLISHED says by which bytes a generation is known: without it none of them can be trusted."""
    for number in damaged_lines(home):
        yield Damage(f"PUBLISHED:{number}", "dòng bị hỏng", "the line is damaged")
    known, pointer = publications(home), read_pointer(home)
    if pointer and known and (pointer.generation not in known or known[pointer.generation].pointer != pointer):
        yield Damage("CURRENT", "không khớp với sổ công bố PUBLISHED", "does not agree with the record PUBLISHED")
    newest = max([*known, pointer.generation if pointer else 0])
    for generation in kept(home):
        # A newer one was named by a writer that could not record it: the next publication takes it away.
        if generation not in known and (not known or generation <= newest):
            path = state_path(home, generation)
            yield Damage(_name(home, path), "không có trong sổ công bố PUBLISHED", "is not in the record PUBLISHED")


def _snapshots(home: Home) -> Iterator[Damage]:
    current, known = read_pointer(home), publications(home)
    for generation in kept(home):
        if generation not in known or (current and current.generation == generation):
            continue
        for path, sha in (
            (state_path(home, generation), known[generation].pointer.state),
            (party_path(home, generation), known[generation].pointer.party),
        ):
            if disk.sha256_file(path) != sha:
                yield Damage(_name(home, path), "không khớp khi công bố", "not the bytes that were published")
    for stray in sorted(home.snapshots.glob("*.wal")):
        yield Damage(_name(home, stray), "tệp .wal lạc, cản người đọc", "a stray .wal keeps readers out")


def _contents(home: Home) -> Iterator[Damage]:
    pointer = read_pointer(home)
    for path in (state_path(home, pointer.generation), party_path(home, pointer.generation)) if pointer else ():
        try:
            with connect_draft(path, home.scratch, read_only=True) as db:
                manifest = check_draft(db)
                rows = db.execute("SELECT source, sha256 FROM delivery").fetchall()
        except NotPublishableError as error:
            yield Damage(_name(home, path), error.vi, error.en)
            continue
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            yield Damage(_name(home, path), f"không mở được: {first}", f"cannot be opened: {first}")
            continue
        yield from _behind(home, path, str(manifest.get("key_check", "")), rows)


def _behind(home: Home, path: Path, mark: str, rows: list[tuple[str, str]]) -> Iterator[Damage]:
    for source, sha in rows:
        if not any((home.archive / source).glob(f"{sha}*")):
            where = f"archive/{source}/{sha}"
            yield Damage(where, "tệp đã nạp không còn trong kho lưu", "a loaded file is not in the archive")
    if not home.key.is_file():
        yield Damage("keys/pseudonym.key", "thiếu khóa bí danh", "the pseudonym key is missing")
    elif mark and mark != _mark_of(home.key):
        yield Damage("keys/pseudonym.key", "không phải khóa của bản công bố", f"not the key of {path.name}")


def _mark_of(path: Path) -> str:
    try:
        return key_check(bytes.fromhex(path.read_text(encoding="ascii", errors="replace").strip()))
    except ValueError:
        return hashlib.sha256(b"not a key").hexdigest()


def _ledger(home: Home) -> Iterator[Damage]:
    for line in ledger.damage(home.ledger):
        yield Damage(f"ledger.jsonl:{line}", "dòng bị sửa hoặc bị mất dòng trước", "edited, or the line before is gone")


def _forgotten(home: Home) -> Iterator[Damage]:
    """A line that is lost here would let a forgotten case come back."""
    for line in ledger.damage(forgotten.path_of(home)):
        where = f"forgotten.jsonl:{line}"
        yield Damage(where, "dòng bị sửa hoặc bị mất dòng trước", "edited, or the line before is gone")


def _name(home: Home, path: Path) -> str:
    return str(path.relative_to(home.root))
