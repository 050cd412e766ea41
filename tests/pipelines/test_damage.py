"""One bit, one cut or one stray file: it is named by `verify`, and no reader is ever shown what it touched."""

from __future__ import annotations

import errno
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.snapshot import Snapshots
from pipelines.errors import PersonError
from pipelines.home import Home
from pipelines.publish import disk
from pipelines.verify import verify
from tests.pipelines.installation import Installation, row

CASES = {1: 5, 2: 6}  # generation -> dossiers in it
BITS = 12
STATE_PART = len("2 ") + 64  # what follows in the line is of the Party file, whose readers are others


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8 % len(content)] ^= 1 << bit % 8
    path.unlink()  # the Party file may be a hard link: its other name is not to be touched
    path.write_bytes(content)


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: int(share * len(content))])


def state(home: Home) -> Path:
    return home.snapshots / "00000002.duckdb"


def shown(home: Home) -> tuple[int, int, str]:
    """Generation, dossiers and trouble as a reader who has just come is told them."""
    snapshots = Snapshots(home.root)
    snapshot = snapshots.current()
    ((cases,),) = snapshot.rows("SELECT count(*) FROM fact_dossier")
    return snapshot.id, cases, snapshots.trouble.key if snapshots.trouble else ""


def named(home: Home) -> set[str]:
    return {damage.where for damage in verify(home)}


def test_nothing_is_damaged_to_begin_with(loaded: Installation) -> None:
    assert shown(loaded.home) == (2, CASES[2], "") and named(loaded.home) == set()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_cut_snapshot_is_named_and_the_one_before_it_shown(loaded: Installation, share: float) -> None:
    cut(state(loaded.home), share)
    assert named(loaded.home) == {"snapshots/00000002.duckdb"}
    assert shown(loaded.home) == (1, CASES[1], "snapshot.damaged")


def test_any_bit_of_a_snapshot(loaded: Installation) -> None:
    whole, chance = state(loaded.home).read_bytes(), random.Random(21)
    for _ in range(BITS):
        flip(state(loaded.home), chance.randrange(len(whole) * 8))
        assert shown(loaded.home) == (1, CASES[1], "snapshot.damaged")
        assert "snapshots/00000002.duckdb" in named(loaded.home)
        state(loaded.home).write_bytes(whole)


def test_any_bit_of_the_pointer(loaded: Installation) -> None:
    """Whatever the line says afterwards, a reader is told of trouble and shown a whole generation."""
    whole, chance = loaded.home.current.read_bytes(), random.Random(22)
    for bit in (*range(8), *chance.sample(range(8, len(whole) * 8 - 8), 3 * BITS)):
        flip(loaded.home.current, bit)
        generation, cases, trouble = shown(loaded.home)
        assert cases == CASES[generation] and (trouble or bit // 8 > STATE_PART), bit
        assert "CURRENT" in named(loaded.home), bit
        loaded.home.current.write_bytes(whole)


def test_a_pointer_that_names_an_older_generation_by_newer_bytes_is_damaged(loaded: Installation) -> None:
    """One bit makes a 3 a 1: an old generation must not come back because of it."""
    line = loaded.home.current.read_text().split()
    loaded.home.current.write_text(" ".join(["1", *line[1:]]) + "\n")
    assert shown(loaded.home) == (2, CASES[2], "snapshot.no_pointer")
    assert "CURRENT" in named(loaded.home)


def test_a_damaged_record_of_publications_is_named_and_takes_nothing_away(loaded: Installation) -> None:
    flip(loaded.home.root / "PUBLISHED", 8 * 200)
    assert any(where.startswith(("PUBLISHED", "snapshots/", "CURRENT")) for where in named(loaded.home))
    assert shown(loaded.home)[:2] == (2, CASES[2])


@pytest.mark.parametrize("junk", [b"", b"x", b"\0" * 5000])
def test_a_stray_log_beside_a_snapshot_keeps_nobody_out_and_the_next_run_sweeps_it(
    loaded: Installation, junk: bytes
) -> None:
    stray = loaded.home.snapshots / "00000002.duckdb.wal"
    stray.write_bytes(junk)
    assert named(loaded.home) == {"snapshots/00000002.duckdb.wal"}
    generation, cases, trouble = shown(loaded.home)
    assert cases == CASES[generation] and (generation == 2 or trouble)
    loaded.load()
    assert not stray.exists() and named(loaded.home) == set() and shown(loaded.home)[0] == 2


@pytest.mark.parametrize("spoil", [lambda path: flip(path, 100), lambda path: cut(path, 0.5)], ids=["bit", "cut"])
def test_nothing_is_computed_from_a_damaged_archive(loaded: Installation, spoil: Callable[[Path], None]) -> None:
    archived = min((loaded.home.archive / "counter").glob("*.csv"))
    whole = archived.read_bytes()
    spoil(archived)
    assert f"archive/counter/{archived.name}" in named(loaded.home)
    with pytest.raises(PersonError, match=archived.name) as refused:
        loaded.rebuild()
    assert refused.value.exit_code == 3 and "sao lưu" in refused.value.vi
    assert shown(loaded.home) == (2, CASES[2], "") and list(loaded.home.snapshots.glob(".draft*")) == []
    archived.write_bytes(whole)
    loaded.drop("later.csv", [row("L-1")])
    loaded.load()
    assert shown(loaded.home) == (3, CASES[2] + 1, "") and named(loaded.home) == set()


def test_a_disk_that_fails_once_while_the_draft_is_checked_publishes_nothing(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so only once: the sync before the rename succeeds, though the bytes are lost."""
    whole = disk.fsync_file
    calls: list[str] = []

    def failing(path: Path) -> None:
        calls.append(path.name)
        if path.name.startswith(".draft-") and calls.count(path.name) == 1:
            raise OSError(errno.EIO, "Input/output error")
        whole(path)

    fresh.drop("first.csv", [row("A-1")])
    fresh.load()
    in_force = fresh.home.current.read_text()
    monkeypatch.setattr(disk, "fsync_file", failing)
    fresh.drop("on_a_bad_disk.csv", [row("C-1")])
    with pytest.raises(OSError, match="Input/output"):
        fresh.load()
    assert fresh.home.current.read_text() == in_force
    monkeypatch.undo()
    assert fresh.load().published
