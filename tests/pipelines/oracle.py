"""The slow twin: every kind of number once more, from plain rows, day by day, as dull as possible.

Nothing here knows of parts, SQL or the catalogue; a row is a dict, a condition a function of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]
Condition = Callable[[Row], bool]


def holder(row: Row, day: date) -> str:
    """Who answered for a case on a day."""
    if row["moved_on"] is None or day < row["moved_on"]:
        return str(row["unit_at_receipt"])
    return str(row["unit_now"])


def placed(rows: Iterable[Row], day: str, first: date, last: date, unit: str) -> list[Row]:
    """The rows that a day column places in a period, for the unit that held them on that day."""
    found = []
    for row in rows:
        if row[day] is not None and first <= row[day] <= last and holder(row, row[day]) == unit:
            found.append(row)
    return found


def rate(rows: Iterable[Row], above: Condition, below: Condition) -> tuple[int, int]:
    """(numerator, denominator) of rows already placed; above the line only what is below it too."""
    under = [row for row in rows if below(row)]
    return len([row for row in under if above(row)]), len(under)


def is_in_stock(row: Row, entered: str, left: str, day: date) -> bool:
    """Whether a case was in a stock at the close of a day."""
    came, went = row[entered], row[left]
    if came is None or came > day:
        return False
    if went is not None and went < came:
        return False
    return went is None or went > day


def stock(rows: Iterable[Row], entered: str, left: str, day: date, unit: str) -> int:
    """How many cases a unit held at the close of a day."""
    return len([row for row in rows if is_in_stock(row, entered, left, day) and holder(row, day) == unit])


def ages(
    rows: Iterable[Row], entered: str, left: str, since: str, day: date, unit: str, is_working: Callable[[date], bool]
) -> list[int]:
    """Working days since `since`, of every case a unit held at the close of a day, youngest first."""
    found = []
    for row in rows:
        if is_in_stock(row, entered, left, day) and holder(row, day) == unit:
            found.append(len([n for n in range(row[since].toordinal() + 1, day.toordinal() + 1)
                              if is_working(date.fromordinal(n))]))
    return sorted(found)


def in_bucket(hours: int) -> int:
    """Whole hours up to ten days of eight hours, whole days beyond."""
    return hours if hours <= 80 else hours - hours % 8


def percentile(values: Iterable[int], share: float) -> int | None:
    """The smallest value whose cumulative share reaches `share`."""
    ordered = sorted(values)
    for number, value in enumerate(ordered, start=1):
        if number / len(ordered) >= share:
            return value
    return None


def things(rows: Iterable[Row], thing: str, counted: Condition) -> set[str]:
    """The different things among rows already placed."""
    return {row[thing] for row in rows if counted(row)}


def newest(reported: Iterable[Row], asked: date) -> Row | None:
    """The newest vintage known on a day."""
    known = [row for row in reported if row["vintage"] <= asked]
    return max(known, key=lambda row: row["vintage"], default=None)
