"""What an entry of the catalogue may speak of: the columns of its fact, and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.expression import Kind
from pipelines.facts import FACTS, Fact

# What one person could be found by, or what only tells where a row came from, is no word of the catalogue.
UNSPEAKABLE = ("source",)


@dataclass(frozen=True)
class Shape:
    """One fact as the catalogue sees it: columns with their kinds, slices, and which columns are not whole numbers.

    `credited` are the columns (unit at receipt, unit now, day of the move) or the single column that names
    the unit answering for a row. `from_reference`: no file brings it, so no file tells which days it touched.
    """

    name: str
    columns: Mapping[str, Kind]
    slices: tuple[str, ...] = ()
    fractions: frozenset[str] = frozenset()
    credited: tuple[str, ...] = ("unit_at_receipt",)
    from_reference: bool = False

    @property
    def moves(self) -> bool:
        """Whether a row of this fact can change its unit."""
        return len(self.credited) > 1


def shapes() -> dict[str, Shape]:
    """Every registered fact as the catalogue sees it."""
    return {name: shape_of(fact) for name, fact in FACTS.items()}


def shape_of(fact: Fact) -> Shape:
    """The part of `fact` that entries may use: no personal columns."""
    spoken = {name: column.dtype for name, column in fact.columns.items()
              if not column.personal and name not in UNSPEAKABLE}
    return Shape(
        name=fact.name,
        columns={name: _kind(dtype) for name, dtype in spoken.items()},
        slices=tuple(fact.slices),
        fractions=frozenset(name for name, dtype in spoken.items() if dtype.is_decimal() or dtype.is_float()),
        credited=_credited(fact),
        from_reference=fact.from_reference,
    )


def _kind(dtype: pl.DataType) -> Kind:
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Date:
        return "date"
    return "time" if isinstance(dtype, pl.Datetime) else "text"


def _credited(fact: Fact) -> tuple[str, ...]:
    if "moved_on" in fact.columns:
        return ("unit_at_receipt", "unit_now", "moved_on")
    return ("unit_at_receipt",) if "unit_at_receipt" in fact.columns else ("unit",)
