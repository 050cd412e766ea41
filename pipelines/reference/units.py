"""A unit is a version: it begins, ends, is succeeded, and its code alone is no key."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.reference import checks
from pipelines.reference.names import folded
from pipelines.reference.tables import LINE, Column, Columns, read_table, refuse_where

TREES = ("territory", "agency", "party", "peer")
KINDS = (
    *("province", "old_province", "district", "commune", "ward", "town"),
    *("agency_group", "agency", "party_committee", "party_block", "country", "peer_province"),
)

UNITS: Columns = {
    "unit_id": Column(),
    "tree": Column(values=TREES),
    "code": Column(),
    "kind": Column(values=KINDS),
    "level": Column(pl.Int32),
    "name_vi": Column(),
    "name_en": Column(),
    "valid_from": Column(pl.Date, required=False),
    "valid_to": Column(pl.Date, required=False),
    "parent_id": Column(required=False),
    "document": Column(required=False, empty=""),
    "latitude": Column(pl.Float64, required=False),
    "longitude": Column(pl.Float64, required=False),
    "sure": Column(pl.Boolean),
}
SUCCESSION: Columns = {
    "from_unit": Column(),
    "to_unit": Column(),
    "weight": Column(pl.Float64),
    "weight_basis": Column(),
    "document": Column(required=False, empty=""),
}
ALIASES: Columns = {"alias": Column(), "tree": Column(values=TREES), "unit_id": Column()}
_NAME = ("alias", "tree", "unit_id")


def read_units(path: Path, root_unit: str) -> pl.DataFrame:
    """The units of `units.csv` (columns UNITS); PersonError where they contradict one another."""
    units = read_table(path, UNITS)
    checks.check_units(path, units, root_unit)
    return units.drop(LINE)


def read_links(path: Path, units: pl.DataFrame) -> pl.DataFrame:
    """from_unit, to_unit, weight, basis ("parent" or "succession"), weight_basis, document.

    Parents come from the units themselves, successions from `succession.csv`. PersonError where weights of
    one predecessor do not sum to 1, a successor is not in force, or an ended unit has no successor.
    """
    links = read_table(path, SUCCESSION, optional=True)
    checks.check_succession(path, links, units)
    parents = units.filter(pl.col("parent_id").is_not_null()).select(
        from_unit="unit_id",
        to_unit="parent_id",
        weight=pl.lit(1.0),
        basis=pl.lit("parent"),
        weight_basis=pl.lit("whole"),
        document="document",
    )
    succession = links.drop(LINE).with_columns(basis=pl.lit("succession"))
    return pl.concat([parents, succession.select(parents.columns)])


def read_aliases(path: Path, units: pl.DataFrame) -> pl.DataFrame:
    """alias (folded), tree, unit_id: the names of `aliases.csv` and every unit's own names.

    A unit's own name that another unit bears at the same time is left out; a written one is refused.
    """
    written = read_table(path, ALIASES, optional=True).with_columns(alias=folded(pl.col("alias")))
    checks.check_known(path, written, units, "unit_id")
    vi = "`{alias}` cũng là tên của `{other}` trong cùng thời gian. Hãy xóa hoặc viết rõ hơn."
    en = "`{alias}` also names `{other}` at the same time. Delete it or write it more fully."
    refuse_where(path, checks.shared_names(written, written, units), pl.lit(True), "alias", vi, en)
    own = pl.concat(
        units.select(folded(pl.col(name)).alias("alias"), "tree", "unit_id") for name in ("name_vi", "name_en")
    )
    every = pl.concat([written.select(_NAME), own]).unique()
    ambiguous = checks.shared_names(own, every, units)
    return every.join(ambiguous, on=_NAME, how="anti").sort(_NAME)
