"""Where the days go: the time from receipt to the end of a dossier, laid out over the steps of its log.

A step gets the working days since the step before it (the first: since receipt). Where the log also tells when the
step was taken up, these are told apart as waiting and work; a log of ends alone cannot. What follows the last step
on record is a line of its own, so that all lines together are exactly the working days from receipt to end. Days are
differences of the calendar's own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.access import Scope
from dashboard.query.indicators import find_indicator
from dashboard.query.question import Question, Reason
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.query.weighed import refusal, weighed
from dashboard.snapshot import Snapshot

ENDED: Final = "dossiers_resolved"
REST: Final = ""  # the step of what follows the last one on record
_LOG: Final = "fact_dossier_step"
_NEEDED: Final = ("case_id", "step", "done_at", "done_on", "event_id")


@dataclass(frozen=True)
class Step:
    """One step over all dossiers with a log: how often, how often again, and the working days that led to it.

    `waited` of them nobody had taken it up yet, `worked` of them somebody had; the log may tell neither.
    """

    step: str
    cases: int
    times: int
    again: int
    days: int
    p50: int
    p90: int
    waited: int = 0
    worked: int = 0

    @property
    def unsplit(self) -> int:
        """Days of which the log does not say whether anybody was working."""
        return self.days - self.waited - self.worked


@dataclass(frozen=True)
class Loop:
    """A way back: from `after` to a step that the dossier had been through before; how often, in how many dossiers."""

    after: str
    step: str
    times: int
    cases: int


@dataclass(frozen=True)
class Passage:
    """What the logs of the dossiers that ended in a period say; without a log there are no steps.

    `logged` of `ended` dossiers have one; `days` are their working days from receipt to end, `reworked` of them
    went through some step twice.
    """

    ended: int = 0
    logged: int = 0
    days: int = 0
    reworked: int = 0
    steps: tuple[Step, ...] = ()
    loops: tuple[Loop, ...] = ()
    reason: Reason | None = None


def passage(snapshot: Snapshot, scope: Scope, question: Question, *, today: date) -> Passage:
    """The steps of the dossiers that a question about `dossiers_resolved` counts, those with most days first.

    Dossiers that count only in part, through a unit that was split, are left out: half a dossier took no step.
    """
    reason = refusal(snapshot, scope, question, today)
    if reason is not None or not has(snapshot, _LOG, *_NEEDED):
        return Passage(reason=reason)
    return snapshot.remember(("passage", question), lambda: _passage(snapshot, question))


def _passage(snapshot: Snapshot, question: Question) -> Passage:
    base = weighed(snapshot, find_indicator(snapshot, question.indicator), question)
    taken_up = "started_on" if has(snapshot, _LOG, "started_on") else "NULL::DATE"
    heads = (f"WITH ended AS (SELECT case_id, received_on, ended_on FROM ({base.text}) WHERE weight = 1), "
             f"{_HEADS.format(taken_up=taken_up)}")  # fmt: skip

    def run(final: str) -> list[tuple[Any, ...]]:
        return Statement(f"{heads} {final}", base.values).run(snapshot)

    ((ended, logged, days, reworked),) = run(_WHOLE)
    return Passage(
        ended=int(ended), logged=int(logged), days=int(days), reworked=int(reworked),
        steps=tuple(Step(str(step), *map(int, counts)) for step, *counts in run(_STEPS)),
        loops=tuple(Loop(str(after), str(step), int(times), int(cases)) for after, step, times, cases in run(_LOOPS)),
    )  # fmt: skip


# A step on record before receipt, or after the end, took no time of the way between them.
_HEADS: Final = f"""done AS (SELECT ended.case_id, received_on, ended_on, step, greatest(done_on, received_on) AS at_on,
     {{taken_up}} AS taken_on, row_number() OVER way AS number, lag(step) OVER way AS after
     FROM {_LOG} log JOIN ended USING (case_id) WHERE done_on <= ended_on
     WINDOW way AS (PARTITION BY ended.case_id ORDER BY done_at, step, event_id)),
turned AS (SELECT *, row_number() OVER (PARTITION BY case_id, step ORDER BY number) AS turn,
     coalesce(lag(at_on) OVER (PARTITION BY case_id ORDER BY number), received_on) AS since_on FROM done),
rest AS (SELECT case_id, '{REST}' AS step, 1 AS turn, max(at_on) AS since_on, any_value(ended_on) AS at_on
     FROM done GROUP BY case_id),
spent AS (SELECT case_id, step, turn, b.working_number - a.working_number AS days,
     c.working_number - a.working_number AS waited, b.working_number - c.working_number AS worked
     FROM (SELECT case_id, step, turn, since_on, at_on,
                  CASE WHEN taken_on IS NOT NULL THEN least(greatest(taken_on, since_on), at_on) END AS begun_on
           FROM turned
           UNION ALL SELECT case_id, step, turn, since_on, at_on, NULL FROM rest)
     JOIN calendar a ON a.day = since_on JOIN calendar b ON b.day = at_on LEFT JOIN calendar c ON c.day = begun_on)"""
_WHOLE: Final = """SELECT (SELECT count(*) FROM ended), count(DISTINCT case_id), coalesce(sum(days), 0),
     count(DISTINCT case_id) FILTER (WHERE turn > 1) FROM spent"""
_STEPS: Final = """SELECT step, count(DISTINCT case_id), count(*), count(*) FILTER (WHERE turn > 1), sum(days),
     quantile_disc(days, 0.5), quantile_disc(days, 0.9), coalesce(sum(waited), 0), coalesce(sum(worked), 0)
     FROM spent GROUP BY step ORDER BY sum(days) DESC, step"""
_LOOPS: Final = """SELECT coalesce(after, ''), step, count(*), count(DISTINCT case_id) FROM turned WHERE turn > 1
     GROUP BY ALL ORDER BY count(*) DESC, 1, 2"""
