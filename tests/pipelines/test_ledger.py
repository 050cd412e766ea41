"""The ledger is appended to and believed: a torn tail is cut, an edited line is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"sha256": "a", "source": "s", "verdict": "loaded", "file": "hồ sơ.csv"}])
    ledger.append(path, [{"sha256": "b", "source": "s", "verdict": "rejected"},
                         {"sha256": "c", "source": "s", "verdict": "loaded"}])
    return path


def test_lines_come_back_as_written(path: Path) -> None:
    lines = ledger.read_ledger(path)
    assert [line["sha256"] for line in lines] == ["a", "b", "c"]
    assert lines[0] == {"sha256": "a", "source": "s", "verdict": "loaded", "file": "hồ sơ.csv"}
    assert ledger.damage(path) == []


def test_appending_leaves_every_earlier_byte_alone(path: Path) -> None:
    before = path.read_bytes()
    ledger.append(path, [{"sha256": "d"}])
    assert path.read_bytes().startswith(before)


def test_nothing_to_append_writes_nothing(tmp_path: Path) -> None:
    ledger.append(tmp_path / "none", [])
    assert not (tmp_path / "none").exists()
    assert ledger.read_ledger(tmp_path / "none") == []


def test_a_torn_tail_is_cut_off_by_the_next_writer(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"sha256": "torn", "sou')
    ledger.append(path, [{"sha256": "d"}])
    assert [line["sha256"] for line in ledger.read_ledger(path)] == ["a", "b", "c", "d"]
    assert ledger.damage(path) == []


def test_an_edited_line_is_found(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("rejected", "loaded")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert ledger.damage(path) == [2]


def test_a_deleted_line_is_found(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:1] + lines[2:]) + "\n", encoding="utf-8")
    assert ledger.damage(path) == [2]


def test_every_flipped_bit_is_found(path: Path) -> None:
    good = path.read_bytes()
    for place in range(0, len(good) * 8, 3):
        bad = bytearray(good)
        bad[place // 8] ^= 1 << (place % 8)
        path.write_bytes(bad)
        assert ledger.damage(path) != [], place


def test_a_damaged_line_does_not_stop_the_next(path: Path) -> None:
    content = path.read_bytes().replace(b'"b"', b'\xff\xfe{')
    path.write_bytes(content)
    ledger.append(path, [{"sha256": "d"}])
    assert [line["sha256"] for line in ledger.read_ledger(path)] == ["a", "c", "d"]
    assert all(json.loads(line) for line in path.read_bytes().splitlines()[2:])


def test_a_disk_that_fails_at_the_last_moment_leaves_nothing_of_what_was_not_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"source": "a", "sha256": "1", "verdict": "loaded"}])

    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="Input/output"):
        patch.setattr("os.fsync", fails)
        ledger.append(path, [{"source": "a", "sha256": "2", "verdict": "loaded"}])
    assert [line["sha256"] for line in ledger.read_ledger(path)] == ["1"]
    ledger.append(path, [{"source": "a", "sha256": "3", "verdict": "loaded"}])
    assert [line["sha256"] for line in ledger.read_ledger(path)] == ["1", "3"] and ledger.damage(path) == []
