"""Hidden rows protect each other: a count can be whatever the other hidden rows leave room for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from pipelines.disclose.tree import Tree

# unit -> period -> count; a period that a unit has not reported is missing, and everybody knows it is.
Series = Mapping[str, Mapping[str, int]]
Pattern = frozenset[str]


@dataclass
class Block:
    """Hidden rows at the bottom below one shown unit that report the same periods.

    Rows that report other periods are taken as known, and so is everything shown: an outsider knows no more.
    """

    leaves: list[str] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    at_all: int = 0
    # Nearest unit above whose year is shown -> what hidden years below it have together, and how many they are.
    free: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    frees: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))


class Rows:
    """One count of one year, as far as it is hidden now: how much room each hidden period has."""

    def __init__(self, tree: Tree, series: Series, totals: Mapping[str, int], parts: Set[str], whole: Set[str]) -> None:
        self.tree, self.series, self.totals, self.parts, self.whole = tree, series, totals, parts, whole
        self.blocks: dict[tuple[str | None, Pattern], Block] = defaultdict(Block)
        for leaf in sorted(one for one in parts if one not in tree.children):
            self._add(self.blocks[self.top(leaf), self.pattern(leaf)], leaf)

    def _add(self, block: Block, leaf: str) -> None:
        block.leaves.append(leaf)
        block.at_all += self.totals[leaf]
        for period, count in self.series[leaf].items():
            block.at_once[period] += count
        if leaf in self.whole:
            top = self.year_top(leaf)
            block.free[top] += self.totals[leaf]
            block.frees[top] += 1

    def pattern(self, unit: str) -> Pattern:
        """The periods that a unit has reported."""
        return frozenset(self.series[unit])

    def top(self, unit: str) -> str | None:
        """The nearest unit above whose periods are shown; None when there is none."""
        return next((up for up in self.tree.above(unit) if up not in self.parts), None)

    def year_top(self, unit: str) -> str | None:
        """The nearest unit above whose year is shown: below it hidden years can be exchanged."""
        return next((up for up in self.tree.above(unit) if up not in self.whole), None)

    def room(self, unit: str, period: str, partner: str | None = None) -> float:
        """How far apart the least and the most are that a hidden period could be; never more than the truth.

        With `partner`, a unit whose year stays shown, as if its periods were hidden as well.
        """
        return max((self._room(key, block, inside, period, partner)
                    for key, block, inside in self._around(unit, period)), default=0.0)

    def _around(self, unit: str, period: str) -> Iterator[tuple[tuple[str | None, Pattern], Block, list[str]]]:
        """The blocks that a unit takes part in, with its own rows among theirs."""
        top = self.top(unit)
        if unit not in self.tree.children:
            key = (top, self.pattern(unit))
            yield key, self.blocks[key], [unit]
            return
        for key, block in self.blocks.items():
            inside = [leaf for leaf in block.leaves if unit in self.tree.above(leaf)]
            if key[0] == top and period in key[1] and inside:
                yield key, block, inside

    def _room(
        self, key: tuple[str | None, Pattern], block: Block, inside: list[str], period: str, partner: str | None
    ) -> float:
        floor, cap = self._year_range(block, inside)
        if key[0] is None:
            return cap - (floor if len(key[1]) == 1 else 0.0)
        at_once, at_all = float(block.at_once[period]), float(block.at_all)
        if partner is not None and self.pattern(partner) == key[1]:
            at_once, at_all = at_once + self.series[partner][period], at_all + self.totals[partner]
        # A table with known margins: a cell is at most both its margins, and at least what fits nowhere else.
        return min(at_once, cap) - max(0.0, at_once - (at_all - floor))

    def _year_range(self, block: Block, inside: Iterable[str]) -> tuple[float, float]:
        """The least and the most that rows can have in the year, given which years are hidden."""
        floor = cap = 0.0
        own: dict[str | None, list[int]] = defaultdict(list)
        for leaf in inside:
            if leaf in self.whole:
                own[self.year_top(leaf)].append(self.totals[leaf])
            else:
                floor, cap = floor + self.totals[leaf], cap + self.totals[leaf]
        for top, counts in own.items():
            if top is None:
                cap = math.inf
            elif block.frees[top] > len(counts):
                cap += block.free[top]
            else:
                floor, cap = floor + sum(counts), cap + sum(counts)
        return floor, cap

    def is_public_zero(self, unit: str, period: str) -> bool:
        """A shown year or a shown unit above that has none at all says so about every part of it."""
        if unit not in self.whole and self.totals[unit] == 0:
            return True
        top = self.top(unit)
        return top is not None and not any(self.series[one].get(period, 0) for one in self.tree.children[top])
