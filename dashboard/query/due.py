"""What is open, by how many working days are left to its due day, and by how long nothing has moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.access import Scope
from dashboard.query.answers import answer
from dashboard.query.indicators import Indicator, find_indicator
from dashboard.query.question import REFUSED, Question, Reason
from dashboard.query.rows import behind_sql
from dashboard.query.statement import Statement
from dashboard.query.stocks import newest
from dashboard.query.tables import digits, has
from dashboard.snapshot import Snapshot

OPEN: Final = "dossiers_open"
LINES: Final = ("overdue", "today", "d1", "d2_3", "d4_5", "later", "none")
STILL: Final = "still"
MOST: Final = 1_000  # cases in one list: what a morning meeting can never get through

# Working days are differences of the calendar's own numbers; a due day on a day off counts as the day before it.
_LEFT: Final = "(due.working_number - today.working_number)"
_LINE: Final = f"""CASE WHEN due_on IS NULL THEN 'none' WHEN due_on < $last THEN 'overdue'
     WHEN {_LEFT} <= 0 THEN 'today' WHEN {_LEFT} = 1 THEN 'd1'
     WHEN {_LEFT} <= 3 THEN 'd2_3' WHEN {_LEFT} <= 5 THEN 'd4_5' ELSE 'later' END"""
_MOVED: Final = ("received_on", "moved_on", "paused_from", "updated_at")


@dataclass(frozen=True)
class Waiting:
    """The open dossiers of one unit: how many in each line, and how many stand still."""

    unit: str
    lines: dict[str, int]
    still: int

    @property
    def total(self) -> int:
        """Everything open."""
        return sum(self.lines.values())


@dataclass(frozen=True)
class Case:
    """One open dossier, by pseudonym; `left` is in working days (negative: late), `idle` since anything moved.

    `step` is what stands next, or the last step of a log; `holder` the position (never the name) of whoever has
    it. Both are "" where no source says so.
    """

    case_id: str
    unit: str
    procedure: str
    status: str
    step: str
    holder: str
    received_on: date | None
    due_on: date | None
    left: int | None
    idle: int | None


@dataclass(frozen=True)
class Found:
    """Units by what waits, or the cases of a cell; a refusal carries its reason."""

    day: date
    units: tuple[Waiting, ...] = ()
    cases: tuple[Case, ...] = ()
    total: int = 0
    reason: Reason | None = None


def waiting(snapshot: Snapshot, scope: Scope, question: Question, still: int, *, today: date) -> Found:
    """Every unit with its open dossiers by line, most urgent first; `still`: more working days without a movement."""
    entry, day, reason = _asked(snapshot, scope, question, today)
    if reason is not None:
        return Found(day, reason=reason)
    base = _placed(snapshot, entry, question, still)
    text = f"{base.text} SELECT unit, line, count(*), count(*) FILTER (WHERE still) FROM placed GROUP BY ALL"
    found: dict[str, dict[str, int]] = {}
    stands: dict[str, int] = {}
    for unit, line, many, stuck in Statement(text, base.values).run(snapshot):
        found.setdefault(unit, dict.fromkeys(LINES, 0))[line] = int(many)
        stands[unit] = stands.get(unit, 0) + int(stuck)
    units = [Waiting(unit, lines, stands[unit]) for unit, lines in found.items()]
    return Found(day, tuple(sorted(units, key=lambda one: (*(-one.lines[line] for line in LINES), one.unit))))


def cases(
    snapshot: Snapshot, scope: Scope, question: Question, still: int, line: str, unit: str, *, today: date
) -> Found:
    """The dossiers of a cell, the latest first: of a line (or `still`), of one unit or of all ("")."""
    entry, day, reason = _asked(snapshot, scope, question, today)
    if reason is None and not scope.rows:
        reason = Reason("answer.no_rows")
    if reason is not None:
        return Found(day, reason=reason)
    base = _placed(snapshot, entry, question, still)
    where = ["still" if line == STILL else "line = $line", *(["unit = $unit"] if unit else [])]
    values = {**base.values, "line": line, "unit": unit, "most": MOST}
    text = (f"{base.text} SELECT {digits('case_id')}, unit, procedure, status, step, holder, received_on, due_on, "
            f"days_left, idle, count(*) OVER () FROM placed WHERE {' AND '.join(where)} "
            "ORDER BY due_on NULLS LAST, idle DESC, case_id LIMIT $most")  # fmt: skip
    rows = Statement(text, values).run(snapshot)
    return Found(day, cases=tuple(Case(*row[:10]) for row in rows), total=int(rows[0][10]) if rows else 0)


def _asked(
    snapshot: Snapshot, scope: Scope, question: Question, today: date
) -> tuple[Indicator, date, Reason | None]:
    """The entry, the day that is looked at, and why not: whoever may not have the count may not have its cells."""
    entry = find_indicator(snapshot, OPEN)
    told = answer(snapshot, scope, question.asking(indicator=entry.id), today=today)
    day = min(question.period.last, newest(snapshot, entry.fact))
    return entry, day, told.reason if told.status == REFUSED else None


def _placed(snapshot: Snapshot, entry: Indicator, question: Question, still: int) -> Statement:
    """Common table expressions that end in `placed`: a row per open dossier with its line and its stillness."""
    behind = behind_sql(snapshot, entry, question.asking(indicator=entry.id))
    moved = [f"CASE WHEN {name}::DATE <= $last THEN {name}::DATE END" for name in _MOVED
             if has(snapshot, f"fact_{entry.fact}", name)]  # fmt: skip
    stepped, step = _steps(snapshot, entry.fact or "")
    text = f"""WITH opened AS ({behind.text}), {stepped}{names_sql(snapshot)}
seen AS (SELECT opened.*, {step}, coalesce(name, procedure_code, '') AS procedure
     FROM opened {_JOIN if stepped else ''} LEFT JOIN names USING (procedure_code)),
told AS (SELECT *, greatest({', '.join([*moved, 'step_on'])}) AS last_move FROM seen),
placed AS (SELECT case_id, unit, procedure, status, coalesce(now_step, '') AS step,
     coalesce(now_holder, '') AS holder, received_on, due_on,
     {_LEFT} AS days_left, today.working_number - moved.working_number AS idle, {_LINE} AS line,
     coalesce(today.working_number - moved.working_number > $still, FALSE) AS still
     FROM told CROSS JOIN (SELECT working_number FROM calendar WHERE day = $last) today
     LEFT JOIN calendar due ON due.day = due_on LEFT JOIN calendar moved ON moved.day = last_move)"""
    values: dict[str, Any] = {**behind.values, "still": still}
    return Statement(text, values)


def names_sql(snapshot: Snapshot) -> str:
    """A common table expression `names`: every procedure as its newest version calls it, with a comma behind it."""
    if not has(snapshot, "fact_procedure", "procedure_code", "name_vi", "valid_from"):
        return "names AS (SELECT NULL::VARCHAR AS procedure_code, NULL::VARCHAR AS name),"
    return """names AS (SELECT procedure_code, arg_max(name_vi, valid_from) AS name FROM fact_procedure
     GROUP BY procedure_code),"""


# A log may be a source of its own; pseudonyms are made under the name of the dossiers' source, so they suffice.
_JOIN: Final = "LEFT JOIN steps USING (case_id)"


def _steps(snapshot: Snapshot, fact: str) -> tuple[str, str]:
    """The last step of every dossier where a log tells steps, and the columns that it gives.

    What the dossier's own system says of where it stands wins over the last line of a log.
    """
    table = f"fact_{fact}"
    own = [f"opened.{name}" if has(snapshot, table, name) else "NULL" for name in ("step", "holder_position")]
    if not has(snapshot, "fact_dossier_step", "step", "done_on"):
        return "", f"NULL::DATE AS step_on, {own[0]}::VARCHAR AS now_step, {own[1]}::VARCHAR AS now_holder"
    held = "holder_position" if has(snapshot, "fact_dossier_step", "holder_position") else "NULL::VARCHAR"
    text = f"""steps AS (SELECT case_id, max(done_on) AS step_on, arg_max(step, done_at) AS last_step,
     arg_max({held}, done_at) AS last_holder FROM fact_dossier_step WHERE done_on <= $last GROUP BY case_id),
"""
    return text, (f"step_on, coalesce({own[0]}, last_step) AS now_step, "
                  f"CASE WHEN {own[0]} IS NULL THEN last_holder ELSE {own[1]} END AS now_holder")
