"""Hidden rows protect each other: a count can be whatever the other hidden rows leave room for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from pipelines.disclose.tree import Tree

# unit -> period -> count; a period that a unit has not reported is missing, and everybody knows it is.
Series = Mapping[str, Mapping[str, int]]
# The periods that a row hides, each with the nearest unit above that shows it (None: nobody does).
Pattern = frozenset[tuple[str, str | None]]


@dataclass
class Group:
    """Hidden rows at the bottom that can give to each other, and what they hide: per period and in all."""

    leaves: list[str] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    at_all: int = 0


class Rows:
    """One count of one year, given which periods (`hidden`) and which years (`whole`) are not shown.

    Every `room` is what an outsider cannot narrow down further; rows that are hidden in another pattern are
    taken as known to him, so it is never more than the truth.
    """

    def __init__(self, tree: Tree, series: Series, hidden: Set[tuple[str, str]], whole: Set[str]) -> None:
        self.tree, self.series, self.hidden, self.whole = tree, series, hidden, whole
        self.alike: dict[Pattern, Group] = defaultdict(Group)
        self.givers: dict[tuple[str, str | None, str | None], Group] = defaultdict(Group)
        for leaf in sorted({unit for unit, _ in hidden if unit not in tree.children}):
            self._add(self.alike[self._pattern(leaf)], leaf)
            if leaf in whole:
                for period in self.periods(leaf):
                    self._add(self.givers[period, self.top(leaf, period), self.year_top(leaf)], leaf)

    def _add(self, group: Group, leaf: str) -> None:
        group.leaves.append(leaf)
        for period in self.periods(leaf):
            group.at_once[period] += self.series[leaf][period]
            group.at_all += self.series[leaf][period]

    def periods(self, unit: str) -> list[str]:
        """The periods that a unit hides."""
        return [period for period in self.series[unit] if (unit, period) in self.hidden]

    def _pattern(self, leaf: str) -> Pattern:
        return frozenset((period, self.top(leaf, period)) for period in self.periods(leaf))

    def top(self, unit: str, period: str) -> str | None:
        """The nearest unit above that shows the period; None when there is none."""
        return next((up for up in self.tree.above(unit) if (up, period) not in self.hidden), None)

    def year_top(self, unit: str) -> str | None:
        """The nearest unit above that shows its year: below it hidden years can be exchanged."""
        return next((up for up in self.tree.above(unit) if up not in self.whole), None)

    def total(self, unit: str) -> int:
        """The year of a unit."""
        return sum(self.series[unit].values())

    def secret(self, unit: str) -> int:
        """What the rows at the bottom of a unit hide in the year."""
        return sum(self.series[leaf][period] for leaf in self._bottom(unit) for period in self.periods(leaf))

    def _bottom(self, unit: str) -> Iterator[str]:
        children = self.tree.children.get(unit)
        if children is None:
            yield unit
        for child in children or ():
            yield from self._bottom(child)

    def room(self, unit: str, period: str) -> float:
        """How far apart the least and the most are that a hidden period could be."""
        top = self.top(unit, period)
        return max(self._by_other_periods(unit, period, top), self._by_giving(unit, period, top),
                   self._unbounded(unit, period, top))

    def year_room(self, unit: str) -> float:
        """How far apart the least and the most are that a hidden year could be."""
        return max((self._by_giving(unit, period, self.top(unit, period)) for period in self.periods(unit)),
                   default=0.0)

    def _inside(self, unit: str, group: Group) -> list[str]:
        return [leaf for leaf in group.leaves if leaf == unit or unit in self.tree.above(leaf)]

    def _by_other_periods(self, unit: str, period: str, top: str | None) -> float:
        """Rows alike shift counts between their periods, every year and every unit above staying as shown."""
        leaf = unit not in self.tree.children
        groups = [self.alike[self._pattern(unit)]] if leaf else [
            group for pattern, group in self.alike.items() if (period, top) in pattern]
        best = 0.0
        for group in groups:
            own = sum(self.secret(one) for one in ([unit] if leaf else self._inside(unit, group)))
            at_once = group.at_once[period]
            # A table with known margins: a cell is at most both its margins, and at least what fits nowhere else.
            best = max(best, min(at_once, own) - max(0, at_once - (group.at_all - own)))
        return best

    def _by_giving(self, unit: str, period: str, top: str | None) -> float:
        """Rows that hide their years give counts of one period to each other."""
        best = 0.0
        for (when, above, year_above), group in self.givers.items():
            if (when, above) != (period, top):
                continue
            inside = [unit] if unit in group.leaves else self._inside(unit, group)
            if inside and top is None and year_above is None:
                return math.inf
            if 0 < len(inside) < len(group.leaves):
                best = max(best, group.at_once[period])
        return best

    def _unbounded(self, unit: str, period: str, top: str | None) -> float:
        """Where no unit above shows two periods of a row, its counts may stand in either."""
        if top is not None:
            return 0.0
        room = 0.0
        for pattern, group in self.alike.items():
            free = [when for when, above in pattern if above is None]
            if len(free) > 1 and period in free:
                room += sum(self.series[leaf][when] for leaf in self._inside(unit, group) for when in free)
        return room

    def is_public_zero(self, unit: str, period: str) -> bool:
        """A shown year or a shown unit above that has none at all says so about every part of it."""
        if unit not in self.whole and self.total(unit) == 0:
            return True
        top = self.top(unit, period)
        return top is not None and not any(self.series[one].get(period, 0) for one in self.tree.children[top])

    def is_public_zero_year(self, unit: str) -> bool:
        """A shown year above of which nothing is hidden says so about every year below it."""
        top = self.year_top(unit)
        return top is not None and self.secret(top) == 0
