"""A file speaks of all its units at once: whoever may see only some of them is told how fresh its sender is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.access import AGGREGATES, PARTY, PARTY_TREE, QUARANTINE, Scope, is_within
from dashboard.query.tables import has, quoted
from dashboard.query.units import UNASSIGNED, territory
from dashboard.snapshot import Snapshot

_NAMES: Final = ("unit_at_receipt", "unit_now", "unit")


def sees_all(snapshot: Snapshot, scope: Scope) -> bool:
    """Whether a scope holds the whole place, or all of the Party's tree where it asks the Party's file."""
    places = territory(snapshot)
    tops = places.roots().get(PARTY_TREE, ()) if snapshot.clearance == PARTY else (places.root,)
    return bool(scope.units) and set(tops) <= set(scope.units)


def told_sources(scope: Scope) -> frozenset[str] | None:
    """The senders of which a scope may know at all; None: of every one. A steward knows those of the grant."""
    is_steward = scope.may(QUARANTINE) and not scope.may(AGGREGATES)
    return frozenset(scope.sources) if is_steward and scope.sources is not None else None


def own_sources(snapshot: Snapshot, scope: Scope) -> frozenset[str] | None:
    """The senders of whose files everything may be told, since no row of theirs lies outside; None: of every one."""
    told = told_sources(scope)
    if sees_all(snapshot, scope):
        return told
    own = snapshot.remember(("own sources", scope.units), lambda: _wholly_within(snapshot, scope))
    return own if told is None else own & told


def _wholly_within(snapshot: Snapshot, scope: Scope) -> frozenset[str]:
    parents = territory(snapshot).parents
    every = snapshot.remember("units of sources", lambda: _units_of_sources(snapshot))
    return frozenset(source for source, units in every.items()
                     if units and all(is_within(unit, scope, parents) for unit in units))  # fmt: skip


def _units_of_sources(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    """Every unit that any row of a source names; a source of which no row can be looked at has none."""
    found: dict[str, set[str]] = {}
    for (fact,) in snapshot.rows("SELECT DISTINCT fact FROM source"):
        table = f"fact_{fact}"
        for name in (one for one in _NAMES if has(snapshot, table, "source", one)):
            unit = f"coalesce({quoted(name)}, '{UNASSIGNED}')" if name != "unit_now" else quoted(name)
            text = f"SELECT DISTINCT source, {unit} FROM {quoted(table)} WHERE {unit} IS NOT NULL"
            for source, held in snapshot.rows(text):
                found.setdefault(source, set()).add(held)
    return {source: frozenset(units) for source, units in found.items()}
