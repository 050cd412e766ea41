"""A question is checked, measured and judged, in this order; what is refused is never measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Final

from dashboard.access import Scope, is_within
from dashboard.disclosure import is_too_few
from dashboard.periods import Period
from dashboard.query.batch import Ask, Cell, Key
from dashboard.query.indicators import Indicator, find_indicator
from dashboard.query.judging import Judged, judge_entry
from dashboard.query.measure import facts_of, measure, measure_many
from dashboard.query.published import published
from dashboard.query.question import (
    NO_DATA,
    OK,
    STALE,
    TOO_FEW,
    ZERO,
    Answer,
    Interval,
    Question,
    Reason,
    refused,
    slices_of,
)
from dashboard.query.statement import Statement
from dashboard.query.tables import check_slices, slice_values
from dashboard.query.units import basis_for, check_basis, territory
from dashboard.snapshot import Snapshot
from dashboard.words import PersonError

_Z: Final = 1.959963984540054  # two-sided 95 %


def answer(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Answer:
    """One answer. Raises PersonError for an indicator, unit, basis or slice that does not exist."""
    return _batch(snapshot, scope, [question], today)[0]


def answers(
    snapshot: Snapshot, scope: Scope, names: Sequence[str], question: Question, *, today: date
) -> dict[str, Answer]:
    """The same question put to many indicators (ids or codes); keys are ids, in the order asked."""
    gather(snapshot, scope, names, question, [question.period], today=today)
    found = [find_indicator(snapshot, name).id for name in names]
    return {one: answer(snapshot, scope, question.asking(indicator=one), today=today) for one in found}


def gather(
    snapshot: Snapshot, scope: Scope, names: Sequence[str], question: Question, periods: Sequence[Period], *,
    today: date,
) -> None:  # fmt: skip
    """Measure many indicators over the same periods in one query per table; who asks for them finds them measured."""
    entries = [find_indicator(snapshot, name) for name in names]
    allowed = [one for one in entries if _refusal(snapshot, scope, one, question) is None and not one.sensitive]
    open_to = [one for one in allowed if _slices_fit(snapshot, one, question.slices)]
    measure_many(snapshot, open_to, replace(_ask([question], today), spans=tuple(periods)))


def series(
    snapshot: Snapshot, scope: Scope, question: Question, periods: Sequence[Period], *,
    today: date, within: Sequence[Period] = (),
) -> list[Answer]:  # fmt: skip
    """One answer per period, in their order, measured in one query.

    `within` are more periods to measure in the same query, so that the next question, a month on, asks nothing.
    """
    return _batch(snapshot, scope, [question.asking(period=period) for period in periods], today, tuple(within))


def by_unit(snapshot: Snapshot, scope: Scope, question: Question, units: Sequence[str], *, today: date) -> list[Answer]:
    """One answer per unit id, in their order, measured in one query."""
    return _batch(snapshot, scope, [question.asking(unit=unit) for unit in units], today)


def by_slice(snapshot: Snapshot, scope: Scope, question: Question, name: str, *, today: date) -> list[Answer]:
    """One answer per value that the slice `name` may have, measured in one query.

    Raises PersonError when the indicator has no such slice. Refused whole, as one answer, where refused.
    """
    entry = find_indicator(snapshot, question.indicator)
    question = question.asking(indicator=entry.id)
    refusal = _refusal(snapshot, scope, entry, question)
    if entry.sensitive or refusal is not None:
        return [refusal or published(snapshot, entry, question.asking(slices=((name, ""),)))]
    _check_slices(snapshot, entry, question)
    values = slice_values(snapshot, facts_of(snapshot, entry)[0], name)
    ask = replace(_ask([question], today), by=name, values=values)
    measured = measure(snapshot, entry, ask)
    judged = judge_entry(snapshot, entry, question, measured.empty, today)
    found = []
    for value in values:
        narrowed = question.asking(slices=slices_of([*question.slices, (name, value)]))
        cell = measured.cell((0, question.unit, value))
        found.append(_built(snapshot, entry, narrowed, cell, judged, measured.statements))
    return found


def _batch(
    snapshot: Snapshot, scope: Scope, questions: Sequence[Question], today: date, within: tuple[Period, ...] = ()
) -> list[Answer]:
    """Questions that differ in period or unit alone, measured `within` more periods."""
    if not questions:
        return []
    entry = find_indicator(snapshot, questions[0].indicator)
    questions = [question.asking(indicator=entry.id) for question in questions]
    found = {at: refusal for at, question in enumerate(questions)
             if (refusal := _refusal(snapshot, scope, entry, question)) is not None}  # fmt: skip
    rest = [at for at in range(len(questions)) if at not in found]
    if entry.sensitive:
        found |= {at: published(snapshot, entry, questions[at]) for at in rest}
    elif rest:
        _check_slices(snapshot, entry, questions[0])
        measured = _measured(snapshot, entry, [questions[at] for at in rest], today, within)
        found |= dict(zip(rest, measured, strict=True))
    return [found[at] for at in range(len(questions))]


def _measured(
    snapshot: Snapshot, entry: Indicator, questions: list[Question], today: date, within: tuple[Period, ...]
) -> list[Answer]:
    ask = _ask(questions, today)
    ask = replace(ask, spans=within) if set(ask.spans) <= set(within) else ask
    measured = measure(snapshot, entry, ask)
    found = []
    for question in questions:
        key: Key = (ask.spans.index(question.period), question.unit, None)
        cell = measured.cell(key)
        judged = judge_entry(snapshot, entry, question, cell, today)
        found.append(_built(snapshot, entry, question, cell, judged, measured.statements))
    return found


def _ask(questions: Sequence[Question], today: date) -> Ask:
    first = questions[0]
    spans = tuple(dict.fromkeys(question.period for question in questions))
    targets = tuple(dict.fromkeys(question.unit for question in questions))
    return Ask(spans, targets, first.basis, today, first.slices)


def _refusal(snapshot: Snapshot, scope: Scope, entry: Indicator, question: Question) -> Answer | None:
    """A refusal with its reason; None when the question may be asked. Raises PersonError for unknown names."""
    places = territory(snapshot)
    check_basis(places, question.basis)
    if question.unit not in places.units:
        raise PersonError("query.no_unit", code=question.unit)
    if not scope.answers(entry.clearance) or snapshot.clearance not in scope.clearances:
        return refused(question, "answer.no_clearance", snapshot.id)
    unit = places.units[question.unit]
    if not is_within(unit.unit_id, scope, places.parents):
        return refused(question, "answer.out_of_scope", snapshot.id, unit=unit.unit_id)
    if not entry.sensitive and not places.is_on(unit, question.basis):
        told = {"unit": unit.name_vi, "basis": question.basis, "other": basis_for(places, unit)}
        return refused(question, "answer.not_on_basis", snapshot.id, **told)
    if question.slices and entry.kind == "reported" and not entry.sensitive:
        return refused(question, "answer.no_slices", snapshot.id)
    return None


def _check_slices(snapshot: Snapshot, entry: Indicator, question: Question) -> None:
    for fact in facts_of(snapshot, entry):
        check_slices(snapshot, fact, question.slices)


def _slices_fit(snapshot: Snapshot, entry: Indicator, slices: tuple[tuple[str, str], ...]) -> bool:
    try:
        for fact in facts_of(snapshot, entry):
            check_slices(snapshot, fact, slices)
    except PersonError:
        return False
    return True


def _built(
    snapshot: Snapshot, entry: Indicator, question: Question, cell: Cell, judged: Judged, run: tuple[Statement, ...]
) -> Answer:
    status = _status(entry, cell, judged)
    told = Answer(
        question, status, parts=cell.parts, coverage=judged.coverage, data_until=judged.data_until,
        fresh=judged.fresh, stands_for=cell.covers if cell.covers != question.period else None,
        reason=Reason(cell.reason) if cell.reason else None, snapshot=snapshot.id, statements=run,
    )  # fmt: skip
    if status == NO_DATA:
        return told
    return replace(
        told, value=cell.value, numerator=cell.numerator, denominator=cell.denominator, n=cell.n,
        interval=_interval(entry, cell), p50=cell.value if entry.kind == "duration" else None, p90=cell.p90,
        estimated_share=cell.estimated_share, preliminary=cell.preliminary,
    )  # fmt: skip


def _status(entry: Indicator, cell: Cell, judged: Judged) -> str:
    nothing = not cell.n and (cell.by_rule or not cell.value)
    silent = judged.coverage.expected or not judged.anyone or not judged.exists
    if cell.reason or (nothing and not judged.coverage.sent and silent):
        return NO_DATA
    if cell.value is None or (nothing and not cell.by_rule):
        return STALE if judged.behind else ZERO  # nothing yet, of a source that is late, is not nothing
    rests_on_n = cell.denominator is not None or entry.kind == "duration" or entry.measure == "percent"
    if rests_on_n and is_too_few(cell.n, entry.minimum_n):
        return TOO_FEW
    if judged.behind:
        return STALE
    return ZERO if cell.value == 0 else OK


def _interval(entry: Indicator, cell: Cell) -> Interval | None:
    if entry.measure != "percent" or cell.numerator is None or not cell.denominator:
        return None
    if entry.spec.get("settings", {}).get("unbounded"):
        return None  # a growth is no share of anything, whatever its two numbers look like
    counts = entry.kind in ("rate", "formula") and cell.n == cell.denominator
    if not counts or not 0 <= cell.numerator <= cell.denominator:
        return None
    return wilson(cell.numerator, cell.denominator)


def wilson(hits: float, n: float) -> Interval:
    """The 95 % Wilson interval of `hits` out of `n` (> 0)."""
    share, square = hits / n, _Z * _Z / n
    middle = (share + square / 2) / (1 + square)
    reach = sqrt(share * (1 - share) * square + square * square / 4) / (1 + square)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))
