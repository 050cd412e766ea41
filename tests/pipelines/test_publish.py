"""Readers see the old snapshot or the new one; nothing that goes wrong in between ever shows."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.publish import NotPublishableError, begin, disk, finish, sweep
from pipelines.publish.draft import DamagedSnapshotError, connect_draft
from pipelines.publish.hashes import data_sha, hash_table, hash_tables
from pipelines.publish.manifest import read_manifest
from pipelines.publish.pointer import kept, party_path, read_pointer, state_path
from pipelines.publish.published import next_generation, publications
from pipelines.publish.recover import settle
from tests.pipelines.publishing import NOON, add_delivery, deliveries, publish_one, small_home, stamp


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path)


def test_the_first_generation_is_a_pair_and_a_line(home: Home) -> None:
    pointer = publish_one(home)
    assert pointer.generation == 1
    assert home.current.read_text() == f"1 {pointer.state} {pointer.party}\n"
    assert disk.sha256_file(state_path(home, 1)) == pointer.state
    assert disk.sha256_file(party_path(home, 1)) == pointer.party
    assert sorted(p.name for p in home.snapshots.iterdir()) == ["00000001.duckdb", "00000001.party.duckdb"]
    assert publications(home)[1].pointer == pointer


def test_an_unchanged_file_of_the_pair_is_a_hard_link(home: Home) -> None:
    first = publish_one(home)
    second = publish_one(home, only="state")
    assert second.party == first.party and second.state != first.state
    assert party_path(home, 1).stat().st_ino == party_path(home, 2).stat().st_ino
    assert state_path(home, 1).stat().st_ino != state_path(home, 2).stat().st_ino


def test_the_generation_before_is_left_as_it_was(home: Home) -> None:
    first = publish_one(home)
    publish_one(home)
    assert disk.sha256_file(state_path(home, 1)) == first.state
    assert deliveries(home) == 2


def test_the_party_file_is_not_for_everyone(home: Home) -> None:
    publish_one(home)
    assert party_path(home, 1).stat().st_mode & 0o007 == 0


def test_hashes_do_not_depend_on_order_or_lineage_but_on_every_row() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE fact_a AS SELECT range AS i, now()::TIMESTAMP AS version_at FROM range(9)")
        before = hash_table(db, "fact_a")
        db.execute("CREATE OR REPLACE TABLE fact_a AS SELECT i, NULL::TIMESTAMP AS version_at FROM fact_a "
                   "ORDER BY i DESC")
        assert hash_table(db, "fact_a") == before
        db.execute("INSERT INTO fact_a SELECT i, version_at FROM fact_a WHERE i = 3")
        twice = hash_table(db, "fact_a")
        assert twice != before and twice["rows"] == 10
        db.execute("DELETE FROM fact_a WHERE i = 3; INSERT INTO fact_a VALUES (4, NULL)")
        assert hash_table(db, "fact_a") not in (before, twice)


def test_a_received_at_of_a_fact_counts_and_that_of_a_delivery_does_not() -> None:
    with duckdb.connect() as db:
        for table in ("fact_a", "delivery"):
            db.execute(f"CREATE TABLE {table} (received_at TIMESTAMP, n INT)")
            db.execute(f"INSERT INTO {table} VALUES ('2026-01-01', 1)")
        before = hash_tables(db)
        db.execute("UPDATE fact_a SET received_at = '2026-01-02'; UPDATE delivery SET received_at = '2026-01-02'")
        after = hash_tables(db)
        assert after["fact_a"] != before["fact_a"] and after["delivery"] == before["delivery"]
        assert data_sha(after) != data_sha(before)


@pytest.mark.parametrize(("sabotage", "law"), [
    ("UPDATE delivery SET rows_loaded = rows_loaded + 1", "row law"),
    ("UPDATE delivery SET rows_skipped = -1, rows_loaded = rows_loaded + 1", "row law"),
    ("UPDATE delivery SET rows_in = NULL", "row law"),
    ("INSERT INTO delivery FROM delivery", "one verdict per delivery"),
    ("UPDATE delivery SET rows_quarantined = 1, rows_in = rows_in + 1", "quarantine counts"),
    ("INSERT INTO quarantine VALUES ('x', 'source', 1, 'rule', 'c', NULL)", "quarantine belongs"),
    ("DROP TABLE quarantine", "every table is there"),
])
def test_a_draft_that_breaks_a_law_is_not_published(home: Home, sabotage: str, law: str) -> None:
    draft = begin(home, "state", 1, None)
    add_delivery(draft.db, 1)
    draft.db.execute(sabotage)
    with pytest.raises(NotPublishableError, match=law):
        finish(draft, stamp(1), home.scratch)


def test_a_file_that_lost_rows_after_its_manifest_is_noticed(home: Home) -> None:
    from pipelines.publish.manifest import check_draft

    publish_one(home)
    with connect_draft(state_path(home, 1), home.scratch) as db:
        db.execute("DELETE FROM fact_small WHERE n = 1")
        with pytest.raises(NotPublishableError, match="fact_small"):
            check_draft(db)


def test_an_empty_file_that_opens_is_not_a_snapshot(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as db, pytest.raises(NotPublishableError):
        read_manifest(db)


def test_nothing_is_built_on_a_damaged_file(home: Home) -> None:
    pointer = publish_one(home)
    content = bytearray(state_path(home, 1).read_bytes())
    content[len(content) // 2] ^= 1
    state_path(home, 1).write_bytes(content)
    with pytest.raises(DamagedSnapshotError):
        begin(home, "state", 2, (state_path(home, 1), pointer.state))
    assert [p.name for p in home.snapshots.glob(".draft*")] == []


def test_a_copy_that_is_gone_or_on_another_disk_is_made_anew(home: Home) -> None:
    """As after a delivery that broke our own code: the draft is begun again, and its copy has been used up."""
    pointer = publish_one(home)
    draft = begin(home, "state", 2, (state_path(home, 1), pointer.state), home.scratch / "gone.duckdb")
    assert draft.db.execute("SELECT generation FROM publication").fetchall() == [(1,)]
    draft.discard()


def test_a_start_sweeps_drafts_logs_and_chunks(home: Home) -> None:
    publish_one(home)
    (home.snapshots / ".draft-00000002.state.duckdb").write_bytes(b"half")
    (home.snapshots / "00000001.duckdb.wal").write_bytes(b"stray")
    (home.root / ".CURRENT.new").write_text("1 ")
    (home.scratch / "chunks").mkdir()
    (home.scratch / "chunks" / "a.parquet").write_bytes(b"x")
    assert len(sweep(home)) == 4
    assert deliveries(home) == 1
    assert list(home.scratch.iterdir()) == []


@pytest.mark.parametrize("content", ["", "1", "1 abc def\n", "99 " + "0" * 64 + " " + "0" * 64 + "\n", "\xff"])
def test_a_damaged_current_is_mended_from_the_newest_whole_generation(home: Home, content: str) -> None:
    publish_one(home)
    second = publish_one(home)
    home.current.write_text(content, encoding="latin-1")
    assert settle(home) == (second, True)
    assert read_pointer(home) == second


def test_mending_passes_over_a_generation_that_is_not_whole(home: Home) -> None:
    first = publish_one(home)
    publish_one(home)
    with state_path(home, 2).open("r+b") as file:
        file.truncate(5000)
    home.current.unlink()
    assert settle(home) == (first, True)


def test_a_number_is_never_used_again(home: Home) -> None:
    publish_one(home)
    publish_one(home)
    for locate in (state_path, party_path):
        locate(home, 2).unlink()
    assert settle(home)[0].generation == 1  # type: ignore[union-attr]
    assert next_generation(home) == 3
    assert publish_one(home).generation == 3
    assert kept(home) == [3, 1]


def test_a_torn_line_of_the_record_costs_only_itself(home: Home) -> None:
    publish_one(home)
    with (home.root / "PUBLISHED").open("ab") as file:
        file.write(b"2 abc")
    publish_one(home)
    assert sorted(publications(home)) == [1, 2]


def test_two_publications_never_share_a_path(home: Home) -> None:
    publish_one(home)
    os.link(state_path(home, 1), state_path(home, 2))
    from pipelines.publish import publish

    with pytest.raises(FileExistsError):
        publish(home, 2, {}, NOON)
