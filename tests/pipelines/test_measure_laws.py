"""What must hold whatever the rows say: no stock below zero, sums that stay, and a patch equal to a new beginning."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.facts import FACTS
from pipelines.measure import measure
from pipelines.measure.sums import unequal_sums
from pipelines.reference import Reference
from tests.pipelines.measured import (
    FIRST,
    LAST,
    dossiers,
    facts_db,
    product_catalogue,
    put,
    small_reference,
    some_dossiers,
)

STATE = {name: entry for name, entry in product_catalogue().items() if entry.fact == "dossier"}
STOCKS = {name: entry for name, entry in STATE.items() if entry.kind == "stock" and entry.fact == "dossier"}
BASES = ("as_was", "today", "before_2025")
DERIVED = ("part_", "spread_", "thing_", "cohort_", "bridge")
quietly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return small_reference(tmp_path_factory.mktemp("place") / "data")


def carried(db: duckdb.DuckDBPyConnection, rows: str, basis: str, indicator: str, measures: str) -> list[Any]:
    """`rows` (day, unit, ...) summed by day and unit of a basis."""
    bridge = (f"SELECT from_unit, to_unit, weight FROM bridge WHERE basis = '{basis}' "
              f"AND indicator IN ('', '{indicator}')")
    if basis == "as_was":
        bridge = "SELECT DISTINCT unit AS from_unit, unit AS to_unit, 1::DOUBLE AS weight FROM rows_"
    return db.execute(f"WITH rows_ AS ({rows}), b AS ({bridge}) SELECT day, to_unit, {measures} FROM rows_ "
                      "JOIN b ON b.from_unit = rows_.unit GROUP BY 1, 2 ORDER BY 1").fetchall()


def changes(name: str) -> str:
    entry = STOCKS[name]
    assert entry.entered is not None and entry.left is not None
    return (f'SELECT day, unit, "{name}__in" AS c FROM part_dossier_{entry.entered.day} '
            f'UNION ALL SELECT day, unit, -"{name}__out" FROM part_dossier_{entry.left.day} '
            f'UNION ALL SELECT day, unit, "{name}__in" - "{name}__out" FROM part_dossier_moved_on')


@quietly
@given(some_dossiers)
def test_stocks_stay_above_zero_and_sums_stay_what_they_are(reference: Reference, rows: list[Any]) -> None:
    """One measured database for all laws: measuring takes longer than asking."""
    db = facts_db(dossier=rows)
    measure(db, STATE, reference)
    no_stock_is_ever_negative(db)
    sums_of_the_place_are_the_same_on_every_basis(db)
    moves_cancel_out_over_the_place(db)


def no_stock_is_ever_negative(db: duckdb.DuckDBPyConnection) -> None:
    for name in STOCKS:
        for basis in BASES:
            level: dict[str, float] = defaultdict(float)
            for day, unit, change in carried(db, changes(name), basis, name, "sum(c * weight)"):
                level[unit] += change
                assert level[unit] > -1e-9, (name, basis, unit, day)


def test_rows_that_contradict_themselves_never_make_a_stock_negative(reference: Reference) -> None:
    row = {"source": "s", "unit_at_receipt": "n1", "status": "decided", "received_on": date(2025, 8, 4)}
    db = facts_db(dossier=[row | {"ended_on": date(2025, 8, 1)}, row | {"ended_on": date(2025, 8, 4)}])
    measure(db, STATE, reference)
    assert db.execute('SELECT sum("dossiers_open__in") FROM part_dossier_received_on').fetchall() == [(1,)]
    assert db.execute('SELECT sum("dossiers_open__out") FROM part_dossier_ended_on').fetchall() == [(1,)]


def sums_of_the_place_are_the_same_on_every_basis(db: duckdb.DuckDBPyConnection) -> None:
    for name, entry in STATE.items():
        if entry.fact != "dossier" or entry.kind not in ("rate", "count"):
            continue
        part = f'"{name}__{"d" if entry.kind == "rate" else "n"}"'
        select = f"SELECT day, unit, {part} AS c FROM part_dossier_{entry.day}"
        total = db.execute(f"SELECT coalesce(sum(c), 0) FROM ({select})").fetchall()[0][0]
        for basis in BASES:
            found = sum(change for _, _, change in carried(db, select, basis, name, "sum(c * weight)"))
            assert found == pytest.approx(float(total)), (name, basis)


def moves_cancel_out_over_the_place(db: duckdb.DuckDBPyConnection) -> None:
    for name in STOCKS:
        pairs = db.execute(f'SELECT day, sum("{name}__in"), sum("{name}__out") FROM part_dossier_moved_on GROUP BY 1')
        assert all(came == went for _, came, went in pairs.fetchall()), name


def contents(db: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    names = [name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names if name.startswith(DERIVED)}


def days_of(rows: list[Any]) -> dict[str, set[date]]:
    return {day: {row[day] for row in rows if row.get(day)} for day in FACTS["dossier"].days}


@quietly
@given(st.lists(dossiers(), min_size=2, max_size=10), st.lists(dossiers(), min_size=1, max_size=4), st.booleans())
def test_measuring_touched_days_equals_measuring_everything(
    reference: Reference, before: list[Any], changed: list[Any], as_range: bool
) -> None:
    gone, after = before[: len(changed)], [*before[len(changed):], *changed]
    db = facts_db(dossier=before)
    measure(db, STATE, reference)
    put(db, "dossier", after)
    days: dict[str, Any] = days_of([*gone, *changed])
    if as_range:
        days = {name: (min(found), max(found)) if found else () for name, found in days.items()}
    measure(db, STATE, reference, {"dossier": days})
    whole = facts_db(dossier=after)
    measure(whole, STATE, reference)
    assert contents(db) == contents(whole)


@quietly
@given(some_dossiers, st.lists(st.lists(dossiers(), max_size=4), min_size=1, max_size=3))
def test_adding_what_came_and_taking_off_what_went_equals_measuring_everything(
    reference: Reference, rows: list[Any], steps: list[list[Any]]
) -> None:
    """However many merges there were since; also where a row comes and goes again, and where nothing is left of a day.
    """
    db = facts_db(dossier=rows)
    measure(db, STATE, reference)
    db.execute("CREATE TEMP TABLE changed_dossier AS SELECT *, 0::TINYINT AS sign FROM fact_dossier LIMIT 0")
    for number, came in enumerate(steps):
        went, rows = rows[: number + 1], [*rows[number + 1:], *came]
        for sign, some in ((-1, went), (1, came)):
            put(db, "dossier", some)
            db.execute(f"INSERT INTO changed_dossier SELECT *, {sign} FROM fact_dossier")
    put(db, "dossier", rows)
    told: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def note(table: str, some: str, values: Any, sign: int) -> None:
        told[table][sign < 0] += db.execute(f"SELECT count(*) FROM ({some})", values).fetchall()[0][0]

    size = {name: len(content) for name, content in contents(db).items()}
    made = measure(db, STATE, reference, {"dossier": {}}, note=note)
    whole = facts_db(dossier=rows)
    measure(whole, STATE, reference)
    assert contents(db) == contents(whole)
    grown = {name: len(content) - size[name] for name, content in contents(db).items()}
    assert {name: came - went for name, (came, went) in told.items()} == {name: grown[name] for name in told}
    assert {name for name, days in made.items() if days} == set(told)


def test_a_row_that_counts_nothing_is_not_kept(reference: Reference) -> None:
    """Else a day of which all cases went would leave rows of zeros behind, and a rebuild would have none."""
    db = facts_db(dossier=[{"source": "s", "unit_at_receipt": "n1", "status": "withdrawn", "ended_on": FIRST}])
    measure(db, STATE, reference)
    empty = {name for name, rows in contents(db).items() if not rows}
    assert "part_dossier_ended_on" in empty, "nobody counts what was withdrawn before it was received"
    assert {name for name in contents(db) if name.startswith("part_")} == {name for name in empty if "part_" in name}


def test_days_that_nobody_touched_are_left_alone(reference: Reference) -> None:
    row = {"source": "s", "unit_at_receipt": "n1", "status": "in_progress"}
    db = facts_db(dossier=[row | {"received_on": FIRST}, row | {"received_on": LAST}])
    measure(db, STATE, reference)
    put(db, "dossier", [row | {"received_on": LAST}] * 2)
    measure(db, STATE, reference, {"dossier": dict.fromkeys(FACTS["dossier"].days, ()) | {"received_on": {LAST}}})
    assert db.execute("SELECT day, sum(dossiers_received__n) FROM part_dossier_received_on GROUP BY 1 ORDER BY 1"
                      ).fetchall() == [(FIRST, 1), (LAST, 2)]


def test_a_changed_definition_is_never_patched_onto_old_numbers(reference: Reference) -> None:
    row = {"source": "s", "unit_at_receipt": "n1", "status": "in_progress", "received_on": FIRST}
    db = facts_db(dossier=[row])
    fewer = {name: entry for name, entry in STATE.items() if name != "dossiers_received"}
    measure(db, fewer, reference)
    measure(db, STATE, reference, {})
    assert db.execute("SELECT sum(dossiers_received__n) FROM part_dossier_received_on").fetchall() == [(1,)]
    measure(db, {"dossiers_received": STATE["dossiers_received"]}, reference, {})
    tables = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert {name for name in tables if name.startswith(DERIVED)} == {"part_dossier_received_on", "bridge"}


@pytest.mark.timeout(120)
def test_the_parts_of_three_hundred_thousand_dossiers_add_up(reference: Reference) -> None:
    db = facts_db(dossier=[])
    db.execute("""INSERT INTO fact_dossier BY NAME SELECT 's' AS source, i::VARCHAR AS case_id,
        ['n1', 'n2', 'A', 'c1', 'c2', 'c3'][1 + (hash(i) % 6)::INT] AS unit_at_receipt,
        DATE '2023-01-01' + (hash(i, 1) % 1000)::INT AS received_on, received_on + 10 AS due_on,
        received_on + (hash(i, 2) % 12)::INT AS ended_on, ended_on AS end_766_on, 'decided' AS status,
        ['online', 'counter'][1 + (hash(i, 3) % 2)::INT] AS channel, 'commune' AS level,
        ((hash(i, 4) % 20)::INT)::VARCHAR AS field, ((hash(i, 5) % 900)::INT)::VARCHAR AS procedure_code,
        'full' AS online_level, (hash(i, 6) % 200)::BIGINT AS working_hours_taken FROM range(300000) t(i)""")
    measure(db, STATE, reference)
    assert list(unequal_sums(db, STATE)) == []
    received = db.execute('SELECT sum("dossiers_received__n") FROM part_dossier_received_on').fetchall()
    assert received == [(300_000,)]
