"""Hot spots: the places and categories behind the count of them; what is seen less often is never listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.access import Scope
from dashboard.query.batch import Ask, frame, number, with_heads
from dashboard.query.indicators import find_indicator
from dashboard.query.question import Question
from dashboard.query.statement import Statement
from dashboard.query.tables import check_slices, has
from dashboard.query.things import often_heads
from dashboard.query.weighed import refusal
from dashboard.snapshot import Snapshot

FEWEST: Final = 5  # the least that any point of a map or pair of place and topic may show (architecture, section 5)


@dataclass(frozen=True)
class Spot:
    """A pair that was seen often enough to be told: the unit of the place, the category, and how often."""

    place: str
    category: str
    cases: float


def spots(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> list[Spot]:
    """The pairs of a distinct entry over (place, category), most often first; none below FEWEST, ever."""
    entry = find_indicator(snapshot, question.indicator)
    table = f"thing_{entry.fact}_{entry.day}"
    if refusal(snapshot, scope, question, today) is not None or not has(snapshot, table, "n"):
        return []
    check_slices(snapshot, entry.fact, question.slices)
    ask = Ask((question.period,), (question.unit,), question.basis, today, question.slices)
    shared = frame(snapshot, ask, entry.id, [table])
    at_least = max(FEWEST, int(entry.spec.get("at_least", FEWEST)))
    shared.values |= {"indicator": entry.id, "at_least": at_least}
    final = "SELECT thing, often FROM things WHERE often >= $at_least ORDER BY often DESC, thing"
    text = with_heads(often_heads(shared, table), final)

    def find() -> list[Spot]:
        rows = Statement(text, shared.values).run(snapshot)
        return [Spot(thing.partition("|")[0], thing.partition("|")[2], number(often)) for thing, often in rows]

    return snapshot.remember(("spots", question), find)
