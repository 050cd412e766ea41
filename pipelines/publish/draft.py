"""A draft is a private copy of what is in force; whatever becomes of it, readers do not notice."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import duckdb

from pipelines.claim import is_claimed
from pipelines.home import Home
from pipelines.publish import disk
from pipelines.publish.tables import create_tables

Clearance = Literal["state", "party"]
CLEARANCES: tuple[Clearance, Clearance] = ("state", "party")
LEAST_FREE: Final = 16 << 20  # bytes that are worth writing a file anew for


class DamagedSnapshotError(Exception):
    """The published file is not the one that was published: its bytes have changed."""


@dataclass
class Draft:
    """One of the two files of the next generation while it is being written."""

    clearance: Clearance
    path: Path
    db: duckdb.DuckDBPyConnection
    sha256: str = ""  # of the finished file

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self.db.close()

    def discard(self) -> None:
        """Close and remove the draft and its write-ahead log."""
        self.close()
        _remove(self.path)


def compact(draft: Draft, scratch: Path, least: int = LEAST_FREE) -> None:
    """Write a finished and closed draft anew where more than a quarter of it is free, and more than `least` bytes.

    A file that was made from nothing has holes where tables once were; every generation after it would copy, hash and
    keep them. Rows stay in their order, for whole groups of them are passed over by their days.
    """
    tight = draft.path.with_name(f"{draft.path.name}.tight")
    if not _is_loose(draft.path, scratch, least) or not disk.has_room(draft.path):
        return
    _remove(tight)
    try:
        with connect_draft(tight, scratch) as db:
            db.execute("SET preserve_insertion_order = true")
            (name,) = db.execute("SELECT current_database()").fetchall()[0]
            db.execute(f"ATTACH {_text(draft.path)} AS loose (READ_ONLY)")
            db.execute(f'COPY FROM DATABASE loose TO "{name}"')
            db.execute("DETACH loose")
            db.execute("CHECKPOINT")
        tight.rename(draft.path)
    except BaseException:
        _remove(tight)
        raise


def _is_loose(path: Path, scratch: Path, least: int) -> bool:
    with connect_draft(path, scratch, read_only=True) as db:
        asked = "SELECT block_size, total_blocks, free_blocks FROM pragma_database_size()"
        size, blocks, free = db.execute(asked).fetchall()[0]
    return bool(free * 4 > blocks and free * size > least)


def _remove(path: Path) -> None:
    """Remove a DuckDB file and its write-ahead log."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def begin(
    home: Home, clearance: Clearance, generation: int, force: tuple[Path, str] | None, copy: Path | None = None
) -> Draft:
    """A draft for `generation`: a copy of the file in `force` (path and SHA-256), or an empty one.

    `copy` is such a copy that has been compared already, if there is one; it becomes the draft.

    Raises DamagedSnapshotError when the bytes of the file in force are not those of `CURRENT`: nothing is
    ever built on a damaged file.
    """
    # Beside the snapshots, so that the last step is a rename within one file system.
    path = home.snapshots / f".draft-{generation:08d}.{clearance}.duckdb"
    _remove(path)
    if force is not None and not _moved(copy, path) and disk.copy_hashed(force[0], path) != force[1]:
        path.unlink()
        raise DamagedSnapshotError(force[0].name)
    db = connect_draft(path, spill(home, clearance))
    create_tables(db)
    return Draft(clearance, path, db)


def _moved(copy: Path | None, path: Path) -> bool:
    """Whether there was a copy to move; on another disk than the snapshots there is as good as none."""
    try:
        return copy is not None and bool(copy.rename(path))
    except OSError:
        return False


def spill(home: Home, clearance: Clearance) -> Path:
    """Where a draft puts what does not fit into memory; two drafts in one folder would write one file."""
    return home.scratch / f"spill-{clearance}"


def connect_draft(path: Path, scratch: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that spills into `scratch`, draws no progress bar and gives rows in any order."""
    db = duckdb.connect(str(path), read_only=read_only)
    db.execute("SET enable_progress_bar = false")
    db.execute("SET preserve_insertion_order = false")
    # A draft that a power cut takes is thrown away; what is published is fsynced whole (see seal.py).
    db.execute("SET fsync_mode = 'NONE'")
    # To fold the log into the file after every delivery would copy the same rows a hundred times.
    db.execute("SET checkpoint_threshold = '256MB'")
    db.execute("SET auto_checkpoint_skip_wal_threshold = 268435456")
    db.execute(f"SET temp_directory = {_text(scratch)}")
    return db


def _text(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def sweep(home: Home) -> list[str]:
    """Remove what a killed writer left behind (drafts, logs, chunks) and return the names.

    A folder that a living process has claimed is left alone. A stray `.wal` beside a snapshot would keep every reader
    out of it. Call only under the lock.
    """
    stale = [p for p in home.snapshots.iterdir() if p.name.startswith(".draft-") or p.suffix == ".wal"]
    stale += [*home.root.glob(".*.new"), *home.scratch.iterdir()]
    return sorted(path.name for path in stale if _removed(path))


def _removed(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return True
    if is_claimed(path):
        return False
    shutil.rmtree(path)
    return True
