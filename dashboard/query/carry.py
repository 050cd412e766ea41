"""Parts are carried from the units of their day to the units asked for, and divided only afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.query.question import AS_WAS
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

_NOISE: Final = 1e-9  # of a weight: three thirds are one

Bridge = Mapping[str, tuple[tuple[str, float], ...]]  # to_unit -> (from_unit, weight)…


@dataclass(frozen=True)
class Carrying:
    """For one asked unit: how much (0..1] of each unit of the day belongs to it."""

    target: str
    weights: Mapping[str, float]

    def holds_all(self, units: Iterable[str]) -> bool:
        """Whether all of every one of these units belongs to it, so that no unit need be looked at."""
        return all(self.weights.get(unit) == 1.0 for unit in units)


def carry(snapshot: Snapshot, basis: str, indicator: str, target: str) -> Carrying:
    """What an asked unit consists of on a basis, for one indicator (some carry with weights of their own)."""
    own = indicator if (basis, indicator) in _special(snapshot) else ""
    return snapshot.remember(("carry", basis, own, target), lambda: _carry(snapshot, basis, own, target))


def _carry(snapshot: Snapshot, basis: str, indicator: str, target: str) -> Carrying:
    places = territory(snapshot)
    asked = places.within(target)
    if basis == AS_WAS:
        return Carrying(target, dict.fromkeys(asked, 1.0))
    bridge = _bridge(snapshot, basis, indicator)
    weights: dict[str, float] = {}
    for unit in asked:
        for origin, weight in bridge.get(unit, ()):
            weights[origin] = weights.get(origin, 0.0) + weight
    return Carrying(target, {unit: _exact(weight) for unit, weight in weights.items()})


def _exact(weight: float) -> float:
    return 1.0 if abs(weight - 1) < _NOISE else weight


def _bridge(snapshot: Snapshot, basis: str, indicator: str) -> Bridge:
    return snapshot.remember(("bridge", basis, indicator), lambda: _load_bridge(snapshot, basis, indicator))


def _load_bridge(snapshot: Snapshot, basis: str, indicator: str) -> Bridge:
    """An indicator's own weights where there are any for a unit, those of every indicator elsewhere."""
    rows = snapshot.rows(
        "SELECT to_unit, from_unit, weight FROM bridge WHERE basis = $basis AND (indicator = $indicator "
        "OR (indicator = '' AND from_unit NOT IN "
        "(SELECT from_unit FROM bridge WHERE basis = $basis AND indicator = $indicator))) ORDER BY ALL",
        {"basis": basis, "indicator": indicator},
    ) if indicator else snapshot.rows(
        "SELECT to_unit, from_unit, weight FROM bridge WHERE basis = $basis AND indicator = '' ORDER BY ALL",
        {"basis": basis},
    )  # fmt: skip
    found: dict[str, list[tuple[str, float]]] = {}
    for unit, origin, weight in rows:
        found.setdefault(unit, []).append((origin, weight))
    return {unit: tuple(origins) for unit, origins in found.items()}


def _special(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    return snapshot.remember(
        "special bridges",
        lambda: frozenset(
            (basis, indicator)
            for basis, indicator in snapshot.rows("SELECT DISTINCT basis, indicator FROM bridge WHERE indicator <> ''")
        ),
    )
