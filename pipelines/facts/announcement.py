"""An announcement is one procedure made known by one decision: signed in time, and published in time, or not."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.calendar import add_working_days, working_days_between
from pipelines.facts.case import not_before
from pipelines.facts.shape import DAY, TEXT, TIME, YES_NO, Column, Fact, base, derived
from pipelines.reference import Reference

# Decision 766, items 1.1 and 1.2, as read for a province (a ministry has 20 and 10): working days.
SIGNED_BEFORE = 5
PUBLISHED_WITHIN = 5


class AnnouncementRules(dy.Schema):
    """What is true of a good line of the register of announcements."""

    line = dy.Int64(nullable=True)
    procedure_code = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    decided_on = dy.Date(nullable=True)
    published_on = dy.Date(nullable=True)

    @dy.rule()
    def has_a_procedure(cls) -> pl.Expr:
        """What is announced is a procedure."""
        return pl.col("procedure_code").is_not_null()

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """A department answers for what it proposes."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_a_decision(cls) -> pl.Expr:
        """Somebody signed on a day."""
        return pl.col("decided_on").is_not_null()

    @dy.rule()
    def published_not_before_decided(cls) -> pl.Expr:
        """What is not decided cannot be published."""
        return not_before("published_on", "decided_on")


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Adds whether it was announced and published in time.

    Announced: nothing is said where the register names no day on which the legal basis takes effect. Published:
    not in time also where the delivery speaks of a day after the last one and names none; open until then.
    """
    calendar = reference.calendar
    last = add_working_days("decided_on", PUBLISHED_WITHIN, calendar)
    missed = pl.when(pl.col("version_at").dt.date() > last).then(False)
    return rows.with_columns(
        announced_in_time=working_days_between("decided_on", "effective_on", calendar) >= SIGNED_BEFORE,
        published_in_time=pl.coalesce(pl.col("published_on") <= last, missed),
    )


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "procedure_code": Column(TEXT, required=True),
    "unit": Column(TEXT, role="unit", required=True),
    "decided_on": Column(DAY, required=True),
    # When the law that the announcement follows takes effect.
    **base(DAY, "effective_on", "published_on"),
    **base(TIME, "updated_at"),
    **derived(YES_NO, "announced_in_time", "published_in_time"),
}

FACT = Fact(
    name="announcement",
    key=("source", "procedure_code", "decided_on"),
    columns=COLUMNS,
    rules=AnnouncementRules,
    about={
        "has_a_procedure": "procedure_code",
        "has_a_unit": "unit",
        "has_a_decision": "decided_on",
        "published_not_before_decided": "published_on",
    },
    derive=derive,
    unit_day="decided_on",
    happened=("decided_on", "published_on"),
    unit_columns=("unit",),
)
