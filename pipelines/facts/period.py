"""What every count of a place and time has: the unit that it is of, and a first and a last day in that order."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_before
from pipelines.facts.shape import DAY, TEXT, Column
from pipelines.reference import Reference

SPAN: dict[str, Column] = {
    "source": Column(TEXT),
    "unit": Column(TEXT, role="unit", required=True),
    "period_start": Column(DAY, required=True),
    "period_end": Column(DAY, required=True),
}


class PeriodRules(dy.Schema):
    """Rules of all such counts alike."""

    line = dy.Int64(nullable=True)
    unit = dy.String(nullable=True)
    period_start = dy.Date(nullable=True)
    period_end = dy.Date(nullable=True)

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """What is counted happened somewhere, or somebody did it."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_a_period(cls) -> pl.Expr:
        """A count is of a time."""
        return pl.col("period_start").is_not_null() & pl.col("period_end").is_not_null()

    @dy.rule()
    def period_ends_after_it_starts(cls) -> pl.Expr:
        """One day at least."""
        return not_before("period_end", "period_start")


ABOUT = {"has_a_unit": "unit", "has_a_period": "period_start", "period_ends_after_it_starts": "period_end"}


def as_told(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Counters say all that there is; nothing follows from them."""
    return rows
