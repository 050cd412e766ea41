"""A ticket keeps its deadline to the second where it has a time of day, and to the day where it has none."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from pipelines.facts import FACTS
from pipelines.facts.ticket import COLUMNS, FACT, UNASSIGNED
from pipelines.reasons import REASONS
from tests.pipelines.loading import shipped

OPENED = datetime(2025, 3, 3, 8)


def ticket(**known: Any) -> dict[str, Any]:
    """One derived ticket, opened on a Monday at eight unless it says otherwise."""
    given = {"received_at": OPENED, "unit_at_receipt": "27694@before"} | known
    schema = {name: column.dtype for name, column in COLUMNS.items() if not column.derived}
    row = pl.DataFrame([{name: given.get(name) for name in schema}], schema=schema)
    return FACT.derive(row.lazy(), shipped()).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("due", "closed", "on_time"),
    [
        (datetime(2025, 3, 5, 10), datetime(2025, 3, 5, 10), True),
        (datetime(2025, 3, 5, 10), datetime(2025, 3, 5, 10, 0, 1), False),
        (datetime(2025, 3, 5), datetime(2025, 3, 5, 16), True),
        (datetime(2025, 3, 5), datetime(2025, 3, 6, 7), False),
        (datetime(2025, 3, 5), None, None),
        (None, datetime(2025, 3, 5), None),
    ],
)
def test_on_time(due: datetime | None, closed: datetime | None, on_time: bool | None) -> None:
    assert ticket(due_at=due, closed_at=closed)["is_on_time"] is on_time


def test_midnight_is_a_time_where_the_sender_says_so() -> None:
    row = ticket(due_at=datetime(2025, 3, 5), closed_at=datetime(2025, 3, 5, 16), due_has_time=True)
    assert (row["due_has_time"], row["is_on_time"]) == (True, False)
    assert ticket(due_has_time=True)["due_has_time"] is None


def test_what_is_open_past_its_day_is_overdue_from_the_next() -> None:
    assert ticket(due_at=datetime(2025, 3, 5, 10))["overdue_from"] == date(2025, 3, 6)
    assert ticket(due_at=datetime(2025, 3, 5, 10), closed_at=datetime(2025, 3, 5, 11))["overdue_from"] is None
    assert ticket(due_at=datetime(2025, 3, 5), closed_at=datetime(2025, 3, 7))["overdue_from"] == date(2025, 3, 6)


def test_minutes_and_office_hours() -> None:
    row = ticket(
        forwarded_at=datetime(2025, 3, 3, 8, 5, 59),
        first_answer_at=datetime(2025, 3, 4, 8),
        closed_at=datetime(2025, 3, 10, 8),
    )
    assert (row["minutes_to_forward"], row["working_hours_to_answer"], row["working_hours_to_close"]) == (5, 8, 40)
    assert ticket(forwarded_at=datetime(2025, 3, 3, 7, 59))["minutes_to_forward"] == 0


@pytest.mark.parametrize(
    ("known", "first", "soon"),
    [
        ({}, None, None),
        ({"closed_at": datetime(2025, 3, 5)}, date(2025, 3, 5), None),  # this sender tells nothing of reopening
        ({"closed_at": datetime(2025, 3, 5), "reopened": False}, date(2025, 3, 5), False),
        ({"first_closed_at": datetime(2025, 3, 5), "reopened_at": datetime(2025, 4, 4)}, date(2025, 3, 5), True),
        ({"first_closed_at": datetime(2025, 3, 5), "reopened_at": datetime(2025, 4, 5)}, date(2025, 3, 5), False),
        ({"first_closed_at": datetime(2025, 3, 5), "reopened": True}, date(2025, 3, 5), None),
        # Without the first closing nobody knows how long a reopened ticket had been closed.
        ({"closed_at": datetime(2025, 4, 9), "reopened_at": datetime(2025, 4, 2)}, None, None),
    ],
)
def test_reopened_within_thirty_days(known: dict[str, Any], first: date | None, soon: bool | None) -> None:
    row = ticket(**known)
    assert (row["first_closed_on"], row["reopened_in_30_days"]) == (first, soon)


def test_nobody_s_ticket_counts_for_nobody_until_it_is_forwarded() -> None:
    waiting = ticket(unit_at_receipt=None)
    assert (waiting["unit_at_receipt"], waiting["unit_now"], waiting["moved_on"]) == (UNASSIGNED, UNASSIGNED, None)
    sent = ticket(unit_at_receipt=None, unit_now="25456", forwarded_at=datetime(2025, 3, 6, 9))
    assert (sent["unit_at_receipt"], sent["unit_now"], sent["moved_on"]) == (UNASSIGNED, "25456", date(2025, 3, 6))


def test_the_field_above_a_category_comes_from_the_list() -> None:
    child = shipped().categories.filter(pl.col("parent").is_not_null()).row(0, named=True)
    assert ticket(category=child["code"])["category_top"] == child["parent"]
    assert ticket(category="không có trong danh mục")["category_top"] == "không có trong danh mục"
    assert ticket(category=child["code"], category_top="own")["category_top"] == "own"


def test_a_sender_without_states_has_them_told_by_the_days() -> None:
    assert ticket()["status"] == "new"
    assert ticket(forwarded_at=OPENED)["status"] == "forwarded"
    assert ticket(closed_at=OPENED)["status"] == "resolved"
    assert (ticket()["is_open"], ticket(closed_at=OPENED)["is_open"]) == (True, False)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_rule_and_every_word_has_a_sentence_in_both_languages(name: str) -> None:
    fact = FACTS[name]
    rules = {rule for rule in dir(fact.rules) if rule in fact.about} | {
        f"{column}_is_known" for column, one in fact.mapped.items() if one.values is not None
    }
    for rule in rules:
        vi, en = REASONS[rule]
        assert vi.format(rows=3, line=7) != en.format(rows=3, line=7)
    assert set(fact.about.values()) <= set(fact.mapped)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_fact_knows_its_own_columns(name: str) -> None:
    fact = FACTS[name]
    named = {*fact.key, *fact.slices, *fact.unit_columns, *fact.happened} - {"unit"}
    assert named <= set(fact.columns) | {"updated_at"}
    assert fact.table == f"fact_{name}"
    assert set(fact.rules.columns()) - {"line"} <= set(fact.columns)
