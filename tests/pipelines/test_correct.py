"""A correction holds only while the mistake is there and its end has not passed, and it says what it did."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.correct import Correction, load_corrections
from pipelines.errors import PersonError
from tests.pipelines.loading import DOSSIERS, REPOSITORY, broken, draft, fact, load, mapping, rows

Db = duckdb.DuckDBPyConnection
WRONG_YEAR = """
[[correction]]
source = "mot_cua"
case   = "A-1"
expect = { due_on = 2025-01-12 }
set    = { due_on = 2025-03-12, channel = "post" }
reason = "Gõ nhầm tháng"
who    = "Văn phòng"
until  = 2026-12-31
"""


@pytest.fixture
def db() -> Iterator[Db]:
    with draft() as connection:
        yield connection


def read(folder: Path, text: str = WRONG_YEAR) -> tuple[Correction, ...]:
    path = folder / "reference" / "corrections.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_corrections(folder, {"mot_cua": mapping(folder)})


def test_it_saves_the_row_that_its_mistake_would_have_cost(db: Db, tmp_path: Path) -> None:
    sent = rows({"hen": "12/01/2025"}, {"so": "A-2", "hen": "12/01/2025"})
    loaded = load(db, sent, mapping(tmp_path), tmp_path, corrections=read(tmp_path))
    assert broken(db) == [(3, "due_not_before_received", "hen")]
    row = fact(db).row(0, named=True)
    assert (row["due_on"], row["channel"], row["is_on_time"]) == (date(2025, 3, 12), "post", True)
    applied = [one for one in loaded.reasons if one.code == "correction_applied"]
    assert [(one.values["number"], one.values["rows"], one.values["reason"]) for one in applied] == [
        (1, 1, "Gõ nhầm tháng")
    ]


def test_a_source_that_was_repaired_is_left_alone(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({"hen": "14/03/2025"}), mapping(tmp_path), tmp_path, corrections=read(tmp_path))
    assert fact(db)["due_on"].to_list() == [date(2025, 3, 14)]
    assert fact(db)["channel"].to_list() == ["online"]
    assert [one.code for one in loaded.reasons] == ["correction_unused"]


def test_of_two_rows_of_a_case_only_the_wrong_one_is_put_right(db: Db, tmp_path: Path) -> None:
    sent = rows(
        {"hen": "12/01/2025", "cap_nhat": "05/03/2025 10:00"}, {"hen": "20/03/2025", "cap_nhat": "06/03/2025 10:00"}
    )
    loaded = load(db, sent, mapping(tmp_path), tmp_path, corrections=read(tmp_path))
    assert fact(db)["due_on"].to_list() == [date(2025, 3, 20)]
    assert {one.code for one in loaded.reasons} == {"correction_applied", "correction_unused"}


def test_after_its_end_it_is_only_reported(db: Db, tmp_path: Path) -> None:
    arrived = datetime(2027, 1, 1, tzinfo=UTC)
    loaded = load(
        db, rows({"hen": "12/01/2025"}), mapping(tmp_path), tmp_path, corrections=read(tmp_path), received_at=arrived
    )
    assert {one.code for one in loaded.reasons} == {"correction_expired", "due_not_before_received"}


def test_the_last_day_is_the_local_day_of_receipt(db: Db, tmp_path: Path) -> None:
    still = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    sent = rows({"hen": "12/01/2025"})
    load(db, sent, mapping(tmp_path), tmp_path, "1", corrections=read(tmp_path), received_at=still)
    assert fact(db).height == 1
    late = load(
        db, rows({"so": "A-1", "hen": "12/01/2025", "phi": "9"}), mapping(tmp_path), tmp_path, "2",
        corrections=read(tmp_path), received_at=still.replace(hour=17),
    )  # fmt: skip
    assert "correction_expired" in {one.code for one in late.reasons}


def test_a_case_that_is_not_in_the_file_is_no_news(db: Db, tmp_path: Path) -> None:
    loaded = load(db, rows({"so": "Z"}), mapping(tmp_path), tmp_path, corrections=read(tmp_path))
    assert loaded.reasons == ()


def test_a_correction_of_another_source_is_not_tried(db: Db, tmp_path: Path) -> None:
    other = mapping(tmp_path, DOSSIERS, "mot_cua_khac")
    load(db, rows({"hen": "12/03/2025"}), other, tmp_path, corrections=read(tmp_path))
    assert fact(db)["channel"].to_list() == ["online"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("case   =", "cas =", "`correction[1].case`"),
        ('source = "mot_cua"', 'source = "khac"', "`correction[1].source`"),
        ("set    = {", "set = { due = 1, ", "due"),
        ("set    = {", "set = { case_id = 'B', ", "case_id"),
        ("expect = { due_on = 2025-01-12 }", "", "expect"),
        ('who    = "Văn phòng"', "", "`correction[1].who`"),
        ("until  = 2026-12-31", 'until  = "2026-12-31"', "2026-12-31"),
        ("reason =", "why = 1\nreason =", "`correction[1].why`"),
    ],
)
def test_a_slip_in_the_file_is_named(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in WRONG_YEAR
    with pytest.raises(PersonError) as caught:
        read(tmp_path, WRONG_YEAR.replace(right, wrong))
    assert "corrections.toml" in caught.value.en
    assert told in caught.value.en


@pytest.mark.parametrize("text", ["correction = 1", "correction = ['a']"])
def test_entries_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PersonError, match=r"entries that begin with \[\[correction\]\]"):
        read(tmp_path, text)


def test_the_shipped_file_can_be_read() -> None:
    assert load_corrections(REPOSITORY / "data", {}) == ()
    assert load_corrections(REPOSITORY / "tests", {}) == ()
