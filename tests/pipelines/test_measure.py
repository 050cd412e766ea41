"""Every kind of number from the parts equals the same number counted by hand from the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalogue import load_catalogue
from pipelines.measure import measure
from pipelines.reference import Reference
from tests.pipelines import oracle
from tests.pipelines.measured import DAY, FIRST, LAST, facts_db, product_catalogue, small_reference, some_dossiers

CATALOGUE = product_catalogue()
STATE = {name: entry for name, entry in CATALOGUE.items() if entry.clearance == "state"}
UNITS = ("c1", "c2", "c3", "D1", "n1", "n2", "A")
quietly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
periods = st.tuples(st.dates(FIRST, LAST), st.dates(FIRST, LAST)).map(sorted)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return small_reference(tmp_path_factory.mktemp("place") / "data")


def measured(reference: Reference, **facts: Any) -> duckdb.DuckDBPyConnection:
    """Only the entries of the facts that are given: a hundred examples should not take a minute."""
    db = facts_db(**facts)
    measure(db, {name: entry for name, entry in STATE.items() if entry.fact in facts}, reference)
    return db


def asked(db: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Any:
    return db.execute(sql, list(values)).fetchall()


RATES: dict[str, tuple[str, Callable[[Any], bool], Callable[[Any], bool]]] = {
    "dossiers_on_time": ("ended_on", lambda r: r["ended_on"] <= r["due_on"], lambda r: r["due_on"] is not None),
    "online_share_of_all": ("received_on", lambda r: r["channel"] == "online", lambda r: True),
    "online_share_of_offered": ("received_on", lambda r: r["channel"] == "online",
                                lambda r: r["online_level"] in ("full", "partial")),
    "online_share_of_full": ("received_on", lambda r: r["channel"] == "online", lambda r: r["online_level"] == "full"),
    "satisfaction_surveyed": ("ended_on", lambda r: r["rating"] == "satisfied", lambda r: r["rating"] is not None),
    "dossiers_supplemented": ("received_on", lambda r: r["supplement_count"] >= 1, lambda r: True),
    "ended_on_time_766": ("end_766_on", lambda r: not (r["ended_on"] is None and r["supplement_count"] > 1)
                          and r["end_766_on"] <= r["due_on"], lambda r: r["received_on"] is not None),
}


def rates_equal_counting(db: duckdb.DuckDBPyConnection, rows: list[Any], period: list[date]) -> None:
    for name, (day, above, below) in RATES.items():
        found = {unit: (n, d) for unit, n, d in asked(
            db, f'SELECT unit, sum("{name}__n"), sum("{name}__d") FROM part_dossier_{day} '
            "WHERE day BETWEEN ? AND ? GROUP BY 1", *period)}
        for unit in UNITS:
            expected = oracle.rate(oracle.placed(rows, day, period[0], period[1], unit), above, below)
            assert found.get(unit, (0, 0)) == expected, (name, unit)


def counts_equal_counting(db: duckdb.DuckDBPyConnection, rows: list[Any], period: list[date]) -> None:
    for name, day, counted in (
        ("dossiers_received", "received_on", lambda r: True),
        ("dossiers_resolved", "ended_on", lambda r: True),
        ("dossiers_supplemented_again", "received_on", lambda r: r["supplement_count"] >= 2),
    ):
        found = dict(asked(db, f'SELECT unit, sum("{name}__n") FROM part_dossier_{day} '
                               "WHERE day BETWEEN ? AND ? GROUP BY 1", *period))
        for unit in UNITS:
            rows_there = oracle.placed(rows, day, period[0], period[1], unit)
            assert found.get(unit, 0) == len([row for row in rows_there if counted(row)]), (name, unit)


STOCKS = {"dossiers_open": ("received_on", "ended_on"), "dossiers_overdue": ("overdue_from", "ended_on"),
          "open_766": ("received_on", "end_766_on"), "overdue_766": ("overdue_from", "end_766_on")}


def stocks_equal_counting_day_by_day(db: duckdb.DuckDBPyConnection, rows: list[Any], day: date) -> None:
    for name, (entered, left) in STOCKS.items():
        found = dict(asked(db, f"""SELECT unit, sum(change) FROM (
            SELECT unit, day, "{name}__in" AS change FROM part_dossier_{entered}
            UNION ALL SELECT unit, day, -"{name}__out" FROM part_dossier_{left}
            UNION ALL SELECT unit, day, "{name}__in" - "{name}__out" FROM part_dossier_moved_on
        ) WHERE day <= ? GROUP BY 1""", day))
        for unit in UNITS:
            assert found.get(unit, 0) == oracle.stock(rows, entered, left, day, unit), (name, unit, day)


def ages_equal_counting_working_days(
    db: duckdb.DuckDBPyConnection, reference: Reference, rows: list[Any], day: date
) -> None:
    working = dict(reference.calendar.select("day", "is_working").rows())
    db.register("calendar", reference.calendar.to_arrow())
    found: dict[str, list[int]] = {unit: [] for unit in UNITS}
    for unit, age, n in asked(db, """
        SELECT unit, t.working_number - s.working_number AS age, sum(n) AS n FROM cohort_dossier
        JOIN calendar s ON s.day = since_on JOIN calendar t ON t.day = ?
        WHERE indicator = 'dossiers_overdue' AND entered_on <= ? AND (left_on IS NULL OR left_on > ?)
        GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 2""", day, day, day):
        assert n > 0
        found[unit] += [age] * n
    for unit in UNITS:
        expected = oracle.ages(rows, "overdue_from", "ended_on", "due_on", day, unit, lambda d: working[d])
        assert found[unit] == expected, unit


def durations_equal_sorting(db: duckdb.DuckDBPyConnection, rows: list[Any], period: list[date]) -> None:
    for unit in UNITS:
        spread = asked(db, "SELECT bucket, sum(n) FROM spread_dossier_ended_on WHERE indicator = 'dossiers_time_taken' "
                           "AND unit = ? AND day BETWEEN ? AND ? GROUP BY 1 ORDER BY 1", unit, *period)
        values = [bucket for bucket, n in spread for _ in range(n)]
        there = oracle.placed(rows, "ended_on", period[0], period[1], unit)
        expected = [oracle.in_bucket(row["working_hours_taken"]) for row in there]
        assert sorted(expected) == values
        assert oracle.percentile(values, 0.9) == oracle.percentile(expected, 0.9)


def things_equal_a_set(db: duckdb.DuckDBPyConnection, rows: list[Any], period: list[date]) -> None:
    for unit in UNITS:
        found = {thing for (thing,) in asked(
            db, "SELECT DISTINCT thing FROM thing_dossier_received_on WHERE indicator = 'procedures_used_online' "
            "AND unit = ? AND day BETWEEN ? AND ?", unit, *period)}
        there = oracle.placed(rows, "received_on", period[0], period[1], unit)
        assert found == oracle.things(there, "procedure_code", lambda r: r["channel"] == "online"
                                      and r["online_level"] in ("full", "partial"))


@quietly
@given(some_dossiers, periods)
def test_every_kind_equals_counting(reference: Reference, rows: list[Any], period: list[date]) -> None:
    """One measured database for all kinds: measuring takes longer than asking."""
    db = measured(reference, dossier=rows)
    rates_equal_counting(db, rows, period)
    counts_equal_counting(db, rows, period)
    durations_equal_sorting(db, rows, period)
    things_equal_a_set(db, rows, period)
    for day in period:
        stocks_equal_counting_day_by_day(db, rows, day)
        ages_equal_counting_working_days(db, reference, rows, day)


def test_reported_keeps_every_vintage(reference: Reference) -> None:
    told = [{"source": "s", "series": "pci_weighted", "unit": "80", "period_start": date(2023, 1, 1),
             "period_end": date(2023, 12, 31), "vintage": vintage, "value": value, "preliminary": vintage.year == 2024,
             "origin": "o"} for vintage, value in ((date(2024, 5, 1), 70.0), (date(2025, 5, 1), 70.94))]
    db = measured(reference, reported_value=[*told, {**told[0], "series": "something_else"}])
    kept = asked(db, "SELECT vintage, value, preliminary FROM reported WHERE indicator = 'pci_total' ORDER BY 1")
    assert kept == [(row["vintage"], row["value"], row["preliminary"]) for row in told]
    newest = oracle.newest(told, date(2024, 12, 31))
    assert newest is not None and newest["value"] == 70.0


def test_a_step_says_which_days_it_made_anew(reference: Reference) -> None:
    """A column that nobody named and a span are everything; a fact that nobody touched is nothing."""
    db = measured(reference, dossier=[], ticket=[])
    made = measure(db, STATE, reference, {"dossier": {"received_on": {FIRST}, "submitted_on": (FIRST, LAST)}})
    assert made["part_dossier_received_on"] == {FIRST}
    assert made["part_dossier_submitted_on"] is None and made["part_dossier_ended_on"] is None
    assert made["part_ticket_received_on"] == frozenset()


def test_what_is_told_after_the_first_measuring_is_reported_too(reference: Reference) -> None:
    """In a step `reported` is made anew where something was told, and by nothing else."""
    told = {"source": "s", "series": "pci_weighted", "unit": "80", "period_start": date(2023, 1, 1),
            "period_end": date(2023, 12, 31), "vintage": date(2024, 5, 1), "value": 70.0, "origin": "o"}
    db, vintages = measured(reference, reported_value=[told]), "SELECT vintage FROM reported ORDER BY 1"
    db.execute("INSERT INTO fact_reported_value "
               "SELECT * REPLACE (DATE '2025-05-01' AS vintage) FROM fact_reported_value")
    measure(db, STATE, reference, {"ticket": {}})
    assert asked(db, vintages) == [(date(2024, 5, 1),)]
    measure(db, STATE, reference, {"reported_value": {}})
    assert asked(db, vintages) == [(date(2024, 5, 1),), (date(2025, 5, 1),)]


def test_every_table_exists_before_anybody_has_sent_anything(reference: Reference) -> None:
    db = duckdb.connect()
    measure(db, STATE, reference)
    tables = {name for (name,) in asked(db, "SELECT table_name FROM duckdb_tables()")}
    assert {"part_dossier_received_on", "part_ticket_moved_on", "cohort_dossier", "thing_dossier_received_on",
            "spread_ticket_closed_on", "part_procedure_valid_from", "reported", "bridge", "indicator", "target",
            "published_cell"} <= tables
    assert asked(db, "SELECT count(*) FROM part_dossier_received_on") == [(0,)]


def test_a_ticket_that_nobody_has_taken_counts_for_nobody(reference: Reference) -> None:
    day = date(2025, 8, 4)
    ticket = {"source": "s", "case_id": "1", "received_on": day, "category_top": "traffic", "channel": "phone",
              "unit_at_receipt": "UNASSIGNED", "unit_now": "n1", "moved_on": day + DAY, "closed_on": day + 3 * DAY}
    db = measured(reference, ticket=[ticket, {**ticket, "unit_at_receipt": None, "unit_now": None, "moved_on": None}])
    assert asked(db, "SELECT unit, sum(tickets_received__n) FROM part_ticket_received_on GROUP BY 1") == [
        ("UNASSIGNED", 2)]
    assert asked(db, 'SELECT unit, sum("tickets_open__in"), sum("tickets_open__out") FROM part_ticket_moved_on '
                     "GROUP BY 1 ORDER BY 1") == [("UNASSIGNED", 0, 1), ("n1", 1, 0)]


def test_money_is_summed_exactly(reference: Reference, tmp_path: Any) -> None:
    (tmp_path / "money.toml").write_text("""
[desk]
name = { vi = "b", en = "d" }
[fees]
code = "X1"
name = { vi = "Phí", en = "Fees" }
short = { vi = "Phí", en = "Fees" }
definition = { vi = "Phí", en = "Fees" }
kind = "count"
fact = "dossier"
day = "received_on"
amount = "fee_amount"
where = "channel = 'online'"
unit = "vnd"
better = "context"
rhythm = "daily"
""", encoding="utf-8")
    row = {"source": "s", "unit_at_receipt": "A", "received_on": FIRST, "channel": "online"}
    db = facts_db(dossier=[row | {"fee_amount": Decimal("0.10")}] * 3 + [row | {"channel": "post"}])
    measure(db, load_catalogue(tmp_path), reference)
    assert asked(db, "SELECT sum(fees__n) FROM part_dossier_received_on") == [(Decimal("0.3000"),)]
