"""A period is written as people write it (2026-11-22, 2026-10, 2026-Q3, 2026, 2026-10r) and knows its days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.words import PersonError

DAY, MONTH, QUARTER, YEAR, RANGE = "day", "month", "quarter", "year", "range"
_ONE: Final = timedelta(days=1)
_FORMS: Final = (
    (DAY, re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    (MONTH, re.compile(r"(\d{4})-(\d{2})(r?)")),
    (QUARTER, re.compile(r"(\d{4})-Q([1-4])(r?)")),
    (YEAR, re.compile(r"(\d{4})(r?)")),
)
_MONTHS: Final = {MONTH: 1, QUARTER: 3, YEAR: 12}
_YEARS: Final = (1900, 2100)  # outside, a number is a typing error and date arithmetic may overflow

# The first day of the lunar year in Vietnam (UTC+7): source 'computed' from new moons, checked against the
# holidays of 2024 to 2027. In 2030 it is a day earlier than in countries that count by UTC+8.
TET: Final = {
    2019: date(2019, 2, 5), 2020: date(2020, 1, 25), 2021: date(2021, 2, 12), 2022: date(2022, 2, 1),
    2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
    2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2029: date(2029, 2, 13), 2030: date(2030, 2, 2),
}  # fmt: skip
_TET_REACH: Final = timedelta(days=30)  # how far before and after the day offices still feel it


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` to `last`, both included; `code` is how it was asked for and goes into URLs.

    `report_day` is 0 in the calendar of everyone, and the day on which a report month begins otherwise.
    """

    first: date
    last: date
    code: str
    grain: str
    report_day: int = 0

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def parse(text: str, report_day: int = 15) -> Period:
    """The period that `text` names; `A..B` runs from the first day of A to the last of B.

    A report month bears the name of the month in which it ends: 2026-10r is 15 September to 14 October, and
    2026r is 15 December to 14 December. Raises PersonError when the text is no period.
    """
    start, dots, end = text.strip().partition("..")
    if not dots:
        return _single(start, report_day)
    first, last = _single(start.strip(), report_day), _single(end.strip(), report_day)
    if last.last < first.first:
        raise PersonError("period.backwards", text=text)
    return Period(first.first, last.last, f"{first.code}..{last.code}", RANGE)


def _single(text: str, report_day: int) -> Period:
    for grain, form in _FORMS:
        if match := form.fullmatch(text):
            try:
                return _from_match(grain, match, report_day)
            except ValueError:
                break
    raise PersonError("period.unknown", text=text)


def _from_match(grain: str, match: re.Match[str], report_day: int) -> Period:
    year = int(match[1])
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise ValueError(year)
    if grain == DAY:
        return on(date(year, int(match[2]), int(match[3])))
    number = int(match[2]) if grain != YEAR else 1
    report = match[match.re.groups] == "r"
    month = (number - 1) * _MONTHS[grain] + 1
    if not 1 <= month <= 12:
        raise ValueError(month)
    return _months(grain, year, month, report_day if report else 0)


def _months(grain: str, year: int, month: int, report_day: int) -> Period:
    """The month, quarter or year that begins with `month`; ordinals beyond 1..12 run into other years."""
    ordinal = year * 12 + month - 1
    code = _code(grain, ordinal) + ("r" if report_day else "")
    start, end = ordinal, ordinal + _MONTHS[grain]
    if not report_day:
        return Period(_first_of(start, 1), _first_of(end, 1) - _ONE, code, grain)
    return Period(_first_of(start - 1, report_day), _first_of(end - 1, report_day) - _ONE, code, grain, report_day)


def _code(grain: str, ordinal: int) -> str:
    year, month = divmod(ordinal, 12)
    return {MONTH: f"{year}-{month + 1:02d}", QUARTER: f"{year}-Q{month // 3 + 1}", YEAR: f"{year}"}[grain]


def _first_of(ordinal: int, day: int) -> date:
    return date(ordinal // 12, ordinal % 12 + 1, day)


def _ordinal(period: Period) -> int:
    """Months since year 0 of the month that opens the period's name."""
    named = period.first if not period.report_day else _next_month(period.first)
    return named.year * 12 + named.month - 1


def _next_month(day: date) -> date:
    return _first_of(day.year * 12 + day.month, 1)


def on(day: date) -> Period:
    """One day."""
    return Period(day, day, day.isoformat(), DAY)


def between(first: date, last: date) -> Period:
    """Any run of days, both ends included."""
    return on(first) if first == last else Period(first, last, f"{first}..{last}", RANGE)


def shift(period: Period, months: int) -> Period:
    """The same kind of period `months` later (negative: earlier); a range or a day moves by calendar months."""
    if period.grain in _MONTHS:
        ordinal = _ordinal(period) + months
        return _months(period.grain, ordinal // 12, ordinal % 12 + 1, period.report_day)
    if period.grain == DAY:
        return on(_same_day(period.first, months, closing=False))
    return between(_same_day(period.first, months, closing=False), _same_day(period.last, months, closing=True))


def _same_day(day: date, months: int, closing: bool) -> date:
    ordinal = day.year * 12 + day.month - 1 + months
    year, month = ordinal // 12, ordinal % 12 + 1
    longest = monthrange(year, month)[1]
    # A range that closes with a month closes with one again, so that whole months meet whole months.
    ends = closing and day.day == monthrange(day.year, day.month)[1]
    return date(year, month, longest if ends else min(day.day, longest))


def previous(period: Period) -> Period:
    """The period of the same kind just before: the day before, the month before, as many days before."""
    if period.grain in _MONTHS:
        return shift(period, -_MONTHS[period.grain])
    return between(period.first - timedelta(days=period.days), period.first - _ONE)


def year_before(period: Period) -> Period:
    """The same period of the year before (cùng kỳ)."""
    return shift(period, -12)


def year_before_that(period: Period) -> Period:
    """The whole calendar year before the one in which a period ends."""
    return holding(date(period.last.year - 1, 12, 31), YEAR)


def part_of_year(period: Period) -> float:
    """How much of a year a period is: a twelfth, a quarter, one; anything else by its days."""
    if period.grain in _MONTHS:
        return _MONTHS[period.grain] / 12
    return ((period.last - period.first).days + 1) / 365


def near_tet(period: Period) -> bool:
    """Whether the lunar new year falls in or near the period, so that comparing calendar years misleads."""
    return any(period.first - _TET_REACH <= day <= period.last + _TET_REACH for day in TET.values())


def tet_before(period: Period) -> Period | None:
    """The days of the year before that lie as far from Tết as these; None outside the table of Tết days."""
    this, last = TET.get(period.first.year), TET.get(period.first.year - 1)
    if this is None or last is None:
        return None
    return between(period.first - (this - last), period.last - (this - last))


def months(period: Period) -> list[Period]:
    """The calendar months that the period touches, in order."""
    return split(period, MONTH)


def split(period: Period, grain: str) -> list[Period]:
    """The days, months, quarters or years that the period touches, whole and in order.

    A report period is split into report months, quarters or years.
    """
    if grain == DAY:
        return [on(period.first + timedelta(days=at)) for at in range(period.days)]
    found = [holding(period.first, grain, period.report_day)]
    while found[-1].last < period.last:
        found.append(shift(found[-1], _MONTHS[grain]))
    return found


def holding(day: date, grain: str, report_day: int = 0) -> Period:
    """The day, month, quarter or year in which a day lies."""
    if grain == DAY:
        return on(day)
    named = _next_month(day) if report_day and day.day >= report_day else day
    month = (named.month - 1) // _MONTHS[grain] * _MONTHS[grain] + 1
    return _months(grain, named.year, month, report_day)


def run_of(period: Period, many: int) -> list[Period]:
    """The `many` periods of the same kind that end with this one, oldest first."""
    found = [period]
    while len(found) < many:
        found.insert(0, previous(found[0]))
    return found


def latest_whole_month(whole_until: date) -> Period:
    """The newest calendar month of which no more is to be expected, where that is so up to `whole_until`."""
    month = holding(whole_until, MONTH)
    return month if month.last == whole_until else previous(month)
