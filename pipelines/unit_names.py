"""What a sender calls a unit becomes the one that bore that code or name on the day, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pipelines.dated import Dated, dated, holds
from pipelines.reference import Reference, folded

# A succession by which nothing is divided: the old name still says where a case belongs.
WHOLE = 0.999_999


@dataclass(frozen=True)
class UnitNames:
    """Names or codes of units with the versions they may mean, and how to write them for looking up."""

    known: Dated
    by_name: bool

    def key(self, text: pl.Expr) -> pl.Expr:
        """The form in which two ways of writing a name are one."""
        return folded(text) if self.by_name else text


@dataclass(frozen=True)
class Found:
    """Expressions over rows that were joined by `join`."""

    unit: pl.Expr
    is_ambiguous: pl.Expr
    is_carried: pl.Expr


@lru_cache(maxsize=32)
def unit_names(reference: Reference, by: str, trees: tuple[str, ...], kinds: tuple[str, ...] = ()) -> UnitNames:
    """Every name (`by` "name") or code of the units in `trees`, earlier trees first, perhaps of some kinds only."""
    order = pl.col("tree").replace_strict(list(trees), list(range(len(trees))), return_dtype=pl.Int32)
    units = reference.units.filter(pl.col("tree").is_in(list(trees)))
    if kinds:
        units = units.filter(pl.col("kind").is_in(list(kinds)))
    versions = units.select("unit_id", "code", "valid_from", "valid_to", rank=order)
    if by == "name":
        names = reference.aliases.select(key="alias", unit_id="unit_id").unique(maintain_order=True)
        own = units.unpivot(["name_vi", "name_en"], index="unit_id").select(
            key=folded(pl.col("value")), unit_id="unit_id"
        )
        named = pl.concat([own, names]).drop_nulls().unique(maintain_order=True).join(versions, on="unit_id")
    else:
        named = versions.with_columns(key=pl.col("code"))
    named = named.select("key", "unit_id", "rank", "valid_from", "valid_to", carried=pl.lit(False))
    every = pl.concat([named, _carried(named, reference)])
    # Of two units that bear one code on one day the one that ended is meant: the province's old code.
    every = every.sort("carried", "rank", pl.col("valid_to").is_null(), "valid_to", "valid_from", "unit_id")
    return UnitNames(dated(every, "key", ("unit_id", "rank", "carried")), by == "name")


def _carried(named: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Old names after their end, where one unit took over the whole: senders go on using them for a while."""
    heirs = reference.units.select(to_unit="unit_id", heir_from="valid_from", heir_to="valid_to")
    whole = reference.links.filter((pl.col("basis") == "succession") & (pl.col("weight") >= WHOLE))
    ended = named.filter(pl.col("valid_to").is_not_null()).join(whole, left_on="unit_id", right_on="from_unit")
    return ended.join(heirs, on="to_unit").select(
        "key",
        unit_id="to_unit",
        rank="rank",
        valid_from=pl.max_horizontal(pl.col("valid_to").dt.offset_by("1d"), "heir_from"),
        valid_to="heir_to",
        carried=pl.lit(True),
    )


def join(rows: pl.LazyFrame, names: UnitNames, key: str) -> pl.LazyFrame:
    """`rows` (in their order) with the versions that the text in column `key` may mean."""
    return rows.join(names.known.wide.lazy(), left_on=key, right_on="key", how="left", maintain_order="left")


def found(names: UnitNames, day: pl.Expr) -> Found:
    """What joined rows mean on `day`; of several names the first is taken and the row marked ambiguous."""
    known, versions = names.known, range(names.known.count)
    hits = [holds(version, day) & pl.col(f"unit_id#{version}").is_not_null() for version in versions]

    def first(column: str) -> pl.Expr:
        return pl.coalesce(
            pl.when(hit).then(pl.col(f"{column}#{version}")) for version, hit in zip(versions, hits, strict=True)
        )

    same = [
        hit & ~pl.col(f"carried#{version}") & (pl.col(f"rank#{version}") == first("rank"))
        for version, hit in zip(versions, hits, strict=True)
    ]
    several = pl.sum_horizontal(same) > 1 if names.by_name and known.count > 1 else pl.lit(False)
    return Found(first("unit_id"), several, first("carried"))
