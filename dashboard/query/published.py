"""Sensitive numbers are looked up in the frozen cells of published tables; nothing about them is ever computed."""

from __future__ import annotations

from datetime import date

from dashboard import disclosure
from dashboard.query.indicators import Indicator
from dashboard.query.question import SUPPRESSED, Answer, Part, Question, Reason, refused
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

_SQL = (
    "SELECT unit, period, table_id, numerator, denominator, value, shown, reason FROM published_cell "
    "WHERE indicator = $indicator"
)


def published(snapshot: Snapshot, entry: Indicator, question: Question) -> Answer:
    """The published cell, its suppression, or a refusal: there is no fourth outcome."""
    found = cells(snapshot, entry.id).get((question.unit, question.period.code))
    basis = table_basis(snapshot, found.table if found else "")
    fits = disclosure.same_basis(question.basis, basis, question.period, _reforms(snapshot))
    why = disclosure.refusal(question.slices, found, fits)
    if why is not None or found is None:
        return refused(question, why or "disclosure.no_cell", snapshot.id)
    run = (_statement(entry, question),)
    if not found.shown:
        return Answer(question, SUPPRESSED, reason=Reason("disclosure.hidden"), snapshot=snapshot.id, statements=run)
    parts = [Part("numerator", found.numerator), Part("denominator", found.denominator)]
    return Answer(
        question=question,
        status="zero" if found.value == 0 else "ok",
        value=found.value,
        numerator=found.numerator,
        denominator=found.denominator,
        n=found.denominator if found.denominator is not None else found.value,
        parts=tuple(part for part in parts if part.value is not None),
        data_until=question.period.last,
        snapshot=snapshot.id,
        statements=run,
    )


def cells(snapshot: Snapshot, indicator: str) -> dict[tuple[str, str], disclosure.Cell]:
    """(unit, period) -> the cell of a sensitive indicator, for those periods and units that are published."""
    return snapshot.remember(("published", indicator), lambda: _load(snapshot, indicator))


def _load(snapshot: Snapshot, indicator: str) -> dict[tuple[str, str], disclosure.Cell]:
    if not has(snapshot, "published_cell"):
        return {}
    rows = snapshot.rows(_SQL, {"indicator": indicator})
    return {(unit, period): disclosure.Cell(*cell) for unit, period, *cell in rows}


def table_basis(snapshot: Snapshot, table: str) -> str:
    """The one basis on which a published table exists."""
    tables = snapshot.publication.manifest.get("published_tables", {})
    found = tables.get(table, {}).get("basis") if isinstance(tables, dict) else None
    return str(found or disclosure.DEFAULT_BASIS)


def _reforms(snapshot: Snapshot) -> list[tuple[str, date]]:
    """(basis, last day before it) of every reform."""
    bases = territory(snapshot).bases.values()
    return [(basis.name, basis.day) for basis in bases if basis.day is not None and basis.name != "today"]


def _statement(entry: Indicator, question: Question) -> Statement:
    return Statement(
        "SELECT numerator, denominator, value, shown FROM published_cell "
        "WHERE indicator = $indicator AND unit = $unit AND period = $period",
        {"indicator": entry.id, "unit": question.unit, "period": question.period.code},
    )
