"""Every row ends as one of loaded, quarantined or skipped, and a newer row stands whichever came first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.facts import FACTS
from pipelines.load import create_fact_tables
from pipelines.pseudonym import pseudonym
from tests.pipelines.loading import DOSSIERS, KEY, broken, draft, fact, load, mapping, rows, table

Db = duckdb.DuckDBPyConnection


@pytest.fixture
def db() -> Iterator[Db]:
    with draft() as connection:
        yield connection


def test_a_good_row_is_loaded(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({}), mapping(tmp_path), tmp_path)
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined, loaded.cases) == (1, 1, 0, 1)
    assert loaded.reasons == ()
    row = fact(db).row(0, named=True)
    assert row["case_id"] == pseudonym("A-1", "mot_cua", KEY)
    assert (row["received_on"], row["channel"], row["is_on_time"]) == (date(2025, 3, 3), "online", True)


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"so": ""}, "has_a_case_id", "so"),
        ({"nhan": ""}, "has_a_received_day", "nhan"),
        ({"don_vi": ""}, "has_a_unit", "don_vi"),
        ({"don_vi": "99999"}, "unit_is_known", "don_vi"),
        ({"nhan": "hôm qua"}, "date_is_readable", "nhan"),
        ({"nhan": "01/01/2014"}, "year_is_plausible", "nhan"),
        ({"xong": "02/03/2025 23:59"}, "ended_not_before_received", "xong"),
        ({"hen": "02/03/2025"}, "due_not_before_received", "hen"),
        ({"kenh": "fax"}, "channel_is_known", "kenh"),
        ({"phi": "-1"}, "counts_are_not_negative", "bo_sung"),
        ({"trang_thai": "9", "xong": ""}, "closed_has_an_end_day", "xong"),
        ({"trang_thai": "13"}, "status_is_known", "trang_thai"),
    ],
)
def test_a_bad_row_is_kept_with_its_rule(
    db: Db, tmp_path: Path, change: dict[str, str], rule: str, column: str
) -> None:
    text = rows({"so": "tốt", "bo_sung": "0"}, change)
    loaded = load(db, text, mapping(tmp_path), tmp_path)
    assert broken(db) == [(3, rule, column)]
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined) == (2, 1, 1)
    assert [(reason.code, reason.values["rows"], reason.values["line"]) for reason in loaded.reasons] == [(rule, 1, 3)]
    assert fact(db).height == 1


def test_an_end_an_hour_before_the_start_on_the_same_day_is_no_fault(db: Db, tmp_path: Path) -> None:
    assert load(db, rows({"xong": "03/03/2025 07:00"}), mapping(tmp_path), tmp_path).rows_loaded == 1


def test_a_row_that_waits_at_the_door_needs_no_day_of_receipt(db: Db, tmp_path: Path) -> None:
    toml = DOSSIERS.replace('"4" = "in_progress"', '"1" = "registered"')
    loaded = load(db, rows({"nhan": "", "xong": "", "trang_thai": "1"}), mapping(tmp_path, toml), tmp_path)
    assert loaded.rows_loaded == 1


def test_a_row_with_several_faults_is_one_row(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({"nhan": "x", "phi": "y", "so": "", "don_vi": "z"}), mapping(tmp_path), tmp_path)
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined) == (1, 0, 1)
    assert {rule for _, rule, _ in broken(db)} == {
        *("date_is_readable", "number_is_readable", "has_a_case_id", "unit_is_known"),
    }


def test_a_repeated_row_counts_once(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({}, {"so": "B"}, {}, {}), mapping(tmp_path), tmp_path)
    assert broken(db) == [(4, "is_not_a_repetition", "so"), (5, "is_not_a_repetition", "so")]
    assert (loaded.rows_loaded, loaded.rows_quarantined, loaded.cases) == (2, 2, 2)


def test_a_repetition_is_seen_across_chunks(db: Db, tmp_path: Path) -> None:
    text = rows(*({"so": f"S{i}"} for i in range(5)), {"so": "S0"})
    given = table(text, tmp_path / "chunks", chunk=2)
    assert len(given.chunks) == 3
    assert load(db, text, mapping(tmp_path), tmp_path, given=given).rows_quarantined == 1
    assert broken(db) == [(7, "is_not_a_repetition", "so")]


def test_two_rows_of_one_case_need_a_time_to_order_them(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({"kenh": "1"}, {"kenh": "2"}), mapping(tmp_path), tmp_path)
    assert broken(db) == [(3, "key_is_unique_in_file", "so")]
    assert (loaded.rows_loaded, loaded.cases) == (1, 1)
    assert fact(db)["channel"].to_list() == ["counter"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_later_update_wins_inside_a_file(db: Db, tmp_path: Path, turned: bool) -> None:
    sent = [{"kenh": "1", "cap_nhat": "05/03/2025 10:00"}, {"kenh": "2", "cap_nhat": "05/03/2025 09:00"}]
    loaded = load(db, rows(*(reversed(sent) if turned else sent)), mapping(tmp_path), tmp_path)
    assert (loaded.rows_loaded, loaded.rows_quarantined, loaded.cases) == (2, 0, 1)
    assert fact(db)["channel"].to_list() == ["counter"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_newer_delivery_wins_whichever_came_first(db: Db, tmp_path: Path, turned: bool) -> None:
    sent = [("cu.csv", "1", date(2025, 4, 1)), ("moi.csv", "2", date(2025, 4, 2))]
    for name, channel, day in reversed(sent) if turned else sent:
        load(db, rows({"kenh": channel}), mapping(tmp_path), tmp_path, name, as_of=day)
    assert fact(db)["channel"].to_list() == ["online"]


def test_without_any_date_the_first_receipt_decides(db: Db, tmp_path: Path) -> None:
    for name, channel, hour in (("b", "1", 8), ("a", "2", 7)):
        arrived = datetime(2025, 4, 1, hour, tzinfo=UTC)
        load(db, rows({"kenh": channel}), mapping(tmp_path), tmp_path, name, received_at=arrived)
    assert fact(db)["channel"].to_list() == ["counter"]


def test_what_a_newer_row_supersedes_is_loaded_all_the_same(db: Db, tmp_path: Path) -> None:
    load(db, rows({}), mapping(tmp_path), tmp_path, "moi.csv", as_of=date(2025, 4, 2))
    late = load(db, rows({}, {"so": "B"}), mapping(tmp_path), tmp_path, "tre.csv", as_of=date(2025, 4, 1))
    assert (late.rows_loaded, late.cases) == (2, 2)
    assert fact(db).height == 2


def logged(db: Db) -> list[Any]:
    """What the increment under way has done to the dossiers, in their order."""
    return db.execute("SELECT sign, received_on, ended_on FROM changed_dossier ORDER BY ALL").fetchall()


def test_what_went_and_what_came_is_written_down(db: Db, tmp_path: Path) -> None:
    first = rows({"xong": "05/03/2025 10:00"}, {"so": "B", "nhan": "04/03/2025"})
    load(db, first, mapping(tmp_path), tmp_path, "1", as_of=date(2025, 4, 1))
    db.execute("DROP TABLE changed_dossier")
    load(db, rows({"xong": "07/03/2025 10:00"}), mapping(tmp_path), tmp_path, "2", as_of=date(2025, 4, 2))
    came, received = date(2025, 3, 7), date(2025, 3, 3)
    assert logged(db) == [(-1, received, date(2025, 3, 5)), (1, received, came)]
    load(db, rows({"xong": "06/03/2025 10:00"}), mapping(tmp_path), tmp_path, "0", as_of=date(2025, 3, 31))
    assert len(logged(db)) == 2, "what is older than what stands changes nothing"


def test_nothing_personal_is_written_anywhere(db: Db, tmp_path: Path) -> None:
    text = rows({}, {"so": "012345678901", "nhan": "x"}, {"so": "BÍ-MẬT", "kenh": "9"})
    load(db, text, mapping(tmp_path), tmp_path)
    everything = ""
    for (name,) in db.execute("select table_name from information_schema.tables").fetchall():
        everything += str(db.sql(f'select * from "{name}"').pl().to_dicts())
    for secret in ("Nguyễn Thị Ẩn Danh", "A-1", "012345678901", "BÍ-MẬT"):
        assert secret not in everything
    values = db.execute('select "column", value from quarantine order by all').fetchall()
    assert values == [("kenh", "9"), ("nhan", "x")]


def test_a_personal_cell_stays_hidden_when_another_column_reads_it_too(db: Db, tmp_path: Path) -> None:
    toml = DOSSIERS.replace("level = {", 'home_unit = { column = "so", tree = "territory" }\nlevel = {')
    load(db, rows({"so": "012345678901"}), mapping(tmp_path, toml), tmp_path)
    assert db.execute('select rule, "column", value from quarantine').fetchall() == [("unit_is_known", "so", None)]


def test_rows_that_were_no_records_are_counted_and_their_cells_kept_back(db: Db, tmp_path: Path) -> None:
    short = "has_as_many_fields_as_header"
    lines = [(9, short, None, "A;B"), (9, "has_no_nul", "kenh", "1\0"), (11, "has_no_nul", "ho_ten", "N")]
    schema = {"line": pl.Int64, "rule": pl.String, "column": pl.String, "value": pl.String}
    read = table(rows({}), tmp_path / "read")
    read = replace(read, broken=pl.DataFrame(lines, schema=schema, orient="row"), skipped=3, rows_in=6)
    loaded = load(db, rows({}), mapping(tmp_path), tmp_path, given=read)
    counts = (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined, loaded.rows_skipped)
    assert counts == (6, 1, 2, 3)
    kept = db.execute('select line, "column", value from quarantine order by all').fetchall()
    assert kept == [(9, "kenh", "1\0"), (9, None, None), (11, "ho_ten", None)]


def test_a_file_without_rows_changes_nothing(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({}).clear(), mapping(tmp_path), tmp_path)
    assert (loaded.rows_in, loaded.cases, loaded.data_until) == (0, 0, None)
    assert fact(db).height == 0


def test_a_missing_optional_column_is_empty(db: Db, tmp_path: Path) -> None:
    load(db, rows({}).drop("phi").with_columns(phi=pl.lit("")), mapping(tmp_path), tmp_path)
    assert fact(db)["fee_amount"].to_list() == [None]


def test_how_far_a_delivery_reaches(db: Db, tmp_path: Path) -> None:
    one = mapping(tmp_path)
    assert load(db, rows({}), one, tmp_path, "1").data_until == date(2025, 3, 7)
    assert load(db, rows({}), one, tmp_path, "2", as_of=date(2025, 4, 1)).data_until == date(2025, 4, 1)
    slip = rows({"nhan": "03/03/2030", "hen": "", "xong": ""})
    assert load(db, slip, one, tmp_path, "3").data_until == date(2026, 11, 1)


def test_old_codes_are_told_of(db: Db, tmp_path: Path) -> None:
    sent = {"don_vi": "25456", "nhan": "01/07/2025", "hen": "", "xong": ""}
    loaded = load(db, rows(sent), mapping(tmp_path), tmp_path)
    assert [(one.code, one.values) for one in loaded.reasons] == [("old_unit_carried", {"rows": 1})]


def test_every_fact_has_a_table_of_its_own_types(db: Db) -> None:
    create_fact_tables(db)
    create_fact_tables(db)
    types = dict(
        db.execute("select column_name, data_type from duckdb_columns() where table_name = 'fact_dossier'").fetchall()
    )
    assert (types["received_on"], types["received_at"], types["fee_amount"]) == ("DATE", "TIMESTAMP", "DECIMAL(20,2)")
    tables = {name for (name,) in db.execute("select table_name from duckdb_tables()").fetchall()}
    assert tables == {one.table for one in FACTS.values()}


def test_a_merge_that_breaks_leaves_the_draft_as_it_was(db: Db, tmp_path: Path) -> None:
    load(db, rows({}), mapping(tmp_path), tmp_path, "1", as_of=date(2025, 4, 1))
    before = fact(db)
    db.execute("alter table fact_dossier rename column rating to gone")
    with pytest.raises(duckdb.Error):
        load(db, rows({"kenh": "1"}), mapping(tmp_path), tmp_path, "2", as_of=date(2025, 4, 2))
    db.execute("alter table fact_dossier rename column gone to rating")
    assert fact(db).equals(before)
