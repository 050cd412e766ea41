"""Every kind of answer is judged the same way: who sent, how far it reaches, and whether its source is late."""

from __future__ import annotations

from datetime import date

from dashboard.query.batch import Cell
from dashboard.query.carry import carry
from dashboard.query.coverage import Judged, judge
from dashboard.query.formula import references
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.question import Coverage, Question
from dashboard.query.reach import silence
from dashboard.query.reported import periods_reported
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

__all__ = ["Judged", "judge_entry"]


def judge_entry(snapshot: Snapshot, entry: Indicator, question: Question, cell: Cell, today: date) -> Judged:
    """Coverage and freshness of one answer, as seen `today`; a formula is as good as the worst of its parts."""
    if entry.kind == "reported":
        return _reported(snapshot, entry, question, cell, today)
    if entry.kind == "formula":
        known = indicators(snapshot)
        names = dict.fromkeys(name for _, name in references(entry.spec["tree"]))
        return _worst([judge_entry(snapshot, known[name], question, cell, today) for name in names])
    holder = indicators(snapshot)[entry.spec["ages_of"]] if entry.spec.get("ages_of") else entry
    fact, period = holder.fact or "", question.period
    return snapshot.remember(
        ("judged", fact, holder.id if question.basis not in ("today", "as_was") else "", question.unit,
         question.basis, period, today),
        lambda: judge(snapshot, fact, holder.id, question.unit, question.basis, period, today),
    )  # fmt: skip


def _worst(judged: list[Judged]) -> Judged:
    least = min(judged, key=_heard)
    return Judged(
        coverage=least.coverage,
        data_until=min((one.data_until for one in judged if one.data_until), default=None),
        fresh=all(one.fresh for one in judged),
        behind=any(one.behind for one in judged),
        anyone=all(one.anyone for one in judged),
        exists=any(one.exists for one in judged),
    )


def _heard(one: Judged) -> tuple[float, int]:
    """The share that has sent; of equals the one of which most was expected speaks."""
    sent, expected = one.coverage.sent, one.coverage.expected
    return sent / expected if expected else 1.0, -expected


def _reported(snapshot: Snapshot, entry: Indicator, question: Question, cell: Cell, today: date) -> Judged:
    """Who has told the figure for the period that it stands for, of those who have ever told it."""
    known = periods_reported(snapshot, entry, today)
    if cell.covers is None:
        return Judged(Coverage(), None, fresh=True, behind=False, anyone=False)
    told = (cell.covers.first, cell.covers.last)
    places = territory(snapshot)
    units = [question.unit] if question.unit in known else [
        unit for unit in carry(snapshot, question.basis, entry.id, question.unit).weights
        if unit in known and places.units[unit].is_valid(cell.covers.last)  # whoever was there to tell it at its end
    ]  # fmt: skip
    missing = tuple(sorted(unit for unit in units if told not in known[unit]))
    newest = max((last for unit in units for _, last in known[unit]), default=None)
    asked = min(question.period.last, today)
    return Judged(
        coverage=Coverage(len(units) - len(missing), len(units), missing),
        data_until=cell.covers.last,
        fresh=silence(snapshot, newest, today, entry.rhythm) <= 0,
        behind=silence(snapshot, cell.covers.last, asked, entry.rhythm) > 0,
        anyone=True,
    )
