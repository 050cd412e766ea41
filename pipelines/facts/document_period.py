"""Documents are counted by the unit that handles them and by month; which document it was is never told."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.period import ABOUT, SPAN, PeriodRules, as_told
from pipelines.facts.shape import COUNT, TIME, Column, Fact, base

COUNTS = ("incoming", "outgoing", "outgoing_electronic", "outgoing_signed", "incoming_due", "incoming_on_time")
# (part, whole): a part never exceeds its whole.
PARTS = (
    ("outgoing_electronic", "outgoing"),
    ("outgoing_signed", "outgoing"),
    ("incoming_on_time", "incoming_due"),
)


class DocumentRules(PeriodRules):
    """What is true of a good line of a document system's counters."""

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative(*COUNTS)

    @dy.rule()
    def parts_do_not_exceed_their_whole(cls) -> pl.Expr:
        """More documents signed than sent is a slip of the pen."""
        return pl.all_horizontal((pl.col(part) <= pl.col(whole)).fill_null(True) for part, whole in PARTS)


COLUMNS: dict[str, Column] = {
    **SPAN,
    # Incoming documents with a deadline in the period, and those of them handled by it.
    **base(COUNT, *COUNTS),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="document_period",
    key=("source", "unit", "period_start", "period_end"),
    columns=COLUMNS,
    rules=type("DocumentCountRules", (DocumentRules,), {name: dy.Int64(nullable=True) for name in COUNTS}),
    about={
        **ABOUT,
        "counts_are_not_negative": "incoming",
        "parts_do_not_exceed_their_whole": "outgoing",
    },
    derive=as_told,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)
