"""A code or a name becomes a unit only together with its day; other writings of a name change nothing."""

import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reference import Reference, fold, folded, is_known, load_reference, resolve_units, unit_versions

DATA = Path(__file__).parents[2] / "data"
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@cache
def shipped() -> Reference:
    return load_reference(DATA)


def resolve(raw: str | None, day: date | None, by: str = "code", trees: tuple[str, ...] = ("territory",)) -> str | None:
    frame = pl.DataFrame({"raw": [raw], "day": [day]}, schema={"raw": pl.String, "day": pl.Date})
    return resolve_units(frame, "raw", "day", by, trees, shipped())["unit_id"].item()


@pytest.mark.parametrize(
    "written",
    [
        "Xã  Tân Hòa",
        "xã tân hoà",
        "XÃ TÂN HOÀ ",
        "Xã\u00a0Tân Hòa",
        "\u200bXã Tân\u200b Hòa\ufeff",
        unicodedata.normalize("NFD", "Xã Tân Hòa"),
        unicodedata.normalize("NFD", "Xã Tân Hoà"),
    ],
)
def test_one_name_written_many_ways(written: str) -> None:
    assert fold(written) == "xã tân hòa"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ðức Huệ", "Đức Huệ"),
        ("Thuỷ lợi", "Thủy lợi"),
        ("Quý", "Qúy"),
        ("Hoàng", "Hòang"),
        ("HOẺ", "hỏe"),
    ],
)
def test_keyboards_differ(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_accents_stay() -> None:
    assert fold("Tân Thạnh") != fold("Tân Thành")
    assert fold("Tа Lai") != fold("Ta Lai")  # a Cyrillic letter is another name


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_null_stays_null() -> None:
    assert pl.select(folded(pl.lit(None, dtype=pl.String))).item() is None


@pytest.mark.parametrize(
    ("code", "day", "unit"),
    [
        ("27727", BEFORE, "27727@before"),
        ("27727", AFTER, "27727@2025"),
        ("27727", None, "27727@2025"),
        ("803", BEFORE, "803"),
        ("803", AFTER, None),
        ("803", None, "803"),
        (" 803 ", BEFORE, "803"),
        ("80", BEFORE, "80@before"),
        ("80", AFTER, "80"),
        ("80", None, "80"),
        ("99999", AFTER, None),
        (None, AFTER, None),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(code: str | None, day: date | None, unit: str | None) -> None:
    assert resolve(code, day) == unit


@pytest.mark.parametrize(
    ("name", "day", "unit"),
    [
        ("Xã Tân Thành", AFTER, "25534@2025"),
        ("Xã Tân Thành", BEFORE, None),  # four of them then
        ("Xã Tân Thành, huyện Thủ Thừa", BEFORE, "28042"),
        ("UBND phường Long An", AFTER, "27694@2025"),
        ("TP. Tân An", BEFORE, "794"),
        ("H. Bến Lức", BEFORE, "803"),
        ("Bến Lức", BEFORE, None),  # a district and its town
        ("Bến Lức", AFTER, "27991@2025"),
        ("Huyện Châu Thành", BEFORE, None),
        ("Huyện Châu Thành, tỉnh Long An", BEFORE, "808"),
        ("Tỉnh Tây Ninh", BEFORE, "72"),
        ("Tỉnh Tây Ninh", AFTER, "80"),
        ("Tỉnh Long An", BEFORE, "80@before"),
        ("Tân Hưng commune", AFTER, "27721@2025"),
    ],
)
def test_a_name_means_what_it_meant_on_the_day(name: str, day: date, unit: str | None) -> None:
    assert resolve(name, day, "name") == unit


@pytest.mark.parametrize(
    ("name", "tree", "unit"),
    [
        ("Sở Tài chính", "agency", "STC"),
        ("sở nn&mt", "agency", "SNNMT"),
        ("Chưa phân công", "agency", "UNASSIGNED"),
        ("Huyện ủy Bến Lức", "party", None),  # ended
        ("Đảng bộ xã Bến Lức", "party", "DU27991"),
        ("Thanh Hoá", "peer", "P38"),
        ("Thanh Hóa", "territory", None),
    ],
)
def test_every_tree_has_its_own_names(name: str, tree: str, unit: str | None) -> None:
    assert resolve(name, AFTER, "name", (tree,)) == unit


def test_the_earlier_tree_wins() -> None:
    day = date(2016, 1, 1)
    assert resolve("80", day, "code", ("peer", "territory")) == "P80"
    assert resolve("80", day, "code", ("territory", "peer")) == "80@before"


@pytest.mark.parametrize(
    ("printed", "unit"), [("TP HCM", "P79"), ("BRVT", "P77"), ("Ha Tay", "P28"), ("Tay Ninh", "P72")]
)
def test_provinces_as_printed(printed: str, unit: str) -> None:
    assert resolve(printed, date(2007, 12, 31), "name", ("peer",)) == unit


def test_unknown_and_not_in_force_are_two_things() -> None:
    frame = pl.DataFrame({"raw": ["803", "nothing", None]})
    assert frame.select(is_known(pl.col("raw"), "code", ["territory"], shipped()))["raw"].to_list() == [
        True,
        False,
        None,
    ]


def test_rows_keep_their_order_number_and_columns() -> None:
    frame = pl.DataFrame({"raw": ["27727", "x", "27727", None, "803"], "day": [AFTER, AFTER, BEFORE, AFTER, BEFORE]})
    frame = frame.with_columns(unit_id=pl.lit("stale"), n=pl.int_range(pl.len()))
    answer = resolve_units(frame, "raw", "day", "code", ["territory"], shipped())
    assert answer["unit_id"].to_list() == ["27727@2025", None, "27727@before", None, "803"]
    assert answer.drop("unit_id").equals(frame.drop("unit_id"))
    lazy = resolve_units(frame.lazy(), "raw", "day", "code", ["territory"], shipped()).collect()
    assert lazy.equals(answer)


def test_versions_of_a_code() -> None:
    versions = unit_versions(shipped()).filter(pl.col("code") == "27727").sort("valid_from", nulls_last=False)
    assert versions.rows() == [
        ("territory", "27727", "27727@before", None, BEFORE),
        ("territory", "27727", "27727@2025", AFTER, None),
    ]
