"""What is aimed at, from when, by whose word, and whether anybody has checked that word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    if not has(snapshot, "target"):
        return None
    rows = snapshot.remember(("targets", entry.id), lambda: snapshot.rows(
        "SELECT unit_id, valid_from, valid_to, value, basis, document, checked FROM target "
        "WHERE indicator = $indicator ORDER BY valid_from DESC", {"indicator": entry.id},
    ))  # fmt: skip
    for owner, first, last, value, basis, document, checked in rows:
        if owner == unit and (first or day) <= day <= (last or day):
            return Target(value, basis or "", document or "", bool(checked))
    return None
