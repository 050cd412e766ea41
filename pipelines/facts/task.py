"""A task is one thing that a leader has asked a unit for, from the day it was given to the day it is done."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.calendar import add_working_days, working_days_between
from pipelines.facts.case import ABOUT, PLACEMENT, CaseRules, not_before, not_negative, with_moves
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, YES_NO, Column, Fact, base, derived
from pipelines.reference import Reference

STATUSES = ("not_started", "in_progress", "done", "cancelled")
OVER = ("done", "cancelled")
ASSIGNERS = ("government", "council", "people_committee", "chair", "vice_chair", "other")
SUBJECTS = ("economy", "investment", "land", "social", "administration", "digital", "order", "other")
DUE_SOON_WORKING_DAYS = 3


class TaskRules(CaseRules):
    """What is true of a good task."""

    due_on = dy.Date(nullable=True)
    first_due_on = dy.Date(nullable=True)
    ended_on = dy.Date(nullable=True)
    status = dy.String(nullable=True)
    extended_count = dy.Int64(nullable=True)

    @dy.rule()
    def has_a_received_day(cls) -> pl.Expr:
        """Somebody was asked on a day."""
        return pl.col("received_on").is_not_null()

    @dy.rule()
    def has_an_owner(cls) -> pl.Expr:
        """A task that nobody owns is a wish."""
        return pl.col("unit_at_receipt").is_not_null()

    @dy.rule()
    def due_not_before_received(cls) -> pl.Expr:
        """Nobody is late before he is asked."""
        return not_before("due_on", "received_on") & not_before("first_due_on", "received_on")

    @dy.rule()
    def extended_to_a_later_day(cls) -> pl.Expr:
        """An extension gives time and takes none."""
        return not_before("due_on", "first_due_on")

    @dy.rule()
    def ended_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return not_before("ended_on", "received_on")

    @dy.rule()
    def closed_has_an_end_day(cls) -> pl.Expr:
        """Done without a day would stay in the open stock for ever."""
        return ~pl.col("status").is_in(OVER).fill_null(False) | pl.col("ended_on").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative("extended_count")


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Adds what a task's own days and the calendar tell about it."""
    rows = with_moves(_with_status(rows), reference)
    return _with_due_soon(_with_lateness(_with_first_due(rows), reference), reference)


def _with_status(rows: pl.LazyFrame) -> pl.LazyFrame:
    told = pl.when(pl.col("ended_on").is_not_null()).then(pl.lit("done")).otherwise(pl.lit("in_progress"))
    return rows.with_columns(status=pl.coalesce("status", told), is_open=pl.col("ended_on").is_null())


def _with_first_due(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The day that was given first: told, or the only one there is; unknown where it was moved and never told.

    Whether a task was extended is known from the count of extensions, or from two different days.
    """
    moved = pl.col("due_on") != pl.col("first_due_on")
    extended = pl.coalesce(pl.col("extended_count") > 0, moved, pl.lit(False))
    first = pl.coalesce("first_due_on", pl.when(~extended).then("due_on"))
    return rows.with_columns(was_extended=extended, first_due_on=first)


def _with_lateness(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """A deadline is kept to the day; what was cancelled is neither on time nor late, but was overdue while it stood."""
    ended, due, counts = pl.col("ended_on"), pl.col("due_on"), pl.col("status") != "cancelled"
    late = ended.is_null() | (ended > due)
    return rows.with_columns(
        is_on_time=pl.when(counts).then(ended <= due),
        is_on_first_time=pl.when(counts).then(ended <= pl.col("first_due_on")),
        overdue_from=pl.when(late).then(due.dt.offset_by("1d")),
        working_days_taken=working_days_between("received_on", "ended_on", reference.calendar),
    )


def _with_due_soon(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """The days on whose evening a task is open and due within three working days: from (in), until (out)."""
    window = add_working_days("due_on", -DUE_SOON_WORKING_DAYS, reference.calendar)
    start = pl.max_horizontal(window, "received_on")
    stop = pl.min_horizontal(pl.col("due_on").dt.offset_by("1d"), "ended_on")
    # The horizontal functions pass over nulls: a task without a deadline is never due.
    is_open = (start < stop) & window.is_not_null()
    return rows.with_columns(due_soon_from=pl.when(is_open).then(start), due_soon_until=pl.when(is_open).then(stop))


COLUMNS: dict[str, Column] = {
    **PLACEMENT,
    "assigned_by": Column(TEXT, values=ASSIGNERS),
    "subject": Column(TEXT, values=SUBJECTS),
    "received_on": Column(DAY, required=True),
    # `due_on` is the day in force, `first_due_on` the one given first: an extension does not rewrite history.
    **base(DAY, "due_on", "first_due_on"),
    **base(COUNT, "extended_count"),
    **base(DAY, "ended_on"),
    "status": Column(TEXT, values=STATUSES),
    **base(TIME, "updated_at"),
    **derived(YES_NO, "is_open", "was_extended", "is_on_time", "is_on_first_time"),
    **derived(DAY, "overdue_from", "due_soon_from", "due_soon_until"),
    **derived(COUNT, "working_days_taken"),
}

FACT = Fact(
    name="task",
    key=("source", "case_id"),
    columns=COLUMNS,
    rules=TaskRules,
    about={
        **ABOUT,
        "has_a_received_day": "received_on",
        "has_an_owner": "unit_at_receipt",
        "due_not_before_received": "due_on",
        "extended_to_a_later_day": "due_on",
        "ended_not_before_received": "ended_on",
        "closed_has_an_end_day": "ended_on",
        "counts_are_not_negative": "extended_count",
    },
    derive=derive,
    unit_day="received_on",
    happened=("received_on", "ended_on", "moved_on", "updated_at"),
    slices=("assigned_by", "subject"),
    unit_columns=("unit_at_receipt", "unit_now"),
)
