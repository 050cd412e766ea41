"""A score is read from the inside: its groups, their items against the full points, and the weakest of them.

Which groups and items there are, and what each can reach, stands in the catalogue; nothing of it is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard import numbers
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.query import Indicator
from dashboard.query.formula import in_force, references
from dashboard.query.measure import facts_of

SCORE: Final = "score_766"
_PREFIX: Final = "766-"


@dataclass(frozen=True)
class Item:
    """One sub-indicator: its points, the share they follow from, and how much it can give and from which share."""

    points: Figure
    share: Figure
    most: float
    full_at: float
    case: str
    """What its share counts: "dossier", "ticket", "procedure" or "reported_value"."""

    @property
    def code(self) -> str:
        """Its number in the decision, such as 3.5b."""
        return self.points.indicator.code.removeprefix(_PREFIX)

    @property
    def is_known(self) -> bool:
        """Whether the data tell anything of it."""
        return self.points.plot is not None

    @property
    def cases(self) -> float:
        """The cases that its share rests on."""
        answer = self.share.answer
        return answer.denominator or answer.n or 0.0


@dataclass(frozen=True)
class Group:
    """One group of items; `known` is how much those items can give of which the data tell anything."""

    points: Figure
    items: tuple[Item, ...]

    @property
    def known(self) -> float:
        """Points that can be reckoned."""
        return sum(item.most for item in self.items if item.is_known)

    @property
    def most(self) -> float:
        """Points that the decision gives."""
        return sum(item.most for item in self.items)

    @property
    def reached(self) -> float:
        """Which share of the points that can be reckoned has been reached."""
        return (self.points.plot or 0.0) / self.known if self.known else 1.0


@dataclass(frozen=True)
class Card:
    """A whole score."""

    total: Figure
    groups: tuple[Group, ...]

    @property
    def items(self) -> list[Item]:
        """All items in order."""
        return [item for group in self.groups for item in group.items]

    @property
    def known(self) -> float:
        """Points that can be reckoned."""
        return sum(group.known for group in self.groups)

    @property
    def weakest(self) -> Group | None:
        """The group that reaches least of what can be reckoned of it; None where nothing can."""
        told = [group for group in self.groups if group.known and group.points.plot is not None]
        return min(told, key=lambda group: group.reached, default=None)


def scorecard(here: Here) -> Card | None:
    """The score of this view; None where the catalogue has none, or where the view is narrowed to a slice."""
    if not numbers.known(here, [SCORE]):
        return None
    groups = _below(here, here.indicators[SCORE])
    items = {group.id: _below(here, group) for group in groups}
    shares = {item.id: _below(here, item)[0] for found in items.values() for item in found}
    asked = [SCORE, *(one.id for one in groups), *shares, *(one.id for one in shares.values())]
    figures = numbers.many(here, list(dict.fromkeys(asked)))
    return Card(figures[SCORE], tuple(
        Group(figures[group.id], tuple(_item(here, figures[one.id], figures[shares[one.id].id])
                                       for one in items[group.id]))
        for group in groups))  # fmt: skip


def _below(here: Here, entry: Indicator) -> Sequence[Indicator]:
    """The entries that a formula asks for, in order."""
    return [here.indicators[name] for name in dict.fromkeys(name for _, name in references(entry.spec["tree"]))]


def _item(here: Here, points: Figure, share: Figure) -> Item:
    weights = in_force(points.indicator.spec.get("weights", ()), here.period.last)
    facts = facts_of(here.snapshot, share.indicator)
    case = "procedure" if "procedure" in facts else next(iter(facts), "reported_value")
    return Item(points, share, weights.get("points", 0.0), weights.get("full_at", 1.0), case)
