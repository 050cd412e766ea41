"""Where the cases stand that came in a period: every one of them in exactly one state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.access import Scope
from dashboard.query.batch import number
from dashboard.query.indicators import find_indicator
from dashboard.query.question import Question
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.query.weighed import refusal, weighed
from dashboard.snapshot import Snapshot


def states(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Mapping[str, float]:
    """State -> cases of a count, as they stand on the day of the data; they add up to the count.

    Empty where nothing may be said or the fact has no states. Cases by state are never hidden (architecture,
    section 7).
    """
    entry = find_indicator(snapshot, question.indicator)
    if refusal(snapshot, scope, question, today) is not None or not has(snapshot, f"fact_{entry.fact}", "status"):
        return {}
    base = weighed(snapshot, entry, question)
    text = f"SELECT coalesce(status, ''), sum(weight) FROM ({base.text}) GROUP BY 1 ORDER BY 1"

    def count() -> Mapping[str, float]:
        return {str(state): number(many) for state, many in Statement(text, base.values).run(snapshot)}

    return snapshot.remember(("states", question), count)
