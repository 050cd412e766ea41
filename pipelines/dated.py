"""A code means what it meant on the day: values with validity, looked up by key and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Dated:
    """Versions side by side: one row per `key`, columns `<value>#<i>`, `from#<i>`, `to#<i>` for `count` versions."""

    wide: pl.DataFrame
    values: tuple[str, ...]
    count: int


def dated(versions: pl.DataFrame, key: str, values: Sequence[str]) -> Dated:
    """`versions` holds `key`, `values`, valid_from and valid_to (inclusive; null = open), in order of preference."""
    narrow = versions.select(
        pl.col(key).alias("key"),
        *values,
        pl.col("valid_from").alias("from"),
        pl.col("valid_to").alias("to"),
        pl.int_range(pl.len()).over(key).alias("version"),
    ).filter(pl.col("key").is_not_null())
    most = narrow["version"].max()
    count = most + 1 if isinstance(most, int) else 1
    wide = narrow.select("key").unique(maintain_order=True)
    for version in range(count):
        part = narrow.filter(pl.col("version") == version).drop("version")
        renamed = part.rename({name: f"{name}#{version}" for name in part.columns if name != "key"})
        wide = wide.join(renamed, on="key", how="left", maintain_order="left")
    return Dated(wide, tuple(values), count)


def holds(version: int, day: pl.Expr) -> pl.Expr:
    """True where that version of the joined row holds on `day`; never null where the version exists."""
    start, stop = pl.col(f"from#{version}"), pl.col(f"to#{version}")
    return (start.is_null() | (start <= day)) & (stop.is_null() | (day <= stop))


def with_values(rows: pl.LazyFrame, known: Dated, key: str, day: pl.Expr, prefix: str) -> pl.LazyFrame:
    """`rows` with `<prefix><value>` as it held on `day`; null where nothing did."""
    joined = rows.join(known.wide.lazy(), left_on=key, right_on="key", how="left", maintain_order="left")
    found = joined.with_columns(
        pl.coalesce(
            pl.when(holds(version, day)).then(pl.col(f"{value}#{version}")) for version in range(known.count)
        ).alias(prefix + value)
        for value in known.values
    )
    return found.drop(name for name in known.wide.columns if name != "key")
