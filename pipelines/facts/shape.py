"""A kind of record is its columns, what names one record, and what is true of a good one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import dataframely as dy
import polars as pl

from pipelines.reference import Reference

Role = Literal["plain", "unit", "pseudonym"]

TEXT = pl.String()
DAY = pl.Date()
TIME = pl.Datetime("us")
COUNT = pl.Int64()
YES_NO = pl.Boolean()
MONEY = pl.Decimal(20, 2)
NUMBER = pl.Float64()

# Hidden columns of every fact table: which delivery a row came from, where it stood there, and what makes it
# newer than another row of the same key. They are left out of table hashes, so that a rebuild agrees.
LINEAGE: Mapping[str, pl.DataType] = {
    "version_at": TIME,
    "version_mark": TEXT,
    "version_sha": TEXT,
    "line": pl.Int64(),
}


@dataclass(frozen=True)
class Column:
    """One contract column.

    `role` "unit" is resolved to a unit version, "pseudonym" is replaced by a keyed hash. `required`: a
    mapping has to name it. `derived`: computed here, never mapped. `personal`: its cells are not kept in
    quarantine. `values`: the only words it may hold.
    """

    dtype: pl.DataType
    role: Role = "plain"
    required: bool = False
    derived: bool = False
    personal: bool = False
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Fact:
    """One kind of record, registered by the file in `pipelines/facts/` that defines it.

    `key` names one record; `rules` say what is true of a good row, and `about` names the column that each
    rule speaks of; `derive` adds the derived columns. `happened` are the days that tell how far a delivery
    reaches. `unit_day` is the column whose day decides which version of a unit is meant.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    rules: type[dy.Schema]
    about: Mapping[str, str]
    derive: Callable[[pl.LazyFrame, Reference], pl.LazyFrame]
    unit_day: str
    happened: tuple[str, ...]
    slices: tuple[str, ...] = ()
    unit_columns: tuple[str, ...] = ()
    from_reference: bool = False

    @property
    def table(self) -> str:
        """The table of a snapshot that holds this fact."""
        return f"fact_{self.name}"

    @property
    def days(self) -> tuple[str, ...]:
        """Every date column: each may place a row in time."""
        return tuple(name for name, column in self.columns.items() if column.dtype == DAY)

    @property
    def mapped(self) -> dict[str, Column]:
        """The columns that a mapping may name."""
        return {name: column for name, column in self.columns.items() if not column.derived and name != "source"}

    @property
    def pseudonyms(self) -> list[str]:
        """The columns in which a keyed hash stands for what a sender wrote."""
        return [name for name, column in self.mapped.items() if column.role == "pseudonym"]


def base(dtype: pl.DataType, *names: str) -> dict[str, Column]:
    """Plain columns of one type."""
    return {name: Column(dtype) for name in names}


def derived(dtype: pl.DataType, *names: str) -> dict[str, Column]:
    """Columns of one type that are computed here."""
    return {name: Column(dtype, derived=True) for name in names}
