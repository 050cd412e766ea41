"""Where limits begin anew, as the pipelines published it: from which month, why, and by whose decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.access import Scope
from dashboard.query.signals import limits
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot


@dataclass(frozen=True)
class Rebasing:
    """The limits of a series know only months from `month` (its first day) on."""

    month: date
    reason_vi: str
    reason_en: str
    who: str
    decided: date

    def reason(self, lang: str) -> str:
        """Why, in one language."""
        return self.reason_vi if lang == "vi" else self.reason_en


def rebasings(snapshot: Snapshot, scope: Scope, indicator: str, unit: str) -> tuple[Rebasing, ...]:
    """Those of one series in order of their months; none where the scope sees no limits."""
    if not limits(snapshot, scope, indicator, unit):
        return ()
    every = snapshot.remember("rebased", lambda: _load(snapshot))
    found = [*every.get((indicator, ""), ()), *every.get((indicator, unit), ())]
    return tuple(sorted(found, key=lambda one: (one.month, one.decided)))


def _load(snapshot: Snapshot) -> dict[tuple[str, str], list[Rebasing]]:
    found: dict[tuple[str, str], list[Rebasing]] = {}
    if has(snapshot, "rebased", "reason_vi"):
        query = "SELECT indicator, unit, month, reason_vi, reason_en, who, decided FROM rebased ORDER BY ALL"
        for indicator, unit, *rest in snapshot.rows(query):
            found.setdefault((indicator, unit), []).append(Rebasing(*rest))
    return found
