"""Every kind of answer equals what a slow twin finds case by case, for every unit, basis, period and slice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import periods
from dashboard.access import Scope, demo_scope
from dashboard.query import Answer, Question, answer, by_slice, by_unit, series, territory
from dashboard.snapshot import Snapshot, Snapshots
from tests.dashboard import twin
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import HEIRS, NEW, OLD, TinyFacts, dossier, tiny_facts
from tests.dashboard.tiny_places import BEFORE, DATA_UNTIL, REFORM

TODAY = date(2026, 11, 22)
PLACES = [
    ("80", "today"), ("27694@2025", "today"), ("27727", "today"), ("STC", "today"), ("SBN", "today"),
    ("80", "before_2025"), ("794", "before_2025"), ("795", "before_2025"), ("80@1976", "before_2025"),
    ("27697", "before_2025"), ("80", "as_was"), ("27697", "as_was"), ("794", "as_was"), ("27727", "as_was"),
]  # fmt: skip
PERIODS = [periods.parse(text) for text in ("2026-09", "2025-Q2", "2025", "2025-07r", "2025-06-15..2025-07-15")]


@pytest.fixture(scope="module")
def facts() -> TinyFacts:
    return tiny_facts()


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts) -> Snapshot:
    return Snapshots(write_tiny(tmp_path_factory.mktemp("home"), facts)).current()


@pytest.fixture(scope="module")
def scope(snapshot: Snapshot) -> Scope:
    return demo_scope("leader", territory(snapshot).roots())


@pytest.fixture(scope="module")
def ask(snapshot: Snapshot, scope: Scope) -> Callable[..., Answer]:
    def asking(name: str, period: periods.Period, unit: str, basis: str, slices: twin.Slices = ()) -> Answer:
        return answer(snapshot, scope, Question(name, period, unit, basis, slices), today=TODAY)

    return asking


def same(left: float | None, right: float | None) -> None:
    assert (left or 0) == pytest.approx(right or 0, abs=1e-9)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.code)
@pytest.mark.parametrize(("unit", "basis"), PLACES)
def test_every_kind_equals_its_twin(
    ask: Callable[..., Answer], facts: TinyFacts, unit: str, basis: str, period: periods.Period
) -> None:
    here = (period, basis, unit)
    told = ask("dossiers_on_time", period, unit, basis)
    above, below = twin.rate(facts, "dossiers_on_time", *here)
    same(told.numerator, above)
    same(told.denominator, below)
    same(told.value, above / below if below else None)
    same(ask("dossiers_received", period, unit, basis).value, twin.count(facts, "dossiers_received", *here))
    same(ask("fees", period, unit, basis).value, twin.count(facts, "fees", *here))
    for name in ("dossiers_open", "dossiers_overdue"):
        same(ask(name, period, unit, basis).value, twin.stock(facts, name, period.last, basis, unit))
    hours = ask("dossier_hours", period, unit, basis)
    p50, p90, n = twin.duration(facts, "dossier_hours", *here)
    assert (hours.value, hours.p90) == (p50, p90)
    same(hours.n, n)
    age = ask("open_age", period, unit, basis)
    p50, p90, n = twin.ages(facts, "dossiers_open", period.last, basis, unit)
    assert (age.value, age.p90) == (p50, p90)
    same(age.n, n)
    used, online = (twin.distinct(facts, name, *here) for name in ("procedures_used", "procedures_online"))
    same(ask("procedures_used", period, unit, basis).value, used)
    same(ask("procedures_online", period, unit, basis).value, online / used if used else None)


@pytest.mark.parametrize("slices", [(("channel", "online"),), (("channel", "post"), ("field", "land"))])
def test_slices_narrow_every_kind(ask: Callable[..., Answer], facts: TinyFacts, slices: twin.Slices) -> None:
    period = periods.parse("2025")
    for unit, basis in (("80", "today"), ("27727", "today"), ("794", "before_2025")):
        told = ask("dossiers_on_time", period, unit, basis, slices)
        above, below = twin.rate(facts, "dossiers_on_time", period, basis, unit, slices)
        same(told.numerator, above)
        same(told.denominator, below)
        open_now = twin.stock(facts, "dossiers_open", period.last, basis, unit, slices)
        same(ask("dossiers_open", period, unit, basis, slices).value, open_now)
        p50, p90, _ = twin.duration(facts, "dossier_hours", period, basis, unit, slices)
        hours = ask("dossier_hours", period, unit, basis, slices)
        assert (hours.value, hours.p90) == (p50, p90)
        used = twin.distinct(facts, "procedures_used", period, basis, unit, slices)
        same(ask("procedures_used", period, unit, basis, slices).value, used)


def test_a_formula_is_arithmetic_over_the_answers_of_its_entries(ask: Callable[..., Answer], facts: TinyFacts) -> None:
    period = periods.parse("2026-09")
    above, below = twin.rate(facts, "dossiers_on_time", period, "today", "80")
    late = twin.stock(facts, "dossiers_overdue", period.last, "today", "80")
    told = ask("on_time_766", period, "80", "today")
    assert (told.numerator, told.denominator) == (above, below + late)
    same(told.value, above / (below + late))
    change = ask("backlog_change", period, "80", "today")
    at_start = twin.stock(facts, "dossiers_open", date(2026, 8, 31), "today", "80")
    same(change.value, twin.stock(facts, "dossiers_open", period.last, "today", "80") - at_start)


NAMES = ["dossiers_on_time", "dossiers_received", "dossiers_open", "dossier_hours", "open_age", "procedures_online",
         "on_time_766", "backlog_change", "population", "tickets_on_time"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_says_what_single_questions_say(
    snapshot: Snapshot, scope: Scope, ask: Callable[..., Answer], name: str
) -> None:
    def told(one: Answer) -> tuple[object, ...]:
        return one.status, one.value, one.numerator, one.denominator, one.n, one.p90, one.estimated_share, one.coverage

    months = periods.run_of(periods.parse("2026-10"), 20)
    for unit, basis in (("80", "today"), ("27727", "today"), ("795", "before_2025")):
        found = series(snapshot, scope, Question(name, months[0], unit, basis), months, today=TODAY)
        assert [told(one) for one in found] == [told(ask(name, month, unit, basis)) for month in months]
    units = ["27694@2025", "27727", "STC", "80"]
    question = Question(name, periods.parse("2026-Q3"), "80", "today")
    found = by_unit(snapshot, scope, question, units, today=TODAY)
    assert [told(one) for one in found] == [told(ask(name, question.period, unit, "today")) for unit in units]


@pytest.mark.parametrize(
    "name", ["dossiers_on_time", "dossiers_received", "dossiers_open", "dossier_hours", "procedures_online"]
)
def test_a_break_by_slice_says_what_narrowed_questions_say(
    snapshot: Snapshot, scope: Scope, ask: Callable[..., Answer], name: str
) -> None:
    for unit, basis in (("80", "today"), ("27727", "today"), ("795", "before_2025")):
        question = Question(name, periods.parse("2025"), unit, basis)
        found = by_slice(snapshot, scope, question, "channel", today=TODAY)
        assert [dict(one.question.slices)["channel"] for one in found] == ["counter", "online", "post"]
        for one in found:
            single = ask(name, question.period, unit, basis, one.question.slices)
            assert (one.value, one.n, one.p90) == (single.value, single.n, single.p90)


@st.composite
def some_facts(draw: st.DrawFn) -> TinyFacts:
    """A handful of cases with every kind of crossing: of the reform, of deadlines, of a source's last day."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        received = date.fromordinal(draw(st.integers(date(2025, 5, 1).toordinal(), date(2025, 9, 30).toordinal())))
        unit = draw(st.sampled_from([*(OLD if received <= BEFORE else NEW), "STC"]))
        due = draw(st.none() | st.dates(received, date(2025, 12, 31)))
        ended = draw(st.none() | st.dates(received, date(2026, 1, 31)))
        crosses = unit in HEIRS and (ended is None or ended > BEFORE)
        now = draw(st.sampled_from(HEIRS[unit])) if crosses else None
        moved = REFORM if crosses else None
        moved, channel = REFORM if crosses else None, draw(st.sampled_from(["online", "counter"]))
        hours, case = draw(st.integers(1, 60)), f"{number:032x}"
        rows.append(dossier(case, unit, received, due, ended, now=now, moved=moved, channel=channel, hours=hours))
    until = dict.fromkeys((*OLD, *NEW), (DATA_UNTIL, "dvc")) | {"STC": (date(2025, 8, 15), "onestop")}
    return TinyFacts(dossiers=rows, until={"dossier": until})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=some_facts())
def test_parts_add_up_and_nothing_is_lost_on_any_basis(
    tmp_path_factory: pytest.TempPathFactory, facts: TinyFacts
) -> None:
    home: Path = tmp_path_factory.mktemp("laws")
    opened = Snapshots(write_tiny(home, facts)).current()
    seen = demo_scope("leader", territory(opened).roots())
    year = periods.parse("2025")
    parts = {"today": ["27694@2025", "27727", "SBN", "UNASSIGNED"], "before_2025": ["80@1976", "SBN", "UNASSIGNED"]}
    for name in ("dossiers_on_time", "dossiers_received", "dossiers_open", "dossiers_overdue"):
        whole = answer(opened, seen, Question(name, year, "80", "as_was"), today=TODAY)
        for basis, units in parts.items():
            question = Question(name, year, "80", basis)
            assert _sums(answer(opened, seen, question, today=TODAY)) == pytest.approx(_sums(whole), abs=1e-9)
            found = by_unit(opened, seen, question, units, today=TODAY)
            added = [sum(one) for one in zip(*(_sums(each) for each in found), strict=True)]
            assert added == pytest.approx(_sums(whole), abs=1e-9)
            if name in ("dossiers_on_time", "dossiers_received"):
                months = series(opened, seen, question, periods.months(year), today=TODAY)
                assert [sum(one) for one in zip(*(_sums(each) for each in months), strict=True)] == _sums(whole)
            else:
                days = series(
                    opened, seen, question, periods.split(periods.parse("2025-06-20..2025-08-20"), "day"), today=TODAY
                )
                assert all(_sums(one)[1] >= 0 for one in days)
    for unit, basis in PLACES:
        same(answer(opened, seen, Question("dossiers_open", year, unit, basis), today=TODAY).value,
             twin.stock(facts, "dossiers_open", year.last, basis, unit))  # fmt: skip


def _sums(one: Answer) -> list[float]:
    return [one.numerator or 0, (one.n if one.denominator is None else one.denominator) or 0]


FLOWS = ["dossiers_on_time", "dossiers_received", "fees", "dossier_hours", "procedures_online"]


@pytest.mark.parametrize("name", [*FLOWS, "dossiers_open", "open_age"])
def test_bases_agree_where_nothing_was_reorganised(ask: Callable[..., Answer], name: str) -> None:
    def told(unit: str, basis: str, period: str) -> tuple[object, ...]:
        one = ask(name, periods.parse(period), unit, basis)
        return one.status, one.value, one.n, one.p90, one.estimated_share

    for period in ("2025-Q2", "2026-Q1", "2025"):
        assert told("STC", "today", period) == told("STC", "as_was", period) == told("STC", "before_2025", period)
        assert told("80", "today", period) == told("80", "as_was", period) == told("80", "before_2025", period)
    if name in FLOWS:  # what is still open may have entered before the reform
        assert told("27727", "today", "2026-Q1") == told("27727", "as_was", "2026-Q1")
        assert told("794", "before_2025", "2025-Q2") == told("794", "as_was", "2025-Q2")
