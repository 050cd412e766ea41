"""Every number can be taken apart on a page of its own: the shown SQL gives it, the shown rows add up to it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard import lineage, meaning, reckoning
from dashboard.explain import Basis, explain
from dashboard.past import past, past_block
from dashboard.screens.explain import permanent, tab_of
from dashboard.take_along import document, metadata
from dashboard.trust import five
from dashboard.words import keys
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

TABS = ("definition", "reckoning", "lineage", "quality", "history", "download")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = write_tiny(tmp_path_factory.mktemp("home"))
    change(home, "UPDATE indicator SET sql_numerator = 'working_hours_taken' WHERE id = 'dossier_hours'")
    return started(home)


def told_at(app, indicator, **address):
    here = here_at(app, page="explain", indicator=indicator, **address)
    return here, explain(here.snapshot, here.scope, here.question(indicator), today=here.today, lang=here.lang)


def test_the_number_and_its_question_stand_on_top(app):
    told = words_of(page(app, page="explain", indicator="DVC08"))
    assert "Chỉ tiêu DVC08 · DVC08" in told and "Tỉnh Thử · tháng 10/2026" in told
    assert "60,0 %" in told and "3 trong 5" in told and "23,1–88,2 %" in told


KINDS = ("DVC05", "DVC08", "DVC10", "DVC11", "DVC13", "DVC30", "KT01")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(("indicator", "lang"), [*((kind, "vi") for kind in KINDS), ("DVC08", "en"), ("DVC30", "en")])
def test_every_kind_has_every_tab(app, indicator, tab, lang):
    told = words_of(page(app, page="explain", indicator=indicator, tab=tab, lang=lang))
    assert not re.search(r"\b(explained|intake|case|operand|filing_state)\.[a-z_]+", told)


def test_without_an_indicator_everything_that_can_be_explained_is_listed(app):
    found = page(app, page="explain")
    assert found.count("ioc-link") >= len(here_at(app).indicators) and "indicator=DVC08" in found


def test_an_unknown_indicator_is_a_sentence_and_names_the_nearest(app):
    assert "Có phải DVC08?" in words_of(page(app, page="explain", indicator="DVC8"))


def test_the_formula_carries_the_numbers_of_this_case(app):
    here, told = told_at(app, "dossiers_on_time")
    assert reckoning.formula(here, told).startswith("3 / 5 = 60,0\u202f%")
    here, told = told_at(app, "on_time_766")
    parts = {part.name: part.value for part in told.answer.parts}
    numbers = [int(parts[name]) for name in ("n(dossiers_on_time)", "d(dossiers_on_time)", "end(dossiers_overdue)")]
    assert reckoning.formula(here, told).startswith("{} / ({} + {}) = ".format(*numbers))


def test_of_too_few_cases_the_parts_are_shown_and_no_percentage(app):
    here, told = told_at(app, "dossiers_on_time", unit="STC")
    assert told.answer.status == "too_few"
    assert "%" not in reckoning.formula(here, told) and reckoning.spread(here, told) == ""


def test_the_shown_sql_run_again_gives_the_number(app):
    for indicator in ("dossiers_on_time", "dossiers_received", "dossiers_open", "dossier_hours"):
        here, told = told_at(app, indicator)
        row = here.snapshot.rows(told.sql[0])[0]
        parts = [float(cell) for cell in row[3:] if cell is not None]
        named = {part.name: part.value for part in told.answer.parts}
        first = {"dossiers_on_time": named.get("numerator"), "dossiers_open": named.get("entered")}
        assert parts[0] == first.get(indicator, told.answer.value), indicator


def test_each_part_of_a_formula_leads_to_its_own_page_with_the_same_question(app):
    here, told = told_at(app, "on_time_766", period="2026-09", unit="27727")
    found = reckoning.operands(here, told)
    assert [one.use for one in found] == ["n", "d", "end"]
    assert all("period=2026-09" in one.address and "unit=27727" in one.address for one in found)
    assert "indicator=DVC08" in found[0].address and "indicator=DVC06" in found[2].address
    here, told = told_at(app, "backlog_change", period="2026-09")
    start = next(one for one in reckoning.operands(here, told) if one.use == "start")
    assert "period=2026-08-31" in start.address  # a stock before the period is the stock of the day before
    here, told = told_at(app, "open_age")
    assert [one.entry.id for one in reckoning.operands(here, told)] == ["dossiers_open"]


def test_what_nobody_checked_or_named_is_unverified(app):
    here, told = told_at(app, "dossiers_on_time")
    assert meaning.legal(here, told) == "02/2017/TT-VPCP II.06a (chưa kiểm chứng)"
    assert "chưa kiểm chứng" in meaning.target(here, told)
    named = replace(told, legal=(Basis("", "", True), Basis("1/2020/NĐ-CP", "Điều 3", True)))
    first, second = meaning.legal(here, named).split("; ")
    assert "chưa kiểm chứng" in first and "đã kiểm chứng" in second
    assert meaning.legal(here, replace(told, legal=())) == "chưa nêu văn bản nào"


def test_rows_listed_add_up_to_the_number(app):
    here, told = told_at(app, "dossiers_on_time")
    counted = {only: lineage.cases(here, told, 1, only).total for only in lineage.ONLY}
    assert counted == {"all": told.answer.denominator, "in": told.answer.numerator, "out": 2}
    assert sum(one.rows for one in told.lineage) == told.answer.denominator
    steps = [one.count for one in lineage.steps(here, told)]
    assert steps == ["1", "11", "10", "5", "60,0\u202f%"]


@pytest.mark.parametrize(("role", "sees"), [("leader", True), ("analyst", True), ("state", False), ("office", False)])
def test_single_cases_are_for_scopes_with_rows(app, role, sees):
    found = words_of(page(app, page="explain", indicator="DVC08", tab="lineage", role=role))
    assert ("Bí danh" in found) is sees


@pytest.mark.parametrize("role", ["wall", "steward", "auditor", "operator"])
def test_who_asks_no_numbers_gets_no_explanation(app, role):
    assert "60,0" not in words_of(page(app, page="explain", indicator="DVC08", role=role))


def test_the_five_questions_about_quality_have_answers(app):
    here, told = told_at(app, "dossiers_on_time")
    answers = [row[1] for row in five(here, told).texts]
    assert answers[0].startswith("▼ Chậm") and "15/10/2026" in answers[0]
    assert "đơn vị đã gửi" in answers[1] and answers[3].startswith("1 trong 11 dòng")
    here, told = told_at(app, "dossiers_on_time", unit="794", period="2026-10")
    assert "ước lượng" in five(here, told).texts[2][1]


def test_a_hidden_number_is_hidden_everywhere(app):
    for tab in TABS:
        told = words_of(page(app, page="explain", indicator="DNG01", unit="DU1", role="party", tab=tab))
        assert "Ẩn để bảo vệ cá nhân" in told and "300" not in told
    here, told = told_at(app, "party_members", unit="DU1", role="party", period="2026-Q3")
    facts = metadata(here, told)
    assert facts["status"] == "suppressed" and facts["value"] is None and facts["numerator"] is None
    assert document(here, told).rows[0][4] is None and told.lineage == ()


def test_a_quarterly_number_is_asked_for_a_quarter_when_the_address_names_none(tmp_path):
    home = write_tiny(tmp_path)
    change(home, "UPDATE indicator SET rhythm = 'quarterly'", party=True)
    assert "quý III/2026" in words_of(page(started(home), page="explain", indicator="DNG01", role="party"))


def test_the_permanent_address_names_the_snapshot_and_gives_the_same_number(app):
    here, told = told_at(app, "dossiers_on_time", unit="27727")
    address = dict(pair.split("=") for pair in permanent(here, told).lstrip("?").split("&"))
    assert address["snapshot"] == "1" and address["period"] == "2026-10" and address["unit"] == "27727"
    assert told.figure.text.replace("\u202f", " ") in words_of(page(app, **address))


def test_the_history_has_a_line_per_snapshot_and_says_why(tmp_path):
    write_tiny(tmp_path, tiny_facts(120), generation=1)
    home = write_tiny(tmp_path, tiny_facts(160), generation=2)
    change_code = "UPDATE publication SET code_version = 'newer'"
    both = (home / "PUBLISHED").read_text()
    change(home, change_code, generation=2)
    (home / "PUBLISHED").write_text(both.splitlines()[0] + "\n" + (home / "PUBLISHED").read_text())
    here, told = told_at(started(home), "dossiers_received", period="2026")
    found = past(here, told)
    assert [one.snapshot for one in found] == [1, 2]
    values = [one.figure.answer.value for one in found]
    assert values[0] < values[1] == told.answer.value
    shown = past_block(here, told, found)
    assert shown.table.texts[0][0] == "2" and shown.table.texts[0][4] == "phiên bản mã đã đổi"
    assert shown.table.texts[0][3] == f"+{values[1] - values[0]:.0f}"
    assert "đã đổi 1 lần" in shown.summary


def test_a_damaged_snapshot_is_left_out_of_the_history(tmp_path):
    write_tiny(tmp_path, generation=1)
    home = write_tiny(tmp_path, generation=2)
    (home / "snapshots" / "00000001.duckdb").write_bytes(b"not a database")
    here, told = told_at(started(home), "dossiers_received")
    assert [one.snapshot for one in past(here, told)] == [2]


def test_an_address_made_up_by_hand_opens_something_honest():
    assert tab_of("lineage.2.out") == ("lineage", 2, "out")
    assert tab_of("") == tab_of("nonsense.x.y") == ("definition", 1, "all")
    assert tab_of("lineage.-3") == ("lineage", 1, "all") and tab_of("lineage.99999999") == ("lineage", 1, "all")


def test_a_page_beyond_the_last_is_the_last(app):
    found = words_of(page(app, page="explain", indicator="DVC08", tab="lineage.9"))
    assert "trang 1/1" in found and "Xã An" in found


def test_texts_of_the_catalogue_are_text_and_never_markup(tmp_path):
    home = write_tiny(tmp_path)
    change(home, "UPDATE indicator SET definition_vi = '<script>alert(1)</script>', name_vi = '**<b>đậm</b>**'")
    found = page(started(home), page="explain", indicator="DVC08")
    assert "<script>" not in found and "&lt;script&gt;" in found and "<b>đậm" not in found


def test_every_status_of_a_case_has_a_word():
    for status in ("registered", "in_progress", "supplement", "returned", "forwarded", "resolved"):
        assert f"case_status.{status}" in keys()
