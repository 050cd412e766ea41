"""A count is safe while nobody can work it out: not from its siblings, not from its parent, not from both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# A hidden count must leave room for doubt: at least so much between the least and the most it could be.
WIDTH: Final = 5
# What a unit with units below it reports for itself is a row that is never shown. It protects nobody: an
# outsider may well know it.
OWN: Final = "/own"

Count = Mapping[str, int]
Counts = Mapping[str, Count]


@dataclass(frozen=True)
class Tree:
    """The units of one table: every unit is the sum of its children, and everybody knows that."""

    parents: Mapping[str, str | None]
    children: Mapping[str, tuple[str, ...]]

    def above(self, unit: str) -> Iterator[str]:
        """The ancestors of a unit, nearest first."""
        up = self.parents[unit]
        while up is not None:
            yield up
            up = self.parents[up]

    def down(self) -> list[str]:
        """Every unit, parents before children."""
        order = [unit for unit, up in self.parents.items() if up is None]
        for unit in order:
            order.extend(self.children.get(unit, ()))
        return order

    def siblings(self, unit: str) -> list[str]:
        """The other units below the same parent that are ever shown."""
        up = self.parents[unit]
        return [] if up is None else [one for one in self.children[up] if one != unit and not one.endswith(OWN)]


def make_tree(parents: Mapping[str, str | None]) -> Tree:
    """The tree of `parents` (unit -> parent or None), children in the order of their names."""
    children: dict[str, tuple[str, ...]] = {}
    for unit in sorted(parents):
        up = parents[unit]
        if up is not None:
            children[up] = (*children.get(up, ()), unit)
    return Tree(parents, children)


def close(tree: Tree, counts: Counts, hidden: Iterable[str]) -> set[str]:
    """The smallest set the eye finds that contains `hidden` and from which no hidden count can be worked out.

    `counts` are independent counts per unit (parents are sums of their children); a unit hides all of them.
    """
    closed = set(hidden)
    while (found := _next(tree, counts, closed)) is not None:
        closed.add(found)
    return closed


def intervals(tree: Tree, count: Count, hidden: set[str]) -> dict[str, tuple[float, float]]:
    """What an outsider can say about each unit: (least, most). Exact, since the equations form a tree."""
    order = tree.down()
    below: dict[str, tuple[float, float]] = {}
    for unit in reversed(order):
        if unit not in hidden:
            below[unit] = (count[unit], count[unit])
        elif unit not in tree.children:
            below[unit] = (0, math.inf)
        else:
            kids = [below[child] for child in tree.children[unit]]
            below[unit] = (sum(least for least, _ in kids), sum(most for _, most in kids))
    for up in order:
        if up in tree.children:
            below |= _squeezed(below[up], {child: below[child] for child in tree.children[up]})
    return below


def _squeezed(up: tuple[float, float], kids: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """What is left for each child when its parent and the other children are known as well as they are."""
    lows = sum(low for low, _ in kids.values())
    endless = sum(high == math.inf for _, high in kids.values())
    highs = sum(high for _, high in kids.values() if high < math.inf)
    squeezed = {}
    for child, (low, high) in kids.items():
        # Infinity cannot be taken off a sum again, so the endless ones are counted apart.
        others = math.inf if endless > (high == math.inf) else highs - (0.0 if high == math.inf else high)
        squeezed[child] = (max(low, up[0] - others), min(high, up[1] - (lows - low)))
    return squeezed


def _next(tree: Tree, counts: Counts, hidden: set[str]) -> str | None:
    """One more unit to hide, or None when every hidden count is safe."""
    for count in counts.values():
        known = intervals(tree, count, hidden)
        for unit in (one for one in tree.down() if one in hidden):
            least, most = known[unit]
            if most - least < WIDTH and not _public_zero(tree, count, hidden, unit):
                found = _partner(tree, count, hidden, unit, WIDTH - (most - least))
                if found is not None:
                    return found
    return None


def _public_zero(tree: Tree, count: Count, hidden: set[str], unit: str) -> bool:
    """Where a shown parent has none at all, everybody knows that its children have none."""
    up = tree.parents[unit]
    return up is not None and up not in hidden and not any(count[one] for one in tree.children[up])


def _partner(tree: Tree, count: Count, hidden: set[str], unit: str, needed: float) -> str | None:
    children = tree.children.get(unit, ())
    if children and not hidden.intersection(children):
        return min((one for one in children if not one.endswith(OWN)), key=lambda one: (count[one], one), default=None)
    free = [one for one in tree.siblings(unit) if one not in hidden and count[one] > 0]
    enough = [one for one in free if count[one] >= needed]
    if enough:
        return min(enough, key=lambda one: (count[one], one))
    if free:
        return max(free, key=lambda one: (count[one], one))
    up = tree.parents[unit]
    return up if up is not None and up not in hidden else None
