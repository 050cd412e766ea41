"""Documents are counted by the unit that handles them and by month; which document it was is never told."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_before, not_negative
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, Column, Fact, base
from pipelines.reference import Reference

COUNTS = ("incoming", "outgoing", "outgoing_electronic", "outgoing_signed", "incoming_due", "incoming_on_time")
# (part, whole): a part never exceeds its whole.
PARTS = (
    ("outgoing_electronic", "outgoing"),
    ("outgoing_signed", "outgoing"),
    ("incoming_on_time", "incoming_due"),
)


class DocumentRules(dy.Schema):
    """What is true of a good line of a document system's counters."""

    line = dy.Int64(nullable=True)
    unit = dy.String(nullable=True)
    period_start = dy.Date(nullable=True)
    period_end = dy.Date(nullable=True)

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """Somebody handles a document."""
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
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative(*COUNTS)

    @dy.rule()
    def parts_do_not_exceed_their_whole(cls) -> pl.Expr:
        """More documents signed than sent is a slip of the pen."""
        return pl.all_horizontal((pl.col(part) <= pl.col(whole)).fill_null(True) for part, whole in PARTS)


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Counters say all that there is; nothing follows from them."""
    return rows


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "unit": Column(TEXT, role="unit", required=True),
    "period_start": Column(DAY, required=True),
    "period_end": Column(DAY, required=True),
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
        "has_a_unit": "unit",
        "has_a_period": "period_start",
        "period_ends_after_it_starts": "period_end",
        "counts_are_not_negative": "incoming",
        "parts_do_not_exceed_their_whole": "outgoing",
    },
    derive=derive,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit",),
)
