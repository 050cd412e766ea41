"""Two systems that report one thing: the page shows both numbers, says which are apart, and whom to ask."""

from __future__ import annotations

import pytest

from dashboard.access import Scope
from dashboard.query.reconciliation import pairs
from dashboard.reconciled import HEADS, pairs_table, pairs_told
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

TABLE = (
    "CREATE OR REPLACE TABLE reconciliation (check_id VARCHAR, name_vi VARCHAR, name_en VARCHAR, measure VARCHAR, "
    "indicator VARCHAR, unit VARCHAR, period_start DATE, period_end DATE, left_source VARCHAR, left_file VARCHAR, "
    "left_value DOUBLE, right_source VARCHAR, right_file VARCHAR, right_value DOUBLE, computed BOOLEAN, "
    "difference DOUBLE, allowed DOUBLE, agrees BOOLEAN)"
)
ROW = (
    "INSERT INTO reconciliation VALUES ('got', 'Tiếp nhận', 'Received', '{measure}', NULL, '{unit}', DATE '{first}', "
    "DATE '{last}', 'statistics', {file}, {left}, '{other}', {right_file}, {right}, {computed}, {left} - {right}, 2, "
    "abs({left} - {right}) <= 2)"
)


def row(left, right, unit="80", first="2026-10-01", last="2026-10-31", other="onestop", computed=True, measure="count",
        file="'bc10.csv'"):  # fmt: skip
    right_file = "NULL" if computed else "'khac.csv'"
    return ROW.format(left=left, right=right, unit=unit, first=first, last=last, other=other, computed=computed,
                      measure=measure, file=file, right_file=right_file)  # fmt: skip


@pytest.fixture
def home(tmp_path):
    return write_tiny(tmp_path)


def test_where_nothing_is_told_twice_the_page_says_so(home):
    app = started(home)
    assert "Chưa có số liệu nào do hai hệ thống cùng báo cáo." in words_of(page(app, page="quality"))
    assert pairs(here_at(app).snapshot, here_at(app).scope, 10) == []


def test_both_numbers_are_shown_with_who_said_them_where_and_whom_to_ask(home):
    change(home, TABLE, row(1120, 1000), row(1001, 1000, first="2026-09-01", last="2026-09-30"))
    app = started(home)
    told = words_of(page(app, page="quality"))
    for text in ("1 trong 2 cặp số liệu lệch", "1.120", "1.000", "Nguồn statistics: bc10.csv",
                 "tính từ hồ sơ của Nguồn onestop", "Tháng 10/2026", "1 cặp số liệu khớp nhau"):  # fmt: skip
        assert text.lower() in told.lower(), text
    english = words_of(page(app, page="quality", lang="en"))
    assert "1 of 2 pairs of figures are further apart" in english and "computed from the records of" in english
    assert "cặp" not in english


def test_disagreements_come_first_and_the_newest_and_widest_of_them(home):
    change(home, TABLE, row(5, 5), row(9, 1, first="2026-08-01", last="2026-08-31"), row(20, 10), row(90, 10))
    here = here_at(started(home))
    assert [one.left_value for one in pairs(here.snapshot, here.scope, 9)] == [90, 20, 9, 5]
    assert [one.left_value for one in pairs(here.snapshot, here.scope, 2)] == [90, 20]


def test_a_file_gets_the_values_and_a_person_the_texts(home):
    change(home, TABLE, row(99.5, 97.25, measure="percent", computed=False, first="2026-01-01", last="2026-12-31",
                            file="NULL"))  # fmt: skip
    here = here_at(started(home))
    table = pairs_table(here, pairs(here.snapshot, here.scope, 9))
    cells = dict(zip(HEADS, table.cells[0], strict=True))
    texts = dict(zip(HEADS, table.texts[0], strict=True))
    assert (cells["left"], cells["right"], cells["apart_by"]) == (99.5, 97.25, 2.25)
    assert texts["left"].startswith("99,5")
    assert "không còn tệp" in texts["from"] and texts["against"].endswith("khac.csv") and "2026" in texts["period"]


def test_who_may_not_know_of_a_sender_sees_no_pair_of_it(home):
    change(home, TABLE, row(90, 10), row(90, 10, other="somebody"))
    here = here_at(started(home))
    assert len(pairs(here.snapshot, here.scope, 9)) == 1
    assert pairs(here.snapshot, Scope("nobody", frozenset(), (), False, ""), 9) == []


def test_one_sentence_when_all_agree(home):
    change(home, TABLE, row(10, 10), row(11, 10))
    here = here_at(started(home))
    assert pairs_told(here, pairs(here.snapshot, here.scope, 9)).startswith("Cả 2 cặp")
