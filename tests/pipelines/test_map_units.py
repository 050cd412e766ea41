"""A code or a name becomes the unit that bore it on the day, its whole successor, or nobody."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.map import Mapped, make_plan, map_rows
from tests.pipelines.loading import DOSSIERS, mapping, rows, shipped

BEFORE, AFTER = "30/06/2025 16:59", "01/07/2025 07:00"
BY_NAME = DOSSIERS.replace(
    'column = "don_vi", tree = "territory"',
    'column = "don_vi", by = "name", tree = "territory", kinds = ["ward", "commune", "town"]',
)


def mapped(folder: Path, *changes: dict[str, str], toml: str = DOSSIERS) -> Mapped:
    one, text = mapping(folder, toml), rows(*changes)
    plan = make_plan(one, one.fact, one.columns, frozenset(text.columns), shipped(), datetime(2026, 11, 1))
    return map_rows(text.with_columns(pl.int_range(2, text.height + 2, dtype=pl.Int64).alias("_line")), plan)


def unit(folder: Path, text: str, day: str, toml: str = DOSSIERS) -> str | None:
    """The unit id, or the rule that the cell breaks."""
    result = mapped(folder, {"don_vi": text, "nhan": day}, toml=toml)
    rules = result.problems.filter(pl.col("column") == "unit_at_receipt")["rule"].to_list()
    return rules[0] if rules else result.rows["unit_at_receipt"].item()


def test_a_code_that_is_used_again_means_the_unit_of_the_day(tmp_path: Path) -> None:
    assert unit(tmp_path, "27694", BEFORE) == "27694@before"
    assert unit(tmp_path, "27694", AFTER) == "27694@2025"


def test_an_old_code_goes_to_the_unit_that_took_over_the_whole(tmp_path: Path) -> None:
    assert unit(tmp_path, "25456", BEFORE) == "25456"
    result = mapped(tmp_path, {"don_vi": "25456", "nhan": AFTER}, {"don_vi": "25459", "nhan": AFTER})
    assert result.rows["unit_at_receipt"].to_list() == ["25459@2025", "25459@2025"]
    assert result.carried == 1


def test_an_old_code_of_a_divided_unit_means_nobody(tmp_path: Path) -> None:
    assert unit(tmp_path, "25507", BEFORE) == "25507"
    assert unit(tmp_path, "25507", AFTER) == "unit_is_known"


@pytest.mark.parametrize("text", ["99999", "27694 ", "２７６９４", "tỉnh khác", "27694х"])
def test_an_unknown_code_means_nobody(tmp_path: Path, text: str) -> None:
    expected = "27694@2025" if text.strip() == "27694" else "unit_is_known"
    assert unit(tmp_path, text, AFTER) == expected


def test_the_old_code_of_the_province_is_the_old_province(tmp_path: Path) -> None:
    assert unit(tmp_path, "80", BEFORE) == "80@before"
    assert unit(tmp_path, "80", AFTER) == "80"


@pytest.mark.parametrize(
    "text",
    ["Phường Long An", "phường  long an", "PHƯỜNG LONG AN", "Phường\u00a0Long An", "Phươ\u0300ng Long An"],
)
def test_a_name_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    assert unit(tmp_path, text, AFTER, BY_NAME) == "27694@2025"


def test_a_name_that_three_units_bear_is_not_guessed(tmp_path: Path) -> None:
    assert unit(tmp_path, "Phường 1", BEFORE, BY_NAME) == "unit_name_is_unmistakable"


def test_accents_tell_two_communes_apart(tmp_path: Path) -> None:
    names = shipped().units.filter(
        pl.col("name_vi").is_in(["Xã Tân Thạnh", "Xã Tân Thành"]), pl.col("valid_to").is_null()
    )
    for name, expected in names.filter(~pl.col("name_vi").is_duplicated()).select("name_vi", "unit_id").rows():
        assert unit(tmp_path, name, AFTER, BY_NAME) == expected


def test_an_empty_unit_is_no_problem_of_the_cell(tmp_path: Path) -> None:
    result = mapped(tmp_path, {"don_vi": ""})
    assert result.problems.is_empty()
    assert result.rows["unit_at_receipt"].to_list() == [None]


def test_a_row_without_a_day_is_understood_by_the_day_of_the_delivery(tmp_path: Path) -> None:
    assert unit(tmp_path, "27694", "") == "27694@2025"


def test_each_unit_column_has_its_own_day(tmp_path: Path) -> None:
    moved = {"nhan": BEFORE, "don_vi": "27694", "hien_tai": "27694", "cap_nhat": AFTER}
    result = mapped(tmp_path, moved)
    assert result.rows.select("unit_at_receipt", "unit_now").row(0) == ("27694@before", "27694@2025")


def test_words_of_the_sender_come_before_codes(tmp_path: Path) -> None:
    toml = DOSSIERS.replace('column = "don_vi",', 'column = "don_vi", values = { "LA" = "27694" },')
    assert unit(tmp_path, "LA", AFTER, toml) == "27694@2025"
    assert unit(tmp_path, "25459", AFTER, toml) == "25459@2025"
