"""The quality page says who keeps the rhythm, what was set aside, and whose claims hold, each in its own words."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.freshness import freshness
from dashboard.intake import claims_told, files_table, lawless, rules_table
from dashboard.periods import run_of
from dashboard.query.filings import broken_rules, filings, next_due, refused_rows, senders
from dashboard.query.punctuality import is_steady, records, strip, unit_records
from dashboard.query.reconciliation import claims
from dashboard.reporting import coverage_table, coverages
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

FILE = (
    "INSERT INTO delivery BY NAME SELECT '{sha}' AS sha256, '{source}' AS source, '{file}' AS file, 9 AS bytes, "
    "TIMESTAMP '{came}' AS received_at, {as_of} AS as_of, '{verdict}' AS verdict, {rows} AS rows_in, "
    "{rows} AS rows_loaded, 0 AS rows_quarantined, 0 AS rows_skipped, 0 AS cases, '{reasons}' AS reasons"
)


def file(sha, source, came, as_of, verdict="loaded", name="f.csv", rows=5, reasons="[]"):
    day = f"DATE '{as_of}'" if as_of else "NULL"
    return FILE.format(sha=sha * 64, source=source, file=name, came=came, as_of=day, verdict=verdict, rows=rows,
                       reasons=reasons)  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture
def home(tmp_path):
    return write_tiny(tmp_path)


def test_the_page_opens_with_its_answer(app):
    told = words_of(page(app, page="quality"))
    assert "3 trong 4 nguồn đúng nhịp" in told and "4 trong 44 dòng" in told
    assert "Đang chậm: Nguồn onestop." in told


def test_the_page_is_english_in_english(app):
    told = words_of(page(app, page="quality", lang="en"))
    assert "3 of 4 sources are in rhythm" in told and "Late now: Source onestop." in told
    assert "Nguồn" not in told and "đúng nhịp" not in told


def test_every_source_is_judged_by_its_own_rhythm(app):
    states = {row[0]: row[1].replace("\u00a0", " ") for row in freshness(here_at(app)).texts}
    assert states["Nguồn statistics"] == "● đúng nhịp"  # quarterly, silent for 53 days
    assert states["Nguồn onestop"] == "▼ chậm 25 ngày làm việc"  # daily, 26 working days after its last, one is allowed


def test_what_is_due_next_is_a_working_day_for_a_daily_source(app):
    snapshot = here_at(app).snapshot
    assert next_due(snapshot, date(2026, 11, 20), "daily") == date(2026, 11, 23)  # Friday, then Monday
    assert next_due(snapshot, date(2026, 11, 19), "daily") == date(2026, 11, 20)
    assert next_due(snapshot, date(2026, 9, 30), "quarterly") == date(2027, 1, 30)
    assert next_due(snapshot, None, "daily") is None and next_due(snapshot, date(2026, 9, 30), "irregular") is None


def test_a_first_load_of_many_years_is_not_late_and_nothing_was_owed_before_it(home):
    change(home, "DELETE FROM delivery", file("1", "dvc", "2026-11-20 01:00:00", "2026-10-05"),
           file("2", "dvc", "2026-11-20 01:00:00", "2026-11-20"))  # fmt: skip
    here = here_at(started(home))
    days = {one.day: one.state for one in strip(here.snapshot, here.scope, here.today) if one.source == "dvc"}
    assert days[date(2026, 10, 5)] == "history" and days[date(2026, 11, 20)] == "history"
    assert days[date(2026, 11, 10)] == "quiet"


def test_a_file_that_came_when_it_was_already_old_is_late_and_the_days_between_are_missing(home):
    change(home, "DELETE FROM delivery", file("1", "dvc", "2026-11-02 01:00:00", "2026-11-02"),
           file("2", "dvc", "2026-11-17 01:00:00", "2026-11-10"), file("3", "dvc", "2026-11-20 01:00:00", "2026-11-20"),
           file("4", "dvc", "2026-11-18 01:00:00", None, "rejected"))  # fmt: skip
    here = here_at(started(home))
    days = {one.day: one.state for one in strip(here.snapshot, here.scope, here.today) if one.source == "dvc"}
    assert days[date(2026, 11, 10)] == "late"
    assert days[date(2026, 11, 18)] == "refused"
    assert days[date(2026, 11, 3)] == "quiet" and days[date(2026, 11, 5)] == "missing"
    assert days[date(2026, 11, 20)] == "received"
    record = next(one for one in records(here.snapshot, here.scope, here.today) if one.source == "dvc")
    assert (record.judged, record.in_time) == (2, 1) and record.days_missing > 0


def test_the_day_of_a_file_is_the_day_of_the_place(home):
    change(home, "DELETE FROM delivery", file("1", "dvc", "2026-11-19 20:00:00", None))
    here = here_at(started(home))
    assert filings(here.snapshot, here.scope)[0].received_at.day == 20  # 20:00 UTC is the next morning in Vietnam


def test_the_row_law_is_checked_and_a_breach_is_told(home):
    change(home, "UPDATE delivery SET rows_in = 12 WHERE source = 'dvc'")
    app = started(home)
    here = here_at(app)
    assert lawless(filings(here.snapshot, here.scope)) == ["dvc.csv"]
    assert "KHÔNG đúng ở: dvc.csv" in words_of(page(app, page="quality"))


def test_a_file_name_is_text_and_never_markup(home):
    change(home, "UPDATE delivery SET file = '<img src=x onerror=alert(1)>.csv' WHERE source = 'dvc'")
    app = started(home)
    found = page(app, page="quality")
    assert "<img src=x" not in found and "&lt;img src=x" in found


def test_reasons_and_rules_speak_the_language_of_the_reader(home):
    said = '[{"code": "has_a_case_id", "vi": "Thiếu số hồ sơ: 1 dòng, dòng đầu tiên 7.", "en": "No number: 1 rows."}]'
    change(home, f"UPDATE delivery SET reasons = '{said}' WHERE source = 'dvc'")
    app = started(home)
    for lang, rule, reason in (("vi", "Thiếu số hồ sơ", "dòng đầu tiên 7"), ("en", "No number", "1 rows.")):
        here = here_at(app, lang=lang)
        assert rules_table(here, broken_rules(here.snapshot, here.scope)).texts[0][0] == rule
        told = [row for row in files_table(here, filings(here.snapshot, here.scope)).texts if row[2] == "dvc.csv"]
        assert reason in told[0][-1]


@pytest.mark.parametrize(("role", "rows"), [("leader", 0), ("analyst", 0), ("office", 0), ("steward", 1)])
def test_single_rows_are_for_the_steward(app, role, rows):
    here = here_at(app, role=role)
    assert len(refused_rows(here.snapshot, here.scope, "dvc", "has_a_case_id")) == rows
    assert (("Những dòng đầu tiên" in page(app, page="quality", role=role)) is True) == bool(rows)


@pytest.mark.parametrize("role", ["auditor", "operator", "wall"])
def test_who_sees_no_numbers_sees_no_sources(app, role):
    found = words_of(page(app, page="quality", role=role))
    assert "Nguồn dvc" not in found and "dvc.csv" not in found


def test_a_party_role_sees_the_sources_of_its_own_file_only(app):
    told = words_of(page(app, page="quality", role="party"))
    assert "Nguồn party" in told and "Nguồn dvc" not in told
    here = here_at(app)
    assert "party" not in {one.source for one in senders(here.snapshot, here.scope)}


def test_a_quarterly_kind_is_asked_about_the_last_whole_quarter(app):
    told = {row[0]: row[1] for row in coverage_table(here_at(app), coverages(here_at(app))).texts}
    assert told["Hồ sơ thủ tục hành chính"] == "tháng 10/2026" and told["Số liệu công bố"] == "quý III/2026"


def test_only_a_steady_unit_can_have_a_gap(app):
    assert is_steady([True, True, False, True]) and is_steady([True] * 6 + [False] * 6)
    assert not is_steady([True, False, False, True, False, True]) and not is_steady([True, True, False])
    here = here_at(app)
    found = {one.unit: one for one in unit_records(here.snapshot, here.scope, "dossier", run_of(here.period, 12))}
    assert [span.code for span in found["27694@2025"].missing] == ["2026-04"] and found["27694@2025"].asked == 12


def test_a_quarterly_kind_is_compared_by_quarters(home):
    change(home, "DELETE FROM presence", *(
        f"INSERT INTO presence VALUES ('party_organisation', '{unit}', DATE '{year}-{month:02d}-01', 1)"
        for unit in ("DU1", "DU2") for year, month in ((2025, 9), (2025, 12), (2026, 3), (2026, 6), (2026, 9))
        if (unit, year, month) != ("DU2", 2026, 3)), party=True)  # fmt: skip
    told = words_of(page(started(home), page="quality", role="party", period="2026-Q3"))
    assert "1 trong 2 đơn vị có số liệu đủ 5 kỳ gần nhất" in told and "Đảng ủy Đức 4/5 Q1/26" in told


CLAIMS = (
    "ALTER TABLE fact_dossier ADD COLUMN sender_on_time BOOLEAN",
    "UPDATE fact_dossier SET ended_on = NULL, is_on_time = NULL",
    "UPDATE fact_dossier SET ended_on = DATE '2026-10-10', is_on_time = true, sender_on_time = true "
    "WHERE case_id IN (SELECT case_id FROM fact_dossier ORDER BY case_id LIMIT 6)",
    "UPDATE fact_dossier SET is_on_time = false "
    "WHERE case_id IN (SELECT case_id FROM fact_dossier ORDER BY case_id LIMIT 2)",
)


def test_a_claim_that_the_dates_refute_is_counted_against_it(home):
    change(home, *CLAIMS)
    here = here_at(started(home))
    (claim,) = claims(here.snapshot, here.scope, here.period)
    assert (claim.both_on_time, claim.only_sender, claim.compared) == (4, 2, 6)
    assert claim.claimed == 1.0 and claim.recomputed == pytest.approx(4 / 6) == claim.agreeing
    assert "100,0\u202f%" in claims_told(here, [claim]) and "66,7\u202f%" in claims_told(here, [claim])


def test_a_snapshot_without_claims_says_so(app):
    assert "Không nguồn nào gửi kèm nhận định" in words_of(page(app, page="quality"))
