"""Files that nobody wrote for us load by mapping alone, and say what is known about them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.delivery import Delivery
from pipelines.load import Loaded, load_table
from pipelines.mapping import load_mappings
from pipelines.read import read
from pipelines.reference import load_reference
from tests.pipelines.loading import KEY, RECEIVED, REPOSITORY, draft, fact, table

PLACES = REPOSITORY / "tests" / "places"
SAMPLE = PLACES / "boston" / "sample" / "boston_311_sample.csv"
Db = duckdb.DuckDBPyConnection


@pytest.fixture
def db() -> Iterator[Db]:
    with draft() as connection:
        yield connection


def load(db: Db, place: str, source: str, path: Path, folder: Path, pieces: int = 1) -> list[Loaded]:
    """Loads a file of another place, whole and through the real reader or cut into deliveries."""
    data = PLACES / place
    mapping, reference = load_mappings(data)[source], load_reference(data)
    results = []
    for number in range(pieces):
        delivery = Delivery(source, f"{number}-{path.name}", path, f"{number:064x}", path.stat().st_size, RECEIVED)
        staged = folder / f"staged-{number}"
        staged.mkdir(parents=True)
        if pieces == 1:
            rows = read(delivery, mapping.file, folder / "read")
        else:
            text = pl.read_csv(path, infer_schema=False)
            part = text.filter(pl.int_range(pl.len()) % pieces == number)
            rows = table(part, folder / f"read-{number}", chunk=700)
        results.append(load_table(db, delivery, rows, mapping, reference, KEY, staged))
    return results


def shares(db: Db, name: str, numerator: str, denominator: str) -> tuple[int, int]:
    counted = f"select count(*) filter (({numerator}) and ({denominator})), count(*) filter ({denominator})"
    ((n, d),) = db.execute(f"{counted} from fact_{name}").fetchall()
    return n, d


def test_the_boston_sample_loads_whole(db: Db, tmp_path: Path) -> None:
    (loaded,) = load(db, "boston", "boston_311", SAMPLE, tmp_path)
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined) == (400, 400, 0)
    assert shares(db, "ticket", "closed_at <= due_at", "closed_on is not null and due_on is not null") == (111, 216)
    assert shares(db, "ticket", "is_on_time", "due_on is not null") == (111, 290)
    assert shares(db, "ticket", "sender_on_time", "sender_on_time is not null") == (221, 393)
    assert shares(db, "ticket", "year(due_on) > 2030", "true") == (18, 400)
    assert shares(db, "ticket", "is_open", "true") == (79, 400)


def test_a_target_a_second_before_the_opening_is_no_fault(db: Db, tmp_path: Path) -> None:
    load(db, "boston", "boston_311", SAMPLE, tmp_path)
    assert shares(db, "ticket", "due_at < received_at", "due_on = received_on")[0] == 3


def test_what_stands_in_nobody_s_queue_is_nobody_s(db: Db, tmp_path: Path) -> None:
    load(db, "boston", "boston_311", SAMPLE, tmp_path)
    assert shares(db, "ticket", "unit_at_receipt = 'UNASSIGNED'", "true") == (1, 400)
    places = {place for (place,) in db.execute("select distinct place_unit from fact_ticket").fetchall()}
    assert {"ALLSTON", "MATTAPAN", "BOSTON", None} <= places


@pytest.mark.records
def test_all_of_boston(db: Db, tmp_path: Path, real_records: Path) -> None:
    (loaded,) = load(db, "boston", "boston_311", real_records / "boston_311_2011q3.csv", tmp_path)
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined, loaded.cases) == (31_828, 31_828, 0, 31_828)
    closed = "closed_on is not null and due_on is not null"
    assert shares(db, "ticket", "closed_at <= due_at", closed) == (20_356, 25_183)
    assert shares(db, "ticket", "is_on_time", closed) == (20_356, 25_183)
    assert shares(db, "ticket", "is_on_time", "due_on is not null") == (20_356, 26_815)
    assert shares(db, "ticket", "sender_on_time", "sender_on_time is not null") == (25_369, 31_745)
    # The city calls a ticket without a target ontime; where there is a target, its flag is what the dates say.
    assert shares(db, "ticket", "sender_on_time", f"{closed} and sender_on_time <> is_on_time") == (0, 0)


@pytest.mark.records
def test_all_of_wabo(db: Db, tmp_path: Path, real_records: Path) -> None:
    (loaded,) = load(db, "wabo", "wabo_receipt", real_records / "wabo_receipt_events.csv", tmp_path)
    assert (loaded.rows_in, loaded.rows_loaded, loaded.rows_quarantined, loaded.cases) == (8_577, 8_577, 0, 1_434)
    assert (fact(db).height, fact(db, "dossier_step").height) == (1_434, 8_577)
    resolved = "due_on is not null and ended_on is not null"
    assert shares(db, "dossier", "ended_on <= due_on", resolved) == (1_020, 1_329)
    assert shares(db, "dossier", "ended_on <= due_on", f"{resolved} and channel = 'online'") == (889, 1_148)
    assert shares(db, "dossier", "ended_at > due_at", resolved) == (377, 1_329)
    assert shares(db, "dossier", "ended_on is null", "true") == (105, 1_434)
    assert shares(db, "dossier", "ended_at < received_at", "ended_on = received_on")[0] == 2
    assert loaded.data_until == date(2012, 1, 23)
    assert "Resource" not in str(fact(db).to_dicts()) + str(fact(db, "dossier_step").to_dicts())


@pytest.mark.records
def test_a_log_cut_into_pieces_gives_the_same_cases(tmp_path: Path, real_records: Path) -> None:
    path = real_records / "wabo_receipt_events.csv"
    found = []
    for pieces in (1, 3):
        with draft() as db:
            loads = load(db, "wabo", "wabo_receipt", path, tmp_path / str(pieces), pieces)
            assert sum(one.rows_loaded for one in loads) == 8_577
            found.append((fact(db), fact(db, "dossier_step")))
    assert found[0][0].equals(found[1][0])
    assert found[0][1].equals(found[1][1])


def test_published_indices_find_every_province_of_their_time(db: Db, tmp_path: Path) -> None:
    data = REPOSITORY / "data"
    text = pl.DataFrame(
        {
            "province": ["Long An", "Tay Ninh", "Ha Tay", "BRVT", "Atlantis"],
            "year": ["2015", "2015", "2008", "2015", "2015"],
            "series": ["pci_land"] * 5,
            "value": ["6.61", "6.2", "5", "7", "1"],
            "unit": ["point"] * 5,
            "source": ["PCI (VCCI)"] * 5,
        }
    )
    delivery = Delivery("published_indices", "x.csv", tmp_path / "x.csv", "f" * 64, 1, RECEIVED)
    (tmp_path / "staged").mkdir()
    loaded = load_table(
        db, delivery, table(text, tmp_path / "read"), load_mappings(data)["published_indices"],
        load_reference(data), KEY, tmp_path / "staged",
    )  # fmt: skip
    assert (loaded.rows_loaded, [one.code for one in loaded.reasons]) == (4, ["unit_is_known"])
    row = fact(db, "reported_value").filter(pl.col("value") == 6.61).row(0, named=True)
    assert (row["unit"], row["period_start"], row["period_end"]) == ("P80", date(2015, 1, 1), date(2015, 12, 31))
    assert (row["measure"], row["preliminary"], row["vintage"]) == ("point", False, date(2026, 11, 1))
