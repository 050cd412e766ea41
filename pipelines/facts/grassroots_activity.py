"""Grassroots activity is sessions held and people helped, by commune, month and model; no helped person is named."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.period import ABOUT, SPAN, PeriodRules, as_told
from pipelines.facts.shape import COUNT, TEXT, TIME, Column, Fact, base

# Community digital teams, green-shirt IT clubs, digital libraries, youth volunteers, and training classes.
MODELS = ("community_team", "green_shirt_club", "digital_library", "youth_volunteers", "training", "other")
COUNTS = ("sessions", "people", "teams", "teams_active", "training_target")


class GrassrootsRules(PeriodRules):
    """What is true of a good line of an activity log."""

    model = dy.String(nullable=True)

    @dy.rule()
    def has_a_model(cls) -> pl.Expr:
        """A line counts one model."""
        return pl.col("model").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative(*COUNTS)

    @dy.rule()
    def parts_do_not_exceed_their_whole(cls) -> pl.Expr:
        """More teams active than there are is a slip of the pen."""
        return (pl.col("teams_active") <= pl.col("teams")).fill_null(True)

    @dy.rule()
    def people_come_to_sessions(cls) -> pl.Expr:
        """Nobody was helped where nothing was held."""
        return (pl.col("sessions") > 0) | (pl.col("people").fill_null(0) <= 0) | pl.col("sessions").is_null()


COLUMNS: dict[str, Column] = {
    **SPAN,
    "model": Column(TEXT, required=True, values=MODELS),
    # `people` were helped, or trained where the model is training; `training_target` is how many were to be.
    **base(COUNT, *COUNTS),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="grassroots_activity",
    key=("source", "unit", "period_start", "period_end", "model"),
    columns=COLUMNS,
    rules=type("GrassrootsCountRules", (GrassrootsRules,), {name: dy.Int64(nullable=True) for name in COUNTS}),
    about={
        **ABOUT,
        "has_a_model": "model",
        "counts_are_not_negative": "sessions",
        "parts_do_not_exceed_their_whole": "teams_active",
        "people_come_to_sessions": "people",
    },
    derive=as_told,
    unit_day="period_end",
    happened=("period_end",),
    slices=("model",),
    unit_columns=("unit",),
)
