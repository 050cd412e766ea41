"""A sender's code or name becomes a unit only together with the day it was true on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

import polars as pl

from pipelines.reference.checks import spans
from pipelines.reference.names import folded
from pipelines.reference.reference import Reference

By = Literal["code", "name"]
Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

_RAW, _DAY, _KEY = "__raw", "__day", "__key"


def unit_versions(reference: Reference) -> pl.DataFrame:
    """tree, code, unit_id, valid_from, valid_to: every version of every unit, for joins by code and day."""
    return reference.units.select("tree", "code", "unit_id", "valid_from", "valid_to")


def resolve_units(
    frame: Frame, raw_column: str, day_column: str | None, by: By, trees: Sequence[str], reference: Reference
) -> Frame:
    """`frame` with `unit_id` (String): the unit that `raw_column` names in `trees` on `day_column` (Date).

    `by` "code" compares codes as text, "name" compares folded aliases. Null where the name is unknown or its
    unit was not in force on the day. Without a day the version valid last is meant. Where two units answer
    on one day, the earlier tree of `trees` wins, then the one that ends first (Long An, which bore the
    province's code until it ended). The order of rows stays.
    """
    day = pl.col(day_column) if day_column else pl.lit(None, dtype=pl.Date)
    lazy = frame.lazy().with_columns(pl.col(raw_column).alias(_RAW), day.alias(_DAY))
    found = _find(lazy.select(_RAW, _DAY).unique(), _names(by, trees, reference), by)
    joined = lazy.drop("unit_id", strict=False).join(
        found, on=[_RAW, _DAY], how="left", nulls_equal=True, maintain_order="left"
    )
    answer = joined.drop(_RAW, _DAY)
    return answer.collect() if isinstance(frame, pl.DataFrame) else answer


def is_known(raw: pl.Expr, by: By, trees: Sequence[str], reference: Reference) -> pl.Expr:
    """True where some unit of `trees` ever had this code or name: tells "unknown" from "not in force"."""
    keys = _names(by, trees, reference)[_KEY].unique()
    return _key(raw, by).is_in(keys.implode())


def _key(raw: pl.Expr, by: By) -> pl.Expr:
    return folded(raw) if by == "name" else raw.str.strip_chars()


def _names(by: By, trees: Sequence[str], reference: Reference) -> pl.DataFrame:
    """Key, unit_id, first, last and two orders of preference, one row per name and unit."""
    span = spans(reference.units).filter(pl.col("tree").is_in(list(trees)))
    order = pl.col("tree").replace_strict({tree: i for i, tree in enumerate(trees)}, return_dtype=pl.Int32)
    ranked = (
        span.sort(order, "last", "first")
        .with_row_index("on_a_day")
        .sort(order, "last", "first", descending=[False, True, True])
        .with_row_index("ever")
    )
    if by == "code":
        return ranked.with_columns(pl.col("code").alias(_KEY))
    return reference.aliases.select(pl.col("alias").alias(_KEY), "unit_id").join(ranked, on="unit_id")


def _find(asked: pl.LazyFrame, names: pl.DataFrame, by: By) -> pl.LazyFrame:
    """The best unit for every distinct (raw, day)."""
    dated = pl.col(_DAY).is_not_null()
    return (
        asked.with_columns(_key(pl.col(_RAW), by).alias(_KEY))
        .join(names.lazy(), on=_KEY)
        .filter(~dated | pl.col(_DAY).is_between("first", "last"))
        .sort(pl.when(dated).then("on_a_day").otherwise("ever"))
        .unique([_RAW, _DAY], keep="first", maintain_order=True)
        .select(_RAW, _DAY, "unit_id")
    )
