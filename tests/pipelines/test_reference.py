"""The shipped reference data says what the resolutions say, and nothing gets lost across the reform."""

import json
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from pipelines.reference import Reference, load_reference

DATA = Path(__file__).parents[2] / "data"
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@cache
def shipped() -> Reference:
    return load_reference(DATA)


def units(tree: str, *kinds: str) -> pl.DataFrame:
    return shipped().units.filter(pl.col("tree") == tree, pl.col("kind").is_in(list(kinds)))


def in_force(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    started = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    return frame.filter(started, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))


def successions() -> pl.DataFrame:
    return shipped().links.filter(pl.col("basis") == "succession")


def test_the_place() -> None:
    place = shipped().place
    assert place.root_unit == "80"
    assert str(place.time_zone) == "Asia/Ho_Chi_Minh"
    assert [(reform.day, reform.basis) for reform in place.reforms] == [(AFTER, "before_2025")]
    assert place.report_month_day == 15
    assert place.illustrative
    assert place.public_address is None


def test_the_root_never_ends_and_never_begins() -> None:
    root = shipped().units.filter(pl.col("unit_id") == "80").row(0, named=True)
    assert (root["kind"], root["level"], root["parent_id"]) == ("province", 0, None)
    assert root["valid_from"] is None
    assert root["valid_to"] is None


@pytest.mark.parametrize(
    ("day", "kinds", "count"),
    [
        (BEFORE, ("commune", "ward", "town"), 280),
        (BEFORE, ("district",), 24),
        (BEFORE, ("old_province",), 2),
        (AFTER, ("commune",), 82),
        (AFTER, ("ward",), 14),
        (AFTER, ("town", "district", "old_province"), 0),
    ],
)
def test_how_many_territories_there_were(day: date, kinds: tuple[str, ...], count: int) -> None:
    assert in_force(units("territory", *kinds), day).height == count


def test_the_party_tree_follows_the_reform() -> None:
    party = shipped().units.filter(pl.col("tree") == "party", pl.col("level") == 1)
    counts = {day: dict(in_force(party, day).group_by("kind").len().iter_rows()) for day in (BEFORE, AFTER)}
    assert counts[BEFORE] == {"party_committee": 24, "party_block": 4}
    assert counts[AFTER] == {"party_committee": 96, "party_block": 4}
    assert not party["sure"].any()


def test_every_unit_has_a_name_in_both_languages_and_its_own_alias() -> None:
    named = shipped().aliases["unit_id"].unique()
    assert shipped().units.filter(~pl.col("unit_id").is_in(named.implode())).is_empty()


def test_a_reused_code_is_two_units() -> None:
    versions = shipped().units.filter(pl.col("tree") == "territory", pl.col("code") == "27727")
    assert sorted(versions["unit_id"]) == ["27727@2025", "27727@before"]


def test_the_weights_of_every_predecessor_sum_to_one() -> None:
    sums = successions().group_by("from_unit").agg(pl.col("weight").sum())
    assert ((sums["weight"] - 1).abs() < 1e-9).all()


def test_twenty_one_communes_are_split_in_equal_parts_and_say_that_this_is_an_estimate() -> None:
    old = units("territory", "commune", "ward", "town").select(from_unit="unit_id")
    split = successions().join(old, on="from_unit").filter(pl.col("weight") < 1)
    assert split["from_unit"].n_unique() == 21
    assert split.group_by("from_unit").len().filter(pl.col("len") == 3).height == 1
    assert set(split["weight_basis"]) == {"equal parts, unpublished"}
    equal = split.group_by("from_unit").agg(parts=pl.len(), weights=pl.col("weight").unique())
    assert equal.select((pl.col("weights").list.first() * pl.col("parts") - 1).abs() < 1e-9).to_series().all()


def test_a_district_goes_where_its_communes_go() -> None:
    """Weights of a district are the mean of the weights of its communes."""
    communes = units("territory", "commune", "ward", "town").select(from_unit="unit_id", district="parent_id")
    carried = successions().join(communes, on="from_unit")
    sizes = communes.group_by("district").agg(size=pl.len())
    expected = (
        carried.join(sizes, on="district")
        .group_by("district", "to_unit")
        .agg(expected=(pl.col("weight") / pl.col("size")).sum())
    )
    actual = successions().join(expected, left_on=["from_unit", "to_unit"], right_on=["district", "to_unit"])
    assert actual.height == expected.height
    assert ((actual["weight"] - actual["expected"]).abs() < 1e-9).all()


def test_fifteen_new_communes_mix_two_old_districts() -> None:
    districts = units("territory", "district").select(from_unit="unit_id")
    sources = successions().join(districts, on="from_unit").group_by("to_unit").len()
    assert sources.height == 96
    assert sources.filter(pl.col("len") > 1).height == 15


def test_party_committees_follow_their_districts() -> None:
    weights = {(row[0], row[1]): row[2] for row in successions().iter_rows()}
    assert weights[("803", "27991@2025")] == weights[("HU803", "DU27991")]


def test_everybody_who_may_answer_for_a_case_stands_below_the_root() -> None:
    parents = dict(shipped().units.select("unit_id", "parent_id").iter_rows())
    for unit in shipped().units.filter(pl.col("tree").is_in(["territory", "agency"]))["unit_id"]:
        while parents[unit] is not None:
            unit = parents[unit]
        assert unit == "80"
    assert parents["UNASSIGNED"] == "80"


def test_every_printed_name_of_a_province_is_known() -> None:
    series = pl.read_csv(DATA / "reference" / "series" / "published_provincial_indices.csv", columns=["province"])
    printed = set(series["province"].str.to_lowercase())
    assert len(printed) == 64
    known = shipped().aliases.filter(pl.col("tree") == "peer")["alias"]
    assert printed <= set(known)


def test_procedures_cover_the_fields_and_levels_and_end_with_the_districts() -> None:
    procedures = shipped().procedures
    assert procedures["illustrative"].all()
    assert set(procedures["field"]) == set(shipped().fields["code"])
    assert in_force(procedures, AFTER).filter(pl.col("level") == "district").is_empty()
    assert set(in_force(procedures, BEFORE)["level"]) == {"province", "district", "commune"}
    assert not procedures["valid_from"].is_null().any()  # a stock of procedures needs a first day


@pytest.mark.parametrize(("day", "full", "partial"), [(BEFORE, 0.836, 0.10), (AFTER, 0.43, 0.52)])
def test_online_levels_are_calibrated(day: date, full: float, partial: float) -> None:
    levels = in_force(shipped().procedures, day)["online_level"]
    assert (levels == "full").mean() == pytest.approx(full, abs=0.005)
    assert (levels == "partial").mean() == pytest.approx(partial, abs=0.005)


def test_every_category_has_a_promise_that_claims_no_authority() -> None:
    tops = shipped().categories.filter(pl.col("parent").is_null())
    assert tops.height == 16
    promised = shipped().deadlines
    assert set(promised["category"]) == set(tops["code"])
    assert not promised["checked"].any()
    assert set(promised["document"]) == {""}


def test_sensitive_tables_have_one_basis_and_hide_below_ten() -> None:
    tables = shipped().published_tables
    assert {code for table in tables for code in table.indicators} == {
        *("DG03", "DG04", "DG04P", "DG05", "DG06", "DG07", "DG08", "DG09", "DG11", "DG12", "DG16", "DG17",
          "DG18A")
    }
    assert {(table.tree, table.basis, table.period, table.minimum) for table in tables} == {
        ("party", "as_was", "quarter", 10)
    }


@pytest.mark.parametrize(
    ("name", "day", "kinds"),
    [
        ("communes_2025", AFTER, ("commune", "ward")),
        ("districts_before_2025", BEFORE, ("district",)),
    ],
)
def test_boundaries_are_clockwise_and_cover_every_unit(name: str, day: date, kinds: tuple[str, ...]) -> None:
    shapes = json.loads((DATA / "reference" / "boundaries" / f"{name}.geojson").read_text())["features"]
    expected = in_force(units("territory", *kinds), day)["unit_id"]
    assert sorted(shape["properties"]["unit_id"] for shape in shapes) == sorted(expected)
    for shape in shapes:
        outer = shape["geometry"]["coordinates"][0]
        assert outer[0] == outer[-1]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(outer)) < 0
