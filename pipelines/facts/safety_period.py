"""Traffic and fires are counted by place and month, as the police publish them; nobody who was hurt appears."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_before, not_negative
from pipelines.facts.shape import COUNT, DAY, MONEY, TEXT, TIME, Column, Fact, base
from pipelines.reference import Reference

COUNTS = ("accidents", "deaths", "injured", "fires")
AMOUNTS = ("fire_damage_million_vnd",)


class SafetyRules(dy.Schema):
    """What is true of a good line of published figures."""

    line = dy.Int64(nullable=True)
    unit = dy.String(nullable=True)
    period_start = dy.Date(nullable=True)
    period_end = dy.Date(nullable=True)

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """Something happened somewhere."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_a_period(cls) -> pl.Expr:
        """A count is of a time."""
        return pl.col("period_start").is_not_null() & pl.col("period_end").is_not_null()

    @dy.rule()
    def period_ends_after_it_starts(cls) -> pl.Expr:
        """One day at least."""
        return not_before("period_end", "period_start")

    @dy.rule()
    def period_is_one_month(cls) -> pl.Expr:
        """From the 15th to the 14th, or a calendar month: a sum of months among them would be counted twice."""
        after = pl.col("period_start").dt.offset_by("1mo") == pl.col("period_end").dt.offset_by("1d")
        backwards = pl.col("period_end") < pl.col("period_start")  # which has a rule of its own
        return (after | backwards).fill_null(True)

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative(*COUNTS, *AMOUNTS)

    @dy.rule()
    def harm_comes_of_an_accident(cls) -> pl.Expr:
        """Nobody is hurt in traffic without an accident."""
        hurt = pl.col("deaths").fill_null(0) + pl.col("injured").fill_null(0)
        return (pl.col("accidents") > 0) | (hurt <= 0) | pl.col("accidents").is_null()


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Published figures say all that there is; nothing follows from them."""
    return rows


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "unit": Column(TEXT, role="unit", required=True),
    "period_start": Column(DAY, required=True),
    "period_end": Column(DAY, required=True),
    **base(COUNT, *COUNTS),
    **base(MONEY, *AMOUNTS),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="safety_period",
    key=("source", "unit", "period_start", "period_end"),
    columns=COLUMNS,
    rules=type("SafetyCountRules", (SafetyRules,), {
        **{name: dy.Int64(nullable=True) for name in COUNTS},
        **{name: dy.Decimal(20, 2, nullable=True) for name in AMOUNTS},
    }),
    about={
        "has_a_unit": "unit",
        "has_a_period": "period_start",
        "period_ends_after_it_starts": "period_end",
        "period_is_one_month": "period_end",
        "counts_are_not_negative": "accidents",
        "harm_comes_of_an_accident": "accidents",
    },
    derive=derive,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)  # fmt: skip
