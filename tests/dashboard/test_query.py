"""What may be asked, what is refused and why, and that every answer can be checked by its own SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from dashboard import periods
from dashboard.access import NOBODY, Scope, demo_scope
from dashboard.query import (
    Answer,
    Question,
    answer,
    answers,
    by_slice,
    children,
    find_indicator,
    find_unit,
    indicators,
    ledger,
    of_kinds,
    series,
    slice_names,
    slice_values,
    territory,
    wilson,
)
from dashboard.query.rows import lineage, rows
from dashboard.snapshot import Snapshot, Snapshots
from dashboard.words import PersonError
from tests.dashboard import twin
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import TinyFacts, dossier, tiny_facts
from tests.dashboard.tiny_places import DATA_UNTIL

TODAY = date(2026, 11, 22)
SEPTEMBER = periods.parse("2026-09")


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    return Snapshots(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def snapshot(snapshots: Snapshots) -> Snapshot:
    return snapshots.current()


@pytest.fixture(scope="module")
def party(snapshots: Snapshots) -> Snapshot:
    return snapshots.party(snapshots.current())


@pytest.fixture(scope="module")
def leader(snapshot: Snapshot) -> Scope:
    return demo_scope("leader", territory(snapshot).roots())


@pytest.fixture(scope="module")
def comrade(party: Snapshot) -> Scope:
    return demo_scope("party", territory(party).roots())


def ask(snapshot: Snapshot, scope: Scope, name: str, period: str = "2026-09", unit: str = "80", basis: str = "today",
        today: date = TODAY) -> Answer:  # fmt: skip
    return answer(snapshot, scope, Question(name, periods.parse(period), unit, basis), today=today)


def why(told: Answer) -> str:
    assert told.reason is not None
    return told.reason.key


def test_an_indicator_is_found_by_id_or_code_and_otherwise_the_nearest_is_named(snapshot: Snapshot) -> None:
    assert find_indicator(snapshot, "dvc08").id == find_indicator(snapshot, "dossiers_on_time").id
    with pytest.raises(PersonError, match="Did you mean DVC08"):
        find_indicator(snapshot, "dossiers_on_tim")


def test_a_code_finds_the_version_that_exists_on_the_basis(snapshot: Snapshot) -> None:
    places = territory(snapshot)
    assert find_unit(places, "27694", "today", TODAY).unit_id == "27694@2025"
    assert find_unit(places, "27694", "before_2025", TODAY).unit_id == "27694@1990"
    assert find_unit(places, "27694", "as_was", date(2025, 1, 1)).unit_id == "27694@1990"
    assert find_unit(places, "27694", "as_was", TODAY).unit_id == "27694@2025"
    assert find_unit(places, "80", "before_2025", TODAY).unit_id == "80"
    with pytest.raises(PersonError, match="Did you mean"):
        find_unit(places, "27795", "today", TODAY)
    with pytest.raises(PersonError, match="before_2025"):
        find_unit(places, "80", "before_1900", TODAY)


def test_lists_of_units_follow_the_basis(snapshot: Snapshot) -> None:
    places = territory(snapshot)
    assert [unit.unit_id for unit in of_kinds(places, "80", ("commune", "ward"), "today", SEPTEMBER)] == [
        "27694@2025", "27727"]  # fmt: skip
    assert [unit.unit_id for unit in of_kinds(places, "80", ("district",), "before_2025", SEPTEMBER)] == ["794", "795"]
    assert "80@1976" not in {unit.unit_id for unit in children(places, "80", "today", SEPTEMBER)}


def test_an_old_district_is_refused_today_and_the_reason_names_its_basis(snapshot: Snapshot, leader: Scope) -> None:
    told = ask(snapshot, leader, "DVC08", unit="794")
    assert (told.status, told.value, why(told)) == ("refused", None, "answer.not_on_basis")
    assert "before_2025" in told.reason.text("vi")  # type: ignore[union-attr]
    assert why(ask(snapshot, leader, "DVC08", unit="27727", basis="before_2025")) == "answer.not_on_basis"


def test_scopes_are_checked_before_anything_is_measured(
    snapshot: Snapshot, party: Snapshot, leader: Scope, comrade: Scope
) -> None:
    assert why(ask(snapshot, NOBODY, "DVC08")) == "answer.no_clearance"
    assert why(ask(snapshot, demo_scope("operator", territory(snapshot).roots()), "DVC08")) == "answer.no_clearance"
    assert why(ask(snapshot, comrade, "DVC08")) == "answer.no_clearance"
    assert why(ask(party, leader, "DNG05", "2026-Q3", "TU")) == "answer.no_clearance"
    commune = replace(leader, units=("27727",))
    assert ask(snapshot, commune, "DVC01", unit="27727").status == "ok"
    assert why(ask(snapshot, commune, "DVC01", unit="80")) == "answer.out_of_scope"
    assert why(ask(snapshot, commune, "DVC01", unit="27694@2025")) == "answer.out_of_scope"


def test_unknown_slices_units_and_bases_are_named(snapshot: Snapshot, leader: Scope) -> None:
    question = Question("DVC08", SEPTEMBER, "80")
    for changed, named in (
        ({"slices": (("colour", "red"),)}, "channel"), ({"slices": (("channel", "fax"),)}, "online"),
        ({"unit": "nowhere"}, "nowhere"), ({"basis": "someday"}, "as_was"),
        ({"slices": (("channel", "x' OR '1'='1"),)}, "online"), ({"slices": (('day" --', "1"),)}, "channel"),
    ):  # fmt: skip
        with pytest.raises(PersonError, match=named):
            answer(snapshot, leader, question.asking(**changed), today=TODAY)
    assert slice_names(snapshot, "dossier") == ("channel", "level", "field")
    assert slice_values(snapshot, "dossier", "channel") == ("counter", "online", "post")


def test_sensitive_numbers_are_cells_or_refused(party: Snapshot, comrade: Scope) -> None:
    assert ask(party, comrade, "DNG01", "2026-Q3", "TU").value == 300
    hidden = ask(party, comrade, "DNG01", "2026-Q3", "DU1")
    assert (hidden.status, hidden.suppressed, hidden.value, hidden.numerator, hidden.n) == (
        "suppressed",
        True,
        None,
        None,
        None,
    )
    assert why(ask(party, comrade, "DNG01", "2026-09", "TU")) == "disclosure.no_cell"
    assert why(ask(party, comrade, "DNG01", "2026-Q3", "TU", "before_2025")) == "disclosure.other_basis"
    sliced = Question("DNG01", periods.parse("2026-Q3"), "TU", "as_was", (("sex", "f"),))
    assert why(answer(party, comrade, sliced, today=TODAY)) == "disclosure.no_slices"
    assert why(by_slice(party, comrade, sliced.asking(slices=()), "sex", today=TODAY)[0]) == "disclosure.no_slices"


def test_statuses_tell_missing_from_zero_and_late_from_fresh(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows_ = [dossier("1" * 32, "27727", date(2026, 9, 2), date(2026, 9, 9), date(2026, 9, 5))]
    until = {"dossier": {"27727": (DATA_UNTIL, "dvc"), "27694@2025": (date(2026, 9, 10), "onestop")}}
    always = {month.first for month in periods.split(periods.parse("2025-07..2026-10"), "month")}
    months = {"dossier": {"27727": always - {date(2026, 7, 1)}, "27694@2025": always}}
    opened = Snapshots(
        write_tiny(tmp_path_factory.mktemp("status"), TinyFacts(rows_, until=until, sent=months))
    ).current()
    scope = demo_scope("leader", territory(opened).roots())
    assert ask(opened, scope, "DVC01", unit="27727").status == "ok"
    assert ask(opened, scope, "DVC01", "2026-08", unit="27727").status == "zero"
    silent = ask(opened, scope, "DVC01", "2026-07", unit="27727")
    assert (silent.status, silent.value, silent.coverage.missing) == ("no_data", None, ("27727",))
    few = ask(opened, scope, "DVC08", unit="27727")
    assert (few.status, few.numerator, few.denominator) == ("too_few", 1, 1)
    empty = ask(opened, scope, "DVC08", "2026-08", unit="27727")
    assert (empty.status, empty.value, empty.denominator) == ("zero", None, 0)
    assert ask(opened, scope, "DVC01", unit="80").status == "stale"
    assert ask(opened, scope, "DVC01", "2026-09-01..2026-09-10", unit="80").status == "ok"
    late = ask(opened, scope, "DVC01", unit="27694@2025")
    assert (late.status, late.fresh, late.data_until) == ("stale", False, date(2026, 9, 10))
    assert ask(opened, scope, "DVC01", unit="27694@2025", today=date(2026, 9, 11)).fresh


def test_freshness_follows_working_days(snapshot: Snapshot, leader: Scope) -> None:
    friday = DATA_UNTIL
    days = [
        (date(2026, 11, 20), True),
        (date(2026, 11, 22), True),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
    ]
    assert friday.weekday() == 4
    for today, fresh in days:
        assert ask(snapshot, leader, "DVC01", unit="27727", today=today).fresh is fresh, today


def test_a_reported_figure_says_for_which_period_it_stands(snapshot: Snapshot, leader: Scope) -> None:
    growth = ask(snapshot, leader, "KT01", "2026-10")
    assert growth.stands_for is not None
    assert (growth.value, growth.stands_for.code, growth.preliminary) == (8.1, "2026-Q3", True)
    assert ask(snapshot, leader, "KT01", "2026-Q2").value == 7.4
    assert ask(snapshot, leader, "KT01", "2026-Q2", today=date(2026, 7, 1)).value == 7.1
    assert why(ask(snapshot, leader, "KT01", "2026-Q1")) == "answer.nothing_reported"
    people = ask(snapshot, leader, "KT02", "2026-Q3")
    assert people.value == 2000 + len("27694@2025") + len("27727")
    assert ask(snapshot, leader, "KT02", "2026", unit="80").value == people.value
    assert ask(snapshot, leader, "KT02", "2026-Q3", unit="79").status == "no_data"
    sliced = Question("KT02", SEPTEMBER, "80", slices=(("channel", "online"),))
    assert why(answer(snapshot, leader, sliced, today=TODAY)) == "answer.no_slices"


def test_several_answers_are_the_single_ones(snapshot: Snapshot, leader: Scope) -> None:
    names = list(indicators(snapshot))
    for unit, basis in (("80", "today"), ("27727", "today"), ("794", "before_2025")):
        question = Question("", SEPTEMBER, unit, basis)
        found = answers(snapshot, leader, names, question, today=TODAY)
        assert list(found) == names
        for name in names:
            single = ask(snapshot, leader, name, unit=unit, basis=basis)
            assert found[name] == single


@pytest.mark.parametrize(
    ("unit", "basis"), [("80", "today"), ("27727", "today"), ("795", "before_2025"), ("80", "as_was")]
)
def test_the_sql_that_is_shown_reproduces_the_value(snapshots: Snapshots, leader: Scope, unit: str, basis: str) -> None:
    snapshot = snapshots.current()
    path = snapshots.home / "snapshots" / f"{snapshot.id:08d}.duckdb"
    checked = 0
    with duckdb.connect(":memory:") as other:
        other.execute(f"ATTACH '{path}' AS again (READ_ONLY)")
        other.execute("USE again")
        for entry in indicators(snapshot).values():
            told = ask(snapshot, leader, entry.id, "2026-Q3", unit, basis)
            for sql in told.sql:
                found = [row for row in other.execute(sql).fetchall() if row[1] == unit]
                if entry.kind == "rate" and found:
                    assert float(found[0][3]) / float(found[0][4]) == told.value
                elif entry.kind == "stock" and found:
                    assert float(found[0][3] - found[0][4]) == pytest.approx(told.value, abs=1e-9)
                elif entry.kind in ("count", "duration") and found:
                    assert float(found[0][3]) == told.value
                checked += 1
    assert checked >= 15


def test_estimates_are_marked_by_how_much_came_through_split_units(snapshot: Snapshot, leader: Scope) -> None:
    facts = tiny_facts()
    told = ask(snapshot, leader, "DVC08", "2025", "27727")
    cases = list(twin.placed(facts, twin.BY_ID["dossiers_on_time"], periods.parse("2025"), "today", "27727", ()))
    split = sum(weight for _, weight in cases if weight < 1) / sum(weight for _, weight in cases)
    assert told.estimated_share == pytest.approx(split)
    assert told.estimated
    assert ask(snapshot, leader, "DVC08", "2026", "27727").estimated_share == 0


def test_wilson_says_what_the_textbooks_say() -> None:
    for hits, n, low, high in ((12, 12, 0.7575, 1.0), (38, 40, 0.835, 0.9862), (950, 1000, 0.9347, 0.9619)):
        found = wilson(hits, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("name", ["dossiers_on_time", "dossiers_received", "dossiers_open"])
@pytest.mark.parametrize(("unit", "basis"), [("80", "today"), ("27694@2025", "today"), ("STC", "as_was")])
def test_rows_behind_a_number_add_up_to_it(snapshot: Snapshot, leader: Scope, name: str, unit: str, basis: str) -> None:
    question = Question(name, SEPTEMBER, unit, basis)
    told = answer(snapshot, leader, question, today=TODAY)
    found = rows(snapshot, leader, question, size=1_000)
    assert found.total == found.frame.height == told.n
    if told.numerator is not None:
        assert int(found.frame["counts"].sum()) == told.numerator
        late = rows(snapshot, leader, question, only=False)
        assert late.total == told.denominator - told.numerator  # type: ignore[operator]
    assert {"version_sha", "line"} & set(found.frame.columns) == set()
    assert sum(many for _, many in lineage(snapshot, question)) == found.total
    pages = [rows(snapshot, leader, question, page=page, size=3).frame for page in range(found.total // 3 + 1)]
    assert [case for page in pages for case in page["case_id"]] == found.frame["case_id"].to_list()


def test_rows_are_for_scopes_with_rows_and_for_cases(
    snapshot: Snapshot, party: Snapshot, leader: Scope, comrade: Scope
) -> None:
    question = Question("DVC08", SEPTEMBER, "80")
    wall = demo_scope("wall", territory(snapshot).roots())
    for scope, name, key in (
        (wall, "DVC08", "answer.no_rows"),
        (leader, "DVC30", "answer.no_rows_of_kind"),
        (leader, "KT01", "answer.no_rows_of_kind"),
        (NOBODY, "DVC08", "answer.no_clearance"),
    ):
        found = rows(snapshot, scope, question.asking(indicator=name))
        assert found.frame.is_empty() and found.reason is not None and found.reason.key == key
    hidden = rows(party, replace(comrade, rows=True), Question("DNG05", periods.parse("2026-Q3"), "TU"))
    assert hidden.frame.is_empty() and hidden.reason is not None


def test_the_ledger_is_seen_by_those_who_may_and_by_stewards_for_their_sources(
    snapshot: Snapshot, leader: Scope, comrade: Scope
) -> None:
    assert ledger.sources(snapshot, leader).height == 4
    assert ledger.deliveries(snapshot, leader, "dvc").height == 1
    assert ledger.sources(snapshot, NOBODY).is_empty() and ledger.sources(snapshot, comrade).is_empty()
    steward = replace(demo_scope("steward", territory(snapshot).roots()), sources=("h1022",))
    assert ledger.deliveries(snapshot, steward)["source"].to_list() == ["h1022"]
    assert ledger.quarantine(snapshot, steward).is_empty()
    assert ledger.quarantine(snapshot, replace(steward, sources=("dvc",)))["rule"].to_list() == ["has_a_case_id"]
    assert ledger.quarantine(snapshot, leader).is_empty()
    assert ledger.quarantine_rules(snapshot, leader)["rows"].to_list() == [1]


def test_an_empty_series_is_empty(snapshot: Snapshot, leader: Scope) -> None:
    assert series(snapshot, leader, Question("DVC08", SEPTEMBER, "80"), [], today=TODAY) == []


def test_who_is_expected_are_those_who_always_send(tmp_path_factory: pytest.TempPathFactory) -> None:
    always = {month.first for month in periods.split(periods.parse("2025-07..2026-10"), "month")}
    now_and_then = set(sorted(always)[::4])
    stopped = {month for month in always if month < date(2026, 3, 1)}
    until = {"dossier": dict.fromkeys(("27727", "27694@2025", "STC"), (DATA_UNTIL, "dvc"))}

    def missing(**sent: set[date]) -> tuple[str, ...]:
        named = {{"an": "27694@2025", "duc": "27727", "stc": "STC"}[name]: months for name, months in sent.items()}
        home = write_tiny(tmp_path_factory.mktemp("expected"), TinyFacts(until=until, sent={"dossier": named}))
        opened = Snapshots(home).current()
        scope = demo_scope("leader", territory(opened).roots())
        return ask(opened, scope, "DVC01", "2026-09").coverage.missing

    assert missing(an=always, duc=always, stc=now_and_then) == ()
    # A commune that fell silent is missed because communes send; so is one that never sent at all.
    assert missing(an=always, duc=stopped, stc=always) == ("27727",)
    assert missing(an=always, stc=always) == ("27727",)
    assert missing(an=now_and_then, duc=now_and_then, stc=always) == ()
