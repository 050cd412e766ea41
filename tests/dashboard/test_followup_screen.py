"""On the overview a signal becomes a task, an overdue task is marked, and whoever may not sees nothing of it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import agreed
from dashboard.access import demo_scope
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.here import arrive
from dashboard.running import start
from dashboard.screens import overview
from dashboard.settings import Settings
from dashboard.url import read
from dashboard.words import word
from tests.dashboard.as_read import pieces
from tests.dashboard.tiny import write_tiny

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ABOUT = Subject("dossiers_overdue", "27727", "2026-10", 1)
ACTOR = Actor(demo_scope("leader", {"territory": ("80",)}), {"80": None, "27727": "80"}, NOW)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture
def home(place):
    """One snapshot for all, an empty log for each."""
    yield place
    shutil.rmtree(place / "followup", ignore_errors=True)


@pytest.fixture
def opened(home):
    def open_page(**parameters):
        start(Settings(home, lambda: NOW))
        page = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in {"page": "overview", **parameters}.items():
            page.query_params[key] = value
        return page.run()

    return open_page


@pytest.fixture
def log(home):
    return FollowUp(home / "followup")


def words_of(page):
    return re.sub(r"<[^>]+>", " ", " ".join(pieces(page)))


def agree(log, number="a1", due=date(2026, 12, 6), on=NOW, **changes):
    log.agree(replace(Wanted(ABOUT, "Chủ tịch xã", due, "Rà soát hồ sơ"), **changes), replace(ACTOR, now=on), number)


def test_a_signal_becomes_a_task_with_what_was_typed(opened, log, monkeypatch):
    monkeypatch.setattr(overview, "watched", lambda here: [overview.numbers.one(here, "dossiers_overdue")])
    page = opened()
    page.text_input[0].input("Giải quyết dứt điểm")
    page.text_input[1].input("Giám đốc Sở Nội vụ")
    page.button[-1].click().run()
    (task,) = log.tasks()
    assert (task.note, task.owner, task.due) == ("Giải quyết dứt điểm", "Giám đốc Sở Nội vụ", date(2026, 12, 6))
    assert task.about == Subject("dossiers_overdue", "80", "2026-10", 1)
    assert "Giải quyết dứt điểm" in words_of(page)


def test_a_form_without_an_owner_says_so_and_writes_nothing(opened, log, monkeypatch):
    monkeypatch.setattr(overview, "watched", lambda here: [overview.numbers.one(here, "dossiers_overdue")])
    page = opened(lang="en")
    page.button[-1].click().run()
    assert word("followup.no_owner", "en") in words_of(page)
    assert log.tasks() == ()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_overdue_task_is_marked_and_stands_first(opened, log, lang):
    agree(log, "a1", note="còn hạn")
    agree(log, "a2", due=date(2026, 11, 10), on=NOW - timedelta(days=30), note="đã trễ")
    told = words_of(opened(lang=lang))
    late = told.index(word("followup.is_late", lang))
    assert late < told.index("đã trễ", late) < told.index("còn hạn")
    assert told.count(word("followup.is_late", lang)) == 1
    assert told.index(word("followup.late", lang, n="1")) < told.index(word("followup.title", lang))
    assert word("followup.told", lang, open="2", late="1") in told


def test_done_takes_a_task_off_the_list_and_counts_it(opened, log):
    agree(log, "a1")
    page = opened(lang="en")
    page.button(key="task_a1").click().run()
    assert log.tasks()[0].state == "done"
    assert word("followup.none", "en") in words_of(page)
    assert word("followup.done_lately", "en", n="1") in words_of(page)


def test_more_tasks_than_fit_are_counted(opened, log):
    for at in range(7):
        agree(log, f"a{at}")
    assert word("followup.more", "vi", n="2") in words_of(opened())


def test_tasks_of_another_unit_are_not_shown_with_this_one(opened, log):
    agree(log, "a1", note="việc của 27727")
    assert "việc của 27727" in words_of(opened(unit="27727"))
    assert "việc của 27727" not in words_of(opened(unit="27694@2025"))


def test_what_somebody_typed_is_never_markup(opened, log):
    agree(log, "a1", note="<img src=x onerror=alert(1)>", owner="<b>x</b>")
    bodies = " ".join(pieces(opened()))
    assert "<img src=x" not in bodies and "<b>x</b>" not in bodies and "&lt;img src=x" in bodies


def test_a_wall_sees_neither_tasks_nor_the_form(opened, log):
    agree(log, "a1", note="việc nội bộ")
    page = opened(role="wall")
    assert "việc nội bộ" not in words_of(page) and word("followup.title", "vi") not in words_of(page)
    assert not [button for button in page.button if button.label == word("followup.agree", "vi")]


def test_the_table_of_a_pack_says_what_the_screen_says(home, log):
    agree(log, "a1", note="")
    agree(log, "a2", due=date(2026, 11, 10), on=NOW - timedelta(days=30))
    here = arrive(start(Settings(home, lambda: NOW)), read({"lang": "en"}))
    table = agreed.tasks_table(here, agreed.still_open(here))
    assert [row[4] for row in table.texts] == ["◆ overdue", "open"]
    assert table.cells[0][3] == date(2026, 11, 10)
    assert table.texts[1][0] == table.texts[1][1], "a task without words is named by its number"


def test_a_number_that_left_the_catalogue_keeps_its_code(home, log):
    agree(log, "a1", about=Subject("gone_indicator", "27727", "someday", 1))
    here = arrive(start(Settings(home, lambda: NOW)), read({}))
    (task,) = agreed.still_open(here)
    assert agreed.about(here, task).startswith("gone_indicator · ") and agreed.about(here, task).endswith("someday")
