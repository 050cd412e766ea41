"""A period is the days that people mean by it, and comparing it compares like with like."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import periods
from dashboard.words import PersonError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 22)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-10r", date(2026, 9, 15), date(2026, 10, 14)),
        ("2026-01r", date(2025, 12, 15), date(2026, 1, 14)),
        ("2026-Q1r", date(2025, 12, 15), date(2026, 3, 14)),
        ("2026r", date(2025, 12, 15), date(2026, 12, 14)),
        ("2026-01..2026-06", date(2026, 1, 1), date(2026, 6, 30)),
        ("2025-12-31..2026-Q1", date(2025, 12, 31), date(2026, 3, 31)),
        ("2026-10r..2026-11r", date(2026, 9, 15), date(2026, 11, 14)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: date, last: date) -> None:
    found = periods.parse(text)
    assert (found.first, found.last, found.code) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "2026-02-30", "26-10", "2026/10", "2026-10..", "..", "0000", "99999",
             "2026-10 r", "2026-1", "1800", "2026-11-22r", "2026-10..2026-09"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(PersonError) as caught:
        periods.parse(text)
    assert text in caught.value.text("vi") or caught.value.key == "period.unknown"
    assert caught.value.text("vi") != caught.value.text("en")


@pytest.mark.parametrize(
    ("text", "before", "last_year"),
    [
        ("2026-10", "2026-09", "2025-10"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2026-01r", "2025-12r", "2025-01r"),
        ("2026r", "2025r", "2025r"),
        ("2026-03-01", "2026-02-28", "2025-03-01"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2025-02-28", "2025-02-27", "2024-02-28"),
        ("2025-02-01..2025-02-28", "2025-01-04..2025-01-31", "2024-02-01..2024-02-29"),
        ("2026-03-10..2026-03-16", "2026-03-03..2026-03-09", "2025-03-10..2025-03-16"),
    ],
)
def test_the_period_before_and_the_same_period_of_last_year(text: str, before: str, last_year: str) -> None:
    assert periods.previous(periods.parse(text)).code == before
    assert periods.year_before(periods.parse(text)).code == last_year


def test_another_place_may_begin_its_report_month_on_another_day() -> None:
    found = periods.parse("2026-10r", report_day=20)
    assert (found.first, found.last) == (date(2026, 9, 20), date(2026, 10, 19))


def test_known_days_of_tet() -> None:
    known = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6)}
    assert {year: periods.TET[year] for year in known} == known
    assert sorted(periods.TET) == list(range(2019, 2031))


@pytest.mark.parametrize("year", periods.TET)
def test_tet_is_a_new_moon_by_the_clock_of_vietnam(year: int) -> None:
    day = periods.TET[year]
    assert date(year, 1, 21) <= day <= date(year, 2, 20)
    assert day in {_new_moon(number) for number in range(220, 400)}


def _new_moon(number: int) -> date:
    """Day (UTC+7) of the new moon `number` after 2000-01-06, by the leading terms of Meeus' series."""
    t = number / 1236.85
    middle = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    sun, moon, node = ((a + b * number) * pi / 180 for a, b in
                       ((2.5534, 29.1053567), (201.5643, 385.81693528), (160.7108, 390.67050284)))  # fmt: skip
    days = middle - 0.4072 * sin(moon) + 0.17241 * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node)
    days += 0.00739 * sin(moon - sun) - 0.00514 * sin(moon + sun) + 0.00208 * sin(2 * sun)
    delta = 70 / 86_400  # dynamical time runs ahead of the clock
    return date.fromordinal(int(days - delta + 7 / 24 + 0.5) - 1_721_425)


def test_a_comparison_by_tet_keeps_the_distance_to_the_day() -> None:
    found = periods.tet_before(periods.parse("2026-02"))
    assert found is not None
    assert found.first - periods.TET[2025] == date(2026, 2, 1) - periods.TET[2026]
    assert found.days == 28
    assert periods.tet_before(periods.parse("2018-02")) is None
    assert periods.near_tet(periods.parse("2026-01")) and not periods.near_tet(periods.parse("2026-07"))


def test_the_newest_whole_month_is_one_of_which_every_day_is_known() -> None:
    assert periods.latest_whole_month(date(2026, 11, 22)).code == "2026-10"
    assert periods.latest_whole_month(date(2026, 11, 30)).code == "2026-11"
    assert periods.latest_whole_month(date(2026, 1, 30)).code == "2025-12"


days = st.dates(date(1990, 1, 1), date(2080, 12, 31))
grains = st.sampled_from(["month", "quarter", "year"])


@given(day=days, grain=grains, report_day=st.sampled_from([0, 1, 15, 28]))
def test_every_day_lies_in_one_period_and_periods_leave_no_gap(day: date, grain: str, report_day: int) -> None:
    found = periods.holding(day, grain, report_day)
    assert found.first <= day <= found.last
    assert periods.previous(found).last == found.first - timedelta(days=1)
    assert periods.parse(found.code, report_day or 15) == found
    assert periods.year_before(periods.shift(found, 12)) == found


@given(first=days, length=st.integers(0, 500), grain=st.sampled_from(["day", "month", "quarter"]))
def test_splitting_covers_every_day_once(first: date, length: int, grain: str) -> None:
    whole = periods.between(first, first + timedelta(days=length))
    pieces = periods.split(whole, grain)
    assert pieces[0].first <= whole.first and pieces[-1].last >= whole.last
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(pieces))
    assert periods.run_of(pieces[-1], len(pieces))[0].first == pieces[0].first
