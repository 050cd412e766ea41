"""Whatever is changed on the disk is found, and named by its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.verify import verify
from tests.pipelines.installation import Installation


def places(home: Home) -> list[str]:
    return [damage.where for damage in verify(home)]


def test_a_home_that_nobody_touched_is_whole(loaded: Installation) -> None:
    assert verify(loaded.home) == []


def test_an_empty_home_is_whole(fresh: Installation) -> None:
    assert verify(fresh.home) == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def resize(receipt: Path) -> None:
    said = json.loads(receipt.read_bytes())
    receipt.write_text(json.dumps({**said, "bytes": said["bytes"] + 1}))


def archived(home: Home, suffix: str) -> Path:
    return sorted((home.archive / "counter").glob(f"*{suffix}"))[0]


DAMAGE: dict[str, tuple[Callable[[Home], None], str]] = {
    "a bit in an archived file": (lambda home: flip(archived(home, ".csv")), "archive/counter/"),
    "a receipt that is gone": (lambda home: archived(home, ".json").unlink(), "archive/counter/"),
    "a receipt that nobody can read": (lambda home: archived(home, ".json").write_text("{"), "archive/counter/"),
    "a receipt of another size": (lambda home: resize(archived(home, ".json")), "archive/counter/"),
    "an archived file that is gone": (lambda home: archived(home, ".csv").unlink(), "archive/counter/"),
    "a bit in the state file in force": (lambda home: flip(home.snapshots / "00000002.duckdb"), "00000002.duckdb"),
    "a bit in an older state file": (lambda home: flip(home.snapshots / "00000001.duckdb"), "00000001.duckdb"),
    "a truncated Party file": (lambda home: (home.snapshots / "00000002.party.duckdb").write_bytes(b""),
                               "00000002.party.duckdb"),
    "a Party file that is gone": (lambda home: (home.snapshots / "00000002.party.duckdb").unlink(),
                                  "00000002.party.duckdb"),
    "a torn CURRENT": (lambda home: home.current.write_text("2 abc"), "CURRENT"),
    "no CURRENT": (lambda home: home.current.unlink(), "CURRENT"),
    "a stray log": (lambda home: (home.snapshots / "00000002.duckdb.wal").write_bytes(b"x"), ".wal"),
    "an edited ledger": (lambda home: flip(home.ledger), "ledger.jsonl:"),
    "no key": (lambda home: home.key.unlink(), "keys/pseudonym.key"),
    "another key": (lambda home: home.key.write_text("00" * 32), "keys/pseudonym.key"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found_and_named(loaded: Installation, what: str) -> None:
    spoil, place = DAMAGE[what]
    spoil(loaded.home)
    found = verify(loaded.home)
    assert found and any(place in damage.where for damage in found), found
    assert all(damage.vi and damage.en for damage in found)


def test_looking_changes_nothing(loaded: Installation) -> None:
    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in loaded.home.root.rglob("*") if path.is_file()}

    before = everything()
    verify(loaded.home)
    assert everything() == before
    assert places(loaded.home) == []
