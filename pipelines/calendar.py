"""Every working day carries a number, so a deadline is a subtraction and nobody counts days twice.

The functions return Polars expressions over a calendar frame (`build_calendar`): they gather from the
numbered days instead of joining, so they work inside any `with_columns`, eager or lazy. Null in, null out;
a day outside the calendar (a deadline typed as 2059) gives null and never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

import polars as pl

OfficeHours = Sequence[tuple[time, time]]

DAYS_OFF_SCHEMA: dict[str, pl.DataType] = {
    "day": pl.Date(),
    "kind": pl.String(),
    "name_vi": pl.String(),
    "name_en": pl.String(),
    "document": pl.String(),
    "sure": pl.Boolean(),
}

HOURS_PER_DAY = 8
MICROSECONDS_PER_HOUR = 3_600_000_000
FRIDAY = 5


def build_calendar(days_off: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """One row per day from `first` to `last`: day, is_working, working_number, reason, document, sure.

    `days_off` has DAYS_OFF_SCHEMA; `kind` "off" closes a weekday, "worked" opens a weekend day (make-up
    Saturdays). `working_number` (Int32) counts the working days up to and including `day`. A year without
    one confirmed row is known by its weekends only and therefore `sure = false`. `reason` is "vi / en".
    """
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    named = days_off.select("day", "kind", "document", "sure", named=pl.format("{} / {}", "name_vi", "name_en"))
    settled = days_off.filter("sure")["day"].dt.year().unique()
    is_weekend = pl.col("day").dt.weekday() > FRIDAY
    return (
        days.join(named, on="day", how="left", maintain_order="left")
        .with_columns(is_working=pl.coalesce(pl.col("kind") == "worked", ~is_weekend))
        .select(
            "day",
            "is_working",
            working_number=pl.col("is_working").cast(pl.Int32).cum_sum(),
            reason=pl.coalesce("named", pl.when(is_weekend).then(pl.lit("Cuối tuần / Weekend"))).fill_null(""),
            document=pl.col("document").fill_null(""),
            sure=pl.coalesce("sure", pl.col("day").dt.year().is_in(settled.implode())),
        )
    )


def is_working_day(day: str | pl.Expr, calendar: pl.DataFrame) -> pl.Expr:
    """True on a working day (Boolean)."""
    return _on(day, calendar, "is_working")


def working_days_between(start: str | pl.Expr, end: str | pl.Expr, calendar: pl.DataFrame) -> pl.Expr:
    """Working days after `start` up to and including `end` (Int32): the day of receipt is not counted.

    Negative when `end` lies before `start`: then the days after `end` up to `start`.
    """
    return _on(end, calendar, "working_number") - _on(start, calendar, "working_number")


def add_working_days(start: str | pl.Expr, days: int | str | pl.Expr, calendar: pl.DataFrame) -> pl.Expr:
    """The day on which `days` working days after `start` are over (Date).

    The day of receipt is not counted. With 0 a deadline that falls on a day off moves to the next working
    day. With a negative number, that many working days before `start`.
    """
    count = _expression(days) if not isinstance(days, int) else pl.lit(days)
    starts_off = (~_on(start, calendar, "is_working")).cast(pl.Int32)
    # On a day off the running number still names the working day before it; that day is already one step
    # back, and for "this day or the next" it is one step short.
    target = _on(start, calendar, "working_number") + count.cast(pl.Int32) + starts_off * (count <= 0)
    working = calendar.filter("is_working")["day"]
    return pl.lit(working).gather(_inside(target.cast(pl.Int64) - 1, working.len()))


def next_working_day(day: str | pl.Expr, calendar: pl.DataFrame) -> pl.Expr:
    """`day` itself, or the first working day after it (Date): where a deadline on a day off moves to."""
    return add_working_days(day, 0, calendar)


def working_hours_between(
    start: str | pl.Expr, end: str | pl.Expr, calendar: pl.DataFrame, office_hours: OfficeHours
) -> pl.Expr:
    """Whole office hours between two local timestamps, rounded down (Int64), eight to a working day.

    `office_hours` are spans of one day that add up to eight hours (`Place.office_hours`). Zero when `end`
    lies before `start`: real systems close a case an hour "before" it opened, and dates are what is checked.
    """
    worked = _office_time(end, calendar, office_hours) - _office_time(start, calendar, office_hours)
    return (worked // MICROSECONDS_PER_HOUR).clip(lower_bound=0)


def _office_time(moment: str | pl.Expr, calendar: pl.DataFrame, office_hours: OfficeHours) -> pl.Expr:
    """Microseconds of office time from the start of the calendar to `moment`."""
    stamp = _expression(moment)
    day = stamp.dt.date()
    since_midnight = (stamp - stamp.dt.truncate("1d")).dt.total_microseconds()
    today = pl.sum_horizontal(
        (since_midnight - _microseconds(opens)).clip(0, _microseconds(closes) - _microseconds(opens))
        for opens, closes in office_hours
    )
    is_working = _on(day, calendar, "is_working").cast(pl.Int64)
    whole_days = _on(day, calendar, "working_number").cast(pl.Int64) - is_working
    return whole_days * HOURS_PER_DAY * MICROSECONDS_PER_HOUR + is_working * today


def _microseconds(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000


def _on(day: str | pl.Expr, calendar: pl.DataFrame, column: str) -> pl.Expr:
    """What `calendar` says in `column` about `day`; null outside the calendar."""
    index = (_expression(day) - pl.lit(calendar["day"].first(), dtype=pl.Date)).dt.total_days()
    return pl.lit(calendar[column]).gather(_inside(index, calendar.height))


def _inside(index: pl.Expr, size: int) -> pl.Expr:
    """`index` where it points into a list of `size` things, else null (a negative one would count from the end)."""
    return pl.when(index.is_between(0, size - 1)).then(index)


def _expression(column: str | pl.Expr) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column
