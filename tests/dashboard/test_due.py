"""Who will be late, against plain counting: every open dossier stands in exactly one line of exactly one unit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboard import periods, running
from dashboard.access import demo_scope
from dashboard.block import Block
from dashboard.carry_out import paper
from dashboard.due_blocks import DAYS, Cell, cases_table, cell_of, told_of
from dashboard.query import Question, answer, territory
from dashboard.query.due import LINES, OPEN, STILL, cases, waiting
from dashboard.running import Running
from tests.dashboard.screens_at import APP, change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import TinyFacts, tiny_facts, unit_on

WHEN = [date(2025, 6, 30), date(2026, 3, 14), date(2026, 8, 31), date(2026, 11, 20)]
TODAY = date(2026, 11, 22)
COLUMNS = ("updated_at TIMESTAMP", "paused_from DATE")
STEP = ("CREATE TABLE fact_dossier_step AS SELECT source, case_id, 'Thẩm định' AS step, "
        "(received_on + 2)::TIMESTAMP AS done_at, received_on + 2 AS done_on FROM fact_dossier "
        "WHERE procedure_code = 'P1'")


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    home = write_tiny(tmp_path_factory.mktemp("home"), facts)
    change(home, *(f"ALTER TABLE fact_dossier ADD COLUMN {column}" for column in COLUMNS), STEP)
    return started(home)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    """A log of another source that names positions, and dossiers of which some say themselves where they stand."""
    home = write_tiny(tmp_path_factory.mktemp("standing"), facts)
    log = ("CREATE TABLE fact_dossier_step AS SELECT 'log' AS source, case_id, 'examine' AS step, 'examiner' AS "
           "holder_position, received_on::TIMESTAMP AS done_at, received_on AS done_on FROM fact_dossier "
           "WHERE procedure_code IN ('P1', 'P2')")  # fmt: skip
    own = ("ALTER TABLE fact_dossier ADD COLUMN step VARCHAR", "ALTER TABLE fact_dossier ADD COLUMN "
           "holder_position VARCHAR", "UPDATE fact_dossier SET step = 'sign', holder_position = CASE WHEN channel = "
           "'online' THEN 'Phó Chủ tịch' END WHERE procedure_code = 'P2'")  # fmt: skip
    change(home, log, *own)
    return started(home)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    """The same without steps and without a day of the last change."""
    return started(write_tiny(tmp_path_factory.mktemp("plain"), facts))


def open_on(facts: TinyFacts, day: date) -> list[dict[str, Any]]:
    return [row for row in facts.dossiers
            if row["received_on"] <= day and (row["ended_on"] is None or row["ended_on"] > day)]


def working_days(first: date, last: date) -> int:
    """Working days after `first` up to `last`, counted one by one; negative when `last` lies before."""
    if last < first:
        return -working_days(last, first)
    days = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
    return len([day for day in days if day.isoweekday() < 6])


def line_of(row: dict[str, Any], day: date) -> str:
    due = row["due_on"]
    if due is None:
        return "none"
    if due < day:
        return "overdue"
    left = working_days(day, due)
    if left <= 1:
        return "d1" if left else "today"
    return "d2_3" if left <= 3 else "d4_5" if left <= 5 else "later"


def idle(row: dict[str, Any], day: date, steps: bool) -> int:
    moves = [row["received_on"], row["moved_on"]]
    moves += [row["received_on"] + timedelta(days=2)] if steps and row["procedure_code"] == "P1" else []
    return working_days(max(move for move in moves if move is not None and move <= day), day)


def question(day: date, unit: str = "80", basis: str = "as_was") -> Question:
    return Question(OPEN, periods.on(day), unit, basis)


@pytest.mark.parametrize("day", WHEN)
@pytest.mark.parametrize("still", DAYS)
def test_every_open_dossier_stands_in_one_line_of_one_unit(
    app: Running, plain: Running, facts: TinyFacts, day: date, still: int
) -> None:
    for one, steps in ((app, True), (plain, False)):
        snapshot = one.snapshots.current()
        scope = demo_scope("leader", territory(snapshot).roots(), "vi")
        found = waiting(snapshot, scope, question(day), still, today=TODAY)
        told = {unit.unit: (unit.lines, unit.still) for unit in found.units}
        rows = open_on(facts, day)
        assert set(told) == {unit_on(row, day) for row in rows}
        for unit, (lines, stuck) in told.items():
            own = [row for row in rows if unit_on(row, day) == unit]
            assert lines == dict.fromkeys(LINES, 0) | Counter(line_of(row, day) for row in own)
            assert stuck == len([row for row in own if idle(row, day, steps) > still])
        assert sum(unit.total for unit in found.units) == len(rows)


@pytest.mark.parametrize("day", WHEN[:3])  # by then every unit has reported, and no stock is held back to an older day
def test_the_lines_add_up_to_what_is_open(app: Running, day: date) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("leader", territory(snapshot).roots(), "vi")
    found = waiting(snapshot, scope, question(day), 5, today=TODAY)
    assert sum(unit.total for unit in found.units) == answer(snapshot, scope, question(day), today=TODAY).value


def test_a_cell_opens_exactly_its_dossiers(app: Running, facts: TinyFacts) -> None:
    snapshot, day = app.snapshots.current(), WHEN[2]
    scope = demo_scope("leader", territory(snapshot).roots(), "vi")
    rows = open_on(facts, day)
    for line in LINES:
        found = cases(snapshot, scope, question(day), 5, line, "", today=TODAY)
        assert {case.case_id for case in found.cases} == {row["case_id"] for row in rows if line_of(row, day) == line}
        assert found.total == len(found.cases)
        for case in found.cases:
            assert case.left == (None if case.due_on is None else working_days(day, case.due_on))
            assert not (case.step and case.step != "Thẩm định")
    stuck = cases(snapshot, scope, question(day), 5, STILL, "", today=TODAY)
    assert {case.case_id for case in stuck.cases} == {row["case_id"] for row in rows if idle(row, day, True) > 5}
    unit = unit_on(rows[0], day)
    found = cases(snapshot, scope, question(day), 5, line_of(rows[0], day), unit, today=TODAY)
    assert rows[0]["case_id"] in {case.case_id for case in found.cases}
    assert {case.unit for case in found.cases} == {unit}


def test_whoever_may_not_see_rows_sees_counts_only(app: Running) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    assert waiting(snapshot, scope, question(WHEN[1]), 5, today=TODAY).units
    closed = cases(snapshot, scope, question(WHEN[1]), 5, "overdue", "", today=TODAY)
    assert closed.reason is not None and closed.reason.key == "answer.no_rows" and not closed.cases
    party = demo_scope("party", territory(snapshot).roots(), "vi")
    nobody = waiting(snapshot, party, question(WHEN[1]), 5, today=TODAY)
    assert nobody.reason is not None and not nobody.units


def test_the_cell_stands_in_the_address() -> None:
    assert (cell_of(""), cell_of("x.7.y.z"), cell_of("\u0665")) == (Cell(), Cell(unit="y.z"), Cell())
    assert cell_of("overdue.10.27694@2025") == Cell("overdue", 10, "27694@2025")
    for cell in (Cell(), Cell("d2_3"), Cell("", 10), Cell(STILL, 20, "STC")):
        assert cell_of(cell.text()) == cell


def test_the_screen_says_its_day_and_opens_a_cell(app: Running) -> None:
    told = words_of(page(app, page="due", role="leader"))
    assert "Chưa chọn kỳ" in told and "Đơn vị nào sẽ trễ trong những ngày tới?" in told
    opened = page(app, page="due", period="2026-08", basis="as_was", tab="overdue.5", role="leader")
    assert "bí danh, không có tên người nộp" in words_of(opened) and "tab=overdue.5." in opened
    assert "Standing still" in words_of(page(app, page="due", period="2026-08", lang="en", role="leader"))
    assert here_at(app, page="due", tab="overdue.5").view.here("hotline").count("tab") == 0


def test_only_who_may_take_rows_along_may_take_this_list(app: Running) -> None:
    address = {"page": "due", "period": "2026-08", "basis": "as_was", "tab": "overdue.5"}
    assert "không được tải danh sách từng hồ sơ" in words_of(page(app, role="leader", **address))
    assert "không được tải danh sách từng hồ sơ" not in words_of(page(app, role="analyst", **address))


def test_the_list_names_the_step_and_the_position_where_a_source_says_so(standing: Running, facts: TinyFacts) -> None:
    snapshot, day = standing.snapshots.current(), WHEN[2]
    scope = demo_scope("leader", territory(snapshot).roots(), "vi")
    rows = {row["case_id"]: row for row in open_on(facts, day)}
    said = {"P1": ("examine", "examiner"), "P3": ("", "")}
    seen = set()
    for line in LINES:
        for case in cases(snapshot, scope, question(day), 5, line, "", today=TODAY).cases:
            row = rows[case.case_id]
            # What its own system says wins whole: the log's position belongs to the log's step.
            own = ("sign", "Phó Chủ tịch" if row["channel"] == "online" else "")
            assert (case.step, case.holder) == said.get(row["procedure_code"], own)
            seen.add((case.step, case.holder))
    assert len(seen) == 4
    text = words_of(page(standing, page="due", period="2026-08", basis="as_was", tab="still.5", role="leader"))
    assert "Vị trí đang giữ" in text and "Chuyên viên thụ lý" in text and "Ký duyệt" in text
    english = words_of(page(standing, page="due", period="2026-08", basis="as_was", tab="still.5", lang="en"))
    assert "Held by" in english and "Case officer" in english and "Sign" in english


def test_without_a_word_of_steps_the_list_has_no_such_columns(plain: Running) -> None:
    text = words_of(page(plain, page="due", period="2026-08", basis="as_was", tab="still.5", role="leader"))
    assert "Vị trí đang giữ" not in text and "Bước hiện tại" not in text and "bí danh" in text


def test_the_list_goes_to_the_meeting_on_paper_with_every_row(app: Running) -> None:
    address = {"page": "due", "period": "2026-08", "basis": "as_was", "tab": "still.5"}
    here = here_at(app, role="analyst", **address)
    found = cases(app.snapshots.current(), here.scope, here.question(OPEN), 5, STILL, "", today=TODAY)
    told = cases_table(here, found.cases)
    shown = Block("due_cases", "Ai đang giữ?", told_of(here, found), {}, told, (here.indicators[OPEN],))
    pdf = paper(here, shown)
    assert pdf == paper(here, shown)
    pages = [one.extract_text() for one in PdfReader(BytesIO(pdf)).pages]
    text = " ".join(pages)
    assert len(told.texts) > 5 and all(text.count(row[0]) >= 1 for row in told.texts)
    assert "Ai đang giữ?" in pages[0] and all(column.name.split(" ")[0] in pages[0] for column in told.columns)
    assert here.word("frame.illustrative") in pages[0]


def test_paper_is_for_whoever_may_export(app: Running) -> None:
    for role, tab, buttons in (("leader", "", 1), ("analyst", "overdue.5", 2), ("leader", "overdue.5", 1)):
        running._RUNNING[:] = [app]
        run = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in {"page": "due", "period": "2026-08", "basis": "as_was", "tab": tab, "role": role}.items():
            run.query_params[key] = value
        run.run()
        assert sum((one.key or "").endswith("_pdf") for one in run.button) == buttons
