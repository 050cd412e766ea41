"""Lines of published counts are refused for exactly what is wrong with them, and for nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.facts import FACTS
from pipelines.map import PROBLEMS
from pipelines.validate import broken_rules

SAFETY: dict[str, Any] = {"line": 1, "unit": "80", "period_start": date(2026, 9, 15), "period_end": date(2026, 10, 14)}
ACTIVITY: dict[str, Any] = {"line": 1, "unit": "25459@2025", "period_start": date(2026, 10, 1),
                            "period_end": date(2026, 10, 31), "model": "community_team"}  # fmt: skip


def broken(name: str, row: dict[str, Any]) -> set[str]:
    fact = FACTS[name]
    schema = {"line": pl.Int64(), **{column: one.dtype for column, one in fact.columns.items()}}
    frame = pl.DataFrame([{column: row.get(column) for column in schema}], schema=schema)
    return set(broken_rules(frame, fact, pl.DataFrame(schema=PROBLEMS))["rule"])


@pytest.mark.parametrize(("known", "rule"), [
    ({"unit": None}, "has_a_unit"),
    ({"period_start": None}, "has_a_period"),
    ({"period_end": date(2026, 9, 1)}, "period_ends_after_it_starts"),
    ({"period_start": date(2025, 12, 15)}, "period_is_one_month"),
    ({"period_end": date(2026, 10, 13)}, "period_is_one_month"),
    ({"fires": -1}, "counts_are_not_negative"),
    ({"fire_damage_million_vnd": Decimal("-0.01")}, "counts_are_not_negative"),
    ({"accidents": 0, "deaths": 1}, "harm_comes_of_an_accident"),
    ({"accidents": 0, "injured": 2}, "harm_comes_of_an_accident"),
])  # fmt: skip
def test_a_bad_line_of_safety_breaks_exactly_its_rule(known: dict[str, Any], rule: str) -> None:
    assert broken("safety_period", SAFETY | known) == {rule}


@pytest.mark.parametrize("known", [
    {}, {"accidents": 0, "deaths": 0, "injured": 0}, {"accidents": 3, "deaths": 4}, {"deaths": 2}, {"fires": 0},
    {"period_start": date(2026, 2, 1), "period_end": date(2026, 2, 28)},
    {"period_start": date(2026, 1, 15), "period_end": date(2026, 2, 14)},
])  # fmt: skip
def test_a_good_line_of_safety_breaks_none(known: dict[str, Any]) -> None:
    assert broken("safety_period", SAFETY | known) == set()


@pytest.mark.parametrize(("known", "rule"), [
    ({"unit": None}, "has_a_unit"),
    ({"model": None}, "has_a_model"),
    ({"period_end": None}, "has_a_period"),
    ({"period_end": date(2026, 9, 30)}, "period_ends_after_it_starts"),
    ({"people": -1}, "counts_are_not_negative"),
    ({"teams": 4, "teams_active": 5}, "parts_do_not_exceed_their_whole"),
    ({"sessions": 0, "people": 3}, "people_come_to_sessions"),
])  # fmt: skip
def test_a_bad_line_of_an_activity_log_breaks_exactly_its_rule(known: dict[str, Any], rule: str) -> None:
    assert broken("grassroots_activity", ACTIVITY | known) == {rule}


@pytest.mark.parametrize("known", [
    {}, {"sessions": 0, "people": 0}, {"people": 3}, {"teams": 4, "teams_active": 4}, {"teams_active": 4},
])  # fmt: skip
def test_a_good_line_of_an_activity_log_breaks_none(known: dict[str, Any]) -> None:
    assert broken("grassroots_activity", ACTIVITY | known) == set()
