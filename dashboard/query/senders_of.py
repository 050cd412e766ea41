"""Whose silence would make a number old: the systems that send it, and not all that send the like."""

from __future__ import annotations

from dashboard.query.formula import references
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.measure import facts_of
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot

_TOLD = "fact_reported_value"


def senders_of(snapshot: Snapshot, entry: Indicator) -> frozenset[str]:
    """The sources behind an entry: every one that sends its facts; of published figures those that told its series."""
    if entry.kind == "formula":
        known = indicators(snapshot)
        below = {name for _, name in references(entry.spec["tree"])}
        return frozenset[str]().union(*(senders_of(snapshot, known[name]) for name in below))
    series = entry.spec.get("series") if entry.kind == "reported" else None
    if series is not None and has(snapshot, _TOLD, "series", "source"):
        return _by_series(snapshot).get(str(series), frozenset())
    facts = facts_of(snapshot, entry)
    return frozenset(source for source, fact in _facts(snapshot).items() if fact in facts)


def _by_series(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    def load() -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for series, source in snapshot.rows(f"SELECT DISTINCT series, source FROM {_TOLD}"):
            found.setdefault(series, set()).add(source)
        return {series: frozenset(names) for series, names in found.items()}

    return snapshot.remember("senders of series", load)


def _facts(snapshot: Snapshot) -> dict[str, str]:
    """Source -> what it sends."""
    return snapshot.remember("facts of sources", lambda: dict(snapshot.rows("SELECT source, fact FROM source")))
