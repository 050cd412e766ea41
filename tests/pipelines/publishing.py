"""A writer as small as a writer can be: one more delivery per generation, through the real publishing steps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import Home, open_home
from pipelines.publish import Stamp, begin, finish, publish, sweep
from pipelines.publish.draft import CLEARANCES, Clearance, Draft
from pipelines.publish.pointer import Pointer, party_path, read_pointer, state_path
from pipelines.publish.published import next_generation
from pipelines.publish.recover import settle

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def small_home(folder: Path) -> Home:
    return open_home(folder / "home")


def stamp(generation: int, **extra: Any) -> Stamp:
    return Stamp(generation, NOON.replace(tzinfo=None), "test", "contract", True, {"code": "test"}, extra)


def add_delivery(db: duckdb.DuckDBPyConnection, number: int, rows: int = 3) -> None:
    sha = f"{number:064x}"
    db.execute(
        "INSERT INTO delivery VALUES (?, 'source', 'file.csv', 10, ?, NULL, 'loaded', ?, ?, 0, 0, ?, '[]')",
        [sha, NOON.replace(tzinfo=None), rows, rows, rows],
    )
    db.execute("CREATE TABLE IF NOT EXISTS fact_small (case_id VARCHAR, n BIGINT, version_at TIMESTAMP)")
    db.execute("INSERT INTO fact_small SELECT ? || i, i, now()::TIMESTAMP FROM range(?) r(i)", [sha, rows])


def draft_one(home: Home, clearance: Clearance, before: Pointer | None, generation: int, rows: int) -> Draft:
    force = None
    if before is not None:
        locate = state_path if clearance == "state" else party_path
        force = locate(home, before.generation), getattr(before, clearance)
    draft = begin(home, clearance, generation, force)
    add_delivery(draft.db, generation, rows)
    finish(draft, stamp(generation), home.scratch)
    return draft


def publish_one(home: Home, only: Clearance | None = None, rows: int = 3) -> Pointer:
    """Sweep, settle, draft, finish, publish: what a run does, without reading a file."""
    sweep(home)
    before, _ = settle(home)
    generation = next_generation(home)
    wanted = [c for c in CLEARANCES if before is None or only in (None, c)]
    drafts = {c: draft_one(home, c, before, generation, rows) for c in wanted}
    return publish(home, generation, drafts, NOON)


def deliveries(home: Home) -> int:
    """How many deliveries the state file in force holds, read as a reader would."""
    pointer = read_pointer(home)
    assert pointer is not None
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{state_path(home, pointer.generation)}' AS snap (READ_ONLY)")
        return int(db.execute("SELECT count(*) FROM snap.delivery").fetchall()[0][0])
