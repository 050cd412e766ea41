"""The archive is enough: rebuilt in any order, from any day's files, every table has the same hash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipelines.contract import Code
from pipelines.errors import PersonError
from pipelines.publish.pointer import read_pointer
from tests.pipelines.installation import Installation, install, row, table_hashes

# Three files about the same cases, each row with its own update time; one row bad, one file bad.
FILES = {
    "one.csv": [row("A-1", ended="-", updated="03/03/2026 08:00"), row("A-2"), row("A-3")],
    "two.csv": [row("A-1", updated="07/03/2026 09:30"), row("A-4", received="31/02/2026")],
    "three.csv": [row("A-1", unit="27697", updated="06/03/2026 09:00"), row("A-2", due="01/03/2026"), row("A-5")],
    "bad.csv": ["1;2"],
}


def drop(one: Installation, name: str) -> None:
    one.drop(name, FILES[name], header="so;nhan" if name == "bad.csv" else "so;nhan;hen;xong;don_vi;cap_nhat")


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    one = install(tmp_path_factory.mktemp("whole"))
    for name in FILES:
        drop(one, name)
    one.drop("p.csv", [row("P-1")], source="chibo_thu")
    one.load()
    return one


def same_key(one: Installation, other: Installation) -> None:
    one.home.key.write_bytes(other.home.key.read_bytes())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rebuild_agrees_with_every_order_of_arrival(in_one_go: Installation, tmp_path: Path, seed: int) -> None:
    one = install(tmp_path)
    same_key(one, in_one_go)
    order = list(FILES)
    random.Random(seed).shuffle(order)
    for batch in (order[:1], order[1:]):
        for name in batch:
            drop(one, name)
        if batch is not order[:1]:
            one.drop("p.csv", [row("P-1")], source="chibo_thu")
        one.load()
    incremental = table_hashes(one)
    assert incremental == table_hashes(in_one_go)
    report = one.rebuild()
    assert report.published and report.rebuilt and report.snapshot == 3
    assert table_hashes(one) == incremental


def test_the_newest_version_of_a_case_stands(in_one_go: Installation) -> None:
    assert in_one_go.ask("SELECT count(*), count(ended_on), max(unit_at_receipt) FROM fact_dossier") == [
        (4, 4, "27694@2025")]


def test_a_rebuild_leaves_the_inbox_alone(loaded: Installation) -> None:
    path = loaded.drop("y.csv", [row("Y-1")])
    assert [file.file for file in loaded.rebuild().files] == []
    assert path.exists() and loaded.ask("SELECT count(*) FROM delivery WHERE file = 'y.csv'") == [(0,)]


def test_a_rebuild_without_the_key_is_refused_with_that_reason(loaded: Installation) -> None:
    loaded.home.key.unlink()
    with pytest.raises(PersonError, match="pseudonym key") as refused:
        loaded.rebuild()
    assert "khóa bí danh" in refused.value.vi
    with pytest.raises(PersonError, match="pseudonym key"):
        loaded.load()
    assert not loaded.home.key.exists()


def test_a_lost_home_comes_back_from_archive_and_key(loaded: Installation) -> None:
    before = table_hashes(loaded)
    for path in loaded.home.snapshots.iterdir():
        path.unlink()
    loaded.home.current.unlink()
    report = loaded.rebuild()
    assert report.snapshot == 3, "a number is never used again"
    assert table_hashes(loaded) == before


def test_a_changed_mapping_rebuilds_by_itself_and_says_so(loaded: Installation) -> None:
    mapping = loaded.data / "mappings" / "counter.toml"
    mapping.write_text(mapping.read_text("utf-8").replace('"counter" }', '"online" }'), encoding="utf-8")
    report = loaded.load()
    assert report.rebuilt and report.published and "rebuilt from the archive" in report.notes[0][1]
    assert loaded.ask("SELECT DISTINCT channel FROM fact_dossier") == [("online",)]
    assert not loaded.load().published


def test_changed_reference_and_changed_code_rebuild(loaded: Installation) -> None:
    with (loaded.data / "reference" / "days_off.csv").open("a", encoding="utf-8") as days_off:
        days_off.write("2026-03-04,off,Nghỉ,Day off,,false\n")
    assert loaded.load().rebuilt
    loaded.code = Code("other", "measuring", "test")
    assert loaded.load().rebuilt and not loaded.load().published


def test_a_changed_catalogue_measures_again_and_reads_no_file(loaded: Installation) -> None:
    for path in (loaded.home.archive / "counter").glob("*.csv"):
        path.chmod(0)
    catalogue = loaded.data / "catalogue" / "counter.toml"
    catalogue.write_text(catalogue.read_text("utf-8").replace("ended_on <= due_on", "ended_on < due_on"), "utf-8")
    before = loaded.ask("SELECT sum(counter_dossiers_on_time__n) FROM part_dossier_ended_on")
    report = loaded.load()
    assert report.published and not report.rebuilt and "measured again" in report.notes[0][1]
    assert before != [(0,)]
    assert loaded.ask("SELECT sql_numerator FROM indicator WHERE kind = 'rate'")[0][0].count("<=") == 0


def test_a_new_source_is_published_without_reading_anything_again(loaded: Installation) -> None:
    mapping = (loaded.data / "mappings" / "counter.toml").read_text("utf-8")
    (loaded.data / "mappings" / "another.toml").write_text(mapping, encoding="utf-8")
    report = loaded.load()
    assert report.published and not report.rebuilt and report.files == []
    assert loaded.ask("SELECT source, rows FROM source ORDER BY 1") == [("another", 0), ("counter", 8)]


def test_the_contract_inside_the_state_file_names_no_party_source(loaded: Installation) -> None:
    assert list(loaded.manifest()["contract"]["mappings"]) == ["counter"]
    assert list(loaded.manifest(party=True)["contract"]["mappings"]) == ["chibo_thu"]
    assert read_pointer(loaded.home) is not None
