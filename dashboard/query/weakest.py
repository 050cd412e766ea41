"""A score is never told alone: beside it stands its group that reaches least of what can be reckoned of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.access import Scope
from dashboard.query.answers import answers
from dashboard.query.formula import KNOWN, in_force, references
from dashboard.query.indicators import Indicator, find_indicator, indicators
from dashboard.query.question import Question
from dashboard.snapshot import Snapshot


@dataclass(frozen=True)
class Weakest:
    """A group of a score: its points, and how many can be reckoned of it at most."""

    group: Indicator
    points: float
    known: float

    @property
    def reached(self) -> float:
        """Which share of the points that can be reckoned has been reached, 0..1."""
        return self.points / self.known


def is_composite(snapshot: Snapshot, entry: Indicator) -> bool:
    """Whether an entry is a sum of groups that are sums of weighted items themselves."""
    groups = _below(snapshot, entry)
    return bool(groups) and all(
        group.spec.get("weights") and all(item.spec.get("weights") for item in _below(snapshot, group)) and
        _below(snapshot, group) for group in groups
    )  # fmt: skip


def weakest(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Weakest | None:
    """The group of a composite that reaches least; None for any other entry, or where no group can be reckoned."""
    entry = find_indicator(snapshot, question.indicator)
    if not is_composite(snapshot, entry):
        return None
    groups = _below(snapshot, entry)
    items = {group.id: _below(snapshot, group) for group in groups}
    names = [group.id for group in groups] + [item.id for found in items.values() for item in found]
    told = answers(snapshot, scope, names, question, today=today)
    found = []
    for group in groups:
        known = [item for item in items[group.id] if told[item.id].value is not None]
        most = sum(_most(item, question.period.last) for item in known)
        points = told[group.id].value
        if points is not None and most:
            found.append(Weakest(group, points, most))
    return min(found, key=lambda one: one.reached, default=None)


def _below(snapshot: Snapshot, entry: Indicator) -> Sequence[Indicator]:
    """The entries that a sum of known parts asks for, in order; none for any other entry."""
    tree = entry.spec.get("tree")
    if not isinstance(tree, list) or tree[0] != KNOWN:
        return []
    known = indicators(snapshot)
    return [known[name] for name in dict.fromkeys(name for _, name in references(tree)) if name in known]


def _most(item: Indicator, day: date) -> float:
    return in_force(item.spec.get("weights", ()), day).get("points", 0.0)
