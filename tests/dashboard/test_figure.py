"""A figure claims only what is certain and always says how good its number is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard import periods
from dashboard.access import Scope, demo_scope
from dashboard.figure import HIDDEN, MISSED, NO_DATA, SILENT, STALE, TOO_FEW, USUAL, VALUE, WORSE, ZERO, make_figure
from dashboard.format import THIN
from dashboard.query import Answer, Coverage, Indicator, Question, answer, find_indicator, territory, wilson
from dashboard.query.question import Reason
from dashboard.query.targets import Target, target_of
from dashboard.snapshot import Snapshot, Snapshots
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

QUESTION = Question("dossiers_on_time", periods.parse("2026-10"), "80", slices=(("channel", "online"),))
GOAL = Target(0.99, "suggestion", "", checked=False)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return Snapshots(write_tiny(tmp_path_factory.mktemp("home"), tiny_facts(30))).current()


@pytest.fixture(scope="module")
def rate(snapshot: Snapshot) -> Indicator:
    return find_indicator(snapshot, "DVC08")


def told(hits: float, n: float, status: str = "ok") -> Answer:
    return Answer(
        QUESTION, status, hits / n, hits, n, n, interval=wilson(hits, n), coverage=Coverage(3, 4, ("STC",)),
        data_until=date(2026, 11, 20), snapshot=7,
    )  # fmt: skip


def test_a_good_number_shows_everything_that_makes_it_one(rate: Indicator) -> None:
    before = told(37, 40)
    found = make_figure(rate, told(38, 40), "vi", target=replace(GOAL, checked=True), previous=before)
    assert (found.state, found.value, found.unit, found.text) == (VALUE, "95,0", "%", f"95,0{THIN}%")
    assert (found.interval, found.parts, found.n) == (f"83,5–98,6{THIN}%", "38 trong 40", "n = 40")
    assert (found.coverage, found.age, found.missing) == ("3/4 đơn vị đã gửi", "dữ liệu đến 20/11/2026", "STC")
    assert found.target == f"mục tiêu 99,0{THIN}%"
    assert (found.previous, found.change) == (f"tháng trước 92,5{THIN}%", f"+2,5{THIN}điểm %")
    assert found.plot == 0.95 and found.target_plot == 0.99


def test_an_unverified_target_says_so_in_both_languages(rate: Indicator) -> None:
    assert make_figure(rate, told(38, 40), "vi", target=GOAL).target.endswith("(chưa kiểm chứng)")
    assert make_figure(rate, told(38, 40), "en", target=GOAL).target.endswith("(unverified)")


@pytest.mark.parametrize(
    ("hits", "n", "judgement", "shape"),
    [(38, 40, MISSED, "◆"), (39, 40, USUAL, "●"), (12, 12, USUAL, "●"), (3_800, 4_000, MISSED, "◆")],
)
def test_a_target_is_missed_only_when_the_whole_interval_misses_it(
    rate: Indicator, hits: int, n: int, judgement: str, shape: str
) -> None:
    found = make_figure(rate, told(hits, n), "vi", target=GOAL)
    assert (found.judgement, found.shape) == (judgement, shape)


def test_lower_may_be_better_and_context_is_never_judged(rate: Indicator) -> None:
    few = Target(0.01, "law", "", checked=True)
    assert make_figure(replace(rate, better="lower"), told(38, 40), "vi", target=few).judgement == MISSED
    assert make_figure(replace(rate, better="context"), told(1, 40), "vi", target=GOAL).judgement == USUAL


def test_a_turn_for_the_worse_is_never_hidden_by_a_target_missed_for_long(rate: Indicator) -> None:
    found = make_figure(rate, told(20, 40), "vi", target=GOAL, signal="worse")
    assert (found.judgement, found.shape, found.is_missed) == (WORSE, "▼", True)
    assert found.word == "xấu đi, chắc chắn chưa đạt mục tiêu"
    assert make_figure(rate, told(20, 40), "en", target=GOAL, signal="worse").word == "worse, target surely missed"
    assert not make_figure(rate, told(40, 40), "vi", target=GOAL, signal="worse").is_missed
    old = make_figure(rate, told(20, 40, "stale"), "vi", target=GOAL, signal="worse")
    assert (old.judgement, old.is_missed, old.word) == (SILENT, False, "")


def test_a_turn_for_the_better_does_not_make_up_for_a_missed_target(rate: Indicator) -> None:
    assert make_figure(rate, told(40, 40), "vi", target=GOAL, signal="better").shape == "▲"
    assert make_figure(rate, told(40, 40), "en", signal="worse").word == "worse"
    assert make_figure(rate, told(20, 40), "vi", target=GOAL, signal="better").judgement == MISSED
    assert make_figure(rate, told(40, 40), "vi", signal="wonderful").judgement == USUAL


def test_too_few_cases_show_their_parts_and_no_percentage(rate: Indicator) -> None:
    found = make_figure(rate, told(1, 2, "too_few"), "vi", target=GOAL)
    assert (found.state, found.judgement, found.shape, found.plot) == (TOO_FEW, SILENT, "", None)
    assert (found.text, found.parts, found.interval) == ("quá ít (n = 2)", "1 trong 2", "")
    assert "%" not in found.text + found.value + found.unit + found.word


def test_a_hidden_value_is_in_no_text_at_all(rate: Indicator) -> None:
    hidden = Answer(QUESTION, "suppressed", reason=Reason("disclosure.hidden"), snapshot=7)
    found = make_figure(rate, hidden, "vi", target=GOAL, previous=told(8_765, 9_999))
    assert (found.state, found.text, found.plot, found.judgement) == (HIDDEN, "×", None, SILENT)
    assert found.reason.startswith("Ẩn để bảo vệ cá nhân")
    assert found.change == "" and found.parts == "" and found.n == ""


@pytest.mark.parametrize(
    ("answered", "state", "text"),
    [
        (Answer(QUESTION, "no_data"), NO_DATA, "chưa có dữ liệu"),
        (Answer(QUESTION, "zero", None, 0, 0, 0), ZERO, "không phát sinh"),
        (Answer(QUESTION, "refused", reason=Reason("answer.no_clearance")), HIDDEN, "—"),
    ],
)
def test_missing_and_nothing_and_refused_are_three_things(
    rate: Indicator, answered: Answer, state: str, text: str
) -> None:
    found = make_figure(rate, answered, "vi")
    assert (found.state, found.text, found.judgement, found.plot) == (state, text, SILENT, None)


def test_an_old_number_keeps_its_value_and_says_its_age(rate: Indicator) -> None:
    found = make_figure(rate, replace(told(38, 40, "stale"), fresh=False), "vi", target=GOAL)
    assert (found.state, found.value, found.judgement) == (STALE, "95,0", SILENT)
    assert found.age == "dữ liệu đến 20/11/2026, đã chậm"


def test_estimates_and_preliminary_figures_are_marked(rate: Indicator) -> None:
    assert make_figure(rate, replace(told(38, 40), estimated_share=0.05), "vi").estimated == ""
    found = make_figure(rate, replace(told(38, 40), estimated_share=0.051, preliminary=True), "en")
    assert found.estimated == f"estimated: 5.1{THIN}% through split units · preliminary"


def test_the_address_asks_the_same_question_of_the_same_snapshot(rate: Indicator) -> None:
    assert make_figure(rate, told(38, 40), "vi").address == {
        "page": "explain", "indicator": "DVC08", "period": "2026-10", "unit": "80", "basis": "today",
        "snapshot": "7", "slice": "channel=online",
    }  # fmt: skip


def test_every_answer_of_every_indicator_becomes_a_figure_in_both_languages(snapshot: Snapshot) -> None:
    scope: Scope = demo_scope("leader", territory(snapshot).roots())
    for name in ("DVC01", "DVC05", "DVC08", "DVC10", "DVC11", "DVC13", "DVC20", "DVC30", "KT01", "KT02", "PA02"):
        entry = find_indicator(snapshot, name)
        for unit in ("80", "27727", "UNASSIGNED"):
            asked = Question(name, periods.parse("2026-Q3"), unit)
            one = answer(snapshot, scope, asked, today=date(2026, 11, 22))
            for lang in ("vi", "en"):
                goal = target_of(snapshot, entry, unit, asked.period.last)
                found = make_figure(entry, one, lang, target=goal, previous=one)
                texts = [text for text in vars(found).values() if isinstance(text, str)]
                assert found.text and not any("None" in text or "{" in text for text in texts)


def test_a_units_own_target_goes_before_the_general_one(snapshot: Snapshot, rate: Indicator) -> None:
    day = date(2026, 10, 31)
    assert [found.value for unit in ("80", "27727") if (found := target_of(snapshot, rate, unit, day))] == [0.99, 0.9]
    before = target_of(snapshot, rate, "27727", date(2025, 6, 1))
    assert before is not None and before.value == 0.99
    assert target_of(snapshot, rate, "80", date(2024, 6, 1)) is None
