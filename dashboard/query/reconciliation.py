"""What senders say of themselves against what the same rows say, and what two systems say of one thing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from dashboard.access import Scope, is_within
from dashboard.periods import Period
from dashboard.query.filings import senders
from dashboard.query.owned import sees_all
from dashboard.query.rows import credited_unit
from dashboard.query.tables import has, quoted
from dashboard.query.units import territory
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
    """One line per source that tells whether its cases of this scope were in time; none where no source does."""
    own = {one.source for one in senders(snapshot, scope)}
    found: list[Claim] = []
    for fact, day in _ENDED.items():
        table = f"fact_{fact}"
        if not own or not has(snapshot, table, "sender_on_time", "is_on_time", "source", day):
            continue
        within, units = _within(snapshot, scope, table, day)
        sql = (
            "SELECT source, count(*) FILTER (WHERE sender_on_time AND is_on_time), "
            "count(*) FILTER (WHERE NOT sender_on_time AND NOT is_on_time), "
            "count(*) FILTER (WHERE sender_on_time AND NOT is_on_time), "
            "count(*) FILTER (WHERE NOT sender_on_time AND is_on_time), "
            "count(*) FILTER (WHERE sender_on_time IS NULL AND is_on_time IS NOT NULL) "
            f"FROM {within} WHERE {quoted(day)} BETWEEN $first AND $last GROUP BY source ORDER BY source"
        )
        rows = snapshot.rows(sql, {"first": period.first, "last": period.last, **units})
        found += [Claim(source, fact, *counts) for source, *counts in rows if source in own]
    return [one for one in found if one.compared]


def _within(snapshot: Snapshot, scope: Scope, table: str, day: str) -> tuple[str, dict[str, list[str]]]:
    """What to read a table from, and the values for that: its rows whose unit on the day lies in the scope."""
    if sees_all(snapshot, scope):
        return table, {}
    places = territory(snapshot)
    units = sorted({unit for top in scope.units for unit in places.within(top)})
    credited = f"SELECT *{credited_unit(snapshot, table, quoted(day))} FROM {table}"
    return f"(SELECT * FROM ({credited}) WHERE unit IN (SELECT unnest($units)))", {"units": units}


@dataclass(frozen=True)
class Pair:
    """Two statements about one quantity, unit and period; `computed`: the right one was counted from the records of
    `right_source`, and no file says it. `difference` is left less right, `allowed` what still counts as agreeing.
    """

    check_id: str
    name_vi: str
    name_en: str
    measure: str
    unit: str
    period_start: date
    period_end: date
    left_source: str
    left_file: str | None
    left_value: float
    right_source: str
    right_file: str | None
    right_value: float
    computed: bool
    difference: float
    allowed: float
    agrees: bool

    def name(self, lang: str) -> str:
        """What both speak of."""
        return self.name_vi if lang == "vi" else self.name_en


def pairs(snapshot: Snapshot, scope: Scope, size: int) -> list[Pair]:
    """What two systems say of one thing: those that disagree first, the newest and the farthest apart before others.

    Only about units of the scope, where it may know of both senders; at most `size`; none in a snapshot made before
    there were any.
    """
    own = {one.source for one in senders(snapshot, scope)}
    names = [field.name for field in fields(Pair)]
    if not own or not has(snapshot, "reconciliation", *names):
        return []
    sql = (
        f"SELECT {', '.join(names)} FROM reconciliation ORDER BY agrees, period_end DESC, "
        "abs(difference) / greatest(abs(right_value), 1) DESC, check_id, unit, left_source, right_source"
    )
    found = [Pair(*row) for row in snapshot.rows(sql)]
    parents, whole = territory(snapshot).parents, sees_all(snapshot, scope)
    return [one for one in found if own >= {one.left_source, one.right_source}
            and (whole or is_within(one.unit, scope, parents))][:size]  # fmt: skip
