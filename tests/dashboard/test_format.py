"""A number looks the same wherever it stands, in the reader's own signs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from dashboard.format import MINUS, THIN, Formatter, hoverformat, rounded, tickformat, xlsx_format
from dashboard.periods import parse

VI, EN = Formatter("vi"), Formatter("en")


def test_numbers_in_both_languages() -> None:
    assert VI.number(1234567.85, 1) == "1.234.567,8"
    assert EN.number(1234567.85, 1) == "1,234,567.8"
    assert VI.number(-0.5, 1) == f"{MINUS}0,5"
    assert VI.number(-0.04, 1) == "0,0"
    assert VI.count(2.5) == "2" and VI.count(3.5) == "4"
    assert VI.number(None) == VI.percent(None) == VI.value(None, "count") == VI.date(None) == "—"


def test_percent_has_a_thin_space_and_half_even_rounding() -> None:
    assert VI.percent(0.953) == f"95,3{THIN}%"
    assert EN.percent(0.953) == f"95.3{THIN}%"
    assert VI.percent(0.8765) == f"87,6{THIN}%"
    assert VI.percent(1.0) == f"100,0{THIN}%"
    assert VI.percent(0.98655, 2) == f"98,66{THIN}%"


def test_a_difference_of_percentages_is_told_in_points() -> None:
    assert VI.points(0.021) == f"+2,1{THIN}điểm %"
    assert EN.points(-0.021) == f"{MINUS}2.1{THIN}pp"
    assert VI.points(0.0) == f"0,0{THIN}điểm %"
    assert VI.change(-3, "count") == f"{MINUS}3"
    assert VI.change(3, "working_hour") == f"+3{THIN}giờ làm việc"


def test_measures_carry_their_unit_and_their_digits() -> None:
    assert VI.value(12, "working_hour") == f"12{THIN}giờ làm việc"
    assert EN.value(12, "minute") == f"12{THIN}minutes"
    assert VI.value(77.125, "point") == f"77,12{THIN}điểm"
    assert VI.value(1200, "count") == "1.200"
    assert (VI.bare(0.953, "percent"), VI.unit("percent")) == ("95,3", "%")
    assert VI.money(12_340_000_000) == f"12,3{THIN}tỷ đồng"
    assert VI.money(2_500_000) == f"2,5{THIN}triệu đồng"
    assert EN.money(999) == f"999{THIN}VND"
    assert VI.interval(0.835, 0.986) == f"83,5–98,6{THIN}%"


def test_days_months_and_periods() -> None:
    assert VI.date(date(2026, 11, 22)) == "22/11/2026"
    assert EN.date(date(2026, 11, 2)) == "2 Nov 2026"
    assert VI.moment(datetime(2026, 11, 22, 9, 5)) == "22/11/2026 09:05"
    assert VI.tick(parse("2026-10")) == VI.tick(parse("2026-10r")) == "T10/26"
    assert EN.tick(parse("2026-10")) == "Oct 26"
    assert VI.tick(parse("2026-Q3")) == "Q3/26" and VI.tick(parse("2026")) == "2026"
    assert VI.period(parse("2026-Q3")) == "quý III/2026"
    assert VI.period(parse("2026-10r")) == "kỳ báo cáo tháng 10/2026 (15/09/2026 – 14/10/2026)"
    assert EN.period(parse("2026-01..2026-03")) == "1 Jan 2026 – 31 Mar 2026"


def test_charts_and_spreadsheets_round_as_the_screen_does() -> None:
    assert (VI.separators, EN.separators) == (",.", ".,")
    assert (tickformat("percent"), hoverformat("percent"), xlsx_format("percent")) == (".0%", ".1%", "0.0%")
    assert (hoverformat("count"), xlsx_format("count")) == (",.0f", "#,##0")
    assert xlsx_format("point") == "#,##0.00"


@given(st.decimals(-(10**12), 10**12, places=3), st.integers(0, 3))
def test_the_formatter_agrees_with_babel(value: Decimal, digits: int) -> None:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    expected = format_decimal(value, pattern, locale="vi").replace("-", MINUS)
    assert VI.number(value, digits).replace(f"{MINUS}0", "0") == expected.replace(f"{MINUS}0", "0")


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(0.125, 2, "0.12"), (0.135, 2, "0.14"), (2.5, 0, "2"), (1e-7, 2, "0.00")]
)
def test_rounding_is_half_even_on_the_digits_a_person_would_write(value: float, digits: int, text: str) -> None:
    assert str(rounded(value, digits)) == text
