"""What was made from nothing is published without the holes of its making, and says what it said before."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.publish import begin, disk, draft, finish, seal
from pipelines.publish.draft import Draft, compact, connect_draft
from pipelines.publish.hashes import hash_tables
from tests.pipelines.publishing import add_delivery, small_home, stamp

ROWS = 400_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path)


def loose(home: Home) -> Draft:
    """A closed draft with a table in its order, and a hole larger than it."""
    made = begin(home, "state", 1, None)
    add_delivery(made.db, 1)
    made.db.execute(f"CREATE TABLE hole AS SELECT hash(i) AS a, hash(-i) AS b FROM range({ROWS}) r(i)")
    made.db.execute(f"CREATE TABLE kept AS SELECT i AS day, i % 7 AS n FROM range({ROWS}) r(i) ORDER BY i")
    made.db.execute("COMMENT ON TABLE kept IS 'what it was made from'")
    made.db.execute("CHECKPOINT")
    made.db.execute("DROP TABLE hole")
    made.db.execute("CHECKPOINT")
    made.close()
    return made


def told(path: Path) -> tuple[object, ...]:
    with duckdb.connect(str(path), read_only=True) as db:
        comment = db.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'kept'").fetchall()
        in_order = db.execute("SELECT count(*) FROM kept WHERE day <> rowid").fetchall()
        return hash_tables(db), comment, in_order


def test_holes_are_left_out_and_every_row_and_note_stays_in_its_place(home: Home) -> None:
    made = loose(home)
    before, size = told(made.path), made.path.stat().st_size
    compact(made, home.scratch, least=0)
    assert made.path.stat().st_size < size / 2 and told(made.path) == before
    again = made.path.stat().st_ino
    compact(made, home.scratch, least=0)
    assert made.path.stat().st_ino == again, "without holes there is nothing to do"


def test_few_holes_are_not_worth_it_and_a_full_disk_is_no_place_for_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loose(home)
    inode = made.path.stat().st_ino
    compact(made, home.scratch, least=1 << 30)
    monkeypatch.setattr(disk, "has_room", lambda path: False)
    compact(made, home.scratch, least=0)
    assert made.path.stat().st_ino == inode


def test_a_disk_that_fills_up_meanwhile_costs_the_draft_and_leaves_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loose(home)

    def full(path: Path, scratch: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
        if path.name.endswith(".tight"):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        return connect_draft(path, scratch, read_only)

    monkeypatch.setattr(draft, "connect_draft", full)
    with pytest.raises(OSError, match="No space"):
        compact(made, home.scratch, least=0)
    assert [path.name for path in home.snapshots.iterdir()] == [made.path.name]


@pytest.mark.parametrize("step", [False, True])
def test_only_what_was_made_from_nothing_is_written_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: bool
) -> None:
    """Of a day's file nobody is kept waiting for it: what becomes free there is used by the next."""
    asked = list[Path]()
    monkeypatch.setattr(seal, "compact", lambda made, scratch: asked.append(made.path))
    made = begin(home, "state", 1, None)
    add_delivery(made.db, 1)
    if step:
        finish(made, stamp(1), home.scratch)
        asked.clear()
        made.db = connect_draft(made.path, home.scratch)
    finish(made, stamp(1), home.scratch, step=step)
    assert bool(asked) is not step
