"""What senders say of themselves against what the same rows say when they are computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.access import Scope
from dashboard.periods import Period
from dashboard.query.filings import senders
from dashboard.query.tables import has, quoted
from dashboard.snapshot import Snapshot

# fact -> the day that places an ended case in time
_ENDED: Final = {"dossier": "ended_on", "ticket": "closed_on"}


@dataclass(frozen=True)
class Claim:
    """Cases of one source that ended in the period and of which both sides say whether they were in time."""

    source: str
    fact: str
    both_on_time: int
    both_late: int
    only_sender: int
    """The sender says in time, the dates say late."""
    only_recomputed: int
    unclaimed: int
    """The sender says nothing."""

    @property
    def compared(self) -> int:
        """Cases on which both sides have spoken."""
        return self.both_on_time + self.both_late + self.only_sender + self.only_recomputed

    @property
    def agreeing(self) -> float | None:
        """Share of compared cases on which both say the same."""
        return (self.both_on_time + self.both_late) / self.compared if self.compared else None

    @property
    def claimed(self) -> float | None:
        """Share in time as the sender has it."""
        return (self.both_on_time + self.only_sender) / self.compared if self.compared else None

    @property
    def recomputed(self) -> float | None:
        """Share in time as the dates have it."""
        return (self.both_on_time + self.only_recomputed) / self.compared if self.compared else None


def claims(snapshot: Snapshot, scope: Scope, period: Period) -> list[Claim]:
    """One line per source that tells whether its cases were in time; none where no source does."""
    own = {one.source for one in senders(snapshot, scope)}
    found: list[Claim] = []
    for fact, day in _ENDED.items():
        table = f"fact_{fact}"
        if not own or not has(snapshot, table, "sender_on_time", "is_on_time", "source", day):
            continue
        sql = (
            "SELECT source, count(*) FILTER (WHERE sender_on_time AND is_on_time), "
            "count(*) FILTER (WHERE NOT sender_on_time AND NOT is_on_time), "
            "count(*) FILTER (WHERE sender_on_time AND NOT is_on_time), "
            "count(*) FILTER (WHERE NOT sender_on_time AND is_on_time), "
            "count(*) FILTER (WHERE sender_on_time IS NULL AND is_on_time IS NOT NULL) "
            f"FROM {table} WHERE {quoted(day)} BETWEEN $first AND $last GROUP BY source ORDER BY source"
        )
        rows = snapshot.rows(sql, {"first": period.first, "last": period.last})
        found += [Claim(source, fact, *counts) for source, *counts in rows if source in own]
    return [one for one in found if one.compared]
