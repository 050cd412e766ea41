"""A reported value is a number that somebody else computed: kept with its period, its vintage and its origin."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_before
from pipelines.facts.shape import DAY, NUMBER, TEXT, TIME, YES_NO, Column, Fact, base
from pipelines.reference import Reference


class ReportedRules(dy.Schema):
    """What is true of a good reported value."""

    line = dy.Int64(nullable=True)
    series = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    period_start = dy.Date(nullable=True)
    period_end = dy.Date(nullable=True)
    value = dy.Float64(nullable=True)

    @dy.rule()
    def has_a_series(cls) -> pl.Expr:
        """A number without a name says nothing."""
        return pl.col("series").is_not_null()

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """A number is about a place."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_a_period(cls) -> pl.Expr:
        """A number is about a time."""
        return pl.col("period_start").is_not_null() & pl.col("period_end").is_not_null()

    @dy.rule()
    def period_ends_after_it_starts(cls) -> pl.Expr:
        """One day at least."""
        return not_before("period_end", "period_start")

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
        "has_a_series": "series",
        "has_a_unit": "unit",
        "has_a_period": "period_start",
        "period_ends_after_it_starts": "period_end",
        "has_a_value": "value",
    },
    derive=derive,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)
