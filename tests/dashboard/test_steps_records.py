"""Where the days went in 1,434 real permits, against plain counting straight from the raw log."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from dashboard import periods
from dashboard.access import demo_scope
from dashboard.query import Question, answer, territory
from dashboard.query.steps import ENDED, REST, Passage, passage
from dashboard.snapshot import Limits, Snapshot, Snapshots
from pipelines.home import open_home
from pipelines.progress import silent
from pipelines.rulebook import read_rulebook
from pipelines.run import Circumstances, load_once
from tests.pipelines.installation import CODE, REPOSITORY, START

PLACE = REPOSITORY / "tests" / "places" / "wabo"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.records


class Event(NamedTuple):
    at: datetime
    activity: str
    event: str


class Permit(NamedTuple):
    received: date
    ended: date | None
    events: list[Event]


@pytest.fixture(scope="module")
def permits(real_records: Path) -> dict[str, Permit]:
    """Every case of the raw file, its events in the order of their times; nothing of ours but the calendar day."""
    found: dict[str, Permit] = {}
    with (real_records / "wabo_receipt_events.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            case = found.setdefault(
                line["case_id"],
                Permit(day(line["case:startdate"]), day(line["case:enddate"]) if line["case:enddate"] else None, []),
            )
            moment = datetime.fromisoformat(line["time:timestamp"]).astimezone(AMSTERDAM)
            case.events.append(Event(moment.replace(tzinfo=None), line["activity"], line["concept:instance"]))
    for case in found.values():
        case.events.sort(key=lambda one: one.at)
    return found


def day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(AMSTERDAM).date()


def working_days(first: date, last: date) -> int:
    """Days from Monday to Friday after `first` up to `last`: this place has no list of days off."""
    return sum((first + timedelta(days=step)).isoweekday() < 6 for step in range(1, (last - first).days + 1))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, real_records: Path) -> Snapshot:
    """The whole way: the file in an inbox, the product's catalogue, a published snapshot."""
    home = open_home(tmp_path_factory.mktemp("wabo"))
    folder = home.inbox / "wabo_receipt"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_bytes((real_records / "wabo_receipt_events.csv").read_bytes())
    book = read_rulebook(PLACE, REPOSITORY / "data", CODE)
    load_once(Circumstances(home, book, lambda: START, lambda _: None, silent, "test"))
    return Snapshots(home.root, Limits("1GB", 2, 30)).current()


def asked(snapshot: Snapshot, period: str = "2009-01-01..2014-12-31") -> Passage:
    question = Question(ENDED, periods.parse(period), "NL", "as_was")
    return passage(snapshot, demo_scope("leader", territory(snapshot).roots(), "vi"), question, today=TODAY)


def spans(permit: Permit) -> list[tuple[str, int]]:
    """(activity, working days since the one before) up to the day of the end, then what was left of it."""
    assert permit.ended is not None
    since, found = permit.received, []
    for one in permit.events:
        if one.at.date() <= permit.ended:
            at = max(one.at.date(), permit.received)
            found.append((one.activity, working_days(since, at)))
            since = at
    return [*found, (REST, working_days(since, permit.ended))] if found else []


def test_every_day_of_every_permit_is_laid_on_one_step(snapshot: Snapshot, permits: dict[str, Permit]) -> None:
    told = asked(snapshot)
    ended = [one for one in permits.values() if one.ended is not None]
    logged = [one for one in ended if spans(one)]
    assert (told.ended, told.logged) == (len(ended), len(logged)) == (1_329, told.logged)
    whole = sum(working_days(one.received, one.ended) for one in logged if one.ended and one.ended > one.received)
    assert told.days == whole == sum(step.days for step in told.steps)
    scope = demo_scope("leader", territory(snapshot).roots(), "vi")
    question = Question(ENDED, periods.parse("2009-01-01..2014-12-31"), "NL", "as_was")
    assert told.ended == answer(snapshot, scope, question, today=TODAY).value


def test_steps_cases_times_and_days_are_those_of_the_raw_file(snapshot: Snapshot, permits: dict[str, Permit]) -> None:
    times: dict[str, list[int]] = defaultdict(list)
    cases: Counter[str] = Counter()
    for permit in permits.values():
        if permit.ended is not None:
            found = spans(permit)
            cases.update({activity for activity, _ in found})
            for activity, spent in found:
                times[activity].append(spent)
    told = {one.step: one for one in asked(snapshot).steps}
    assert set(told) == set(times) and len(told) > 20
    for activity, spent in times.items():
        one, ordered = told[activity], sorted(spent)
        assert (one.cases, one.times, one.again) == (cases[activity], len(spent), len(spent) - cases[activity])
        # Of events at one and the same second the file does not say which came first.
        assert one.days == pytest.approx(sum(spent), abs=3)
        if abs(one.days - sum(spent)) == 0:
            assert one.p50 == ordered[(len(ordered) + 1) // 2 - 1]
            assert one.p90 == ordered[-(-9 * len(ordered) // 10) - 1]


def test_who_went_through_a_step_twice_is_found(snapshot: Snapshot, permits: dict[str, Permit]) -> None:
    again = 0
    for permit in permits.values():
        if permit.ended is not None:
            seen = Counter(activity for activity, _ in spans(permit))
            again += any(many > 1 for many in seen.values())
    told = asked(snapshot)
    assert told.reworked == again > 0
    assert sum(loop.times for loop in told.loops) == sum(step.again for step in told.steps) > 0


def test_a_year_holds_the_permits_that_ended_in_it(snapshot: Snapshot, permits: dict[str, Permit]) -> None:
    told = asked(snapshot, "2011")
    ended = [one for one in permits.values() if one.ended is not None and one.ended.year == 2011]
    assert told.ended == len(ended) > 300
    assert told.days == sum(sum(spent for _, spent in spans(one)) for one in ended)
