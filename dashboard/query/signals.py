"""What stands out, as the pipelines decided it: limits and signals per indicator, unit and month, read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from dashboard.access import STATE, Scope, is_within
from dashboard.query.tables import has
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

SEVERITIES: Final = ("high", "medium", "low")


@dataclass(frozen=True)
class Signal:
    """One month of one indicator and unit: its usual limits, and the rule that spoke (None: nothing did).

    `direction` is better, worse or context; limits that are not `locked` are provisional and judge nobody.
    `since` is the first month of the unbroken run of signals on this side; None in snapshots that do not tell it.
    """

    indicator: str
    unit: str
    month: date
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    locked: bool
    rule: str | None
    direction: str | None
    assurance: str | None
    severity: str | None
    since: date | None = None

    @property
    def months(self) -> int:
        """For how many months in a row it has been so, this one included; 0 where that is not known."""
        return (self.month.year - self.since.year) * 12 + self.month.month - self.since.month + 1 if self.since else 0

    @property
    def speaks(self) -> bool:
        """Whether a rule spoke on limits that are fixed."""
        return self.rule is not None and self.locked


_COLUMNS: Final = tuple(field.name for field in fields(Signal))
_MONTH = _COLUMNS.index("month")


def limits(snapshot: Snapshot, scope: Scope, indicator: str, unit: str) -> Mapping[date, Signal]:
    """The judged months of one indicator and unit by their first day; empty where nothing was judged.

    They are made on present boundaries, for whole calendar months and without slices; another question has
    no limits.
    """
    if not _may(snapshot, scope) or not is_within(unit, scope, territory(snapshot).parents):
        return {}
    return _of(snapshot, indicator, unit)


def speaking(snapshot: Snapshot, scope: Scope, month: date) -> list[Signal]:
    """The signals of one month within a scope, the gravest first; those that only tell of context are left out."""
    if not _may(snapshot, scope):
        return []
    parents = territory(snapshot).parents
    heard = snapshot.remember(("heard", month), lambda: _heard(snapshot, month))
    found = [one for one in heard if is_within(one.unit, scope, parents)]
    return sorted(found, key=_gravity(territory(snapshot).root))


def _gravity(root: str) -> Callable[[Signal], tuple[int, bool, bool, str, str]]:
    def key(one: Signal) -> tuple[int, bool, bool, str, str]:
        severity = SEVERITIES.index(one.severity) if one.severity in SEVERITIES else len(SEVERITIES)
        return severity, one.unit != root, one.direction != "worse", one.indicator, one.unit

    return key


def _may(snapshot: Snapshot, scope: Scope) -> bool:
    return scope.answers(STATE) and snapshot.clearance == STATE and has(snapshot, "signal", "rule", "locked")


def _of(snapshot: Snapshot, indicator: str, unit: str) -> Mapping[date, Signal]:
    """The whole place is asked about everything, any other unit mostly about what all of them are asked about."""
    by, value = ("unit", unit) if unit == territory(snapshot).root else ("indicator", indicator)
    return snapshot.remember(("signals", by, value), lambda: _Judged(_rows(snapshot, f"{by} = $value", value))).of(
        indicator, unit)


class _Judged:
    """Rows of the table, of which few are ever asked for: a month becomes a Signal when somebody wants it."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        self._made: dict[tuple[str, str], Mapping[date, Signal]] = {}
        for row in rows:
            self._rows.setdefault(row[:2], []).append(row)

    def of(self, indicator: str, unit: str) -> Mapping[date, Signal]:
        """The months of one indicator and unit."""
        pair = indicator, unit
        if pair not in self._made:
            self._made[pair] = {row[_MONTH]: Signal(*row) for row in self._rows.get(pair, ())}
        return self._made[pair]


def _heard(snapshot: Snapshot, month: date) -> list[Signal]:
    """The signals of one month that are for better or for worse."""
    found = (Signal(*row) for row in _rows(snapshot, "month = $value AND rule IS NOT NULL", month))
    return [one for one in found if one.speaks and one.direction in ("better", "worse")]


def _rows(snapshot: Snapshot, where: str, value: object) -> list[tuple[Any, ...]]:
    known = has(snapshot, "signal", "since")
    names = ", ".join(name for name in _COLUMNS if known or name != "since")
    return snapshot.rows(f"SELECT {names} FROM signal WHERE {where}", {"value": value})
