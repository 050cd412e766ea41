"""Which procedures make people come twice: papers asked for, and dossiers refused, withdrawn or stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.access import Scope
from dashboard.query.batch import number
from dashboard.query.due import names_sql
from dashboard.query.indicators import find_indicator
from dashboard.query.question import Question
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.query.weighed import refusal, weighed
from dashboard.snapshot import Snapshot

_NEEDED: Final = ("procedure_code", "supplement_count", "status")


@dataclass(frozen=True)
class Returned:
    """One procedure: dossiers received, with papers asked for once and twice or more, and returned without a result."""

    code: str
    name: str
    received: float
    asked: float
    asked_again: float
    returned: float

    @property
    def sent_away(self) -> float:
        """Dossiers with which somebody had to come again; one that was asked and then stopped counts twice."""
        return self.asked + self.returned


def returns(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> list[Returned]:
    """The procedures of a count of dossiers, those that send most people away first; all of them add up to it.

    Empty where nothing may be said. Counts of cases by procedure are never hidden (architecture, section 7).
    """
    entry = find_indicator(snapshot, question.indicator)
    if refusal(snapshot, scope, question, today) is not None or not has(snapshot, f"fact_{entry.fact}", *_NEEDED):
        return []
    base = weighed(snapshot, entry, question)
    text = f"""WITH behind AS ({base.text}), {names_sql(snapshot)}
told AS (SELECT coalesce(procedure_code, '') AS code, sum(weight) AS received,
     sum(CASE WHEN supplement_count >= 1 THEN weight ELSE 0 END) AS asked,
     sum(CASE WHEN supplement_count >= 2 THEN weight ELSE 0 END) AS again,
     sum(CASE WHEN status IN ('refused', 'withdrawn', 'stopped') THEN weight ELSE 0 END) AS returned
     FROM behind GROUP BY 1)
SELECT code, coalesce(name, ''), received, asked, again, returned
FROM told LEFT JOIN names ON names.procedure_code = code ORDER BY asked + returned DESC, received DESC, code"""

    def find() -> list[Returned]:
        rows = Statement(text, base.values).run(snapshot)
        return [Returned(code, name, *map(number, counts)) for code, name, *counts in rows]

    return snapshot.remember(("returns", question), find)
