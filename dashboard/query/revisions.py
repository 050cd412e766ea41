"""What was told twice: a published figure as it was first told, and as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.access import Scope
from dashboard.periods import Period
from dashboard.query.answers import answer
from dashboard.query.indicators import find_indicator
from dashboard.query.question import REFUSED, Question
from dashboard.query.reported import as_period
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot

_SQL: Final = """SELECT indicator, period_start, period_end, min(vintage), arg_min(value, vintage), max(vintage),
     arg_max(value, vintage), arg_max(preliminary, vintage), count(DISTINCT vintage)
FROM reported WHERE unit = $unit AND indicator IN (SELECT unnest($names)) AND vintage <= $known_on
     AND period_end BETWEEN $first AND $last
GROUP BY indicator, period_start, period_end HAVING arg_min(value, vintage) <> arg_max(value, vintage)
ORDER BY period_end DESC, indicator, period_start"""


@dataclass(frozen=True)
class Revision:
    """One figure of one period: first value and day, newest value and day, whether that is still preliminary."""

    indicator: str
    period: Period
    first_on: date
    first: float
    now_on: date
    now: float
    preliminary: bool
    told: int

    @property
    def change(self) -> float:
        """By how much the figure was told otherwise."""
        return self.now - self.first


def revisions(
    snapshot: Snapshot, scope: Scope, names: Sequence[str], question: Question, first: date, *, today: date
) -> list[Revision]:
    """Figures of the asked unit for periods that ended from `first` to the end of the question's, if they changed.

    Only what this scope may be answered; the newest periods come first.
    """
    entries = [find_indicator(snapshot, name) for name in names] if has(snapshot, "reported") else []
    open_to = [one.id for one in entries if one.kind == "reported" and not one.sensitive and
               answer(snapshot, scope, question.asking(indicator=one.id), today=today).status != REFUSED]  # fmt: skip
    if not open_to:
        return []
    values = {"unit": question.unit, "names": open_to, "known_on": today, "first": first, "last": question.period.last}
    rows = Statement(_SQL, values).run(snapshot)
    return [Revision(row[0], as_period(row[1], row[2]), *row[3:]) for row in rows]
