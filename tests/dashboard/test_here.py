"""A view is checked against what there is: the default where it is silent, a note where it is wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.here import arrive, settled
from dashboard.numbers import history
from dashboard.running import start
from dashboard.settings import Settings
from dashboard.url import View, read
from dashboard.value import Asked, find
from tests.dashboard.screens_at import change, here_at, started
from tests.dashboard.tiny import write_tiny

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = write_tiny(tmp_path_factory.mktemp("home"))
    return start(Settings(home, lambda: NOW))


def test_no_parameters_means_the_whole_place_and_the_last_whole_month(app):
    here = arrive(app, View())
    assert (here.unit.unit_id, here.period.code, here.basis, here.lang) == ("80", "2026-10", "today", "vi")
    assert here.notes == ()


def test_an_old_district_brings_its_own_boundaries_into_the_address(app):
    here = arrive(app, read({"unit": "794"}))
    assert here.basis == "before_2025"
    assert settled(here).basis == "before_2025"


def test_a_present_unit_on_the_present_basis_needs_no_word_in_the_address(app):
    here = arrive(app, read({"unit": "27727"}))
    assert settled(here) == here.view


@pytest.mark.parametrize("wrong", [{"unit": "nowhere"}, {"snapshot": "99"}, {"snapshot": "abc"}])
def test_what_is_not_there_is_told(app, wrong):
    here = arrive(app, read(wrong))
    assert here.notes == ("frame.not_there",)
    assert here.unit.unit_id == "80" and here.snapshot.id == 1


def test_a_party_role_sees_the_party_file_and_its_tree_only(app):
    here = arrive(app, read({"role": "party"}))
    assert here.snapshot.clearance == "party"
    assert here.scope.units == ("TU",) and here.unit.unit_id == "TU"


def test_a_role_nobody_defined_is_not_guessed_upwards(app):
    stranger = replace(app, settings=replace(app.settings, role="emperor"))
    assert arrive(stranger, read({"role": "king"})).scope.clearances == frozenset()


def test_an_auditor_is_answered_nothing(app):
    assert not arrive(app, read({"role": "auditor"})).scope.answers("state")


def test_a_slice_of_the_address_is_part_of_every_question(app):
    here = arrive(app, read({"slice": "channel=online"}))
    assert here.question("dossiers_received").slices == (("channel", "online"),)
    assert here.question("dossiers_received", slices=()).slices == ()


def test_the_reform_is_known_from_the_snapshot(app):
    assert arrive(app, View()).reform_day().isoformat() == "2025-07-01"


@pytest.mark.parametrize(("whole_until", "month"), [("2026-11-29", "2026-10"), ("2026-11-30", "2026-11")])
def test_a_month_of_which_more_is_to_come_is_not_the_one_shown(tmp_path, whole_until, month):
    """Its last day has been reported on, and still runs: screens and `dashboard value` begin with the one before."""
    home = write_tiny(tmp_path)
    change(home, f"UPDATE publication SET data_until = '2026-11-30', whole_until = '{whole_until}'")
    app = started(home)
    assert here_at(app).period.code == month
    year = here_at(app, period="2026")
    assert history(year, "dossiers_received")[-1].answer.question.period.code == month
    assert find(app.snapshots, Asked("DVC01"), NOW.date()).answer.question.period.code == month


def test_a_generation_that_knows_no_whole_days_is_still_shown(tmp_path):
    """Made before there were any: whoever goes back to it must find a dashboard that opens."""
    home = write_tiny(tmp_path)
    change(home, "ALTER TABLE publication DROP COLUMN whole_until", "UPDATE publication SET data_until = '2026-11-30'")
    assert here_at(started(home)).period.code == "2026-11"
