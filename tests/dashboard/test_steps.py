"""Every working day of a dossier is laid on exactly one step, against walking through the log by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from dashboard import periods
from dashboard.access import demo_scope
from dashboard.query import Question, answer, territory
from dashboard.query.returns import returns
from dashboard.query.steps import ENDED, REST, Passage, passage
from dashboard.running import Running
from tests.dashboard.screens_at import change, page, started, words_of
from tests.dashboard.test_due import working_days
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import TinyFacts, tiny_facts, unit_on

TODAY = date(2026, 11, 22)
PERIODS = ["2026-06", "2026-Q3", "2025-01-01..2026-12-31"]
NEEDED = ("ALTER TABLE fact_dossier ADD COLUMN supplement_count BIGINT",
          "UPDATE fact_dossier SET supplement_count = length(procedure_code || channel) % 3")  # fmt: skip
# The tiny catalogue has no count of resolved dossiers: its count of fees, placed by the same day, is made one.
RESOLVED = (f"UPDATE indicator SET id = '{ENDED}', code = 'DVC31', measure = 'count', spec = '{{}}' WHERE id = 'fees'",
            f'ALTER TABLE part_dossier_ended_on RENAME "fees__n" TO "{ENDED}__n"')  # fmt: skip


def log_of(facts: TinyFacts) -> list[tuple[str, str, datetime]]:
    """case, step, moment: most dossiers have a log, some of it before receipt, after the end, or twice over."""
    chance, found = Random(4), []
    for row in facts.dossiers:
        if chance.random() < 0.3:
            continue
        at = datetime.combine(row["received_on"], datetime.min.time()) - timedelta(days=chance.choice([0, 0, 0, 2]))
        for _ in range(chance.randrange(1, 7)):
            at += timedelta(hours=chance.choice([1, 9, 30, 100]), minutes=chance.randrange(60))
            found.append((row["case_id"], chance.choice(["examine", "propose", "sign", "Bước lạ"]), at))
    return found


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    rows = ", ".join(f"('{case}', '{step}', TIMESTAMP '{at}')" for case, step, at in log_of(facts))
    table = ("CREATE TABLE fact_dossier_step AS SELECT 'log' AS source, case_id, '' AS event_id, step, done_at, "
             f"done_at::DATE AS done_on FROM (VALUES {rows}) log(case_id, step, done_at)")  # fmt: skip
    home = write_tiny(tmp_path_factory.mktemp("home"), facts)
    change(home, *NEEDED, *RESOLVED, table)
    return started(home)


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Running:
    """The same place, where nobody sends a log."""
    home = write_tiny(tmp_path_factory.mktemp("silent"), facts)
    change(home, *RESOLVED)
    return started(home)


def asked(app: Running, period: str, unit: str = "80", role: str = "leader") -> Passage:
    snapshot = app.snapshots.current()
    question = Question(ENDED, periods.parse(period), unit, "as_was")
    scope = demo_scope(role, territory(snapshot).roots(), "vi")
    return passage(snapshot, scope, question, today=TODAY)


def walked(facts: TinyFacts, rows: list[dict[str, Any]]) -> tuple[dict[str, list[int]], int, int, int]:
    """Step -> working days of every time it was taken; dossiers with a log, their days, those that went back."""
    logs: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for case, step, at in log_of(facts):
        logs[case].append((at, step))
    spent: dict[str, list[int]] = defaultdict(list)
    logged = days = back = 0
    for row in rows:
        taken = sorted(one for one in logs[row["case_id"]] if one[0].date() <= row["ended_on"])
        since = row["received_on"]
        for at, step in taken:
            day = max(at.date(), row["received_on"])
            spent[step].append(working_days(since, day))
            since = day
        if taken:
            spent[REST].append(working_days(since, row["ended_on"]))
            logged, days = logged + 1, days + working_days(row["received_on"], row["ended_on"])
            back += len({step for _, step in taken}) < len(taken)
    return spent, logged, days, back


def rows_of(facts: TinyFacts, period: str, units: set[str] | None = None) -> list[dict[str, Any]]:
    span = periods.parse(period)
    return [row for row in facts.dossiers if row["ended_on"] and span.first <= row["ended_on"] <= span.last
            and (units is None or unit_on(row, row["ended_on"]) in units)]  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("unit", ["80", "STC", "27727"])
def test_all_days_are_laid_on_steps_and_none_twice(app: Running, facts: TinyFacts, period: str, unit: str) -> None:
    told = asked(app, period, unit)
    rows = rows_of(facts, period, None if unit == "80" else {unit})
    spent, logged, days, back = walked(facts, rows)
    assert told.ended == len(rows)
    assert (told.logged, told.days, told.reworked) == (logged, days, back)
    assert sum(one.days for one in told.steps) == days
    for one in told.steps:
        mine = sorted(spent.pop(one.step))
        assert (one.times, one.days) == (len(mine), sum(mine))
        assert one.p50 == mine[(len(mine) + 1) // 2 - 1]
        assert one.p90 == mine[-(-9 * len(mine) // 10) - 1]
    assert not spent
    assert sum(loop.times for loop in told.loops) == sum(one.again for one in told.steps)


def test_whoever_may_not_ask_for_the_count_gets_no_step(app: Running, silent: Running) -> None:
    told = asked(app, "2026-Q3", role="party")
    assert told.reason is not None and not told.steps
    assert asked(silent, "2026-Q3") == Passage()


def test_procedures_by_what_they_send_people_home_with(app: Running, facts: TinyFacts) -> None:
    snapshot, span = app.snapshots.current(), periods.parse("2026-Q3")
    scope = demo_scope("state", territory(snapshot).roots(), "vi")
    for unit, units in (("80", None), ("STC", {"STC"})):
        question = Question("dossiers_received", span, unit, "as_was")
        rows = [row for row in facts.dossiers if span.first <= row["received_on"] <= span.last
                and (units is None or unit_on(row, row["received_on"]) in units)]  # fmt: skip
        found = returns(snapshot, scope, question, today=TODAY)
        times = [(row, len(row["procedure_code"] + row["channel"]) % 3) for row in rows]
        assert {one.code: (one.received, one.asked, one.asked_again, one.returned) for one in found} == {
            code: (
                len([row for row in rows if row["procedure_code"] == code]),
                len([1 for row, n in times if row["procedure_code"] == code and n >= 1]),
                len([1 for row, n in times if row["procedure_code"] == code and n >= 2]),
                len([row for row in rows if row["procedure_code"] == code
                     and row["status"] in ("refused", "withdrawn", "stopped")]),
            ) for code in {row["procedure_code"] for row in rows}
        }  # fmt: skip
        assert [one.sent_away for one in found] == sorted((one.sent_away for one in found), reverse=True)
        assert sum(one.received for one in found) == answer(snapshot, scope, question, today=TODAY).value
    assert returns(snapshot, demo_scope("party", territory(snapshot).roots(), "vi"), question, today=TODAY) == []


def test_the_screen_tells_steps_or_says_that_nobody_sends_them(app: Running, silent: Running) -> None:
    address = {"page": "days", "period": "2026-Q3", "basis": "as_was", "role": "leader"}
    told = asked(app, "2026-Q3")
    text = words_of(page(app, **address))
    assert f"{told.logged} trong {told.ended} hồ sơ kết thúc trong kỳ có nhật ký bước" in text
    assert f"{told.reworked} trong {told.logged} hồ sơ có nhật ký" in text and "Bước lạ" in text
    assert "không hồ sơ nào kết thúc trong kỳ ở phạm vi này có nhật ký bước" in words_of(page(silent, **address))
    assert "No source: no dossier that ended" in words_of(page(silent, lang="en", **address))
    assert Counter(one.step for one in told.steps).most_common(1)[0][1] == 1
