"""A procedure is what a citizen can ask for; the list is reference data and is read anew at every run."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.shape import DAY, TEXT, YES_NO, Column, Fact, base
from pipelines.reference import Reference


class ProcedureRules(dy.Schema):
    """What is true of a good procedure."""

    procedure_code = dy.String(nullable=True)

    @dy.rule()
    def has_a_code(cls) -> pl.Expr:
        """The national code is how everybody means the same procedure."""
        return pl.col("procedure_code").is_not_null()


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Procedures belong to the whole place: the unit is its root."""
    return rows.with_columns(unit=pl.lit(reference.place.root_unit))


COLUMNS: dict[str, Column] = {
    **base(TEXT, "procedure_code", "name_vi", "field", "level", "online_level"),
    **base(YES_NO, "has_fee"),
    **base(DAY, "valid_from", "valid_to"),
    "unit": Column(TEXT, derived=True),
}

FACT = Fact(
    name="procedure",
    key=("procedure_code", "valid_from"),
    columns=COLUMNS,
    rules=ProcedureRules,
    about={"has_a_code": "procedure_code"},
    derive=derive,
    unit_day="valid_from",
    happened=(),
    unit_columns=("unit",),
    from_reference=True,
)
