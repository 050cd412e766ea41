"""A formula is arithmetic over the answers of other entries to the same question; nothing is added before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from dashboard.query.batch import Cell
from dashboard.query.question import Part

# ["/", left, right], ["n", "dossiers_on_time"], 0.2: published beside the text, so that nobody need parse it.
Tree = Any
Number = float | None
Look = Callable[[str, str], Cell]  # (function, entry) -> its cell; `start` looks at the day before the span

REFERENCES: Final = ("n", "d", "v", "start", "end", "p50", "p90")
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


def evaluate(tree: Tree, look: Look) -> Cell:
    """The cell of a formula. Where the top is a division, its two sides are numerator and denominator.

    Anything without a value, and any division by zero, leaves the formula without a value.
    """
    asked = list(dict.fromkeys(references(tree)))
    cells = {one: look(*one) for one in asked}
    parts = tuple(Part(f"{word}({entry})", _take(word, cells[word, entry])) for word, entry in asked)
    shares = [cell.estimated_share for cell in cells.values()]
    covers = next((cell.covers for cell in cells.values() if cell.covers), None)
    value = _value(tree, cells)
    above, below = (_value(tree[1], cells), _value(tree[2], cells)) if _divides(tree) else (None, None)
    return Cell(
        value=value,
        numerator=above,
        denominator=below,
        n=_rests_on(tree, below, cells),
        estimated_share=max(shares, default=0.0),
        parts=parts,
        covers=covers,
        preliminary=any(cell.preliminary for cell in cells.values()),
        reason=next((cell.reason for cell in cells.values() if cell.reason), None) if value is None else None,
    )


def _divides(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "/"


def _rests_on(tree: Tree, below: Number, cells: Mapping[tuple[str, str], Cell]) -> Number:
    """The cases behind a quotient; of a product of rates the fewest; a sum of counts rests on nothing but itself."""
    if _divides(tree) and _counts(tree[2], cells):
        return below
    return None if _counts(tree, cells) else _fewest(cells.values())


def _counts(tree: Tree, cells: Mapping[tuple[str, str], Cell]) -> bool:
    """Whether a side of a division is a number of cases, so that it says how much the quotient rests on."""
    asked = list(references(tree))
    return bool(asked) and all(
        word in ("n", "d") or (cells[word, name].n is not None and cells[word, name].denominator is None)
        for word, name in asked if word not in ("p50", "p90")
    )  # fmt: skip


def _fewest(cells: Iterable[Cell]) -> float | None:
    return min((cell.n for cell in cells if cell.n is not None), default=None)


def _value(tree: Tree, cells: Mapping[tuple[str, str], Cell]) -> Number:
    if not isinstance(tree, list):
        return float(tree)
    if tree[0] in REFERENCES:
        return _take(tree[0], cells[tree[0], tree[1]])
    left, right = _value(tree[1], cells), _value(tree[2], cells)
    if left is None or right is None:
        return None
    return _OPERATORS[tree[0]](left, right)


def _take(word: str, cell: Cell) -> Number:
    return {"n": cell.numerator, "d": cell.denominator, "p90": cell.p90}.get(word, cell.value)
