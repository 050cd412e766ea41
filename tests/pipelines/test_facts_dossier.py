"""A dossier's lateness, durations and stock windows follow from its own days and the calendar."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.facts.dossier import COLUMNS, FACT
from tests.pipelines.loading import shipped

# Monday 3 March to Friday 14 March 2025: two ordinary weeks.
MON, TUE, WED, THU, FRI = (datetime(2025, 3, day, 8) for day in range(3, 8))
SAT, NEXT_MON = datetime(2025, 3, 8, 8), datetime(2025, 3, 10, 8)


def dossier(**known: Any) -> dict[str, Any]:
    """One derived dossier, received on Monday unless it says otherwise."""
    given = {"received_at": MON, "unit_at_receipt": "27694@before"} | known
    schema = {name: column.dtype for name, column in COLUMNS.items() if not column.derived}
    row = pl.DataFrame([{name: given.get(name) for name in schema}], schema=schema)
    return FACT.derive(row.lazy(), shipped()).collect().row(0, named=True)


def test_dates_are_compared_not_times() -> None:
    assert dossier(due_at=WED, ended_at=WED + timedelta(hours=9))["is_on_time"] is True
    assert dossier(due_at=WED + timedelta(hours=9), ended_at=WED)["is_early"] is False
    assert dossier(due_at=WED, ended_at=TUE)["is_early"] is True
    assert dossier(due_at=WED, ended_at=THU)["is_on_time"] is False


def test_what_has_not_ended_is_neither_late_nor_on_time() -> None:
    open_one = dossier(due_at=TUE)
    assert (open_one["is_on_time"], open_one["is_early"], open_one["working_hours_taken"]) == (None, None, None)
    assert open_one["overdue_from"] == date(2025, 3, 5)


def test_without_a_promised_day_the_limit_of_the_procedure_holds() -> None:
    assert dossier(ended_at=FRI, limit_working_days=4)["is_on_time"] is True
    assert dossier(ended_at=FRI, limit_working_days=3)["is_on_time"] is False
    assert dossier(ended_at=FRI)["is_on_time"] is None


def test_the_clock_stands_still_while_papers_are_awaited() -> None:
    taken = dossier(ended_at=FRI, paused_working_days=3, limit_working_days=1)
    assert (taken["working_days_taken"], taken["working_hours_taken"], taken["is_on_time"]) == (1, 8, True)
    assert dossier(ended_at=TUE, paused_working_days=9)["working_days_taken"] == 0


def test_a_weekend_takes_no_working_time() -> None:
    taken = dossier(received_at=FRI, ended_at=NEXT_MON)
    assert (taken["working_days_taken"], taken["working_hours_taken"]) == (1, 8)


def test_a_result_handed_out_ends_what_nobody_ended() -> None:
    returned = dossier(returned_on=date(2025, 3, 6), due_at=WED)
    assert (returned["ended_on"], returned["status"], returned["is_on_time"]) == (date(2025, 3, 6), "returned", False)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({}, "in_progress"),
        ({"received_at": None}, "registered"),
        ({"ended_at": TUE}, "decided"),
        ({"ended_at": TUE, "status": "withdrawn"}, "withdrawn"),
    ],
)
def test_a_sender_without_states_has_them_told_by_the_days(known: dict[str, Any], status: str) -> None:
    assert dossier(**known)["status"] == status


def test_a_supplement_that_is_still_awaited_ends_a_dossier_for_766() -> None:
    waiting = dossier(status="supplement", paused_from=date(2025, 3, 5), due_at=THU)
    assert (waiting["end_766_on"], waiting["ended_on"]) == (date(2025, 3, 5), None)
    assert dossier(status="in_progress", paused_from=date(2025, 3, 5))["end_766_on"] is None


def test_overdue_begins_the_day_after_the_promise_and_only_if_it_was_broken() -> None:
    late = dossier(due_at=FRI, ended_at=NEXT_MON + timedelta(days=1))
    assert (late["overdue_from"], late["overdue_working_days"]) == (date(2025, 3, 8), 2)
    kept = dossier(due_at=FRI, ended_at=FRI)
    assert (kept["overdue_from"], kept["overdue_working_days"]) == (None, None)


def test_due_soon_is_the_three_working_days_before_the_promise() -> None:
    open_one = dossier(received_at=MON, due_at=datetime(2025, 3, 12))
    assert (open_one["due_soon_from"], open_one["due_soon_until"]) == (date(2025, 3, 7), date(2025, 3, 13))
    ended = dossier(due_at=datetime(2025, 3, 12), ended_at=NEXT_MON)
    assert (ended["due_soon_from"], ended["due_soon_until"]) == (date(2025, 3, 7), date(2025, 3, 10))
    early = dossier(due_at=datetime(2025, 3, 12), ended_at=THU)
    assert (early["due_soon_from"], early["due_soon_until"]) == (None, None)


def test_a_deadline_beyond_the_calendar_is_kept_and_counts_no_days() -> None:
    far = dossier(due_at=datetime(2059, 12, 31))
    assert (far["due_on"], far["due_soon_from"], far["overdue_from"]) == (
        date(2059, 12, 31),
        None,
        date(2060, 1, 1),
    )


DAYS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1))
LATER = st.none() | st.integers(0, 60 * 24 * 60)


@settings(deadline=None, max_examples=150)
@given(DAYS, LATER, LATER)
def test_no_one_leaves_a_stock_before_entering_it(received: datetime, due: int | None, ended: int | None) -> None:
    def after(minutes: int | None) -> datetime | None:
        return None if minutes is None else received + timedelta(minutes=minutes)

    row = dossier(received_at=received, due_at=after(due), ended_at=after(ended))
    if row["due_soon_from"] is not None:
        assert row["received_on"] <= row["due_soon_from"] < row["due_soon_until"]
        assert row["due_soon_until"] <= min(row["ended_on"] or date.max, row["due_on"] + timedelta(days=1))
    if row["overdue_from"] is not None and row["ended_on"] is not None:
        assert row["overdue_from"] <= row["ended_on"]
    if row["ended_on"] is not None:
        assert row["working_days_taken"] >= 0
        assert row["working_hours_taken"] >= 0


def test_the_list_of_procedures_fills_in_what_the_sender_leaves_out() -> None:
    known = shipped().procedures.row(0, named=True)
    filled = dossier(procedure_code=known["procedure_code"])
    for name in ("field", "level", "online_level", "has_fee", "limit_working_days", "returns_paper_result"):
        assert filled[name] == known[name], name
    own = dossier(
        procedure_code=known["procedure_code"], field="KHAC", limit_working_days=99, has_fee=None, fee_amount=5
    )
    assert (own["field"], own["limit_working_days"], own["has_fee"]) == ("KHAC", 99, True)
    assert dossier(procedure_code="0.000000")["online_level"] is None


@pytest.mark.parametrize(
    ("known", "now", "moved_on"),
    [
        ({}, "27694@before", None),
        ({"unit_now": "27694@before", "moved_on": date(2025, 4, 1)}, "27694@before", None),
        ({"unit_now": "27694@2025", "moved_on": date(2025, 4, 1)}, "27694@2025", date(2025, 4, 1)),
        ({"unit_now": "27694@2025"}, "27694@2025", date(2025, 7, 1)),
        ({"unit_now": "27694@2025", "updated_at": datetime(2026, 1, 9)}, "27694@2025", date(2025, 7, 1)),
        ({"unit_now": "25456", "updated_at": datetime(2025, 5, 9, 23)}, "25456", date(2025, 5, 9)),
        ({"unit_now": "25456", "updated_at": datetime(2025, 2, 9)}, "25456", date(2025, 3, 3)),
        ({"unit_at_receipt": "80", "unit_now": "SBN", "updated_at": datetime(2025, 9, 9)}, "SBN", date(2025, 9, 9)),
        ({"unit_at_receipt": "80", "unit_now": "SBN"}, "SBN", date(2025, 3, 3)),
    ],
)
def test_a_move_has_a_day_exactly_where_the_unit_changed(
    known: dict[str, Any], now: str, moved_on: date | None
) -> None:
    row = dossier(**known)
    assert (row["unit_now"], row["moved_on"]) == (now, moved_on)


def test_deriving_twice_changes_nothing() -> None:
    once = dossier(due_at=WED, ended_at=FRI, unit_now="27694@2025", status=None)
    kept = {name: once[name] for name, column in COLUMNS.items() if not column.derived}
    assert dossier(**kept) == once
