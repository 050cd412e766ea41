"""What if: the very formulas of the score, over shares that somebody imagines; untouched, they give the score itself.

A simulation is never stored and never mistaken for a number: its whole state is a text in the address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from dashboard.query.batch import Cell
from dashboard.query.formula import evaluate, in_force
from dashboard.scorecard import Card, Group, Item

PRECISE: Final = 1000  # a share is imagined in tenths of a percent
_TEXT: Final = re.compile(r"([0-9.a-z]{1,6})-(\d{1,4})")
_COUNTED: Final = ("dossier", "ticket")


@dataclass(frozen=True)
class Gain:
    """What an item gains in the simulation."""

    item: Item
    points: float


@dataclass(frozen=True)
class Simulated:
    """A score with imagined shares: the total, and each changed item with what it gains (or loses)."""

    total: float | None
    gains: tuple[Gain, ...]


@dataclass(frozen=True)
class Cheap:
    """An item below its full points: what one more case brings, how many there is room for, what all of them bring."""

    item: Item
    per_case: float
    cases: int
    points: float


def read(text: str) -> dict[str, float]:
    """Item -> imagined share, of a text such as "3.3-450_2.1-990"; what cannot be meant is left out."""
    found = [_TEXT.fullmatch(part) for part in text.split("_")]
    return {match[1]: int(match[2]) / PRECISE for match in found if match and int(match[2]) <= PRECISE}


def write(imagined: Mapping[str, float]) -> str:
    """The text of an address, in one order."""
    return "_".join(f"{code}-{round(share * PRECISE)}" for code, share in sorted(imagined.items()))


def movable(card: Card) -> list[Item]:
    """The items that may be imagined otherwise: those whose share the data tell."""
    return [item for item in card.items if item.is_known and item.share.plot is not None]


def simulate(card: Card, imagined: Mapping[str, float]) -> Simulated:
    """The score if the shares of some items were others; every other item keeps the very points it has."""
    points = {item.code: item.points.plot for item in card.items}
    points |= {item.code: _points(item, imagined[item.code]) for item in movable(card) if item.code in imagined}
    groups = {group.points.indicator.id: _sum(group, points) for group in card.groups}
    total = evaluate(card.total.indicator.spec["tree"], lambda word, name: Cell(value=groups[name])).value
    changed = [(item, (points[item.code] or 0.0) - (item.points.plot or 0.0)) for item in card.items]
    return Simulated(total, tuple(Gain(item, gain) for item, gain in changed if gain))


def _points(item: Item, share: float) -> float | None:
    spec, day = item.points.indicator.spec, item.points.answer.question.period.last
    return evaluate(spec["tree"], lambda word, name: Cell(value=share), in_force(spec["weights"], day)).value


def _sum(group: Group, points: Mapping[str, float | None]) -> float | None:
    values = {item.points.indicator.id: points[item.code] for item in group.items}
    return evaluate(group.points.indicator.spec["tree"], lambda word, name: Cell(value=values[name])).value


def cheapest(card: Card, many: int = 3) -> Sequence[Cheap]:
    """The items in which one more dossier (or ticket) done well brings most; items of procedures are no cases."""
    found = [_cheap(item) for item in movable(card) if item.case in _COUNTED and item.cases]
    return sorted((one for one in found if one.cases > 0), key=lambda one: -one.per_case)[:many]


def _cheap(item: Item) -> Cheap:
    room = max(item.full_at - (item.share.plot or 0.0), 0.0)
    per_case = item.most / item.full_at / item.cases
    # A whole case more or none; what is nearer than a millionth of one is noise of the division.
    return Cheap(item, per_case, ceil(room * item.cases - 1e-6), item.most - (item.points.plot or 0.0))
