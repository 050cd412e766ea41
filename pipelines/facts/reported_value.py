"""A reported value is a number that somebody else computed: kept with its period, its vintage and its origin."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.period import ABOUT, PeriodRules
from pipelines.facts.shape import DAY, NUMBER, TEXT, TIME, YES_NO, Column, Fact, base
from pipelines.reference import Reference


class ReportedRules(PeriodRules):
    """What is true of a good reported value."""

    series = dy.String(nullable=True)
    value = dy.Float64(nullable=True)

    @dy.rule()
    def has_a_series(cls) -> pl.Expr:
        """A number without a name says nothing."""
        return pl.col("series").is_not_null()

    @dy.rule()
    def has_a_value(cls) -> pl.Expr:
        """An empty cell is no zero."""
        return pl.col("value").is_not_null()


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """A value without a vintage is of the day on which the delivery speaks; preliminary only where said."""
    return rows.with_columns(
        vintage=pl.coalesce("vintage", pl.col("version_at").dt.date()),
        preliminary=pl.col("preliminary").fill_null(False),
    )


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "series": Column(TEXT, required=True),
    "unit": Column(TEXT, role="unit", required=True),
    "period_start": Column(DAY, required=True),
    "period_end": Column(DAY, required=True),
    **base(DAY, "vintage"),
    "value": Column(NUMBER, required=True),
    **base(TEXT, "measure"),
    **base(YES_NO, "preliminary"),
    **base(TEXT, "origin"),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="reported_value",
    key=("source", "series", "unit", "period_start", "period_end", "vintage"),
    columns=COLUMNS,
    rules=ReportedRules,
    about={
        **ABOUT,
        "has_a_series": "series",
        "has_a_value": "value",
    },
    derive=derive,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)
