"""Missing is not zero: who was expected to send, who sent, and how far what was sent reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.periods import Period, months
from dashboard.query.carry import carry
from dashboard.query.question import Coverage
from dashboard.query.tables import has
from dashboard.query.units import UNASSIGNED, Unit, territory
from dashboard.snapshot import Snapshot

# How long a source may be silent by its own rhythm before what it says is called stale: in working days for
# a daily source (yesterday's figures come today), in days for the others (time to gather and to send).
_SILENT_WORKING_DAYS: Final = 1
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

    sent: Mapping[str, frozenset[int]]
    until: Mapping[str, tuple[date, str]]  # unit -> last day, source
    kinds: frozenset[str]  # kinds of unit of which at least half have ever sent: all of them are expected


@dataclass(frozen=True)
class Judged:
    """What coverage and freshness say about one answer."""

    coverage: Coverage
    data_until: date | None
    fresh: bool
    behind: bool  # the end of what was asked is missing, and its source is late by its own rhythm
    anyone: bool  # whether anybody at all has sent the fact in the period
    exists: bool = True  # whether the asked unit had any unit of its own on a day of the period


def judge(
    snapshot: Snapshot, fact: str, indicator: str, target: str, basis: str, period: Period, today: date
) -> Judged:
    """Coverage and freshness of a fact for one unit and period, as seen `today`."""
    reach = reach_of(snapshot, fact)
    expected = expected_units(snapshot, reach, indicator, target, basis, period)
    ordinals = {_ordinal(month.first) for month in months(period)}
    missing = tuple(unit for unit in expected if not ordinals & reach.sent.get(unit, frozenset()))
    until = [reach.until[unit] for unit in expected if unit in reach.until]
    known = sources(snapshot)
    names = {source for _, source in until} & known.keys()
    fresh = all(silence(snapshot, known[name].data_until, today, known[name].rhythm) <= 0 for name in names)
    asked = min(period.last, today)
    late = any(day < asked and silence(snapshot, day, asked, known[name].rhythm) > 0 for day, name in set(until)
               if name in known)  # fmt: skip
    return Judged(
        coverage=Coverage(len(expected) - len(missing), len(expected), missing),
        data_until=min((day for day, _ in until), default=None),
        fresh=fresh,
        behind=late,
        anyone=any(ordinals & sent for sent in reach.sent.values()),
        exists=any(unit.overlaps(period) for unit in carried_units(snapshot, indicator, target, basis)),
    )


def expected_units(
    snapshot: Snapshot, reach: Reach, indicator: str, target: str, basis: str, period: Period
) -> list[str]:
    """Units of the period that belong to the asked one and either have ever sent or are of a kind that does."""
    return sorted(
        unit.unit_id for unit in carried_units(snapshot, indicator, target, basis)
        if unit.overlaps(period) and unit.unit_id != UNASSIGNED
        and (unit.unit_id in reach.sent or unit.kind in reach.kinds)
    )  # fmt: skip


def carried_units(snapshot: Snapshot, indicator: str, target: str, basis: str) -> list[Unit]:
    """The units of any time that an asked unit consists of on a basis."""
    places = territory(snapshot)
    weights = carry(snapshot, basis, indicator, target).weights
    return [places.units[unit] for unit in weights if unit in places.units]


def reach_of(snapshot: Snapshot, fact: str) -> Reach:
    """Who has ever sent a fact."""
    return snapshot.remember(("reach", fact), lambda: _load(snapshot, fact))


def _load(snapshot: Snapshot, fact: str) -> Reach:
    sent: dict[str, set[int]] = {}
    if has(snapshot, "presence"):
        rows = snapshot.rows("SELECT unit, month FROM presence WHERE fact = $fact AND rows > 0", {"fact": fact})
        for unit, month in rows:
            sent.setdefault(unit, set()).add(_ordinal(month))
    until: dict[str, tuple[date, str]] = {}
    if has(snapshot, "unit_until"):
        limits = snapshot.rows(
            "SELECT unit, data_until, source FROM unit_until WHERE fact = $fact AND data_until IS NOT NULL "
            "ORDER BY data_until, source", {"fact": fact})  # fmt: skip
        until = {unit: (day, source) for unit, day, source in limits}
    return Reach({unit: frozenset(found) for unit, found in sent.items()}, until, _kinds(snapshot, sent))


def _kinds(snapshot: Snapshot, sent: Iterable[str]) -> frozenset[str]:
    """Kinds of which at least half of the units alive with the newest data have ever sent."""
    day, senders = snapshot.publication.data_until, set(sent)
    alive: dict[str, list[bool]] = {}
    for unit in territory(snapshot).units.values():
        if unit.is_valid(day):
            alive.setdefault(unit.kind, []).append(unit.unit_id in senders)
    return frozenset(kind for kind, ones in alive.items() if sum(ones) * 2 >= len(ones))


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


def _ordinal(day: date) -> int:
    return day.year * 12 + day.month
