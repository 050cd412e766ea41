"""A formula is arithmetic over the answers of other entries to the same question; nothing is added before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import Any, Final

from dashboard.query.batch import Cell
from dashboard.query.question import Part

# ["/", left, right], ["n", "dossiers_on_time"], 0.2: published beside the text, so that nobody need parse it.
Tree = Any
Number = float | None
Look = Callable[[str, str], Cell]  # (function, entry) -> its cell; `start`, `last_year` and others look at other days

REFERENCES: Final = ("n", "d", "v", "start", "end", "p50", "p90", "most", "last_year", "everywhere", "year_before")
WEIGHT, KNOWN, OTHERWISE, EITHER = "w", "known", "coalesce", "either"
_OPERATORS: Final[Mapping[str, Callable[[float, float], Number]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
    "least": min,
    "greatest": max,
}


def references(tree: Tree) -> Iterator[tuple[str, str]]:
    """Every (function, entry) that the formula asks for, left to right."""
    if not isinstance(tree, list):
        return
    if tree[0] in REFERENCES:
        yield str(tree[0]), str(tree[1])
        return
    for branch in tree[1:]:
        yield from references(branch)


def in_force(weights: Iterable[Mapping[str, Any]], day: date) -> Mapping[str, float]:
    """The weights that hold on a day; none before the first of them."""
    rows = [row for row in weights if date.fromisoformat(str(row["from"])) <= day]
    return {key: float(value) for key, value in rows[-1].items() if key != "from"} if rows else {}


def weights_named(tree: Tree) -> Iterator[str]:
    """Every weight that the formula asks for, left to right."""
    if not isinstance(tree, list) or tree[0] in REFERENCES:
        return
    if tree[0] == WEIGHT:
        yield str(tree[1])
        return
    for branch in tree[1:]:
        yield from weights_named(branch)


def evaluate(tree: Tree, look: Look, weights: Mapping[str, float] | None = None) -> Cell:
    """The cell of a formula. Where the top is a division, its two sides are numerator and denominator.

    Anything without a value, and any division by zero, leaves the formula without a value, but for what
    `coalesce` says by rule and what `known` leaves out. `by_rule`: only rules say the value, no case does.
    """
    asked = list(dict.fromkeys(references(tree)))
    given = Given({one: look(*one) for one in asked}, weights or {})
    cells = given.cells
    parts = tuple(Part(f"{word}({entry})", _take(word, cells[word, entry])) for word, entry in asked)
    held = tuple(Part(f"{WEIGHT}({name})", given.weights.get(name)) for name in dict.fromkeys(weights_named(tree)))
    shares = [cell.estimated_share for cell in cells.values()]
    covers = next((cell.covers for cell in cells.values() if cell.covers), None)
    tree = _chosen(tree, given)
    value = _value(tree, given)
    above, below = (_value(tree[1], given), _value(tree[2], given)) if _divides(tree) else (None, None)
    return Cell(
        value=value,
        numerator=above,
        denominator=below,
        n=_rests_on(tree, below, cells),
        estimated_share=max(shares, default=0.0),
        parts=parts + held,
        covers=covers,
        preliminary=any(cell.preliminary for cell in cells.values()),
        reason=next((cell.reason for cell in cells.values() if cell.reason), None) if value is None else None,
        by_rule=value is not None and _value(tree, replace(given, rules=False)) is None,
    )


def _chosen(tree: Tree, given: Given) -> Tree:
    """The side of an `either` that speaks, so that its own numerator and denominator are told."""
    while isinstance(tree, list) and tree[0] == EITHER:
        tree = tree[1] if _value(tree[1], given) is not None else tree[2]
    return tree


def _divides(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "/"


def _rests_on(tree: Tree, below: Number, cells: Mapping[tuple[str, str], Cell]) -> Number:
    """The cases behind a quotient; of a product of rates the fewest; a sum of counts rests on nothing but itself.

    A sum of what is known rests on what cases say of it, and not on what a rule says alone.
    """
    if _divides(tree) and _counts(tree[2], cells):
        return below
    is_sum = isinstance(tree, list) and tree[0] == KNOWN
    return None if _counts(tree, cells) else _fewest(cell for cell in cells.values() if not (is_sum and cell.by_rule))


def _counts(tree: Tree, cells: Mapping[tuple[str, str], Cell]) -> bool:
    """Whether a side of a division is a number of cases, so that it says how much the quotient rests on."""
    asked = list(references(tree))
    return bool(asked) and all(
        word in ("n", "d") or (cells[word, name].n is not None and cells[word, name].denominator is None)
        for word, name in asked if word not in ("p50", "p90")
    )  # fmt: skip


def _fewest(cells: Iterable[Cell]) -> float | None:
    """What has no value is left out of a sum, or leaves a formula without one: nothing rests on it."""
    return min((cell.n for cell in cells if cell.n is not None and cell.value is not None), default=None)


@dataclass(frozen=True)
class Given:
    """What a formula is evaluated over; without `rules` only that counts which cases say."""

    cells: Mapping[tuple[str, str], Cell]
    weights: Mapping[str, float]
    rules: bool = True

    def take(self, word: str, entry: str) -> Number:
        """The number of a reference."""
        cell = self.cells[word, entry]
        return None if cell.by_rule and not self.rules else _take(word, cell)


def _value(tree: Tree, given: Given) -> Number:
    if not isinstance(tree, list):
        return float(tree)
    if tree[0] in REFERENCES:
        return given.take(tree[0], tree[1])
    if tree[0] == WEIGHT:
        return given.weights.get(tree[1])
    sides = [_value(branch, given) for branch in tree[1:]]
    told = [side for side in sides if side is not None]
    if tree[0] == KNOWN:
        return fsum(told) if told else None
    if tree[0] == OTHERWISE:
        return sides[0] if sides[0] is not None or not given.rules else sides[1]
    if tree[0] == EITHER:
        return next(iter(told), None)
    return _OPERATORS[tree[0]](*told) if len(told) == len(sides) else None


def _take(word: str, cell: Cell) -> Number:
    if word == "most":
        return cell.most if cell.value is not None else None
    return {"n": cell.numerator, "d": cell.denominator, "p90": cell.p90}.get(word, cell.value)
