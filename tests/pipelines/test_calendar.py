"""A day that is numbered wrongly makes every deadline wrong, so all counting is checked by counting."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.calendar import (
    DAYS_OFF_SCHEMA,
    add_working_days,
    build_calendar,
    is_working_day,
    next_working_day,
    working_days_between,
    working_hours_between,
)
from pipelines.reference.lists import read_days_off

DATA = Path(__file__).parents[2] / "data"
FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)
OFFICE_HOURS = ((time(7), time(11)), (time(13), time(17)))
DAY = timedelta(days=1)

near = st.dates(date(2024, 11, 1), date(2026, 12, 31))


@cache
def shipped() -> pl.DataFrame:
    return build_calendar(read_days_off(DATA / "reference" / "days_off.csv"), FIRST, LAST)


@cache
def is_working() -> dict[date, bool]:
    return dict(shipped().select("day", "is_working").iter_rows())


def ask(expression: pl.Expr, **values: object) -> Any:
    return pl.DataFrame([values]).select(expression).item()


def count_between(start: date, end: date) -> int:
    """As dull as possible: the days after `start`, up to and including `end`."""
    if end < start:
        return -count_between(end, start)
    return sum(is_working()[start + n * DAY] for n in range(1, (end - start).days + 1))


def count_forward(start: date, days: int) -> date:
    """One day at a time; with 0 the first working day from `start` on."""
    step = DAY if days >= 0 else -DAY
    day, left = start, abs(days)
    while left or not is_working()[day]:
        day += step
        left -= is_working()[day] if left else 0
    return day


def count_minutes(start: datetime, end: datetime) -> int:
    """Minutes of office time, one at a time."""
    minutes, at = 0, start
    while at < end:
        minutes += is_working()[at.date()] and (7 <= at.hour < 11 or 13 <= at.hour < 17)
        at += timedelta(minutes=1)
    return minutes


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 9, 3), True),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2024, 5, 4), True),
        (date(2026, 2, 16), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
    ],
)
def test_known_days(day: date, works: bool) -> None:
    assert ask(is_working_day("day", shipped()), day=day) is works


def test_the_swap_of_january_2026_names_its_letter() -> None:
    swapped = shipped().filter(pl.col("day").is_in([date(2026, 1, 2), date(2026, 1, 10)]))
    assert swapped["document"].to_list() == ["12729/VPCP-KGVX"] * 2
    assert swapped["sure"].all()


def test_what_nobody_confirmed_is_not_sure() -> None:
    sure = dict(shipped().select("day", "sure").iter_rows())
    assert sure[date(2026, 11, 23)]
    assert not sure[date(2026, 11, 24)]
    assert not sure[date(2027, 3, 15)]  # the year holds forecasts only
    assert not sure[date(2019, 3, 15)]  # the year has no table


def test_a_reason_speaks_both_languages() -> None:
    reasons = shipped().filter(~pl.col("is_working"))["reason"]
    assert reasons.str.contains(" / ", literal=True).all()


def test_a_place_without_a_table_has_weekends() -> None:
    plain = build_calendar(pl.DataFrame(schema=DAYS_OFF_SCHEMA), date(2026, 1, 1), date(2026, 1, 11))
    assert plain["is_working"].to_list() == [True, True, False, False, *[True] * 5, False, False]
    assert plain["working_number"].to_list() == [1, 2, 2, 2, 3, 4, 5, 6, 7, 7, 7]
    assert not plain["sure"].any()


def test_the_day_of_receipt_is_not_counted() -> None:
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert ask(add_working_days("day", 1, shipped()), day=friday) == monday
    assert ask(working_days_between("a", "b", shipped()), a=friday, b=monday) == 1
    assert ask(working_days_between("a", "b", shipped()), a=friday, b=friday) == 0


def test_a_deadline_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert ask(next_working_day("day", shipped()), day=date(2026, 2, 14)) == date(2026, 2, 23)
    assert ask(next_working_day("day", shipped()), day=date(2026, 2, 23)) == date(2026, 2, 23)


def test_three_working_days_before_a_deadline() -> None:
    assert ask(add_working_days("day", -3, shipped()), day=date(2026, 2, 24)) == date(2026, 2, 12)
    assert ask(add_working_days("day", -1, shipped()), day=date(2026, 2, 22)) == date(2026, 2, 13)


def test_dates_outside_the_calendar_are_null_and_no_error() -> None:
    far = pl.DataFrame({"a": [date(2059, 1, 1), date(2018, 12, 31), FIRST, LAST, None], "b": [date(2026, 1, 5)] * 5})
    answer = far.select(
        between=working_days_between("b", "a", shipped()),
        later=add_working_days("a", 1, shipped()),
        earlier=add_working_days("a", -1, shipped()),
        hours=working_hours_between(
            pl.col("a").cast(pl.Datetime), pl.col("b").cast(pl.Datetime), shipped(), OFFICE_HOURS
        ),
    )
    assert answer["between"].is_null().to_list() == [True, True, False, False, True]
    assert answer["later"].is_null().to_list() == [True, True, False, True, True]
    assert answer["earlier"].is_null().to_list() == [True, True, True, False, True]
    assert answer["hours"].is_null().to_list() == [True, True, False, False, True]


def test_the_days_to_add_may_be_a_column() -> None:
    frame = pl.DataFrame({"day": [date(2026, 3, 6)] * 3, "limit": [1, 5, None]})
    answer = frame.select(due=add_working_days("day", "limit", shipped()))
    assert answer["due"].to_list() == [date(2026, 3, 9), date(2026, 3, 13), None]


def test_a_working_day_has_eight_hours() -> None:
    hours = working_hours_between("a", "b", shipped(), OFFICE_HOURS)
    monday = datetime(2026, 3, 9)
    assert ask(hours, a=monday, b=monday + DAY) == 8
    assert ask(hours, a=datetime(2026, 3, 9, 10), b=datetime(2026, 3, 9, 14)) == 2
    assert ask(hours, a=datetime(2026, 3, 6, 16, 30), b=datetime(2026, 3, 9, 7, 29)) == 0  # 59 minutes
    assert ask(hours, a=datetime(2026, 3, 6, 16, 30), b=datetime(2026, 3, 9, 7, 30)) == 1
    assert ask(hours, a=datetime(2026, 3, 9, 9), b=datetime(2026, 3, 9, 8)) == 0


def test_expressions_work_lazily_on_many_rows() -> None:
    frame = shipped().select("day").lazy().with_columns(due=add_working_days("day", 5, shipped()))
    rows = frame.with_columns(n=working_days_between("day", "due", shipped())).collect()
    assert rows.filter(pl.col("due").is_not_null())["n"].unique().to_list() == [5]


@given(near, near)
def test_working_days_between_is_counting(start: date, end: date) -> None:
    assert ask(working_days_between("a", "b", shipped()), a=start, b=end) == count_between(start, end)


@given(near, st.integers(-30, 30))
def test_adding_working_days_is_counting(start: date, days: int) -> None:
    assert ask(add_working_days("day", days, shipped()), day=start) == count_forward(start, days)


@given(near, st.integers(1, 60))
def test_a_deadline_lies_as_many_working_days_off_as_were_added(start: date, days: int) -> None:
    due = ask(add_working_days("day", days, shipped()), day=start)
    assert ask(working_days_between("a", "b", shipped()), a=start, b=due) == days


moments = st.datetimes(datetime(2025, 4, 24), datetime(2025, 5, 6)).map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=40)
@given(moments, moments)
def test_working_hours_are_counting_minutes(start: datetime, end: datetime) -> None:
    hours = ask(working_hours_between("a", "b", shipped(), OFFICE_HOURS), a=start, b=end)
    assert hours == count_minutes(start, end) // 60


@given(moments, moments, moments)
def test_waiting_can_be_taken_apart(first: datetime, second: datetime, third: datetime) -> None:
    """Whole hours lose less than one hour per piece: never more."""
    first, second, third = sorted((first, second, third))
    hours = working_hours_between("a", "b", shipped(), OFFICE_HOURS)
    pieces = ask(hours, a=first, b=second) + ask(hours, a=second, b=third)
    assert pieces <= ask(hours, a=first, b=third) <= pieces + 1
