"""A portal knows what never becomes a dossier: how far people get with a form before they close it."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, Column, Fact, base
from pipelines.reference import Reference

# The pages of a filing in their order: nobody gets to a later one without the one before.
STAGES = ("begun", "form_filled", "papers_attached", "submitted")


class PortalRules(dy.Schema):
    """What is true of a good line of a portal's counters."""

    line = dy.Int64(nullable=True)
    unit = dy.String(nullable=True)
    counted_on = dy.Date(nullable=True)
    begun = dy.Int64(nullable=True)
    form_filled = dy.Int64(nullable=True)
    papers_attached = dy.Int64(nullable=True)
    submitted = dy.Int64(nullable=True)
    certified_copies = dy.Int64(nullable=True)

    @dy.rule()
    def has_a_day(cls) -> pl.Expr:
        """Counters are read on a day."""
        return pl.col("counted_on").is_not_null()

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """Somebody would have received the dossier."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_both_ends(cls) -> pl.Expr:
        """Without the first page and the last nothing can be said of who gave up; an empty cell is no zero."""
        return pl.col("begun").is_not_null() & pl.col("submitted").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative(*STAGES, "certified_copies")

    @dy.rule()
    def nobody_skips_a_page(cls) -> pl.Expr:
        """A page is reached by no more filings than any page before it."""
        pages = [(pl.col(early) >= pl.col(late)).fill_null(True)
                 for at, late in enumerate(STAGES) for early in STAGES[:at]]  # fmt: skip
        return pl.all_horizontal(pages)


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Counters say all that there is; nothing follows from them."""
    return rows


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "unit": Column(TEXT, role="unit", required=True),
    # The last day that a line counts: the end of a month where the portal counts by month.
    "counted_on": Column(DAY, required=True),
    "begun": Column(COUNT, required=True),
    **base(COUNT, "form_filled", "papers_attached"),
    "submitted": Column(COUNT, required=True),
    **base(COUNT, "certified_copies"),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="portal_use",
    key=("source", "unit", "counted_on"),
    columns=COLUMNS,
    rules=PortalRules,
    about={
        "has_a_day": "counted_on",
        "has_a_unit": "unit",
        "has_both_ends": "begun",
        "counts_are_not_negative": "begun",
        "nobody_skips_a_page": "submitted",
    },
    derive=derive,
    unit_day="counted_on",
    happened=("counted_on",),
    unit_columns=("unit",),
)
