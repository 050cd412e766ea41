"""A procedure is what a citizen can ask for; the list is reference data and is read anew at every run."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.shape import COUNT, DAY, TEXT, YES_NO, Column, Fact, base, derived
from pipelines.reference import Reference


class ProcedureRules(dy.Schema):
    """What is true of a good procedure."""

    procedure_code = dy.String(nullable=True)

    @dy.rule()
    def has_a_code(cls) -> pl.Expr:
        """The national code is how everybody means the same procedure."""
        return pl.col("procedure_code").is_not_null()


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """A procedure belongs to the agency that is competent for it, else to the whole place: the unit is its root.

    What every territory of a level offers alike is one procedure and must not be counted once for each of them.
    """
    agencies = reference.units.filter(pl.col("tree") == "agency").sort("valid_to", nulls_last=True)
    latest = dict(agencies.select("code", "unit_id").iter_rows())
    own = pl.col("agency").replace_strict(latest, default=None, return_dtype=pl.String)
    # The last day of validity is still one of them: the list is a day shorter only on the day after.
    ceased = pl.col("valid_to").dt.offset_by("1d")
    return rows.with_columns(unit=own.fill_null(reference.place.root_unit), ceased_on=ceased)


COLUMNS: dict[str, Column] = {
    **base(TEXT, "procedure_code", "name_vi", "field", "level", "agency", "subject", "online_level"),
    **base(YES_NO, "has_fee"),
    **base(COUNT, "parts"),
    **base(DAY, "valid_from", "valid_to"),
    **derived(DAY, "ceased_on"),
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
