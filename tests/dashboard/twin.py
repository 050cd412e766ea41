"""The same answers, reckoned case by case in plain Python: as slow and as obvious as possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from dashboard.periods import Period
from tests.dashboard.tiny_catalogue import INDICATORS, TinyIndicator
from tests.dashboard.tiny_facts import Row, TinyFacts, unit_on
from tests.dashboard.tiny_places import bridge_rows, children

BY_ID = {one.id: one for one in INDICATORS}
Slices = tuple[tuple[str, str], ...]


def weights(basis: str, indicator: str, target: str) -> dict[str, float]:
    """How much of every unit of the day an asked unit consists of."""
    asked = children(target)
    if basis == "as_was":
        return dict.fromkeys(asked, 1.0)
    rows = [row for row in bridge_rows() if row[0] == basis]
    own = {row[2] for row in rows if row[1] == indicator}
    found: dict[str, float] = {}
    for _, name, old, new, weight in rows:
        if new in asked and (name == indicator if old in own else name == ""):
            found[old] = found.get(old, 0.0) + weight
    return found


def rows_of(facts: TinyFacts, fact: str, slices: Slices = ()) -> list[Row]:
    rows = facts.dossiers if fact == "dossier" else facts.tickets
    return [row for row in rows if all(row[name] == value for name, value in slices)]


def placed(
    facts: TinyFacts, one: TinyIndicator, period: Period, basis: str, target: str, slices: Slices
) -> Iterator[tuple[Row, float]]:
    """The cases of a period with the weight at which the asked unit has them."""
    share = weights(basis, one.id, target)
    for row in rows_of(facts, one.fact or "", slices):
        day = row[one.day or ""]
        if day is not None and period.first <= day <= period.last and one.where(row):
            weight = share.get(unit_on(row, day), 0.0)
            if weight:
                yield row, weight


def rate(
    facts: TinyFacts, name: str, period: Period, basis: str, target: str, slices: Slices = ()
) -> tuple[float, float]:
    one = BY_ID[name]
    cases = list(placed(facts, one, period, basis, target, slices))
    return sum(weight for row, weight in cases if one.value(row)), sum(weight for _, weight in cases)


def count(facts: TinyFacts, name: str, period: Period, basis: str, target: str, slices: Slices = ()) -> float:
    one = BY_ID[name]
    return sum(weight * one.value(row) for row, weight in placed(facts, one, period, basis, target, slices))


def cut(facts: TinyFacts, fact: str, unit: str, asked: date) -> date:
    """How far a unit is known: its own source's last day, at most the day asked about."""
    known = facts.until[fact]
    limit = known[unit][0] if unit in known else max(day for day, _ in known.values())
    return min(asked, limit)


def open_cases(
    facts: TinyFacts, name: str, asked: date, basis: str, target: str, slices: Slices = ()
) -> Iterator[tuple[Row, float, date]]:
    """Every case that a unit has open on the last day known of it: no in, no out, just looking."""
    one = BY_ID[name]
    for unit, weight in weights(basis, one.id, target).items():
        day = cut(facts, one.fact or "", unit, asked)
        for row in rows_of(facts, one.fact or "", slices):
            entered, left = row[one.entered], row[one.left]
            if entered and entered <= day and (left is None or left > day) and unit_on(row, day) == unit:
                yield row, weight, day


def stock(facts: TinyFacts, name: str, asked: date, basis: str, target: str, slices: Slices = ()) -> float:
    return sum(weight for _, weight, _ in open_cases(facts, name, asked, basis, target, slices))


def percentile(values: list[tuple[int, float]], share: float) -> int | None:
    """The smallest value at or below which at least `share` of the weight lies."""
    total, reached = sum(weight for _, weight in values), 0.0
    for value, weight in sorted(values):
        reached += weight
        if reached >= share * total - 1e-9:
            return value
    return None


def duration(facts: TinyFacts, name: str, period: Period, basis: str, target: str, slices: Slices = ()) -> Any:
    """(P50, P90, n)."""
    one = BY_ID[name]
    cases = [(one.value(row), weight) for row, weight in placed(facts, one, period, basis, target, slices)
             if one.value(row) is not None]  # fmt: skip
    return percentile(cases, 0.5), percentile(cases, 0.9), sum(weight for _, weight in cases)


def ages(facts: TinyFacts, name: str, asked: date, basis: str, target: str) -> Any:
    """(P50, P90, n) of working days since receipt, counted on the fingers."""
    found = [(working_days(row["received_on"], day), weight)
             for row, weight, day in open_cases(facts, name, asked, basis, target)]  # fmt: skip
    return percentile(found, 0.5), percentile(found, 0.9), sum(weight for _, weight in found)


def working_days(first: date, last: date) -> int:
    days = (first + timedelta(days=at) for at in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def distinct(facts: TinyFacts, name: str, period: Period, basis: str, target: str, slices: Slices = ()) -> int:
    one = BY_ID[name]
    return len({one.value(row) for row, _ in placed(facts, one, period, basis, target, slices)})
