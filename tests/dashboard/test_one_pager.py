"""A unit on one page: exactly one, in both languages, for units of every fate, with the numbers of every other face."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from dashboard import profile, spine, value
from dashboard.access import demo_scope
from dashboard.figure import make_figure
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.here import arrive
from dashboard.origin import origin
from dashboard.paper import one_pager as paper
from dashboard.paper import strip
from dashboard.paper.one_pager import data_of, one_pager, one_pagers, present_units
from dashboard.query import OK, TOO_FEW, Answer, Question
from dashboard.query.answers import wilson
from dashboard.query.signals import Signal
from dashboard.query.succession import predecessors
from dashboard.running import start
from dashboard.settings import Settings
from dashboard.url import read
from dashboard.words import word
from tests.dashboard.tiny import write_tiny

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
UNITS = ("27694@2025", "27727", "794", "27697", "STC", "80")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return start(Settings(write_tiny(tmp_path_factory.mktemp("home")), lambda: NOW))


@pytest.fixture
def at(app):
    """A view of this place; whatever a test agreed is gone after it."""
    yield lambda unit="27727", **more: arrive(app, read({"unit": unit, **more}))
    shutil.rmtree(app.settings.home / "followup", ignore_errors=True)


def text_of(body):
    (page,) = PdfReader(io.BytesIO(body)).pages
    return flat(page.extract_text())


def flat(text):
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def agree(here, number, note, days=14):
    actor = Actor(demo_scope("leader", {"territory": ("80",)}), here.places.parents, NOW - timedelta(days=30))
    about = Subject("dossiers_overdue", here.unit.unit_id, "2026-10", 1)
    FollowUp(here.running.settings.home / "followup").agree(
        Wanted(about, "Chủ tịch", (NOW + timedelta(days=days)).date(), note), actor, number)  # fmt: skip


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_fits_one_page_that_says_what_it_is(at, unit, lang):
    here = at(unit, lang=lang)
    told = text_of(one_pager(here))
    for words in (here.name(here.unit), here.format.period(here.period), word("frame.illustrative", lang),
                  word("profile.quality", lang), word("profile.tasks", lang), word("frame.snapshot", lang, id=1),
                  word("export.state_class", lang)):
        assert words in told, words


def test_an_old_district_stands_on_its_own_boundaries_and_says_what_it_became(at):
    here = at("794")
    assert here.basis == "before_2025"
    told = text_of(one_pager(here))
    assert "Kết thúc hoạt động ngày 30/06/2025; địa bàn nay thuộc xã An, phường Đức" in told
    assert word("profile.not_judged", "vi") in told
    assert word("profile.basis_before", "vi", day="01/07/2025") in told


@pytest.mark.parametrize(("unit", "lang", "says"), [
    ("27694@2025", "vi", "Hợp nhất từ xã An Cũ, một phần xã Bình – chưa có số văn bản (chưa kiểm chứng), 01/07/2025"),
    ("27694@2025", "en", "Made of Old An Commune, part of Bình Commune – no document number known (unverified), "
                         "1 Jul 2025"),
    ("STC", "vi", "Không có lần sắp xếp nào được ghi nhận."),
    ("80", "vi", "Tiếp nối tỉnh Cũ – chưa có số văn bản (chưa kiểm chứng)"),
])  # fmt: skip
def test_the_history_of_a_unit_is_told_with_its_document_or_says_that_none_is_known(at, unit, lang, says):
    here = at(unit, lang=lang)
    assert origin(here, here.unit) == says


def test_a_named_document_of_a_sure_unit_carries_no_mark(at, monkeypatch):
    here = at("27694@2025")
    links = [replace(one, document="1682/NQ-UBTVQH15")
             for one in predecessors(here.snapshot, here.unit.unit_id)]
    monkeypatch.setattr("dashboard.origin.predecessors", lambda snapshot, unit: links)
    assert origin(here, here.unit).endswith("– 1682/NQ-UBTVQH15, 01/07/2025")
    assert origin(here, replace(here.unit, sure=False)).endswith("– 1682/NQ-UBTVQH15 (chưa kiểm chứng), 01/07/2025")


def test_the_same_snapshot_and_day_give_the_same_bytes_with_every_font_inside(at):
    body = one_pager(at())
    assert one_pager(at()) == body
    (page,) = PdfReader(io.BytesIO(body)).pages
    fonts = [one.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
             for one in page["/Resources"]["/Font"].values()]  # fmt: skip
    assert any("BeVietnamPro" in font["/FontName"] for font in fonts)
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


@pytest.mark.parametrize("unit", UNITS)
def test_every_number_is_that_of_the_command_line(app, at, unit):
    here = at(unit)
    told = profile.profile(here)
    shown = [row.figure for row in told.rows] + list(told.counts) + [course[-1] for course in told.courses]
    assert shown
    for figure in shown:
        question = figure.answer.question
        asked = value.Asked(question.indicator, question.period.code, question.unit, question.basis, role="leader")
        found = value.find(app.snapshots, asked, NOW.date())
        assert (found.answer.value, found.figure.text) == (figure.answer.value, figure.text)
    page = text_of(one_pager(here))
    assert all(flat(one.figure.text) in page for one in told.rows)


def test_peers_are_of_the_same_kind_and_never_the_unit_itself(at):
    here = at("794")
    assert [one.unit_id for one in spine.peers(here)] == ["795"]
    assert spine.peers(at("27694@2025")) == []
    assert word("profile.no_peers", "vi") in text_of(one_pager(at("27694@2025")))


def rate(here, unit, hits, cases, status=OK, name="dossiers_on_time"):
    entry = here.indicators[name]
    answer = Answer(Question(name, here.period, unit), status, value=hits / cases, numerator=hits, denominator=cases,
                    n=cases, interval=wilson(hits, cases))  # fmt: skip
    return make_figure(entry, answer, "vi")


def made(here, own, others, whole):
    units = [replace(here.unit, unit_id=f"u{place}") for place in range(len(others) + 1)]
    figures = [rate(here, one.unit_id, *case) for one, case in zip(units, [own, *others], strict=True)]
    return spine._row(figures, units, units[0], units[1:3], rate(here, "80", *whole))


CASES = st.tuples(st.integers(0, 50), st.integers(50, 60))


@given(own=CASES, others=st.lists(CASES, min_size=3, max_size=6), whole=CASES)
def test_every_place_on_a_scale_is_on_it_and_better_is_to_the_right(app, own, others, whole):
    here = arrive(app, read({}))
    row = made(here, own, others, whole)
    spans = [row.interval, row.span, row.peers]
    assert all(0 <= low <= high <= 1 for low, high in spans)
    assert row.dot is not None and row.interval[0] <= row.dot <= row.interval[1]
    better = own[0] / own[1] - whole[0] / whole[1]
    assert (row.dot - 0.5) * better >= 0
    assert row.span[0] in (0.0, pytest.approx(0.0)) or row.span[1] == pytest.approx(1.0) or row.span == (0.5, 0.5)


def test_the_scale_turns_where_less_is_better(at):
    here = at()
    more = made(here, (45, 50), [(20, 50), (30, 50), (40, 50)], (35, 50))
    turned = replace(here.indicators["dossiers_on_time"], better="lower")
    other = replace(here, snapshot=here.snapshot)
    figures = [replace(rate(other, f"u{at}", *case), indicator=turned)
               for at, case in enumerate([(45, 50), (20, 50), (30, 50), (40, 50)])]  # fmt: skip
    units = [replace(here.unit, unit_id=f"u{place}") for place in range(4)]
    less = spine._row(figures, units, units[0], units[1:3], rate(here, "80", 35, 50))
    assert less.dot == pytest.approx(1 - more.dot)
    assert (more.against, less.against) == ("better", "worse")


def test_an_interval_over_the_whole_says_nothing_and_too_few_have_no_place(at):
    here = at()
    assert made(here, (35, 50), [(20, 50), (30, 50), (40, 50)], (35, 50)).against == ""
    units = [replace(here.unit, unit_id=f"u{place}") for place in range(4)]
    figures = [rate(here, "u0", 1, 2, TOO_FEW), *(rate(here, f"u{at}", 30 + at, 50) for at in (1, 2, 3))]
    row = spine._row(figures, units, units[0], units[1:], rate(here, "80", 35, 50))
    assert (row.dot, row.interval, row.against) == (None, None, "")
    shown = paper._row(here, row)
    assert shown["quiet"] and shown["n"] == "" and "%" not in shown["value"]


def test_two_units_make_no_spread(at):
    here = at()
    assert made(here, (35, 50), [(20, 50)], (30, 50)).span is None
    assert made(here, (35, 50), [(20, 50), (25, 50)], (30, 50)).span is not None


def signal(here, direction, name="dossiers_received", unit=""):
    return Signal(name, unit or here.unit.unit_id, here.period.first, 1.0, 1.0, 0.0, 2.0, True, "shift", direction,
                  None, "high")  # fmt: skip


def test_sentences_speak_of_signals_of_this_unit_and_of_nothing_else(at, monkeypatch):
    here = at()
    found = [signal(here, "better"), signal(here, "worse", "dossiers_overdue"), signal(here, "worse", unit="STC")]
    monkeypatch.setattr(profile, "speaking", lambda snapshot, scope, month: found)
    told = profile.profile(here)
    own = profile.numbers.many(here, ["dossiers_received", "dossiers_overdue"])
    assert told.strong == f"{own['dossiers_received'].short} {own['dossiers_received'].text}"
    assert told.weak == f"{own['dossiers_overdue'].short} {own['dossiers_overdue'].text}"


def test_without_a_signal_that_is_said_and_for_a_quarter_nothing_is_judged(at):
    calm = profile.profile(at())
    assert (calm.strong, calm.weak) == (word("profile.strong_none", "vi"), word("profile.weak_none", "vi"))
    quarter = profile.profile(at(period="2026-Q3"))
    assert not quarter.is_judged and quarter.strong == quarter.weak == word("profile.not_judged", "vi")


def test_a_signal_of_too_few_cases_is_not_told(at, monkeypatch):
    here = at("27694@2025", period="2026-10")
    few = make_figure(here.indicators["dossiers_on_time"], replace(
        rate(here, here.unit.unit_id, 1, 2).answer, status=TOO_FEW), "vi")  # fmt: skip
    monkeypatch.setattr(profile, "speaking", lambda *_: [signal(here, "worse", "dossiers_on_time")])
    monkeypatch.setattr(profile.numbers, "many", lambda here, names: dict.fromkeys(names, few))
    assert profile.sentences(here)[1] == word("profile.weak_none", "vi")


def test_open_tasks_of_the_unit_stand_on_its_page_with_the_overdue_first(at):
    here = at()
    for number in range(5):
        agree(here, f"a{number}", f"việc {number}")
    agree(here, "late", "việc trễ", days=-3)
    agree(at("STC"), "other", "việc của sở")
    told = text_of(one_pager(here))
    assert told.index("◆ quá hạn") < told.index("việc trễ") < told.index("việc 0")
    assert word("followup.more", "vi", n="3") in told
    assert "việc của sở" not in told


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_longest_tasks_make_the_page_smaller_and_not_two(at, lang):
    here = at("80", lang=lang)
    for number in range(3):
        agree(here, f"a{number}", "Rà soát, phân loại và giải quyết dứt điểm " * 9)
    data = data_of(here, profile.profile(here))
    data["rows"] = (data["rows"] * 17)[:17]
    data["origin"] = "Hợp nhất từ xã Tân Lập, xã Thạnh Đức, một phần xã Bình Hòa Đông " * 5
    body = paper.pages("one_pager.typ", data)
    assert word("profile.few", lang) in text_of(body)
    footer, rest = heights(body, "Tỉnh Thử ·" if lang == "vi" else "Test Province ·")
    assert footer and min(rest) > max(footer) + 6, "the page runs into its footer"


def heights(body, mark):
    """Where the text of the footer stands (from its first line down), and where all other text does, in points."""
    (page,) = PdfReader(io.BytesIO(body)).pages
    found = []

    def seen(text, matrix, own, *_):
        if text.strip():
            found.append((own[4] * matrix[1] + own[5] * matrix[3] + matrix[5], text))

    page.extract_text(visitor_text=seen)
    first = min(at for at, text in found if text.strip().startswith(mark))
    return [at for at, _ in found if at <= first + 1], [at for at, _ in found if at > first + 1]


def test_a_hostile_name_is_a_name(at):
    here = at()
    nasty = '#panic("x") *b* $x$ ]#pagebreak()['
    places = replace(here.places, units={**here.places.units, "27727": replace(here.unit, name_vi=nasty)})
    told = text_of(one_pager(replace(here, unit=places.units["27727"], places=places)))
    assert nasty in told


def test_all_means_the_communes_and_wards_of_today_below_the_view(at):
    assert [one.unit_id for one in present_units(at("80"))] == ["27727", "27694@2025"]
    made = {unit.unit_id: body for unit, body in one_pagers(at("80"), present_units(at("80")))}
    assert made["27727"] == one_pager(at("27727"))


def test_a_unit_of_the_past_in_a_list_brings_its_own_boundaries(at):
    here = at("80")
    ((_, body),) = one_pagers(here, [here.places.units["794"]])
    assert body == one_pager(at("794"))


def test_months_across_the_reform_show_the_break_and_hollow_estimates(at):
    here = at("27727", period="2026-06")
    course = next(one for one in profile.profile(here).courses if one[0].indicator.id == "dossiers_received")
    reform = [one.answer.question.period.first for one in course].index(date(2025, 7, 1))
    drawn = strip.spec(course, "vi", reform)
    rules = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "rule"]
    assert [layer["data"]["values"] for layer in rules] == [[{"at": reform - 0.5}]]
    hollow = [layer["data"]["values"] for layer in drawn["layer"] if layer["mark"].get("fill") == "#FFFFFF"]
    assert [row["at"] for row in hollow[0]] == [at for at, one in enumerate(course)
                                               if one.answer.estimated and one.plot is not None]  # fmt: skip
    assert hollow[0] and max(row["at"] for row in hollow[0]) < reform
