"""What a profile says of a unit: peers of its size, the gravest signals, and long histories cut with a count."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from dashboard import origin, profile, spine
from dashboard.query.succession import Link, predecessors, successors
from dashboard.words import word
from tests.dashboard.screens_at import here_at, started
from tests.dashboard.tiny import write_tiny


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture
def here(app):
    return here_at(app, unit="27727")


def test_peers_are_those_of_about_the_same_size_the_nearest_first(here, monkeypatch):
    sizes = {"a": 10, "b": 1000, "c": 90, "d": 110, "e": 50, "f": 300, "g": 5}
    units = [here.unit, *(replace(here.unit, unit_id=code) for code in sizes)]
    figures = [SimpleNamespace(plot=100.0), *(SimpleNamespace(plot=float(size)) for size in sizes.values())]
    monkeypatch.setattr(spine, "kin", lambda here: units)
    monkeypatch.setattr(spine.numbers, "among", lambda here, name, found: figures)
    assert [one.unit_id for one in spine.peers(here)] == ["d", "c", "e", "f", "a"]


def test_sizes_are_those_of_the_twelve_months_that_end_with_the_period(here):
    asked = spine.twelve(here)
    assert (asked.code, asked.days) == ("2025-11..2026-10", 365)


def test_more_signals_than_a_sentence_holds_are_counted(here, monkeypatch):
    found = [SimpleNamespace(short=f"Chỉ tiêu {at}", text=f"{at} %") for at in range(6)]
    monkeypatch.setattr(profile, "signals", lambda here, direction: found)
    assert profile.sentences(here)[0] == (
        "Chỉ tiêu 0 0 %; Chỉ tiêu 1 1 %; Chỉ tiêu 2 2 %; Chỉ tiêu 3 3 %; và 2 tín hiệu khác"
    )


def test_a_unit_that_ended_without_an_heir_says_only_that(here, monkeypatch):
    ended = here.places.units["794"]
    monkeypatch.setattr(origin, "successors", lambda snapshot, unit: [])
    assert origin.origin(here, ended) == word("profile.ended", "vi", day="30/06/2025")


def test_a_history_of_many_units_names_some_and_counts_the_rest(here, monkeypatch):
    links = [Link("27700", here.unit.unit_id, 1.0, "NQ") for _ in range(11)]
    monkeypatch.setattr(origin, "predecessors", lambda snapshot, unit: links)
    told = origin.origin(here, here.unit)
    assert told.count("xã Châu") == origin.NAMED and "và 2 đơn vị khác" in told


def test_communes_are_made_of_communes_and_not_of_the_districts_above_them(here):
    assert {one.old for one in predecessors(here.snapshot, "27727")} == {"27697", "27700", "794", "795"}
    assert "huyện" not in origin.origin(here, here.unit)


def test_what_a_unit_became_begins_with_the_largest_part(here):
    assert [(one.new, one.weight) for one in successors(here.snapshot, "794")] == [("27694@2025", 0.75),
                                                                                 ("27727", 0.25)]  # fmt: skip


def test_quality_says_who_sent_until_when_how_much_is_estimated_and_what_is_too_little(here):
    told = dict(profile.quality(here, spine.rows(here)))
    assert set(told) == {word(f"profile.{name}", "vi") for name in ("coverage", "fresh", "estimated", "few")}
    assert "đơn vị đã gửi" in told[word("profile.coverage", "vi")]
    rows = spine.rows(here)
    assert f"trong {len(rows)} chỉ tiêu" in told[word("profile.few", "vi")]
    share = max(one.figure.answer.estimated_share for one in rows)
    assert here.format.percent(share) in told[word("profile.estimated", "vi")]


def test_the_scale_leaves_out_what_neither_the_unit_nor_its_like_has(here):
    names = {row.figure.indicator.id for row in spine.rows(here)}
    assert names <= set(spine.names(here)) and "dossiers_received" not in names


def test_slices_of_the_address_do_not_narrow_a_profile(app, here):
    narrowed = here_at(app, unit="27727", slice="channel=online")
    assert [one.figure.text for one in spine.rows(narrowed)] == [one.figure.text for one in spine.rows(here)]


def test_months_of_nothing_make_room_for_those_of_something(here, monkeypatch):
    def history(own, name, months):
        return [SimpleNamespace(plot=0.0 if name == "dossiers_received" else None if "time" in name else 3.0)]

    monkeypatch.setattr(profile.numbers, "known", lambda here, names: list(names))
    monkeypatch.setattr(profile.numbers, "history", history)
    assert len(profile.courses(here)) == 2
    monkeypatch.setattr(profile.numbers, "history", lambda own, name, months: [SimpleNamespace(plot=1.0)])
    assert len(profile.courses(here)) == profile.MOST
