"""Quarters and their year tell on each other: a year is shown only where its hidden quarters stay hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from pipelines.disclose.rows import Rows, Series
from pipelines.disclose.tree import OWN, WIDTH, Tree, close


@dataclass
class Year:
    """One year of independent counts over a tree, and what of it is hidden.

    `series` has for every count the periods of every unit, parents as sums of their children. `hidden` are
    single periods of units; `whole` the units whose year is hidden.
    """

    tree: Tree
    series: Mapping[str, Series]
    hidden: set[tuple[str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def periods(self) -> list[str]:
        """Every period that anybody has reported, in order."""
        return sorted({period for units in self.series.values() for periods in units.values() for period in periods})


def settle_periods(year: Year) -> None:
    """Hide more within each period until no hidden count can be worked out from that period.

    A period never looks at another one: what has been shown of a quarter stays shown when the next one comes,
    and nobody learns anything by keeping an older snapshot.
    """
    for period in year.periods():
        counts = {name: {unit: periods[period] for unit, periods in units.items() if period in periods}
                  for name, units in year.series.items()}
        here = next(iter(counts.values()))
        part = Tree({unit: year.tree.parents[unit] for unit in here},
                    {up: present for up, kids in year.tree.children.items()
                     if (present := tuple(kid for kid in kids if kid in here))})
        small = {unit for unit, when in year.hidden if when == period}
        year.hidden |= {(unit, period) for unit in close(part, counts, small)}


def settle_years(year: Year) -> None:
    """Hide years until neither a hidden year nor a hidden period can be worked out from the years shown."""
    # What a unit reports beside the units below it is never shown, so its year is not shown either.
    year.whole |= {unit for unit, _ in year.hidden if unit.endswith(OWN)}
    while sum(_settle_count(year, series) for series in year.series.values()):
        pass


def _settle_count(year: Year, series: Series) -> int:
    """Hide the years that one count needs; how many steps that took."""
    steps = 0
    rows = Rows(year.tree, series, year.hidden, year.whole)
    for unit in year.tree.down():
        while (found := _leak(year.whole, rows, unit)) is not None and _hide_more(year, rows, unit, found):
            rows, steps = Rows(year.tree, series, year.hidden, year.whole), steps + 1
    return steps


def _leak(whole: Set[str], rows: Rows, unit: str) -> str | None:
    """A hidden period of the unit that years give away, or through which its hidden year is given away."""
    periods = rows.periods(unit)
    for period in periods:
        if rows.room(unit, period) < WIDTH and not rows.is_public_zero(unit, period):
            return period
    if unit in whole and periods and rows.year_room(unit) < WIDTH and not rows.is_public_zero_year(unit):
        return max(periods, key=lambda period: (rows.series[unit][period], period))
    return None


def _hide_more(year: Year, rows: Rows, unit: str, period: str) -> bool:
    """The gentlest step that helps: the own year, a child's, a sibling's, the unit's above, all of them.

    False when no year is left to hide: then the periods stand by themselves, and are safe by themselves.
    """
    before = len(year.whole)
    found = unit if unit not in year.whole else next(_partners(year, rows, unit, period), None)
    if found is not None:
        year.whole.add(found)
    else:
        year.whole |= {one for one, _ in year.hidden}
    return len(year.whole) > before


def _partners(year: Year, rows: Rows, unit: str, period: str) -> Iterator[str]:
    """Units whose hidden year would give the unit something to exchange, the best first."""
    children = [one for one in year.tree.children.get(unit, ()) if (one, period) in year.hidden]
    if children and not year.whole.intersection(children):
        yield min(children, key=lambda one: (rows.total(one), one))
    siblings = [one for one in year.tree.siblings(unit)
                if one not in year.whole and rows.series[one].get(period, 0) > 0 and (one, period) in year.hidden]
    missing = WIDTH - rows.room(unit, period)
    enough = [one for one in siblings if rows.series[one][period] >= missing]
    yield from sorted(enough, key=lambda one: (rows.total(one), one))
    yield from sorted(siblings, key=lambda one: (-rows.series[one][period], one))
    yield from (up for up in year.tree.above(unit) if up not in year.whole and (up, period) in year.hidden)
