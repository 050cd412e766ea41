"""Who sends a fact, how regularly, and how far: what coverage and freshness are judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.periods import latest_whole_month
from dashboard.query.tables import has
from dashboard.query.units import COMMUNES, UNASSIGNED, Unit, territory
from dashboard.snapshot import Snapshot

# How long a source may be silent by its own rhythm before what it says is called stale: in working days for
# a daily source (yesterday's figures come today), in days for the others (time to gather and to send).
_SILENT_WORKING_DAYS: Final = 1
_MEMORY: Final = 24  # months over which a unit's regularity is judged
_REGULAR: Final = 0.9  # share of those months in which a regular unit has sent
_EVERY: Final = {"quarterly": 3, "yearly": 12, "irregular": 24}  # months between two sendings, else one
_SILENT_DAYS: Final = {"weekly": 10, "monthly": 46, "quarterly": 122, "yearly": 486}


@dataclass(frozen=True)
class Source:
    """A sending system as far as freshness needs it."""

    name: str
    rhythm: str
    data_until: date | None


@dataclass(frozen=True)
class Reach:
    """Who has sent a fact in which month (ordinal), and how far each unit's own source has reported."""

    sent: Mapping[str, frozenset[int]]  # unit -> months
    senders: Mapping[int, frozenset[str]]  # month (year * 12 + month) -> units
    until: Mapping[str, tuple[date, str]]  # unit -> last day, source
    regular: frozenset[str]  # units that practically always send
    kinds: frozenset[str]  # kinds of unit of which at least half do: all of them are expected


def reach_of(snapshot: Snapshot, fact: str) -> Reach:
    """Who has ever sent a fact."""
    return snapshot.remember(("reach", fact), lambda: _load(snapshot, fact))


def has_spoken(snapshot: Snapshot, fact: str, first: date, last: date) -> bool:
    """Whether anybody's reports of a fact reach into a span: only then is "no case" a finding and no silence."""
    reach = reach_of(snapshot, fact)
    newest = max((day for day, _ in reach.until.values()), default=None)
    return newest is not None and first <= newest and ordinal(last) >= min(reach.senders, default=0)


def _load(snapshot: Snapshot, fact: str) -> Reach:
    sent: dict[str, set[int]] = {}
    if has(snapshot, "presence"):
        rows = snapshot.rows("SELECT unit, month FROM presence WHERE fact = $fact AND rows > 0", {"fact": fact})
        for unit, month in rows:
            sent.setdefault(unit, set()).add(ordinal(month))
    until: dict[str, tuple[date, str]] = {}
    if has(snapshot, "unit_until"):
        limits = snapshot.rows(
            "SELECT unit, data_until, source FROM unit_until WHERE fact = $fact AND data_until IS NOT NULL "
            "ORDER BY data_until, source",
            {"fact": fact},
        )
        until = {unit: (day, source) for unit, day, source in limits}
    known = sources(snapshot)
    rhythms = {unit: known[source].rhythm for unit, (_, source) in until.items() if source in known}
    regular = frozenset(_regular(snapshot, sent, rhythms))
    senders: dict[int, set[str]] = {}
    for unit, found in sent.items():
        for month in found:
            senders.setdefault(month, set()).add(unit)
    by_unit = {unit: frozenset(found) for unit, found in sent.items()}
    by_month = {month: frozenset(units) for month, units in senders.items()}
    return Reach(by_unit, by_month, until, regular, _kinds(snapshot, regular))


def _regular(snapshot: Snapshot, sent: Mapping[str, set[int]], rhythms: Mapping[str, str]) -> Iterator[str]:
    """Units that have sent in practically every month (quarter, year: by rhythm) in which they could have.

    A unit to which something happens now and then (a complaint, a rare licence) is not silent when nothing does.
    """
    newest = ordinal(latest_whole_month(snapshot.publication.whole_until).first)
    senders = Counter(month for found in sent.values() for month in found)
    # One row with a wrong year must not make everybody look late: a tenth of all senders opens the record.
    begun = min((month for month, many in senders.items() if many * 10 >= len(sent)), default=newest)
    oldest = max(begun, newest - _MEMORY)
    units = territory(snapshot).units
    for unit in sent.keys() & units.keys():
        first, last = units[unit].valid_from, units[unit].valid_to
        start = max(oldest, ordinal(first)) if first else oldest
        end = min(newest, ordinal(last)) if last else newest
        if end < oldest:  # abolished before the record that we look at: judged by the last of its life
            start = max(begun, end - _MEMORY)
        could = range(start, end + 1)
        wanted = len(could) // _EVERY.get(rhythms.get(unit, ""), 1)
        if len(sent[unit].intersection(could)) >= max(1, _REGULAR * wanted):
            yield unit


def _kinds(snapshot: Snapshot, regular: frozenset[str]) -> frozenset[str]:
    """Kinds of which at least half of the units alive with the newest data are regular: all are expected."""
    day = snapshot.publication.data_until
    alive: dict[str, list[bool]] = {}
    for unit in territory(snapshot).units.values():
        if unit.is_valid(day) and unit.unit_id != UNASSIGNED:
            alive.setdefault(group(unit), []).append(unit.unit_id in regular)
    return frozenset(kind for kind, ones in alive.items() if sum(ones) * 2 >= len(ones))


def group(unit: Unit) -> str:
    """Communes, wards and towns are one kind here: the same office by other names."""
    return COMMUNES[0] if unit.kind in COMMUNES else unit.kind


def sources(snapshot: Snapshot) -> dict[str, Source]:
    """Every source by name."""
    return snapshot.remember(
        "sources",
        lambda: {row[0]: Source(*row) for row in snapshot.rows("SELECT source, rhythm, data_until FROM source")},
    )


def silence(snapshot: Snapshot, until: date | None, today: date, rhythm: str) -> int:
    """By how many days a source whose data reach `until` is later on `today` than its rhythm allows.

    Not positive while it is in time; working days for a daily source, days for the others.
    """
    if rhythm == "irregular" or (until is not None and until >= today):
        return 0
    if until is None:
        return 1
    if rhythm == "daily":
        return working_days(snapshot, until, today) - _SILENT_WORKING_DAYS
    return (today - until).days - _SILENT_DAYS.get(rhythm, _SILENT_DAYS["yearly"])


def working_days(snapshot: Snapshot, first: date, last: date) -> int:
    """Working days after `first` up to and including `last`: a subtraction in the published calendar."""
    numbers = snapshot.remember(
        "working numbers", lambda: dict(snapshot.rows("SELECT day, working_number FROM calendar"))
    )
    if first not in numbers or last not in numbers:
        return (last - first).days  # beyond the calendar every day counts, so nothing looks fresher than it is
    return int(numbers[last] - numbers[first])


def ordinal(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month
