"""A step is one event in a dossier's way through the house; who took it is a person and is not kept."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_before
from pipelines.facts.shape import DAY, TEXT, TIME, Column, Fact, base, derived
from pipelines.reference import Reference


class StepRules(dy.Schema):
    """What is true of a good step."""

    line = dy.Int64(nullable=True)
    case_id = dy.String(nullable=True)
    step = dy.String(nullable=True)
    done_at = dy.Datetime(nullable=True)
    done_on = dy.Date(nullable=True)
    started_on = dy.Date(nullable=True)

    @dy.rule()
    def has_a_case_id(cls) -> pl.Expr:
        """A step belongs to a dossier."""
        return pl.col("case_id").is_not_null()

    @dy.rule()
    def has_a_step(cls) -> pl.Expr:
        """Something was done."""
        return pl.col("step").is_not_null()

    @dy.rule()
    def has_a_time(cls) -> pl.Expr:
        """It was done at some time, and only that puts the steps in order."""
        return pl.col("done_at").is_not_null()

    @dy.rule()
    def started_not_after_done(cls) -> pl.Expr:
        """Dates, not times: nobody finishes a step before the day on which it was taken up."""
        return not_before("done_on", "started_on")


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Adds the days of the step; without a number of its own, a step is told by dossier, name and time."""
    days = {"done_on": pl.col("done_at").dt.date(), "started_on": pl.col("started_at").dt.date()}
    return rows.with_columns(pl.col("event_id").fill_null(""), **days)


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "case_id": Column(TEXT, role="pseudonym", required=True, personal=True),
    "event_id": Column(TEXT, role="pseudonym", personal=True),
    "step": Column(TEXT, required=True),
    "done_at": Column(TIME, required=True),
    # When somebody took the step up, where the log tells it: what lies before is waiting, what follows is work.
    **base(TIME, "started_at"),
    **derived(DAY, "done_on", "started_on"),
    "unit": Column(TEXT, role="unit"),
    # The office somebody held when taking the step, where the log names it.
    **base(TEXT, "holder_position"),
}

FACT = Fact(
    name="dossier_step",
    key=("source", "case_id", "step", "done_at", "event_id"),
    columns=COLUMNS,
    rules=StepRules,
    about={
        "has_a_case_id": "case_id",
        "has_a_step": "step",
        "has_a_time": "done_at",
        "started_not_after_done": "started_at",
    },
    derive=derive,
    unit_day="done_on",
    happened=("done_on",),
    unit_columns=("unit",),
)
