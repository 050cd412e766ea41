"""The last steps: checkpoint, close, check, fsync, rename, and only then one new line in CURRENT."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.publish import disk
from pipelines.publish.draft import CLEARANCES, Clearance, Draft, compact, connect_draft
from pipelines.publish.hashes import Steps
from pipelines.publish.manifest import check_draft, make_manifest
from pipelines.publish.pointer import Pointer, path_of, read_pointer, write_pointer
from pipelines.publish.published import record
from pipelines.publish.tables import SCHEMA_VERSION


@dataclass(frozen=True)
class Stamp:
    """What a publication says of itself; `made_at` in UTC without offset, `place` and `extra` for JSON."""

    generation: int
    made_at: datetime
    code_version: str
    contract_sha: str
    illustrative: bool
    place: Mapping[str, Any]
    extra: Mapping[str, Any]


def finish(
    draft: Draft, stamp: Stamp, scratch: Path, step: bool = False, steps: Steps | None = None
) -> dict[str, Any]:
    """Write the manifest into the draft, close it, and check the closed file; returns the manifest.

    The check opens the file anew: a disk that filled up leaves a file that opens and is empty. `step`: what changed
    since the file in force is logged, and the promise is that file and the log, with the `steps` of its derived tables.
    """
    manifest = make_manifest(draft.db, draft.clearance, stamp.extra, step, steps)
    draft.db.execute("DELETE FROM publication")
    draft.db.execute(
        "INSERT INTO publication SELECT ?, ?, max(data_until), max(whole_until), ?, ?, ?, ?, ?, ? FROM source",
        [stamp.generation, stamp.made_at, stamp.code_version, stamp.contract_sha, SCHEMA_VERSION,
         stamp.illustrative, json.dumps(stamp.place, ensure_ascii=False), json.dumps(manifest)],
    )  # fmt: skip
    draft.db.execute("CHECKPOINT")
    draft.close()
    if not step:
        compact(draft, scratch)
    # To read the file twice and to have it written take long; none has to wait for the other.
    with ThreadPoolExecutor(2) as pool, connect_draft(draft.path, scratch, read_only=True) as db:
        synced, digest = pool.submit(disk.fsync_file, draft.path), pool.submit(disk.sha256_file, draft.path)
        checked = check_draft(db)
        draft.sha256 = digest.result()
        synced.result()  # a disk says only once that it has failed
    return checked


def publish(
    home: Home, generation: int, drafts: Mapping[Clearance, Draft], made_at: datetime
) -> Pointer:
    """Make the finished drafts generation `generation`; a clearance without a draft keeps its file.

    Returns the pointer now in force. Until the last rename nothing has changed for a reader; after it
    everything has, and both files are on the disk.
    """
    before = read_pointer(home)
    shas = {clearance: _place(home, generation, clearance, drafts.get(clearance), before)
            for clearance in CLEARANCES}  # fmt: skip
    disk.fsync_folder(home.snapshots)
    pointer = Pointer(generation, shas["state"], shas["party"])
    record(home, pointer, made_at)
    write_pointer(home, pointer)
    return pointer


def _place(
    home: Home, generation: int, clearance: Clearance, draft: Draft | None, before: Pointer | None
) -> str:
    """Put one file of the pair under its final name and return its SHA-256."""
    target = path_of(home, generation, clearance)
    if target.exists():
        raise FileExistsError(f"{target.name}: a generation is never written twice")
    if draft is None:
        if before is None:
            raise ValueError(f"the first generation needs a {clearance} draft")
        os.link(path_of(home, before.generation, clearance), target)
        return before.sha(clearance)
    draft.path.chmod(0o644 if clearance == "state" else 0o640)
    disk.fsync_file(draft.path)
    sha = draft.sha256 or disk.sha256_file(draft.path)
    draft.path.rename(target)
    return sha
