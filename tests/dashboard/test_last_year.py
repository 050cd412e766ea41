"""What a rule says where nothing came in: the year before in proportion, and silence where that was empty too."""

from __future__ import annotations

import json
from datetime import date

import pytest

from dashboard import periods
from dashboard.access import demo_scope
from dashboard.query import Answer, Question, answer, territory
from dashboard.running import Running
from tests.dashboard.screens_at import change, page, started, words_of
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import TinyFacts, tiny_facts

TODAY = date(2026, 11, 22)
USUAL = ["last_year", "dossiers_received"]
RULE = ["coalesce", ["v", "dossiers_on_time"], ["/", ["n", "dossiers_on_time"], USUAL]]


def added(name: str, code: str, tree: object, measure: str) -> str:
    spec = json.dumps({"expression": name, "tree": tree})
    return (f"INSERT INTO indicator SELECT * REPLACE ('{name}' AS id, '{code}' AS code, 'formula' AS kind, '{spec}' "
            f"AS spec, '{measure}' AS measure) FROM indicator WHERE id = 'on_time_766'")  # fmt: skip


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    home = write_tiny(tmp_path_factory.mktemp("home"), facts)
    change(home, added("usual", "T1", USUAL, "point"), added("rule", "T2", RULE, "percent"))
    return started(home)


def told(app: Running, name: str, period: str, unit: str = "80") -> Answer:
    snapshot = app.snapshots.current()
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    return answer(snapshot, scope, Question(name, periods.parse(period), unit, "as_was"), today=TODAY)


@pytest.mark.parametrize(
    ("period", "part"), [("2026-03", 1 / 12), ("2026-Q2", 1 / 4), ("2026", 1), ("2026-03-01..2026-03-10", 10 / 365)]
)
def test_the_year_before_counts_in_proportion(app: Running, facts: TinyFacts, period: str, part: float) -> None:
    whole = len([row for row in facts.dossiers if row["received_on"].year == 2025])
    assert told(app, "usual", period).value == pytest.approx(whole * part)


def test_a_period_without_a_case_scores_nothing_and_no_year_at_all_is_not_known(app: Running, facts: TinyFacts) -> None:
    days = {row["ended_on"] for row in facts.dossiers if row["due_on"] and row["ended_on"]}
    empty = next(day for day in (date(2026, 8, at) for at in range(3, 31)) if day not in days)
    assert told(app, "dossiers_on_time", str(empty)).value is None
    assert told(app, "rule", str(empty)).value == 0
    assert told(app, "rule", "2026-Q3").value == told(app, "dossiers_on_time", "2026-Q3").value
    # Of the year before the first one nothing was ever received: zero over zero is no number.
    assert told(app, "rule", "2025-01-01").value is None


def test_the_explain_page_names_the_year_before(app: Running) -> None:
    text = words_of(page(app, page="explain", indicator="T2", period="2026-Q3", tab="reckoning", role="leader"))
    assert "cả năm trước, chia theo độ dài kỳ" in text
