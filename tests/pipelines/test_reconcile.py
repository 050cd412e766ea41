"""Where two systems speak of one thing both numbers are kept, and a slow twin finds the same pairs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue import load_catalogue
from pipelines.errors import PersonError
from pipelines.measure.reconcile import Check, load_checks, write_reconciliation
from pipelines.publish.tables import create_tables
from tests.pipelines.installation import REPOSITORY

CATALOGUE = load_catalogue(REPOSITORY / "data" / "catalogue")
MAY, END = date(2026, 5, 1), date(2026, 5, 31)
RECEIVED = Check("received", {"vi": "Tiếp nhận", "en": "Received"}, "got", "dossiers_received", "count", 0.02, 2)
ON_TIME = Check("on_time", {"vi": "Đúng hạn", "en": "On time"}, "punctual", "dossiers_on_time", "percent", 0, 0.5)
Told = tuple[str, str, str, float, date, str]  # source, series, unit, value, vintage, sha


def told(source: str, series: str, unit: str, value: float, vintage: date = END, sha: str = "") -> Told:
    return source, series, unit, value, vintage, sha or source[0] * 64


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield prepare(opened)


def prepare(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    create_tables(db)
    db.execute(
        "CREATE OR REPLACE TABLE fact_reported_value (source VARCHAR, series VARCHAR, unit VARCHAR, value DOUBLE, "
        "vintage DATE, version_sha VARCHAR, period_start DATE, period_end DATE, measure VARCHAR)"
    )
    received, ended = CATALOGUE["dossiers_received"].day, CATALOGUE["dossiers_on_time"].day
    db.execute(
        f'CREATE OR REPLACE TABLE part_dossier_{received} (day DATE, unit VARCHAR, "dossiers_received__n" BIGINT)'
    )
    db.execute(f'CREATE OR REPLACE TABLE part_dossier_{ended} (day DATE, unit VARCHAR, "dossiers_on_time__n" BIGINT, '
               '"dossiers_on_time__d" BIGINT)')  # fmt: skip
    db.execute(f"INSERT INTO part_dossier_{received} VALUES ('2026-05-01', 'A', 60), ('2026-05-31', 'A', 40), "
               "('2026-04-30', 'A', 9), ('2026-06-01', 'A', 9), ('2026-05-09', 'B', 7)")  # fmt: skip
    db.execute(f"INSERT INTO part_dossier_{ended} VALUES ('2026-05-02', 'A', 9, 10), ('2026-05-30', 'A', 81, 90)")
    db.execute("CREATE OR REPLACE TABLE unit_until (fact VARCHAR, unit VARCHAR, whole_until DATE, source VARCHAR)")
    db.execute("INSERT INTO unit_until VALUES ('dossier', 'A', '2026-06-02', 'onestop'), "
               "('dossier', 'B', '2026-05-30', 'onestop')")  # fmt: skip
    return db


def pairs(db: duckdb.DuckDBPyConnection, checks: list[Check], *rows: Told, catalogue: Any = None) -> list[Any]:
    for source, series, unit, value, vintage, sha in rows:
        db.execute("INSERT INTO fact_reported_value VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                   [source, series, unit, value, vintage, sha, MAY, END])  # fmt: skip
    write_reconciliation(db, checks, CATALOGUE if catalogue is None else catalogue)
    return db.execute(
        "SELECT check_id, unit, left_source, left_value, right_source, right_value, computed, agrees "
        "FROM reconciliation ORDER BY ALL"
    ).fetchall()


def test_a_report_stands_beside_what_the_records_say_and_both_are_kept(db: duckdb.DuckDBPyConnection) -> None:
    assert pairs(db, [RECEIVED], told("report", "got", "A", 112.0)) == [
        ("received", "A", "report", 112.0, "onestop", 100.0, True, False)
    ]
    difference, allowed, vi = db.execute("SELECT difference, allowed, name_vi FROM reconciliation").fetchall()[0]
    assert (difference, round(allowed, 6), vi) == (12.0, 2.0, "Tiếp nhận")


@pytest.mark.parametrize(("value", "agrees"), [(102.0, True), (98.0, True), (102.01, False), (97.99, False)])
def test_what_is_allowed_is_data(db: duckdb.DuckDBPyConnection, value: float, agrees: bool) -> None:
    assert pairs(db, [RECEIVED], told("report", "got", "A", value))[0][-1] is agrees


def test_a_share_is_divided_once_over_all_days(db: duckdb.DuckDBPyConnection) -> None:
    assert pairs(db, [ON_TIME], told("report", "punctual", "A", 99.0)) == [
        ("on_time", "A", "report", 99.0, "onestop", 90.0, True, False)
    ]


def test_records_that_do_not_reach_to_the_end_of_the_period_are_no_witness(db: duckdb.DuckDBPyConnection) -> None:
    assert pairs(db, [RECEIVED], told("report", "got", "B", 8.0)) == []


def test_of_one_sender_only_the_newest_vintage_speaks_and_its_file_is_named(db: duckdb.DuckDBPyConnection) -> None:
    for sha, file in (("a", "old.csv"), ("b", "new.csv")):
        db.execute("INSERT INTO delivery (sha256, source, file) VALUES (?, 'report', ?)", [sha * 64, file])
    rows = (told("report", "got", "A", 500.0, date(2026, 6, 1), "a" * 64),
            told("report", "got", "A", 101.0, date(2026, 6, 2), "b" * 64))  # fmt: skip
    assert pairs(db, [RECEIVED], *rows) == [("received", "A", "report", 101.0, "onestop", 100.0, True, True)]
    assert db.execute("SELECT left_file, right_file FROM reconciliation").fetchall() == [("new.csv", None)]


def test_two_senders_of_a_series_that_nobody_named_must_agree_exactly(db: duckdb.DuckDBPyConnection) -> None:
    rows = (told("stats", "pci_weighted", "A", 64.37), told("plan", "pci_weighted", "A", 64.38),
            told("alone", "gdp", "A", 1.0))  # fmt: skip
    assert pairs(db, [], *rows) == [("pci_weighted", "A", "plan", 64.38, "stats", 64.37, False, False)]
    name = db.execute("SELECT name_vi, name_en FROM reconciliation").fetchall()[0]
    assert name == tuple(CATALOGUE["pci_total"].name[lang] for lang in ("vi", "en"))


def test_written_again_it_says_the_same_and_where_nothing_is_told_it_is_empty(db: duckdb.DuckDBPyConnection) -> None:
    first = pairs(db, [RECEIVED], told("report", "got", "A", 112.0))
    assert pairs(db, [RECEIVED]) == first
    db.execute("DROP TABLE fact_reported_value")
    assert pairs(db, [RECEIVED]) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("AB"), st.integers(0, 300)), max_size=8))
def test_a_slow_twin_finds_the_same_pairs(rows: list[tuple[str, str, int]]) -> None:
    """The twin goes through all pairs by hand; the last row of a sender about a unit is its newest vintage."""
    said = [told(source, "got", unit, value, date(2026, 6, 1 + day), f"{day}" * 64)
            for day, (source, unit, value) in enumerate(rows)]  # fmt: skip
    newest = {(source, unit): value for source, unit, value in rows}
    expected = [("received", "A", source, float(value), "onestop", 100.0, True, abs(value - 100) <= 2)
                for (source, unit), value in newest.items() if unit == "A"]  # fmt: skip
    for one, other in combinations(sorted(newest), 2):
        if one[1] == other[1]:
            left, right = newest[one], newest[other]
            agrees = abs(left - right) <= max(2, 0.02 * right) + 1e-9
            expected.append(("received", one[1], one[0], float(left), other[0], float(right), False, agrees))
    with duckdb.connect() as db:
        assert pairs(prepare(db), [RECEIVED], *said) == sorted(expected)


def write(folder: Path, text: str) -> Path:
    (folder / "reference").mkdir()
    (folder / "reference" / "reconciliation.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_checks_of_the_product_can_be_read_and_a_place_without_them_has_none(tmp_path: Path) -> None:
    assert [one.indicator for one in load_checks(REPOSITORY / "data", CATALOGUE)] == ["dossiers_received"]
    assert load_checks(tmp_path, CATALOGUE) == []


@pytest.mark.parametrize(
    ("entry", "told_en"),
    [
        ('series = "x"', "needs name"),
        ('name = { vi = "a", en = "b" }', "needs name"),
        ('name = { vi = "a", en = "b" }\nseries = "x"\ntolerance = 3', "unknown keys: tolerance"),
        ('name = { vi = "a", en = "b" }\nseries = "x"\nindicator = "nothing"', "cannot be computed"),
        ('name = { vi = "a", en = "b" }\nseries = "x"\nindicator = "pci_total"', "cannot be computed"),
    ],
)
def test_a_check_that_means_nothing_is_refused_by_name(tmp_path: Path, entry: str, told_en: str) -> None:
    with pytest.raises(PersonError, match=told_en) as refused:
        load_checks(write(tmp_path, f"[one]\n{entry}\n"), CATALOGUE)
    assert "reconciliation.toml: [one]" in refused.value.text("vi")
