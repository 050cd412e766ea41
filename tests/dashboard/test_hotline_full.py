"""Tickets neither vanish nor double: one state each, the units add up to the whole, and few are never pointed at."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from dashboard import numbers, periods
from dashboard.access import demo_scope
from dashboard.ages_block import ENDS, banded
from dashboard.query import Question, answer, by_unit, territory
from dashboard.query.ageing import ages
from dashboard.query.spots import FEWEST, spots
from dashboard.query.states import states
from dashboard.running import Running
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.test_due import open_on, working_days
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import NEW, TinyFacts, tiny_facts, unit_on

TODAY = date(2026, 11, 22)
RECEIVED = "tickets_received"
PERIODS = ["2026-06", "2026-Q3", "2026"]
STATUS = "CASE WHEN closed_on IS NULL THEN 'in_progress' WHEN channel = 'zalo' THEN 'published' ELSE 'resolved' END"
SPOT = "tickets_hot_spots"
CHANGES = (
    "ALTER TABLE fact_ticket ADD COLUMN status VARCHAR",
    f"UPDATE fact_ticket SET status = {STATUS}",
    # Hot spots as the pipelines count them, and one pair that nobody may point at although its entry would allow it.
    f"INSERT INTO indicator SELECT * REPLACE ('{SPOT}' AS id, 'PA15' AS code, 'distinct' AS kind, "
    "'received_on' AS day, 'Điểm nóng' AS name_vi, '{spec}' AS spec) "
    f"FROM indicator WHERE id = '{RECEIVED}'",
    "CREATE TABLE thing_ticket_received_on AS "
    f"SELECT '{SPOT}' AS indicator, received_on AS day, unit_at_receipt AS unit, channel, category_top, "
    "unit_at_receipt || '|' || category_top AS thing, count(*) AS n FROM fact_ticket GROUP BY ALL",
)


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    home = write_tiny(tmp_path_factory.mktemp("home"), facts)
    spec = json.dumps({"thing": ["place_unit", "category"], "at_least": 2})
    change(home, *(text.replace("{spec}", spec) for text in CHANGES))
    return started(home)


def tickets(facts: TinyFacts, period: str, units: set[str] | None = None) -> list[dict[str, Any]]:
    span = periods.parse(period)
    return [row for row in facts.tickets if span.first <= row["received_on"] <= span.last
            and (units is None or unit_on(row, row["received_on"]) in units)]  # fmt: skip


def state_of(row: dict[str, Any]) -> str:
    if row["closed_on"] is None:
        return "in_progress"
    return "published" if row["channel"] == "zalo" else "resolved"


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("unit", ["80", "27727"])
@pytest.mark.parametrize("basis", ["as_was", "today"])
def test_every_ticket_is_in_exactly_one_state(
    app: Running, facts: TinyFacts, period: str, unit: str, basis: str
) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    question = Question(RECEIVED, periods.parse(period), unit, basis)
    found = states(snapshot, scope, question, today=TODAY)
    rows = tickets(facts, period, None if unit == "80" else {unit})
    assert found == Counter(map(state_of, rows))
    assert sum(found.values()) == (answer(snapshot, scope, question, today=TODAY).value or 0)
    assert states(snapshot, demo_scope("party", territory(snapshot).roots(), "vi"), question, today=TODAY) == {}


@pytest.mark.parametrize("period", PERIODS)
def test_units_and_nobody_add_up_to_the_whole(app: Running, facts: TinyFacts, period: str) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    question = Question(RECEIVED, periods.parse(period), "80", "today")
    units = [*NEW, "UNASSIGNED"]
    parts = [one.value or 0 for one in by_unit(snapshot, scope, question, units, today=TODAY)]
    assert sum(parts) == answer(snapshot, scope, question, today=TODAY).value == len(tickets(facts, period))
    assert parts[-1] == len(tickets(facts, period, {"UNASSIGNED"})) > 0


def test_the_page_says_so_itself(app: Running, facts: TinyFacts) -> None:
    text = words_of(page(app, page="hotline", period="2026-Q3", role="leader"))
    many = len(tickets(facts, "2026-Q3"))
    assert f"cộng các đơn vị và phần chưa phân công được {many}, đúng bằng tổng" in text
    assert f"{many} phản ánh tiếp nhận trong kỳ, mỗi phản ánh ở đúng một trong" in text
    assert "Chưa phân công" in text
    told = words_of(page(app, page="hotline", period="2026-Q3", lang="en", role="leader"))
    assert f"the units and what is not assigned add up to {many}, which is the whole" in told


@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2026, 3, 14), date(2026, 8, 31)])
@pytest.mark.parametrize("name", ["dossiers_open", "dossiers_overdue"])  # the first keeps ages, the second does not
def test_ages_are_working_days_and_add_up_to_the_stock(app: Running, facts: TinyFacts, day: date, name: str) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    question = Question(name, periods.on(day), "80", "as_was")
    since = "received_on" if name == "dossiers_open" else "overdue_from"
    rows = [row for row in open_on(facts, day) if row[since] is not None and row[since] <= day]
    found = ages(snapshot, scope, question, today=TODAY)
    assert found == Counter(working_days(row[since], day) for row in rows)
    assert sum(found.values()) == answer(snapshot, scope, question, today=TODAY).value
    assert ages(snapshot, scope, question.asking(indicator=RECEIVED), today=TODAY) == {}


def test_bands_leave_nobody_out_and_nobody_twice() -> None:
    assert banded({}) == [0] * (len(ENDS) + 1)
    assert banded({0: 1, 3: 2, 4: 4, 7: 8, 8: 16, 15: 32, 16: 64, 900: 128}) == [3, 12, 48, 192]


@pytest.mark.parametrize("period", PERIODS)
def test_fewer_than_five_are_never_pointed_at(app: Running, facts: TinyFacts, period: str) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    question = Question(SPOT, periods.parse(period), "80", "as_was")
    seen = Counter((row["unit_at_receipt"], row["category_top"]) for row in tickets(facts, period))
    found = spots(snapshot, scope, question, today=TODAY)
    assert {(one.place, one.category): one.cases for one in found} == {
        pair: many for pair, many in seen.items() if many >= FEWEST
    }
    assert [one.cases for one in found] == sorted((one.cases for one in found), reverse=True)
    if period == "2026":
        assert found and min(seen.values()) < FEWEST
    assert spots(snapshot, demo_scope("party", territory(snapshot).roots(), "vi"), question, today=TODAY) == []


def test_a_narrowed_view_narrows_what_a_number_is_made_of(app: Running, facts: TinyFacts) -> None:
    here = here_at(app, page="hotline", period="2026-Q3", slice="category_top=road", role="leader")
    roads = [row for row in tickets(facts, "2026-Q3") if row["category_top"] == "road"]
    told = {dict(one.answer.question.slices)["channel"]: one.plot for one in numbers.sliced(here, RECEIVED, "channel")}
    assert {channel: many for channel, many in told.items() if many} == Counter(row["channel"] for row in roads)
    # By the very slice that is chosen all of its values stay to choose from.
    tops = [one.plot for one in numbers.sliced(here, RECEIVED, "category_top")]
    assert sum(one or 0 for one in tops) == len(tickets(facts, "2026-Q3")) > len(roads)
