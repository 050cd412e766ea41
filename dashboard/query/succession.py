"""Which units a unit was made of, and which it became: the lines of `unit_link` that a reform wrote."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.snapshot import Snapshot


@dataclass(frozen=True)
class Link:
    """One step of a succession: `weight` is the share of the old unit (0..1) that went to the new one."""

    old: str
    new: str
    weight: float
    document: str


def predecessors(snapshot: Snapshot, unit: str) -> list[Link]:
    """What a unit was made of, whole units before parts of units."""
    return [one for one in _links(snapshot) if one.new == unit]


def successors(snapshot: Snapshot, unit: str) -> list[Link]:
    """What a unit became, the largest share first."""
    return [one for one in _links(snapshot) if one.old == unit]


def _links(snapshot: Snapshot) -> list[Link]:
    return snapshot.remember("successions", lambda: _load(snapshot))


def _load(snapshot: Snapshot) -> list[Link]:
    found = snapshot.rows(
        "SELECT from_unit, to_unit, weight, coalesce(document, '') FROM unit_link WHERE basis = 'succession' "
        "ORDER BY weight DESC, from_unit, to_unit"
    )
    return [Link(*row) for row in found]
