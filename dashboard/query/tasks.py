"""Open tasks by how late they are and who owns them: what a leader asks first, down to the single task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.access import Scope
from dashboard.query.answers import answer
from dashboard.query.indicators import find_indicator
from dashboard.query.question import REFUSED, Question, Reason
from dashboard.query.rows import behind_sql
from dashboard.query.statement import Statement
from dashboard.query.stocks import newest
from dashboard.query.tables import digits, has
from dashboard.snapshot import Snapshot

OPEN: Final = "tasks_open"
# Most urgent first: more than 15, 6 to 15, up to 5 working days late; due within 3; later; without a deadline.
LINES: Final = ("late_long", "late_weeks", "late_days", "soon", "later", "none")
LATE: Final = LINES[:3]
MOST: Final = 1_000

_PLACED: Final = """SELECT opened.*, today.working_number - due.working_number AS days_late,
     CASE WHEN due_on IS NULL THEN 'none'
          WHEN due_on < $last AND today.working_number - due.working_number > 15 THEN 'late_long'
          WHEN due_on < $last AND today.working_number - due.working_number > 5 THEN 'late_weeks'
          WHEN due_on < $last THEN 'late_days'
          WHEN due.working_number - today.working_number <= 3 THEN 'soon' ELSE 'later' END AS band
     FROM opened CROSS JOIN (SELECT working_number FROM calendar WHERE day = $last) today
     LEFT JOIN calendar due ON due.day = due_on"""


@dataclass(frozen=True)
class Owner:
    """The open tasks of one unit, by line."""

    unit: str
    lines: dict[str, int]

    @property
    def late(self) -> int:
        """Everything past its deadline."""
        return sum(self.lines[line] for line in LATE)

    @property
    def total(self) -> int:
        """Everything open."""
        return sum(self.lines.values())


@dataclass(frozen=True)
class Task:
    """One open task, by pseudonym; `late` is in working days past its deadline, negative before it."""

    case_id: str
    unit: str
    assigned_by: str
    subject: str
    received_on: date
    due_on: date | None
    first_due_on: date | None
    late: int | None


@dataclass(frozen=True)
class Found:
    """Owners, or the tasks of a cell; a refusal carries its reason. `total` counts also what is not listed."""

    day: date
    owners: tuple[Owner, ...] = ()
    tasks: tuple[Task, ...] = ()
    total: int = 0
    reason: Reason | None = None


def owners(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Found:
    """Every unit with open tasks, those with the latest ones first."""
    day, reason = _asked(snapshot, scope, question, today)
    if reason is not None:
        return Found(day, reason=reason)
    base = _placed(snapshot, question)
    text = f"{base.text} SELECT unit, band, count(*) FROM placed GROUP BY ALL"
    found: dict[str, dict[str, int]] = {}
    for unit, line, many in Statement(text, base.values).run(snapshot):
        found.setdefault(unit, dict.fromkeys(LINES, 0))[line] = int(many)
    told = [Owner(unit, lines) for unit, lines in found.items()]
    return Found(day, tuple(sorted(told, key=lambda one: (-one.late, *(-one.lines[line] for line in LINES), one.unit))))


def tasks(
    snapshot: Snapshot, scope: Scope, question: Question, lines: tuple[str, ...], unit: str, *, today: date
) -> Found:
    """The open tasks in some lines, of one unit or of all (""), the latest first; only for who may see rows."""
    day, reason = _asked(snapshot, scope, question, today)
    if reason is None and not scope.rows:
        reason = Reason("answer.no_rows")
    if reason is not None:
        return Found(day, reason=reason)
    base = _placed(snapshot, question)
    where = ["band IN (SELECT unnest($lines))", *(["unit = $unit"] if unit else [])]
    first = "first_due_on" if has(snapshot, "fact_task", "first_due_on") else "NULL"
    text = (f"{base.text} SELECT {digits('case_id')}, unit, coalesce(assigned_by, ''), coalesce(subject, ''), "
            f"received_on, due_on, {first}, days_late, count(*) OVER () FROM placed WHERE {' AND '.join(where)} "
            "ORDER BY due_on NULLS LAST, received_on, case_id LIMIT $most")  # fmt: skip
    rows = Statement(text, {**base.values, "lines": list(lines), "unit": unit, "most": MOST}).run(snapshot)
    return Found(day, tasks=tuple(Task(*row[:8]) for row in rows), total=int(rows[0][8]) if rows else 0)


def _asked(snapshot: Snapshot, scope: Scope, question: Question, today: date) -> tuple[date, Reason | None]:
    """The day that is looked at, and why not: whoever may not have the count may not have its cells."""
    entry = find_indicator(snapshot, OPEN)
    told = answer(snapshot, scope, question.asking(indicator=entry.id), today=today)
    day = min(question.period.last, newest(snapshot, entry.fact))
    return day, told.reason if told.status == REFUSED else None


def _placed(snapshot: Snapshot, question: Question) -> Statement:
    """Common table expressions that end in `placed`: a row per open task with its line."""
    behind = behind_sql(snapshot, find_indicator(snapshot, OPEN), question.asking(indicator=OPEN))
    return Statement(f"WITH opened AS ({behind.text}), placed AS ({_PLACED})", behind.values)
