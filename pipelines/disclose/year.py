"""Quarters and their year tell on each other, so a year is decided whole: which units hide it, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.disclose.rows import Rows, Series
from pipelines.disclose.tree import OWN, WIDTH, Counts, Tree, close


@dataclass
class Year:
    """One year of independent counts over a tree, and what of it is hidden so far.

    `whole` are the units whose year is hidden and with it every period; `parts` those whose single periods
    are hidden. `series` has for every count the periods of every unit, parents as sums of their children.
    """

    tree: Tree
    series: Mapping[str, Series]
    whole: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)

    def totals(self) -> Counts:
        """Per count and unit the sum of its periods."""
        return {name: {unit: sum(periods.values()) for unit, periods in units.items()}
                for name, units in self.series.items()}


def settle(year: Year) -> None:
    """Hide more until no hidden period and no hidden year can be worked out from what is shown.

    A unit hides either nothing, or all its periods, or these and the year. Hiding only grows, so this ends.
    """
    totals = year.totals()
    _close(year, totals)
    while sum(_settle_count(year, name, totals) for name in year.series):
        pass


def _close(year: Year, totals: Counts) -> None:
    year.whole = close(year.tree, totals, year.whole)
    year.parts |= year.whole


def _settle_count(year: Year, name: str, totals: Counts) -> int:
    """Hide what one count needs; how many steps that took."""
    steps = 0
    rows = _rows(year, name, totals[name])
    for unit in year.tree.down():
        for period in sorted(year.series[name][unit]):
            while unit in year.parts and rows.room(unit, period) < WIDTH and not rows.is_public_zero(unit, period):
                if not _hide_more(year, rows, unit, period):
                    break
                _close(year, totals)
                rows, steps = _rows(year, name, totals[name]), steps + 1
    return steps


def _rows(year: Year, name: str, totals: Mapping[str, int]) -> Rows:
    return Rows(year.tree, year.series[name], totals, year.parts, year.whole)


def _hide_more(year: Year, rows: Rows, unit: str, period: str) -> bool:
    """The gentlest step that helps: a child's or sibling's periods, the own year, the unit above, everything.

    False when everything is hidden already.
    """
    children = [one for one in year.tree.children.get(unit, ()) if not one.endswith(OWN)]
    if children and not year.parts.intersection(children):
        year.parts.add(min(children, key=lambda one: (rows.totals[one], one)))
    elif (partner := _partner(year, rows, unit, period)) is not None:
        year.parts.add(partner)
    elif unit not in year.whole:
        year.whole.add(unit)
    elif (top := rows.top(unit)) is not None:
        year.parts.add(top)
        year.whole.add(top)
    else:
        # Nothing is left to lean on: then the table says nothing about this year.
        everything = set(year.tree.parents)
        is_new, year.whole = year.whole < everything, everything
        return is_new
    return True


def _partner(year: Year, rows: Rows, unit: str, period: str) -> str | None:
    """The smallest sibling whose hidden periods make the count safe, else the one that helps most."""
    before = rows.room(unit, period)
    places = [unit, *(up for up in year.tree.above(unit) if up in year.parts)]
    found = [(rows.room(unit, period, one), rows.totals[one], one)
             for place in places for one in year.tree.siblings(place)
             if one not in year.parts and period in rows.series[one]]
    safe = [(total, one) for room, total, one in found if room >= WIDTH]
    if safe:
        return min(safe)[1]
    helpful = [(room, one) for room, _, one in found if room > before]
    return max(helpful)[1] if helpful else None
