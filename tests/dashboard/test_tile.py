"""A tile says one number in a fixed order, hatches what cannot be relied on, and escapes all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pytest

from dashboard import frames, numbers, sentences, table
from dashboard.figure import make_figure
from dashboard.here import arrive
from dashboard.look import palette
from dashboard.query import Answer, Interval
from dashboard.query.targets import Target
from dashboard.running import start
from dashboard.settings import Settings
from dashboard.tile import spark, tile
from dashboard.url import View, read
from tests.dashboard.tiny import write_tiny

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAME = "dossiers_on_time"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return arrive(start(Settings(write_tiny(tmp_path_factory.mktemp("home")), lambda: NOW)), View())


def figure(here, status="ok", value=0.95, target=0.99, **more):
    answer = Answer(
        here.question(NAME), status, value=value, numerator=38, denominator=40, n=40,
        interval=Interval(0.835, 0.986), data_until=date(2026, 11, 20), snapshot=1, **more,
    )  # fmt: skip
    goal = Target(target, "suggestion", "", checked=False)
    return make_figure(here.indicators[NAME], answer, here.lang, target=goal)


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_the_order_is_name_value_state_target_age(here):
    told = text(tile(here, figure(here)))
    places = [told.index(part) for part in ("DVC08 ngắn", "95,0", "◆", "mục tiêu", "dữ liệu đến")]
    assert places == sorted(places)


@pytest.mark.parametrize("status,hatched,quiet", [
    ("ok", False, False), ("zero", False, False), ("stale", True, False), ("no_data", True, True),
    ("suppressed", True, True), ("too_few", False, True),
])  # fmt: skip
def test_every_state_has_a_look_that_needs_no_colour(here, status, hatched, quiet):
    shown = figure(here, status, None if status in ("no_data", "suppressed") else 0.0 if status == "zero" else 0.9)
    html = tile(here, shown)
    assert ("ioc-hatched" in html) is hatched
    assert (" ioc-quiet" in html) is quiet
    if status in ("no_data", "suppressed", "too_few"):
        assert "90,0" not in html


def test_a_hidden_value_stands_nowhere_in_the_tile(here):
    hidden = figure(here, "suppressed", value=None)
    assert "×" in tile(here, hidden) and "38" not in tile(here, hidden)


def test_a_missed_target_is_told_by_shape_word_and_colour(here):
    html = tile(here, figure(here))
    assert "ioc-worse" in html and "◆" in html and "chắc chắn chưa đạt mục tiêu" in html


def test_the_whole_tile_opens_the_explanation_in_the_readers_view(here):
    dim = replace(here, view=read({"theme": "dim", "period": "2026-09"}))
    (link,) = re.findall(r'href="([^"]+)"', tile(dim, figure(here)))
    assert "page=explain" in link and "indicator=DVC08" in link and "theme=dim" in link
    assert "unit=" not in link and "basis=" not in link, "defaults do not stand in an address"


def test_names_from_data_are_escaped(here):
    nasty = replace(figure(here), short="<img src=x>", name='"><script>', target="<b>", reason="<i>")
    html = tile(here, nasty)
    assert "<img src=x>" not in html and "<script>" not in html and "<b>" not in html


def picture(values, target=None, band=(None, None)):
    past = [type("Month", (), {"plot": value})() for value in values]
    return unquote(spark(past, palette("light"), target, band))


def test_a_month_without_a_number_is_a_gap(here):
    assert picture([1, 2, None, 3, 4]).count("<polyline") == 2


def test_a_single_month_has_no_course():
    assert picture([None, 3]) == ""


def test_a_target_far_away_does_not_flatten_the_course():
    assert "stroke-dasharray" in picture([0.97, 0.98], target=0.99)
    assert "stroke-dasharray" not in picture([0.97, 0.98], target=0.10)


def test_limits_are_a_band():
    assert "<rect" in picture([1, 2], band=(0.5, 2.5))
    assert "<rect" not in picture([1, 2], band=(None, 2.5))


def test_the_picture_names_no_outside_address():
    addresses = re.findall(r"https?://[^'\s]+", picture([1, 2]))
    assert addresses == ["http://www.w3.org/2000/svg"]


def test_a_name_that_the_catalogue_lacks_is_left_out(here):
    assert list(numbers.many(here, ["no_such", NAME])) == [NAME]


def test_a_number_that_cannot_be_sliced_is_left_out_of_a_sliced_view(here):
    sliced = replace(here, view=read({"slice": "channel=online"}))
    assert numbers.known(sliced, [NAME, "population"]) == [NAME]


def test_the_course_of_a_year_ends_with_its_last_whole_month(here):
    year = replace(here, period=arrive(here.running, read({"period": "2026"})).period)
    assert numbers.history(year, NAME)[-1].answer.question.period.code == "2026-10"


def test_figures_are_made_once(here):
    assert numbers.history(here, NAME) is numbers.history(here, NAME)


def test_a_table_holds_real_values_and_readable_texts(here):
    figures = numbers.history(here, NAME)
    told = table.of_figures(here, "Tháng", figures, lambda one: here.format.tick(one.answer.question.period))
    assert len(told.cells) == len(told.texts) == 13
    shown = [row[1] for row in told.cells if row[1] is not None]
    assert all(isinstance(value, float) for value in shown)
    assert all(len(row) == len(told.columns) for row in (*told.cells, *told.texts))


def test_a_hidden_figure_leaves_no_part_in_a_table(here):
    told = table.of_figures(here, "x", [figure(here, "suppressed", None)], lambda one: "x")
    assert told.cells[0][1] is None
    assert "38" not in str(told) and "40" not in str(told)


def test_a_chart_row_of_too_few_draws_nothing(here):
    rows = frames.of_units([figure(here, "too_few")], lambda one: "x")
    assert rows["value"].to_list() == [None] and rows["ranked"].to_list() == [False]
    assert rows["low"].to_list() == [None]


def test_the_fair_order_puts_units_without_evidence_last(here):
    few, good, bad = figure(here, "too_few"), figure(here, value=0.95), figure(here, value=0.95)
    bad = replace(bad, answer=replace(bad.answer, numerator=30, value=0.75))
    ordered = frames.in_fair_order([few, bad, good], lambda one: "x")
    assert ordered == [good, bad, few]


def test_a_sentence_is_made_of_the_numbers_shown(here):
    figures = numbers.history(here, NAME)
    told = sentences.of_history(here, figures)
    assert figures[-1].text in told and "mục tiêu" in told
    assert sentences.of_history(here, []) == here.word("chart.nothing")
