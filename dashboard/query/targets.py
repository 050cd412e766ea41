"""What is aimed at, from when, by whose word, and whether anybody has checked that word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.query.indicators import Indicator
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot


@dataclass(frozen=True)
class Target:
    """A target in the unit of its indicator (a share 0..1 where that is percent)."""

    value: float
    basis: str
    document: str
    checked: bool


def target_of(snapshot: Snapshot, entry: Indicator, unit: str, day: date) -> Target | None:
    """The target of a unit on a day: its own one where there is one, else the one of the catalogue."""
    return _own(snapshot, entry, unit, day) or general_target(entry, day)


def general_target(entry: Indicator, day: date) -> Target | None:
    """The target that the catalogue names for everybody."""
    if entry.target_value is None or (entry.target_from and day < entry.target_from):
        return None
    return Target(entry.target_value, entry.target_basis or "", entry.target_document or "", bool(entry.target_checked))


def _own(snapshot: Snapshot, entry: Indicator, unit: str, day: date) -> Target | None:
    for first, last, value, basis, document, checked in _by_unit(snapshot).get((entry.id, unit), ()):
        if (first or day) <= day <= (last or day):
            return Target(value, basis or "", document or "", bool(checked))
    return None


def _by_unit(snapshot: Snapshot) -> Mapping[tuple[str, str], Sequence[tuple[Any, ...]]]:
    """Every unit's own targets by indicator and unit, the newest first: few enough to be read at once."""
    return snapshot.remember("targets", lambda: _load(snapshot))


def _load(snapshot: Snapshot) -> Mapping[tuple[str, str], Sequence[tuple[Any, ...]]]:
    if not has(snapshot, "target"):
        return {}
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for indicator, unit, *rest in snapshot.rows(
        "SELECT indicator, unit_id, valid_from, valid_to, value, basis, document, checked FROM target "
        "ORDER BY valid_from DESC"
    ):
        found.setdefault((indicator, unit), []).append(tuple(rest))
    return found
