"""What is put together ahead is exactly what a reader then sees, and seeing it asks the snapshot nothing more."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from dashboard import numbers, periods
from dashboard.block import kept
from dashboard.course import course
from dashboard.numbers import MONTHS
from dashboard.query import gather, series
from dashboard.screens import screens
from dashboard.snapshot import Snapshot
from dashboard.warm import ahead, earlier
from tests.dashboard.screens_at import here_at, page, started
from tests.dashboard.tiny import write_tiny


@pytest.fixture
def app(tmp_path):
    return started(write_tiny(tmp_path))


@pytest.fixture
def asked(monkeypatch):
    """The texts of all queries that reach a snapshot."""
    texts = []
    run = Snapshot.rows

    def rows(snapshot, sql, values=None):
        texts.append(sql)
        return run(snapshot, sql, values)

    monkeypatch.setattr(Snapshot, "rows", rows)
    return texts


@pytest.mark.parametrize("code", ["public_services", "overview", "organisations"])
def test_a_screen_put_together_ahead_asks_nothing_more(app, asked, code):
    screens()[code].ahead(here_at(app, page=code))
    assert asked
    page(app, page="explain")  # what the frame around every screen asks
    asked.clear()
    page(app, page=code)
    assert asked == []


def test_the_months_before_are_put_together_too(app, asked):
    ahead(here_at(app))
    earlier(app, 1, lambda seconds: False)
    asked.clear()
    page(app, page="public_services", period="2026-07")
    assert asked == []
    page(app, page="public_services", period="2025-07")
    assert asked != []


def test_work_ahead_ends_when_another_snapshot_comes_into_force(app, asked):
    rests = []

    def another(seconds):
        rests.append(seconds)
        if len(rests) == 2:
            write_tiny(app.settings.home, generation=2)
            app.snapshots.current()
        return False

    earlier(app, 1, another)
    assert len(rests) == 2


def test_work_ahead_rests_while_a_load_is_under_way(app, asked):
    """What it made would soon be of no use, and whoever makes the new numbers wants the machine."""
    lock, rests = app.settings.home / "lock", []

    def pause(seconds):
        rests.append(len(asked))
        lock.write_text("pid 7\n" if len(rests) < 4 else "")
        os.utime(lock, (app.settings.now().timestamp(),) * 2)
        return len(rests) == 5

    earlier(app, 1, pause)
    assert rests[:4] == [rests[0]] * 4 and rests[4] > rests[3], "nothing is asked before the writer is done"


def test_work_ahead_ends_with_the_server(app, asked):
    earlier(app, 1, lambda seconds: True)
    asked.clear()
    page(app, page="public_services", period="2026-09")
    assert asked != []


@pytest.mark.parametrize("code", sorted(code for code, screen in screens().items() if screen.ahead))
def test_a_role_that_may_not_see_a_screen_has_nothing_put_together(app, asked, monkeypatch, code):
    made = []
    screen = replace(screens()[code], ahead=lambda here: made.append(here), is_for=lambda scope: False)
    monkeypatch.setattr("dashboard.warm.screens", lambda: {code: screen})
    ahead(here_at(app))
    assert made == []


def test_a_block_is_made_once_for_a_view_and_anew_for_another(app):
    here, later = here_at(app), here_at(app, period="2026-09")
    assert course(here, "dossiers_on_time", "q") is course(here_at(app), "dossiers_on_time", "q")
    assert course(here, "dossiers_on_time", "q") is not course(later, "dossiers_on_time", "q")
    assert course(here, "dossiers_on_time", "q") is not course(here, "dossiers_on_time", "another question")
    assert course(here, "dossiers_on_time", "q") != course(here_at(app, theme="dim"), "dossiers_on_time", "q")
    made = []
    assert kept(here, "k", "q", lambda: made.append(1) or "first") == kept(here, "k", "q", lambda: "second") == "first"


def test_months_measured_together_are_the_months_measured_alone(app):
    here = here_at(app)
    asked = periods.run_of(here.period, MONTHS)
    around = periods.run_of(here.period, 2 * MONTHS)
    for name, entry in here.indicators.items():
        question = here.question(name)
        alone = series(here.snapshot, here.scope, question, asked, today=here.today)
        together = series(here.snapshot, here.scope, question, asked, today=here.today, within=around)
        both = ([replace(one, statements=()) for one in found] for found in (together, alone))
        assert next(both) == next(both), entry


def test_indicators_gathered_in_one_query_are_those_asked_alone(app, asked):
    here = here_at(app)
    months = periods.run_of(here.period, MONTHS)
    names = [name for name, entry in here.indicators.items() if entry.kind in ("rate", "count")]
    gather(here.snapshot, here.scope, names, here.question(names[0]), months, today=here.today)
    asked.clear()
    found = {name: series(here.snapshot, here.scope, here.question(name), months, today=here.today) for name in names}
    fresh = started(app.settings.home)
    alone = here_at(fresh)
    for name in names:
        expected = series(alone.snapshot, alone.scope, alone.question(name), months, today=alone.today)
        assert [one.value for one in found[name]] == [one.value for one in expected], name


def test_the_next_month_asks_no_query_for_its_tiles(app, asked):
    names = ("dossiers_received", "dossiers_on_time", "dossiers_overdue")
    for period in ("2026-10", "2026-09"):
        here = here_at(app, period=period)
        shown = numbers.many(here, names)
        asked.clear()
        told = numbers.with_history(here, shown)
    assert asked == []
    assert [past for _, past in told] == [numbers.history(here, name) for name in names]


def test_what_one_role_waited_for_another_of_the_same_sight_does_not(app, asked):
    page(app, page="public_services", role="leader")
    asked.clear()
    page(app, page="public_services", role="analyst")
    assert asked == []


def test_who_may_see_less_is_never_told_what_somebody_else_saw(app):
    here = here_at(app, role="leader")
    names = ["dossiers_received", "dossiers_on_time"]
    all_of_it = numbers.many(here, names)
    for less in ({"units": ("27727",)}, {"clearances": frozenset()}, {"verbs": frozenset({"export"})}):
        narrow = replace(here, scope=replace(here.scope, **less))
        assert narrow.scope.sight != here.scope.sight
        assert all(figure.plot is None for figure in numbers.many(narrow, names).values())
    assert any(figure.plot is not None for figure in all_of_it.values())
