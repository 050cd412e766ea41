"""Missing is not zero: who was expected to send, who sent, and how far what was sent reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.periods import Period, months
from dashboard.query.carry import carry
from dashboard.query.question import AS_WAS, TODAY, Coverage
from dashboard.query.reach import Reach, group, ordinal, reach_of, silence, sources, working_days
from dashboard.query.units import UNASSIGNED, territory
from dashboard.snapshot import Snapshot

__all__ = ["Judged", "Reach", "expected_units", "judge", "reach_of", "silence", "working_days"]


@dataclass(frozen=True)
class Judged:
    """What coverage and freshness say about one answer."""

    coverage: Coverage
    data_until: date | None
    fresh: bool
    behind: bool  # the end of what was asked is missing, and its source is late by its own rhythm
    anyone: bool  # whether anybody at all has sent the fact in the period
    exists: bool = True  # whether the asked unit had any unit of its own on a day of the period


@dataclass(frozen=True)
class Era:
    """The units of one span of validity that an asked unit consists of: most units come and go together."""

    first: date | None
    last: date | None
    expected: frozenset[str]
    until: frozenset[tuple[date, str]]  # last days known, with their sources

    def overlaps(self, period: Period) -> bool:
        """Whether these units existed on any day of a period."""
        return (self.first or period.first) <= period.last and (self.last or period.last) >= period.first


def judge(
    snapshot: Snapshot, fact: str, indicator: str, target: str, basis: str, period: Period, today: date
) -> Judged:
    """Coverage and freshness of a fact for one unit and period, as seen `today`."""
    reach, known = reach_of(snapshot, fact), sources(snapshot)
    living = [era for era in _eras(snapshot, fact, indicator, target, basis) if era.overlaps(period)]
    expected = frozenset[str]().union(*(era.expected for era in living))
    asked_months = [ordinal(month.first) for month in months(period)]
    sent = frozenset[str]().union(*(reach.senders.get(month, frozenset()) for month in asked_months))
    until = frozenset[tuple[date, str]]().union(*(era.until for era in living))
    named = [(day, known[source]) for day, source in until if source in known]
    asked = min(period.last, today)
    return Judged(
        coverage=Coverage(len(expected & sent), len(expected), tuple(sorted(expected - sent))),
        data_until=min((day for day, _ in until), default=None),
        fresh=all(silence(snapshot, source.data_until, today, source.rhythm) <= 0 for _, source in named),
        behind=any(day < asked and silence(snapshot, day, asked, source.rhythm) > 0 for day, source in named),
        anyone=bool(sent),
        exists=bool(living),
    )


def _eras(snapshot: Snapshot, fact: str, indicator: str, target: str, basis: str) -> tuple[Era, ...]:
    own = "" if basis in (TODAY, AS_WAS) else indicator  # before a reform every entry carries in its own way
    return snapshot.remember(
        ("eras", fact, own, target, basis), lambda: _load(snapshot, reach_of(snapshot, fact), own, target, basis)
    )


def _load(snapshot: Snapshot, reach: Reach, indicator: str, target: str, basis: str) -> tuple[Era, ...]:
    units = territory(snapshot).units
    spans: dict[tuple[date | None, date | None], list[str]] = {}
    for name in carry(snapshot, basis, indicator, target).weights:
        if name in units:
            spans.setdefault((units[name].valid_from, units[name].valid_to), []).append(name)
    return tuple(
        Era(
            first,
            last,
            frozenset(name for name in names if name != UNASSIGNED
                      and (name in reach.regular or group(units[name]) in reach.kinds)),
            frozenset(reach.until[name] for name in names if name in reach.until),
        )
        for (first, last), names in spans.items()
    )  # fmt: skip


def expected_units(
    snapshot: Snapshot, reach: Reach, indicator: str, target: str, basis: str, period: Period
) -> list[str]:
    """Units of the period that belong to the asked one and send regularly, or are of a kind that does."""
    eras = _load(snapshot, reach, indicator, target, basis)
    return sorted(name for era in eras if era.overlaps(period) for name in era.expected)
