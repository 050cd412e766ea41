"""A task is late against the day in force, and what it was first asked for by stays to be seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.facts.document_period import FACT as DOCUMENTS
from pipelines.facts.task import COLUMNS, FACT
from pipelines.map import PROBLEMS
from pipelines.validate import broken_rules
from tests.pipelines.loading import shipped

GIVEN = date(2026, 3, 2)  # a Monday
DUE = date(2026, 3, 16)


def rows(*tasks: dict[str, Any]) -> pl.DataFrame:
    """Derived tasks, given on a Monday to the department of construction unless they say otherwise."""
    schema = {name: column.dtype for name, column in COLUMNS.items() if not column.derived}
    usual = {"case_id": "x", "received_on": GIVEN, "unit_at_receipt": "SXD"}
    frame = pl.DataFrame([{name: (usual | one).get(name) for name in schema} for one in tasks], schema=schema)
    derived = FACT.derive(frame.lazy(), shipped()).collect()
    return derived.with_columns(line=pl.int_range(pl.len(), dtype=pl.Int64))


def task(**known: Any) -> dict[str, Any]:
    return rows(known).row(0, named=True)


def broken(**known: Any) -> set[str]:
    return set(broken_rules(rows(known), FACT, pl.DataFrame(schema=PROBLEMS))["rule"])


@pytest.mark.parametrize(("ended", "on_time", "overdue"), [
    (date(2026, 3, 16), True, None), (date(2026, 3, 17), False, date(2026, 3, 17)), (None, None, date(2026, 3, 17)),
])  # fmt: skip
def test_a_deadline_is_kept_to_the_day(ended: date | None, on_time: bool | None, overdue: date | None) -> None:
    told = task(due_on=DUE, ended_on=ended)
    assert (told["is_on_time"], told["overdue_from"]) == (on_time, overdue)


def test_an_extension_helps_the_rate_and_not_the_first_deadline() -> None:
    told = task(first_due_on=DUE, due_on=DUE + timedelta(7), ended_on=DUE + timedelta(3))
    assert (told["is_on_time"], told["is_on_first_time"], told["was_extended"]) == (True, False, True)


def test_who_tells_of_no_extension_was_given_one_day_only() -> None:
    told = task(due_on=DUE, ended_on=DUE)
    assert (told["first_due_on"], told["was_extended"], told["is_on_first_time"]) == (DUE, False, True)
    # Extended, and nobody says from which day: then nothing is known of the first one.
    assert task(due_on=DUE, extended_count=2)["first_due_on"] is None


def test_what_was_cancelled_is_neither_on_time_nor_late() -> None:
    told = task(due_on=DUE, ended_on=DUE + timedelta(9), status="cancelled")
    assert (told["is_on_time"], told["is_on_first_time"]) == (None, None)
    assert told["overdue_from"] == date(2026, 3, 17)  # while it stood it was overdue


def test_three_working_days_before_its_deadline_a_task_is_due_soon() -> None:
    told = task(due_on=DUE)
    assert (told["due_soon_from"], told["due_soon_until"]) == (date(2026, 3, 11), date(2026, 3, 17))
    assert task(due_on=DUE, ended_on=date(2026, 3, 10))["due_soon_from"] is None
    assert task()["due_soon_from"] is None


def test_whose_unit_was_abolished_it_moved_on_the_day_after() -> None:
    told = task(unit_at_receipt="794", unit_now="27694@2025", received_on=date(2025, 6, 2),
                updated_at=datetime(2025, 8, 1))  # fmt: skip
    assert (told["unit_now"], told["moved_on"]) == ("27694@2025", date(2025, 7, 1))


@pytest.mark.parametrize(("known", "rule"), [
    ({"received_on": None}, "has_a_received_day"),
    ({"unit_at_receipt": None}, "has_an_owner"),
    ({"case_id": None}, "has_a_case_id"),
    ({"due_on": date(2026, 3, 1)}, "due_not_before_received"),
    ({"first_due_on": date(2026, 3, 1), "due_on": DUE}, "due_not_before_received"),
    ({"first_due_on": DUE, "due_on": date(2026, 3, 9)}, "extended_to_a_later_day"),
    ({"ended_on": date(2026, 3, 1)}, "ended_not_before_received"),
    ({"status": "done"}, "closed_has_an_end_day"),
    ({"extended_count": -1}, "counts_are_not_negative"),
    ({"moved_on": date(2026, 3, 1), "unit_now": "STC"}, "moved_not_before_received"),
])  # fmt: skip
def test_a_bad_task_breaks_exactly_its_rule(known: dict[str, Any], rule: str) -> None:
    assert broken(**known) == {rule}


def test_a_good_task_breaks_none() -> None:
    assert broken(due_on=DUE, first_due_on=DUE, ended_on=DUE, status="done", extended_count=0) == set()


DAYS = st.none() | st.dates(GIVEN, date(2026, 6, 30))


TASKS = st.lists(st.fixed_dictionaries({"due_on": DAYS, "ended_on": DAYS}), min_size=1, max_size=30)


@given(TASKS)
def test_overdue_due_soon_and_open_never_contradict_each_other(known: list[dict[str, date | None]]) -> None:
    """On every evening a task is in at most one of: due soon, overdue; and in either only while it is open."""
    for told in rows(*known).iter_rows(named=True):
        for evening in (GIVEN + timedelta(at) for at in range(0, 130, 9)):
            is_open = told["ended_on"] is None or told["ended_on"] > evening
            overdue = told["overdue_from"] is not None and told["overdue_from"] <= evening and is_open
            soon = told["due_soon_from"] is not None and told["due_soon_from"] <= evening < told["due_soon_until"]
            assert not (overdue and soon)
            assert not soon or is_open
            assert overdue == (is_open and told["due_on"] is not None and told["due_on"] < evening)


@pytest.mark.parametrize(("known", "rule"), [
    ({"outgoing": 5, "outgoing_signed": 6}, "parts_do_not_exceed_their_whole"),
    ({"outgoing": 5, "outgoing_electronic": 6}, "parts_do_not_exceed_their_whole"),
    ({"incoming_due": 5, "incoming_on_time": 6}, "parts_do_not_exceed_their_whole"),
    ({"incoming": -1}, "counts_are_not_negative"),
    ({"unit": None}, "has_a_unit"),
    ({"period_end": None}, "has_a_period"),
    ({"period_end": date(2026, 2, 1)}, "period_ends_after_it_starts"),
])  # fmt: skip
def test_a_bad_line_of_documents_breaks_exactly_its_rule(known: dict[str, Any], rule: str) -> None:
    good = {"line": 1, "unit": "SXD", "period_start": GIVEN, "period_end": DUE}
    schema = {"line": pl.Int64(), **{name: one.dtype for name, one in DOCUMENTS.columns.items()}}
    frame = pl.DataFrame([{name: (good | known).get(name) for name in schema}], schema=schema)
    assert set(broken_rules(frame, DOCUMENTS, pl.DataFrame(schema=PROBLEMS))["rule"]) == {rule}
