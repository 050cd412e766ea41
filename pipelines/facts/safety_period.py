"""Traffic and fires are counted by place and month, as the police publish them; nobody who was hurt appears."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.period import ABOUT, SPAN, PeriodRules, as_told
from pipelines.facts.shape import COUNT, MONEY, TIME, Column, Fact, base

COUNTS = ("accidents", "deaths", "injured", "fires")
AMOUNTS = ("fire_damage_million_vnd",)


class SafetyRules(PeriodRules):
    """What is true of a good line of published figures."""

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


COLUMNS: dict[str, Column] = {
    **SPAN,
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
        **ABOUT,
        "period_is_one_month": "period_end",
        "counts_are_not_negative": "accidents",
        "harm_comes_of_an_accident": "accidents",
    },
    derive=as_told,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)  # fmt: skip
