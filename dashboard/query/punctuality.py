"""Whether files come when their rhythm says: a fair comparison, because a calendar decides it and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.access import Scope
from dashboard.periods import MONTH, Period, split
from dashboard.query.coverage import Reach, expected_units, reach_of, silence
from dashboard.query.filings import LOADED, Filing, Sender, filings, open_senders
from dashboard.query.question import AS_WAS
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

RECEIVED, HISTORY, LATE, MISSING, REFUSED, QUIET = "received", "history", "late", "missing", "refused", "quiet"
STATES: Final = (QUIET, RECEIVED, HISTORY, LATE, MISSING, REFUSED)
_FEWEST: Final = 3  # spans with data before one can speak of a habit
_MOST: Final = 2 / 3
_WORST_FIRST: Final = (REFUSED, LATE, HISTORY, RECEIVED)


@dataclass(frozen=True)
class DayOfSource:
    """What one day says about one source, and the files that speak of it."""

    source: str
    day: date
    state: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """How a source kept its rhythm: files judged, how many of them in time, days without what was owed."""

    source: str
    judged: int
    in_time: int
    days_missing: int
    days: int

    @property
    def share(self) -> float | None:
        """Files in time of those that can be judged; None where none can."""
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True)
class UnitRecord:
    """In how many of the last months (quarters, years) a unit has anything, and how far its data reach.

    `steady` units have something in most of them between their first and last: only there is a gap a gap. A
    unit that is seldom concerned has nothing to send, which is no fault of anybody.
    """

    unit: str
    sent: int
    asked: int
    missing: tuple[Period, ...]
    data_until: date | None
    steady: bool


def strip(snapshot: Snapshot, scope: Scope, today: date, days: int = 60) -> list[DayOfSource]:
    """One state per source and day, oldest day first; a file stands on the day that it speaks of.

    Only of sources of whose files the scope may be told everything.

    `received` came in time, `late` came when its data were already older than the rhythm allows, `history`
    came on the first day of the source (which says nothing about punctuality), `missing` is a day on which
    the newest file was older than the rhythm allows, `quiet` a day on which nothing was owed.
    """
    span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [one for sender in open_senders(snapshot, scope) for one in _days(snapshot, scope, sender, span)]


def _days(snapshot: Snapshot, scope: Scope, sender: Sender, span: list[date]) -> list[DayOfSource]:
    files = filings(snapshot, scope, sender.source)
    judged = {one.sha256: punctual(snapshot, sender, one, files) for one in files}
    placed: dict[date, list[Filing]] = {}
    for one in files:
        day = _day_of(one)
        if day is not None:
            placed.setdefault(day, []).append(one)
    told = sorted(day for day, ones in placed.items() if any(one.verdict in LOADED for one in ones))
    since, found = first_came(files) or date.max, []
    for day in span:
        states = {judged[one.sha256] for one in placed.get(day, ())}
        state = next((state for state in _WORST_FIRST if state in states), None)
        names = tuple(one.file for one in placed.get(day, ()))
        found.append(DayOfSource(sender.source, day, state or _gap(snapshot, sender, told, since, day), names))
    return found


def _gap(snapshot: Snapshot, sender: Sender, told: list[date], since: date, day: date) -> str:
    """Whether something was owed on a day without a file; before a source's first delivery nothing was."""
    newest = max((one for one in told if one <= day), default=None)
    if newest is None or day < since:
        return QUIET
    return MISSING if silence(snapshot, newest, day, sender.rhythm) > 0 else QUIET


def _day_of(filing: Filing) -> date | None:
    """The day that a file speaks of; of one that could not be read, the day it came."""
    return filing.as_of or (filing.received_at.date() if filing.received_at else None)


def first_came(files: list[Filing]) -> date | None:
    """The day of a source's first delivery: what came that day may be years of history."""
    return min((one.received_at.date() for one in files if one.received_at), default=None)


def punctual(snapshot: Snapshot, sender: Sender, filing: Filing, files: list[Filing]) -> str:
    """The state of one file among all `files` of its source."""
    if filing.verdict not in LOADED:
        return REFUSED
    came = filing.received_at.date() if filing.received_at else None
    if came is None or came == first_came(files):
        return HISTORY
    if filing.as_of is None:
        return RECEIVED
    return LATE if silence(snapshot, filing.as_of, came, sender.rhythm) > 0 else RECEIVED


def records(snapshot: Snapshot, scope: Scope, today: date, days: int = 60) -> list[Record]:
    """The sources by how they kept their rhythm, best first."""
    seen = strip(snapshot, scope, today, days)
    found = []
    for sender in open_senders(snapshot, scope):
        files = filings(snapshot, scope, sender.source)
        states = [punctual(snapshot, sender, one, files) for one in files]
        missing = sum(one.state == MISSING for one in seen if one.source == sender.source)
        in_time, late = states.count(RECEIVED), states.count(LATE)
        found.append(Record(sender.source, in_time + late, in_time, missing, days))
    return sorted(found, key=lambda one: (one.days_missing, -(one.share if one.share is not None else 1.0), one.source))


def unit_records(snapshot: Snapshot, scope: Scope, fact: str, spans: Sequence[Period]) -> list[UnitRecord]:
    """The units that are expected to send a fact, those with most gaps in `spans` (months, quarters or years, in
    order) first; a unit is asked about the spans in which it existed.
    """
    places, reach = territory(snapshot), reach_of(snapshot, fact)
    if not scope.answers(snapshot.clearance) or not spans:
        return []
    sent: dict[str, list[tuple[Period, bool]]] = {}
    for span in spans:
        ordinals = {month.first.year * 12 + month.first.month for month in split(span, MONTH)}
        for unit in expected_units(snapshot, reach, "", top_of(snapshot, scope), AS_WAS, span):
            sent.setdefault(unit, []).append((span, bool(ordinals & reach.sent.get(unit, frozenset()))))
    alive = {unit: told for unit, told in sent.items() if places.units[unit].is_valid(spans[-1].last)}
    found = [_unit_record(unit, told, reach) for unit, told in alive.items()]
    return sorted(found, key=lambda one: (one.sent - one.asked, places.units[one.unit].name_vi))


def _unit_record(unit: str, told: list[tuple[Period, bool]], reach: Reach) -> UnitRecord:
    marks = [there for _, there in told]
    missing = tuple(span for span, there in told if not there)
    until = reach.until[unit][0] if unit in reach.until else None
    return UnitRecord(unit, sum(marks), len(marks), missing, until, is_steady(marks))


def is_steady(marks: list[bool]) -> bool:
    """Whether most spans between the first and the last have something, of at least three that do."""
    if sum(marks) < _FEWEST:
        return False
    first, last = marks.index(True), len(marks) - marks[::-1].index(True)
    return sum(marks[first:last]) >= _MOST * (last - first)


def top_of(snapshot: Snapshot, scope: Scope) -> str:
    """The unit under which a scope's senders stand: the root, or the top of the tree that it may see."""
    root = territory(snapshot).root
    return root if root in scope.units or not scope.units else scope.units[0]
