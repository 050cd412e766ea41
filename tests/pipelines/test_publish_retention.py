"""Old generations go; what is recent, quoted, in force, or the last of its day or month stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Home
from pipelines.publish.pointer import kept, state_path
from pipelines.publish.published import record
from pipelines.retain import quoted, retain, to_keep
from pipelines.verify import verify
from tests.pipelines.publishing import publish_one, small_home

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)


def ago(**how_long: float) -> datetime:
    return NOW - timedelta(**how_long)


def test_the_last_of_each_day_stays_for_35_days_and_of_each_month_for_ever() -> None:
    made = {n: ago(hours=6 * (400 - n)) for n in range(400)}  # every six hours for a hundred days
    keep = to_keep(made, NOW, ZONE)
    by_day = {made[n].astimezone(ZONE).date(): n for n in range(400)}
    expected = set(range(390, 400)) | {n for n in made if NOW - made[n] <= timedelta(hours=24)}
    expected |= {n for day, n in by_day.items() if NOW - made[n] <= timedelta(days=35)}
    expected |= {n for day, n in by_day.items() if (day + timedelta(days=1)).day == 1}
    assert keep == expected
    assert len(keep) < 60


def test_a_day_ends_at_midnight_of_the_place() -> None:
    made = {1: datetime(2026, 11, 1, 16, 59, tzinfo=UTC), 2: datetime(2026, 11, 1, 17, 1, tzinfo=UTC)}
    made |= dict.fromkeys(range(3, 13), NOW)
    assert {1, 2} <= to_keep(made, NOW, ZONE)  # 23:59 and 00:01 in Tây Ninh are two days


def test_ten_stay_however_old() -> None:
    made = {n: ago(days=900, minutes=20 - n) for n in range(1, 15)}
    assert to_keep(made, NOW, ZONE) == set(range(5, 15))


@given(st.dictionaries(st.integers(1, 500), st.floats(0, 24 * 400), max_size=60))
def test_nothing_of_the_last_day_ever_goes(hours: dict[int, float]) -> None:
    made = {number: ago(hours=back) for number, back in hours.items()}
    keep = to_keep(made, NOW, ZONE)
    assert {number for number, back in hours.items() if back <= 23.9} <= keep
    assert len(keep) >= min(10, len(made))


def test_retain_removes_pairs_and_spares_the_quoted_and_the_current(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    for number in range(1, 15):
        pointer = publish_one(home)
        record(home, pointer, ago(days=100, minutes=-number))
    home.quoted.write_text("2\nnonsense\n-3\n\n", encoding="utf-8")
    home.exports.parent.mkdir(exist_ok=True)
    home.exports.write_text('{"action": "export", "snapshot": 3}\n{"snapshot": "4"}\n[]\n{"torn', encoding="utf-8")
    assert quoted(home) == {2, 3}
    unread = home.exports.rename(home.exports.with_suffix(".aside"))
    home.exports.mkdir()  # what cannot be read as a file keeps everything
    assert retain(home, NOW, ZONE) == []
    home.exports.rmdir()
    unread.rename(home.exports)
    assert retain(home, NOW, ZONE) == [1, 4]
    assert kept(home) == [*range(14, 4, -1), 3, 2]
    assert len(list(home.snapshots.iterdir())) == 24


def test_a_generation_that_was_named_and_never_recorded_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = small_home(tmp_path)
    publish_one(home)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr("pipelines.publish.seal.record", _full)
        publish_one(home)
    half = state_path(home, 3)
    half.write_bytes(b"a writer died between the two names")
    assert kept(home) == [2, 1] and damaged(home) == []
    assert retain(home, NOW, ZONE) == [] and half.exists()  # the numbers are not free before a newer one is taken
    assert publish_one(home).generation == 4
    assert retain(home, NOW, ZONE) == [] and kept(home) == [4, 1]
    assert not half.exists() and damaged(home) == []


def test_where_the_record_is_damaged_nothing_counts_as_never_published(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    for _ in range(3):
        publish_one(home)
    record_file = home.root / "PUBLISHED"
    whole = record_file.read_text(encoding="ascii")
    for damaged in ("", whole.replace("2 ", "x ", 1), whole[:40] + "?" * 40 + whole[80:]):
        record_file.write_text(damaged, encoding="ascii")
        retain(home, NOW, ZONE)
        assert kept(home) == [3, 2, 1]


def damaged(home: Home) -> list[str]:
    """Beside what a home of this test lacks: archive and key."""
    return [one.where for one in verify(home) if one.where.startswith(("snapshots", "PUBLISHED", "CURRENT"))]


def _full(*_: object) -> None:
    raise OSError(28, "the disk is full")
