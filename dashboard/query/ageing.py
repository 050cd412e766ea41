"""How long what is open has been open: the stock by whole working days, never by an average alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.access import Scope
from dashboard.query.batch import Ask, frame, number, select, with_heads
from dashboard.query.indicators import Indicator, find_indicator
from dashboard.query.question import Question
from dashboard.query.spreads import aged
from dashboard.query.statement import Statement
from dashboard.query.stocks import newest
from dashboard.query.tables import check_slices, has, quoted
from dashboard.query.weighed import refusal, weighed
from dashboard.snapshot import Snapshot


def ages(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Mapping[int, float]:
    """Working days -> how many of a stock are that old at the end of the period; they add up to the stock.

    Empty where nothing may be said. An age runs from the day that the entry names (receipt, or the due day of
    what is overdue) and is counted by the calendar of the snapshot. Where the pipelines keep no ages of a stock
    they are read off its open cases, for every unit up to the newest day of the fact.
    """
    entry = find_indicator(snapshot, question.indicator)
    if refusal(snapshot, scope, question, today) is not None or entry.kind != "stock":
        return {}
    check_slices(snapshot, entry.fact, question.slices)
    is_kept = bool(entry.spec.get("ages")) and has(snapshot, f"cohort_{entry.fact}")
    statement = _kept(snapshot, entry, question, today) if is_kept else _read_off(snapshot, entry, question)

    def count() -> Mapping[int, float]:
        return {int(days): number(many) for days, many in sorted(statement.run(snapshot)) if number(many)}

    return snapshot.remember(("ages", question), count)


def _kept(snapshot: Snapshot, entry: Indicator, question: Question, today: date) -> Statement:
    table = f"cohort_{entry.fact}"
    ask = Ask((question.period,), (question.unit,), question.basis, today, question.slices)
    shared = frame(snapshot, ask, entry.id, [table])
    shared.values |= {"indicator": entry.id, "fact": entry.fact, "newest": newest(snapshot, entry.fact)}
    final = select(["bucket", f"{shared.total('n')} AS n"], shared.joined("buckets"), group=True)
    return Statement(with_heads([*shared.heads(), *aged(shared, table)], final), shared.values)


def _read_off(snapshot: Snapshot, entry: Indicator, question: Question) -> Statement:
    base = weighed(snapshot, entry, question)
    since = quoted(entry.spec.get("since") or entry.spec["entered"]["day"])
    text = (
        f"SELECT asked.working_number - born.working_number, sum(weight) FROM ({base.text}) held "
        f"JOIN calendar born ON born.day = {since} JOIN calendar asked ON asked.day = $last GROUP BY 1"
    )
    return Statement(text, base.values)
