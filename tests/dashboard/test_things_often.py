"""Things seen at least so often: hot spots are counted over the period, never day by day, against plain counting."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from dashboard import periods
from dashboard.access import demo_scope
from dashboard.query import Question, answer, by_unit, series, territory
from dashboard.running import Running
from tests.dashboard.screens_at import change, started
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import TinyFacts, tiny_facts, unit_on

TODAY = date(2026, 11, 22)
NAME = "procedures_used"
UNIT = ("CASE WHEN moved_on IS NULL OR received_on < moved_on THEN unit_at_receipt ELSE unit_now END")
COUNTED = (
    f"CREATE OR REPLACE TABLE thing_dossier_received_on AS SELECT '{NAME}' AS indicator, received_on AS day, "
    f"{UNIT} AS unit, channel, level, field, procedure_code || '|' || field AS thing, count(*) AS n "
    "FROM fact_dossier GROUP BY ALL"
)
SPEC = json.dumps({"thing": ["procedure_code", "field"], "at_least": 3})


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    home = write_tiny(tmp_path_factory.mktemp("home"), facts)
    change(home, COUNTED, f"UPDATE indicator SET spec = '{SPEC}' WHERE id = '{NAME}'")
    return started(home)


def spots(facts: TinyFacts, first: date, last: date, units: set[str] | None) -> int:
    seen = Counter(
        (row["procedure_code"], row["field"]) for row in facts.dossiers
        if first <= row["received_on"] <= last and (units is None or unit_on(row, row["received_on"]) in units)
    )  # fmt: skip
    return len([many for many in seen.values() if many >= 3])


@pytest.mark.parametrize("code", ["2026-09", "2026-Q3", "2026", "2025"])
def test_a_spot_is_what_is_seen_often_enough_in_the_period(app: Running, facts: TinyFacts, code: str) -> None:
    snapshot, period = app.snapshots.current(), periods.parse(code)
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    told = answer(snapshot, scope, Question(NAME, period, "80", "as_was"), today=TODAY)
    assert told.value == spots(facts, period.first, period.last, None)
    units = ["27694@2025", "27727", "STC"]
    for unit, one in zip(units, by_unit(snapshot, scope, Question(NAME, period, "80", "as_was"), units, today=TODAY),
                         strict=True):  # fmt: skip
        assert (one.value or 0) == spots(facts, period.first, period.last, {unit})


def test_months_do_not_add_up_to_a_year_and_need_not(app: Running, facts: TinyFacts) -> None:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    months = periods.run_of(periods.parse("2026-10"), 12)
    found = series(snapshot, scope, Question(NAME, months[0], "80", "as_was"), months, today=TODAY)
    assert [one.value or 0 for one in found] == [spots(facts, one.first, one.last, None) for one in months]
