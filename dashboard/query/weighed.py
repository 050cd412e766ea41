"""The cases behind a count with the weight at which each of them counts for the unit that is asked for."""

from __future__ import annotations

from datetime import date

from dashboard.access import Scope
from dashboard.query.answers import answer
from dashboard.query.carry import carry
from dashboard.query.indicators import Indicator, find_indicator
from dashboard.query.question import REFUSED, Question, Reason
from dashboard.query.rows import behind_sql
from dashboard.query.statement import Statement
from dashboard.snapshot import Snapshot


def refusal(snapshot: Snapshot, scope: Scope, question: Question, today: date) -> Reason | None:
    """Why the question is not answered: whoever may not have a count may not have what it is made of.

    Raises PersonError for names that do not exist.
    """
    entry = find_indicator(snapshot, question.indicator)
    if entry.sensitive or entry.kind in ("formula", "reported"):
        return Reason("answer.no_rows_of_kind")
    told = answer(snapshot, scope, question.asking(indicator=entry.id), today=today)
    return told.reason if told.status == REFUSED else None


def weighed(snapshot: Snapshot, entry: Indicator, question: Question) -> Statement:
    """All columns of the cases behind a count, stock or rate, with `unit` (credited) and `weight` (0..1].

    The sum of the weights is the count: a case of a unit that was split counts for each heir by its share.
    """
    behind = behind_sql(snapshot, entry, question)
    weights = carry(snapshot, question.basis, entry.id, question.unit).weights
    carried = "SELECT unnest($carried) AS unit, unnest($weights) AS weight"
    text = f"SELECT behind.*, weight FROM ({behind.text}) behind JOIN ({carried}) USING (unit)"
    return Statement(text, {**behind.values, "carried": list(weights), "weights": list(weights.values())})
