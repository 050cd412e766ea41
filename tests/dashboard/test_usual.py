"""A usual range that begins anew is drawn as a step and explained in words, the same ones everywhere."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import pytest

from dashboard import frames, numbers, usual
from dashboard.course import course
from dashboard.explain import as_text, explain
from dashboard.look import palette
from dashboard.meaning import definition
from dashboard.pack.standing import _limits
from dashboard.query.rebased import rebasings
from dashboard.query.signals import speaking
from dashboard.tile import band_from, spark
from dashboard.wall.board import board
from dashboard.wall.plan import Page, Plan
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

NAME, ROOT = "dossiers_on_time", "80"
PLAN = Plan(pages=(Page("one", {"vi": "Một", "en": "One"}, (NAME,), ("dvc",)),))
# Thirteen months to October 2026: locked at first, provisional from July 2026 on.
SIGNAL = f"""CREATE OR REPLACE TABLE signal AS SELECT '{NAME}' AS indicator, '{ROOT}' AS unit, m::DATE AS month,
  0.9e0 AS value, 0.85e0 AS centre, if(m < DATE '2026-07-01', 0.93e0, 0.5e0) AS lower, 0.99e0 AS upper,
  m < DATE '2026-07-01' AS locked, if(m < DATE '2026-07-01', 'outside', NULL) AS rule,
  if(m < DATE '2026-07-01', 'worse', NULL) AS direction, NULL::VARCHAR AS assurance,
  if(m < DATE '2026-07-01', 'high', NULL) AS severity
  FROM range(TIMESTAMP '2025-10-01', TIMESTAMP '2026-11-01', INTERVAL 1 MONTH) t(m)"""
REBASED = """CREATE OR REPLACE TABLE rebased AS SELECT '{name}' AS indicator, '{unit}' AS unit, DATE '{month}' AS month,
  'hai xã dùng chung một phần mềm' AS reason_vi, 'two communes share one program' AS reason_en,
  'Văn phòng' AS who, DATE '2026-08-15' AS decided"""


def rebased(unit: str = "", month: str = "2026-07-01") -> str:
    return REBASED.format(name=NAME, unit=unit, month=month)


def app_with(folder, *statements):
    home = write_tiny(folder)
    change(home, *statements)
    return started(home)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return app_with(tmp_path_factory.mktemp("usual") / "home", SIGNAL, rebased())


@pytest.fixture
def here(app):
    return here_at(app, period="2026-10")


def test_the_entry_is_found_for_its_unit_and_for_every_unit(here, tmp_path):
    [one] = rebasings(here.snapshot, here.scope, NAME, ROOT)
    assert (one.reason("vi"), one.reason("en"), one.who) == (
        "hai xã dùng chung một phần mềm", "two communes share one program", "Văn phòng")  # fmt: skip
    assert rebasings(here.snapshot, here.scope, NAME, "nowhere") == ()
    assert rebasings(here.snapshot, here.scope, "dossiers_received", ROOT) == (), "nobody judges it here"
    other = here_at(app_with(tmp_path / "other", SIGNAL, rebased("elsewhere")), period="2026-10")
    assert rebasings(other.snapshot, other.scope, NAME, ROOT) == ()


def test_a_snapshot_from_before_has_none(tmp_path):
    here = here_at(app_with(tmp_path / "old", SIGNAL), period="2026-10")
    assert rebasings(here.snapshot, here.scope, NAME, ROOT) == ()
    assert usual.in_force(here, numbers.one(here, NAME)) is None


def test_a_course_breaks_where_its_usual_range_begins_anew_and_says_why(here):
    drawn = course(here, NAME, "?")
    told = "Mức thường tính lại từ T7/26: hai xã dùng chung một phần mềm (Văn phòng quyết định ngày 15/08/2026)."
    assert drawn.summary.endswith(told)
    notes = {note["text"]: note["x"] for note in drawn.chart["layout"]["annotations"]}
    assert notes["tính lại mức thường"] == 8.5, "between June and July of thirteen months to October"
    low = drawn.chart["data"][0]["y"]
    assert low[8] == 93 and low[9] == 50, "each stretch keeps its own limits"


def test_a_break_in_the_month_of_the_reform_is_one_line_with_both_words(tmp_path):
    here = here_at(app_with(tmp_path / "both", SIGNAL, rebased(month="2026-07-01")), period="2026-10")
    figures = numbers.history(here, NAME)
    [alone] = frames.breaks(here, figures)
    assert (alone.at, alone.label) == ("T7/26", "tính lại mức thường")
    early = here_at(app_with(tmp_path / "early", SIGNAL.replace("2025-10", "2025-05"), rebased(month="2025-07-01")),
                    period="2025-12")  # fmt: skip
    [both] = frames.breaks(early, numbers.history(early, NAME))
    assert both.at == "T7/25" and both.label == "sắp xếp 01/07/2025 · tính lại mức thường"


def test_another_basis_has_no_usual_range_and_no_break(app):
    here = here_at(app, period="2026-10", basis="as_was")
    assert usual.anew(here, numbers.history(here, NAME)) == []


def test_explain_says_the_range_its_reason_and_that_it_is_provisional(here):
    asked = here.question(NAME)
    told = explain(here.snapshot, here.scope, asked, today=here.today)
    [text] = [text for name, text in definition(here, told) if name == "Mức thường"]
    assert "tạm tính" in text and "hai xã dùng chung một phần mềm" in text and "50" in text
    assert "Mức thường tính lại từ T7/26: hai xã" in as_text(told, "vi")
    assert "Usual range reckoned anew from Jul 26: two communes share one program" in as_text(told, "en")


def test_a_month_before_the_break_rests_on_the_limits_that_it_had(app):
    here = here_at(app, period="2026-06")
    told = explain(here.snapshot, here.scope, here.question(NAME), today=here.today)
    [text] = [text for name, text in definition(here, told) if name == "Mức thường"]
    assert "24 tháng đầu" in text and "hai xã" not in text and told.rebased == ()


def test_the_explain_screen_shows_it(app):
    assert "two communes share one program" in words_of(
        page(app, page="explain", indicator=NAME, period="2026-10", lang="en"))  # fmt: skip


def test_the_wall_draws_the_band_from_there_and_says_why_on_approach(app):
    told = board(here_at(app, role="wall", period="2026-10"), PLAN)["pages"][0]
    [tile] = told["tiles"]
    assert (tile["spark"]["since"], tile["spark"]["provisional"], tile["spark"]["lower"]) == (9, True, 0.5)
    assert "┊ T7/26: mức thường mới, DVC08 ngắn (hai xã dùng chung một phần mềm)" in told["events"]
    assert "Văn phòng quyết định" not in str(told), "whoever decided is not for the room"


def test_without_an_entry_the_band_is_as_wide_as_the_course(tmp_path):
    here = here_at(app_with(tmp_path / "old", SIGNAL), role="wall", period="2026-10")
    [tile] = board(here, PLAN)["pages"][0]["tiles"]
    assert tile["spark"]["since"] == 0
    assert band_from(here, numbers.history(here, NAME)) == 0


def test_a_range_of_fewer_than_twelve_months_calls_nothing_usual(tmp_path):
    none = SIGNAL.replace("0.93e0, 0.5e0", "0.93e0, NULL")
    none = none.replace("0.99e0 AS", "if(m < DATE '2026-07-01', 0.99e0, NULL) AS")
    app = app_with(tmp_path / "none", none, rebased(), "UPDATE indicator SET target_value = NULL")
    here = here_at(app, role="wall", period="2026-09")
    [tile] = board(here, PLAN)["pages"][0]["tiles"]
    assert tile["state"] == "theo dõi" and tile["spark"]["lower"] is None
    assert usual.told(here, numbers.one(here, NAME)).startswith("Chưa có: chưa đủ 12 tháng số liệu.")


def test_the_tile_of_a_desk_draws_the_band_from_there():
    past = [type("Month", (), {"plot": value})() for value in (1, 2, 3, 4, 5)]
    whole, part = (unquote(spark(past, palette("light"), None, (0.5, 2.5), since)) for since in (0, 2))
    assert "<rect x='0.0'" in whole and "<rect x='0.0'" not in part and "<rect x='" in part


def test_the_signals_of_a_pack_name_the_month(here):
    figure = numbers.one(here, NAME)
    assert _limits(here, numbers.signal_of(here, figure.answer), figure).endswith(", tính lại từ T7/26")


def test_a_fall_is_not_hidden_by_a_target_that_is_missed_anyway(tmp_path):
    """Both are true: the tile's one word is the news, and on approach the target says that it is missed."""
    signal = SIGNAL.replace("2026-07-01", "2026-12-01")
    app = app_with(tmp_path / "both", signal, "UPDATE indicator SET target_value = 0.9999, minimum_n = 1")
    page_of = board(here_at(app, role="wall", period="2026-09"), PLAN)["pages"][0]
    [tile] = page_of["tiles"]
    assert (tile["shape"], tile["state"], tile["tone"]) == ("▼", "xấu đi", "worse")
    assert tile["against"][0].startswith("chưa đạt mục tiêu 100"), tile["against"]
    assert page_of["first"]["shape"] == "▼" and "mức thường" in page_of["first"]["text"]
    quiet = app_with(tmp_path / "missed", "UPDATE indicator SET target_value = 0.9999, minimum_n = 1")
    [tile] = board(here_at(quiet, role="wall", period="2026-09"), PLAN)["pages"][0]["tiles"]
    assert (tile["shape"], tile["state"]) == ("◆", "chưa đạt") and tile["against"][0].startswith("mục tiêu 100")


@pytest.mark.parametrize(
    "silent", ["locked = FALSE", "rule = NULL", "direction = 'context'", "month = DATE '2026-05-01'"])
def test_what_is_provisional_silent_neither_better_nor_worse_or_of_another_month_is_no_signal(tmp_path, silent):
    june = date(2026, 6, 1)
    for name, months, statements in (
        ("speaks", [june], ()), ("silent", [], (f"UPDATE signal SET {silent} WHERE month = DATE '{june}'",))
    ):
        here = here_at(app_with(tmp_path / name, SIGNAL, *statements))
        assert [one.month for one in speaking(here.snapshot, here.scope, june)] == months
