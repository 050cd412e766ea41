"""Messages follow from numbers by rules: who is surely worse, which ends are drawn, what a score still lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard import numbers, value
from dashboard.figure import BETTER, MISSED, SILENT, WORSE
from dashboard.pack import compared, message, pieces
from dashboard.pack.chart_data import categories, is_cut, scale
from dashboard.pack.compared import ENDS, ends
from dashboard.pack.content import Break, Plot, Series
from dashboard.pack.preview import picture
from dashboard.pack.template import Slide
from dashboard.query.question import Interval
from dashboard.scorecard import Card, Group, Item
from tests.dashboard.pack_at import NOW, made_at, order, running_at
from tests.dashboard.screens_at import here_at, started
from tests.dashboard.tiny import write_tiny


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def here(app):
    return here_at(app, role="leader", period="2026-10")


def rate(here, low, high, unit="27727", **more):
    """A figure of a share between two ends, of a unit."""
    one = numbers.one(here, "dossiers_on_time")
    asked = replace(one.answer.question, unit=unit)
    told = replace(one.answer, question=asked, interval=Interval(low, high), value=(low + high) / 2)
    return replace(one, answer=told, plot=(low + high) / 2, state="value", text=f"{(low + high) / 2:.0%}", **more)


def named(figure):
    return figure.answer.question.unit


@pytest.mark.parametrize(("low", "high", "better", "worse"), [
    (0.80, 0.94, "higher", True), (0.80, 0.96, "higher", False), (0.96, 0.99, "higher", False),
    (0.96, 0.99, "lower", True), (0.80, 0.94, "lower", False), (0.10, 0.20, "context", False),
])  # fmt: skip
def test_only_a_whole_interval_on_the_worse_side_is_worse(here, low, high, better, worse):
    one = rate(here, low, high)
    one = replace(one, indicator=replace(one.indicator, better=better))
    assert message.surely_worse(one, 0.95) is worse


def test_the_message_of_a_comparison_counts_those_and_needs_five(here):
    whole = rate(here, 0.94, 0.96)
    found = [rate(here, 0.5, 0.6), rate(here, 0.9, 0.94), *[rate(here, 0.94, 0.99)] * 3]
    assert message.of_units(here, found, whole, named) == "2 trong 5 đơn vị kém hẳn mức chung 95%"
    assert message.of_units(here, found[2:] + found[2:], whole, named) == "Không đơn vị nào kém hẳn mức chung 95%"
    assert message.of_units(here, found[:4], whole, named) == "Chỉ 4 trong 4 đơn vị đủ căn cứ để so sánh"
    assert message.of_units(here, [], whole, named).startswith("Chưa đơn vị nào")
    bare = [replace(one, answer=replace(one.answer, interval=None)) for one in found]
    assert message.of_units(here, bare, whole, named) == "cao nhất 96% (27727), thấp nhất 55% (27727)"


@pytest.mark.parametrize(("judgement", "said"), [
    (MISSED, "chắc chắn chưa đạt mục tiêu 99,0\u202f%"), (WORSE, "xấu đi"), (BETTER, "tốt lên"),
    (SILENT, "tháng trước 3"),
])  # fmt: skip
def test_a_course_says_the_gravest_thing_first(here, judgement, said):
    words = {WORSE: "xấu đi", BETTER: "tốt lên"}
    one = rate(here, 0.9, 0.9, judgement=judgement, word=words.get(judgement, ""), previous="tháng trước 3",
               target_plot=0.99)  # fmt: skip
    assert message.of_course(here, one) == f"{one.short} 90%: {said}"


def test_figures_are_counted_each_way_and_calm_is_said(here):
    kinds = [MISSED, MISSED, WORSE, BETTER]
    found = [rate(here, 0.9, 0.9, judgement=kind) for kind in kinds]
    assert message.of_figures(here, found) == (
        "Trong kỳ: 2 chỉ tiêu chưa đạt mục tiêu, 1 chỉ tiêu xấu đi, 1 chỉ tiêu tốt lên")
    calm = rate(here, 0.9, 0.9, judgement=SILENT)
    assert message.of_figures(here, [calm]) == "Không chỉ tiêu nào ra ngoài mức thường"
    assert message.of_figures(here, [replace(calm, plot=None)]) == "Chưa có số liệu nào cho kỳ này"


def test_a_long_order_shows_its_ends_and_the_packs_own_unit(here):
    ranked = [rate(here, 0.9, 0.9, unit=f"u{at}") for at in range(60)]
    own = replace(here.unit, unit_id="u30")
    drawn = [one.answer.question.unit for one in ends(ranked, own)]
    assert drawn == [f"u{at}" for at in (*range(ENDS), 30, *range(60 - ENDS, 60))]
    assert [named(one) for one in ends(ranked, replace(own, unit_id="u3"))] == [one for one in drawn if one != "u30"]
    assert ends(ranked[:27], own) == ranked[:27]


def test_a_ranking_has_intervals_a_target_and_the_whole(here, monkeypatch):
    found = [rate(here, 0.5 + at / 20, 0.55 + at / 20, unit=unit) for at, unit in enumerate(
        ["27727", "27694@2025", "STC", "794", "795"])]  # fmt: skip
    monkeypatch.setattr(compared, "in_fair_order", lambda figures, name: found)
    told = compared.units(here, Slide("units", ("dossiers_on_time",)))
    assert [one.role for one in told.plot.series] == ["actual", "target", "whole"]
    assert told.plot.low == tuple(one.answer.interval.low for one in found)
    assert told.plot.high[0] == 0.55 and len(told.table.cells) == 5
    assert picture(told.plot, "vi").startswith("<svg preserveAspectRatio=")


def test_a_score_is_drawn_against_what_can_be_reckoned(here, monkeypatch):
    entry = here.indicators["grdp_growth"]  # any indicator in points stands in for the score
    total = numbers.one(here, entry.id)
    total = replace(total, plot=12.5, indicator=entry)
    item = Item(replace(total, plot=4.0), total, most=10.0, full_at=1.0, case="dossier")
    unknown = replace(item, points=replace(total, plot=None))
    card = Card(total, (Group(replace(total, plot=4.0), (item, unknown)),))
    monkeypatch.setattr(pieces, "scorecard", lambda here: card)
    told = pieces.groups(here, Slide("groups", (entry.id,)))
    assert "12,50 trên 10,00" in told.title and "không phải điểm chính thức" in told.summary
    assert [one.values for one in told.plot.series] == [(4.0,), (10.0,)]
    assert told.table.cells[0][1:] == (4.0, 10.0, 20.0)
    monkeypatch.setattr(pieces, "scorecard", lambda here: None)
    assert pieces.groups(here, Slide("groups", (entry.id,))) is None


def test_a_weekly_pack_goes_by_weeks_and_quotes_them_as_the_command_line_does(app):
    home = app.settings.home
    made = made_at(home, order("weekly", period="", formats=()))
    drawn = next(one for one in made.packs[0].pieces if one.key == "course_tickets_received")
    assert drawn.plot.categories[-2:] == ("08/11", "15/11") and len(drawn.plot.categories) == 13
    assert made.packs[0].lines[0].endswith("09/11/2026 – 15/11/2026")
    for one in drawn.quoted:
        asked = value.Asked(one.code, one.period, one.unit, one.basis, (), 1, "leader")
        found = value.find(running_at(home).snapshots, asked, NOW.date())
        assert found.answer.value == one.value


def test_the_day_of_a_reform_stands_under_its_month_and_a_cut_axis_is_told():
    reform = Break(1, "sắp xếp 01/07")
    plot = Plot("line", "percent", ("T6/25", "T7/25"), (Series("a", (0.95, 0.97)),), breaks=(reform,))
    assert categories(plot) == ["T6/25", "T7/25 ┊ sắp xếp 01/07"]
    assert is_cut(plot) and not is_cut(replace(plot, kind="bar"))
    assert not is_cut(replace(plot, measure="count", series=(Series("a", (1.0, 9.0)),)))
    assert scale(replace(plot, series=(Series("a", (0.99, 0.99)),))) == (0.985, 0.995, 0.005)
