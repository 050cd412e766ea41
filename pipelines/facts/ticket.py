"""A ticket is one report or wish of a citizen to the hotline, from the call to the answer."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.calendar import working_hours_between
from pipelines.facts.case import ABOUT, PLACEMENT, CaseRules, not_before, not_negative, with_days, with_moves
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, YES_NO, Column, Fact, base, derived
from pipelines.reference import Reference

STATUSES = ("new", "waiting", "forwarded", "in_progress", "need_info", "resolved", "published", "refused")
CLOSED = ("resolved", "published", "refused")
CHANNELS = ("phone", "web", "app", "zalo", "facebook", "email", "chatbot", "other")
# Nobody has taken it yet; a unit of its own keeps it in the province's total and out of everyone's record.
UNASSIGNED = "UNASSIGNED"
REOPENED_WITHIN_DAYS = 30


class TicketRules(CaseRules):
    """What is true of a good ticket."""

    due_on = dy.Date(nullable=True)
    closed_on = dy.Date(nullable=True)
    forwarded_at = dy.Datetime(nullable=True)
    first_answer_at = dy.Datetime(nullable=True)
    first_closed_at = dy.Datetime(nullable=True)
    reopened_at = dy.Datetime(nullable=True)
    status = dy.String(nullable=True)
    transfer_count = dy.Int64(nullable=True)

    @dy.rule()
    def has_a_received_day(cls) -> pl.Expr:
        """Every ticket came on a day."""
        return pl.col("received_on").is_not_null()

    @dy.rule()
    def closed_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return not_before("closed_on", "received_on")

    @dy.rule()
    def due_not_before_received(cls) -> pl.Expr:
        """Dates, not times: real systems print targets a second before the opening."""
        return not_before("due_on", "received_on")

    @dy.rule()
    def forwarded_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return (pl.col("forwarded_at").dt.date() >= pl.col("received_on")).fill_null(True)

    @dy.rule()
    def answered_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return (pl.col("first_answer_at").dt.date() >= pl.col("received_on")).fill_null(True)

    @dy.rule()
    def first_closed_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return (pl.col("first_closed_at").dt.date() >= pl.col("received_on")).fill_null(True)

    @dy.rule()
    def reopened_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return (pl.col("reopened_at").dt.date() >= pl.col("received_on")).fill_null(True)

    @dy.rule()
    def closed_has_an_end_day(cls) -> pl.Expr:
        """Closed without a day would stay in the open stock for ever."""
        return ~pl.col("status").is_in(CLOSED).fill_null(False) | pl.col("closed_on").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative("transfer_count")


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Adds what a ticket's own columns, the list of categories and the calendar tell about it."""
    rows = with_days(rows, "received_at", "due_at", "closed_at").with_columns(
        pl.col("unit_at_receipt").fill_null(UNASSIGNED),
        pl.col("forwarded_at").dt.date().alias("forwarded_on"),
    )
    rows = _with_category(_with_status(rows), reference)
    unassigned = pl.when(pl.col("unit_at_receipt") == UNASSIGNED).then("forwarded_on")
    rows = with_moves(rows.with_columns(unassigned.alias("first_step")), reference, "first_step")
    return _with_lateness(_with_reopening(_with_durations(rows, reference))).drop("forwarded_on", "first_step")


def _with_status(rows: pl.LazyFrame) -> pl.LazyFrame:
    told = (
        pl.when(pl.col("closed_on").is_not_null())
        .then(pl.lit("resolved"))
        .when(pl.col("forwarded_on").is_not_null())
        .then(pl.lit("forwarded"))
        .otherwise(pl.lit("new"))
    )
    return rows.with_columns(status=pl.coalesce("status", told))


def _with_category(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """A sender names a category; the field above it comes from our list, or is the category itself."""
    categories = reference.categories
    top = pl.col("category").replace_strict(
        categories["code"], categories["parent"], default=None, return_dtype=pl.String
    )
    return rows.with_columns(category_top=pl.coalesce("category_top", top, "category"))


def _with_durations(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    calendar, hours = reference.calendar, reference.place.office_hours
    forwarding = (pl.col("forwarded_at") - pl.col("received_at")).dt.total_minutes()
    return rows.with_columns(
        minutes_to_forward=forwarding.clip(lower_bound=0),
        working_hours_to_close=working_hours_between("received_at", "closed_at", calendar, hours),
        working_hours_to_answer=working_hours_between("received_at", "first_answer_at", calendar, hours),
    )


def _with_reopening(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Whether a closed ticket came back within thirty days; unknown where the sender tells nothing of reopening.

    Once a ticket is reopened its own closing day is the last one, so the first must be told.
    """
    back = pl.col("reopened_at").dt.date()
    came_back = pl.coalesce("reopened", pl.when(back.is_not_null()).then(True))
    first = pl.coalesce(pl.col("first_closed_at").dt.date(), pl.when(~came_back.fill_null(False)).then("closed_on"))
    soon = (back - first).dt.total_days() <= REOPENED_WITHIN_DAYS
    return rows.with_columns(
        first_closed_on=first,
        reopened_in_30_days=pl.when(first.is_not_null()).then(pl.when(~came_back).then(False).otherwise(soon)),
    )


def _with_lateness(rows: pl.LazyFrame) -> pl.LazyFrame:
    """A deadline with a time of day is kept to the second, one without (or at midnight) to the day.

    A sender whose midnight is a time says so: `due_has_time = { constant = true }` in the mapping.
    """
    closed, due = pl.col("closed_on"), pl.col("due_on")
    told = pl.coalesce("due_has_time", pl.col("due_at").dt.truncate("1d") != pl.col("due_at"))
    has_time = pl.when(pl.col("due_at").is_not_null()).then(told)
    in_time = pl.when(has_time).then(pl.col("closed_at") <= pl.col("due_at")).otherwise(closed <= due)
    late = closed.is_null() | (closed > due)
    return rows.with_columns(
        due_has_time=has_time,
        is_on_time=in_time,
        is_open=closed.is_null(),
        overdue_from=pl.when(late).then(due.dt.offset_by("1d")),
    )


COLUMNS: dict[str, Column] = {
    **PLACEMENT,
    **base(TEXT, "category", "category_top"),
    "channel": Column(TEXT, values=CHANNELS),
    **base(TEXT, "priority"),
    "place_unit": Column(TEXT, role="unit"),
    "received_at": Column(TIME, required=True),
    **derived(DAY, "received_on"),
    **base(TIME, "forwarded_at", "first_answer_at", "due_at"),
    **derived(DAY, "due_on"),
    **base(YES_NO, "due_has_time"),
    **base(TIME, "closed_at"),
    **derived(DAY, "closed_on"),
    "status": Column(TEXT, values=STATUSES),
    "rating": Column(TEXT, values=("satisfied", "neutral", "dissatisfied")),
    **base(TIME, "first_closed_at"),
    **derived(DAY, "first_closed_on"),
    **base(YES_NO, "reopened"),
    **base(TIME, "reopened_at"),
    **derived(YES_NO, "reopened_in_30_days"),
    **base(COUNT, "transfer_count"),
    **base(YES_NO, "published", "complained_again"),
    **base(TEXT, "resolution"),
    **base(YES_NO, "sender_on_time"),
    **base(TIME, "updated_at"),
    **derived(YES_NO, "is_on_time", "is_open"),
    **derived(COUNT, "minutes_to_forward", "working_hours_to_close", "working_hours_to_answer"),
    **derived(DAY, "overdue_from"),
}

FACT = Fact(
    name="ticket",
    key=("source", "case_id"),
    columns=COLUMNS,
    rules=TicketRules,
    about={
        **ABOUT,
        "has_a_received_day": "received_at",
        "closed_not_before_received": "closed_at",
        "due_not_before_received": "due_at",
        "forwarded_not_before_received": "forwarded_at",
        "answered_not_before_received": "first_answer_at",
        "first_closed_not_before_received": "first_closed_at",
        "reopened_not_before_received": "reopened_at",
        "closed_has_an_end_day": "closed_at",
        "counts_are_not_negative": "transfer_count",
    },
    derive=derive,
    unit_day="received_on",
    happened=("received_on", "closed_on", "forwarded_at", "first_answer_at", "moved_on", "updated_at"),
    slices=("channel", "category_top", "category"),
    unit_columns=("unit_at_receipt", "unit_now", "place_unit"),
)
