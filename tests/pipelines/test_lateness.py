"""Status and screen agree on who is late; whoever is gets words that can be sent as they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.query.filings import next_due
from dashboard.query.reach import silence
from dashboard.snapshot import Snapshots
from pipelines.lateness import RHYTHMS, Rhythms, lateness
from pipelines.status import status
from tests.pipelines.installation import Installation


def rhythms(one: Installation) -> Rhythms:
    return Rhythms(dict(one.ask("SELECT day, working_number FROM calendar")))


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_both_sides_of_the_house_count_the_same_days(loaded_once: Installation, rhythm: str) -> None:
    ours, snapshot = rhythms(loaded_once), Snapshots(loaded_once.home.root).current()
    until = date(2026, 9, 1)
    assert ours.due_on(until, rhythm) == next_due(snapshot, until, rhythm)
    for days in (-1, 0, 1, 2, 3, 5, 9, 11, 47, 123, 487):
        today = until + timedelta(days=days)
        assert ours.late_by(until, today, rhythm) == silence(snapshot, until, today, rhythm), (rhythm, days)
    assert ours.late_by(None, until, rhythm) == silence(snapshot, None, until, rhythm)


def test_in_time_there_is_nothing_to_say(loaded_once: Installation) -> None:
    mapping = loaded_once.book().mappings["counter"]
    said = lateness(mapping, date(2026, 9, 3), date(2026, 9, 4), rhythms(loaded_once))
    assert (said["late_by"], said["reminder_vi"], said["reminder_en"]) == (0, None, None)


def test_late_and_silent_sources_are_named_with_owner_and_letter(loaded: Installation) -> None:
    later = datetime(2026, 12, 15, 3, tzinfo=UTC)
    path = loaded.data / "mappings" / "counter.toml"
    (loaded.data / "mappings" / "new.toml").write_text('cut_off = "17:00"\n' + path.read_text("utf-8"), "utf-8")
    found = {one["source"]: one for one in status(loaded.home, loaded.book().mappings, later)["sources"]}
    counter, new = found["counter"], found["new"]
    assert counter["late_by"] > 100 and counter["due_on"] == "2026-03-11" and counter["owner_vi"] == "Văn phòng"
    assert counter["reminder_vi"].startswith("Kính gửi Văn phòng: số liệu «Một cửa» mới đến ngày ")
    assert "hằng ngày" in counter["reminder_vi"] and "15/12/2026" in counter["reminder_en"]
    assert (new["late_by"], new["due_on"]) == (1, None) and "17:00" in new["reminder_vi"]
    assert "No file" not in new["reminder_vi"] and "no file of “One stop”" in new["reminder_en"]
