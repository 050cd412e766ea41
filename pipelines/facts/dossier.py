"""A dossier is one citizen's request for one procedure, from the counter or the portal to its result."""


from __future__ import annotations

from functools import lru_cache

import dataframely as dy
import polars as pl

from pipelines.calendar import add_working_days, working_days_between, working_hours_between
from pipelines.dated import Dated, dated, with_values
from pipelines.facts.case import ABOUT, PLACEMENT, CaseRules, not_before, not_negative, with_days, with_moves
from pipelines.facts.shape import COUNT, DAY, MONEY, TEXT, TIME, YES_NO, Column, Fact, base, derived
from pipelines.reference import Reference

STATUSES = (
    *("registered", "accepted", "refused", "in_progress", "supplement", "fee_due"),
    *("withdrawn", "stopped", "decided", "returned"),
)
CLOSED = ("withdrawn", "stopped", "decided", "returned")
# Before reception nobody owes the citizen a day of receipt yet.
NOT_RECEIVED = ("registered", "refused", "withdrawn")
HOURS_PER_DAY = 8
DUE_SOON_WORKING_DAYS = 3
FROM_PROCEDURE = ("field", "level", "online_level", "has_fee", "limit_working_days", "returns_paper_result", "subject")


class DossierRules(CaseRules):
    """What is true of a good dossier."""

    submitted_on = dy.Date(nullable=True)
    due_on = dy.Date(nullable=True)
    ended_on = dy.Date(nullable=True)
    returned_on = dy.Date(nullable=True)
    status = dy.String(nullable=True)
    supplement_count = dy.Int64(nullable=True)
    paused_working_days = dy.Int64(nullable=True)
    limit_working_days = dy.Int64(nullable=True)
    fee_amount = dy.Decimal(20, 2, nullable=True)

    @dy.rule()
    def has_a_received_day(cls) -> pl.Expr:
        """Only what still waits at the door, or was turned away there, has none."""
        return pl.col("received_on").is_not_null() | pl.col("status").is_in(NOT_RECEIVED).fill_null(False)

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """Somebody answers for every dossier."""
        return pl.col("unit_at_receipt").is_not_null()

    @dy.rule()
    def ended_not_before_received(cls) -> pl.Expr:
        """Dates, not times."""
        return not_before("ended_on", "received_on")

    @dy.rule()
    def due_not_before_received(cls) -> pl.Expr:
        """Nobody promises a day that has passed."""
        return not_before("due_on", "received_on")

    @dy.rule()
    def returned_not_before_received(cls) -> pl.Expr:
        """A result needs a request."""
        return not_before("returned_on", "received_on")

    @dy.rule()
    def closed_has_an_end_day(cls) -> pl.Expr:
        """Closed without a day would stay in the open stock for ever."""
        is_closed = pl.col("status").is_in(CLOSED).fill_null(False) & pl.col("received_on").is_not_null()
        return ~is_closed | pl.col("ended_on").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts, days and money start at zero."""
        return not_negative("supplement_count", "paused_working_days", "limit_working_days", "fee_amount")


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Adds what a dossier's own columns, its procedure and the calendar tell about it."""
    rows = with_days(rows, "received_at", "due_at").with_columns(
        ended_on=pl.coalesce(pl.col("ended_at").dt.date(), "returned_on")
    )
    rows = with_moves(_with_procedure(_with_status(rows), reference), reference)
    return _with_due_soon(_with_lateness(_with_durations(rows, reference), reference), reference)


def _with_status(rows: pl.LazyFrame) -> pl.LazyFrame:
    told = (
        pl.when(pl.col("returned_on").is_not_null())
        .then(pl.lit("returned"))
        .when(pl.col("ended_on").is_not_null())
        .then(pl.lit("decided"))
        .when(pl.col("received_on").is_not_null())
        .then(pl.lit("in_progress"))
        .otherwise(pl.lit("registered"))
    )
    return rows.with_columns(status=pl.coalesce("status", told))


def _with_procedure(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """What the sender does not say about a procedure, the list of procedures does, as of the day of receipt."""
    rows = with_values(
        rows, _procedures(reference), "procedure_code", pl.coalesce("received_on", "submitted_on"), "procedure:"
    )
    said = [name for name in FROM_PROCEDURE if name not in ("online_level", "has_fee", "subject")]
    return rows.with_columns(
        *(pl.coalesce(name, f"procedure:{name}").alias(name) for name in said),
        online_level=pl.col("procedure:online_level"),
        subject=pl.col("procedure:subject"),
        has_fee=pl.coalesce("has_fee", pl.col("fee_amount") > 0, "procedure:has_fee"),
    ).drop(f"procedure:{name}" for name in FROM_PROCEDURE)


@lru_cache(maxsize=4)
def _procedures(reference: Reference) -> Dated:
    return dated(reference.procedures, "procedure_code", FROM_PROCEDURE)


def _with_durations(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """The clock stands still while the citizen is asked for papers."""
    calendar, paused = reference.calendar, pl.col("paused_working_days").fill_null(0)
    days = working_days_between("received_on", "ended_on", calendar).cast(pl.Int64)
    ended_at = pl.coalesce("ended_at", pl.col("returned_on").cast(pl.Datetime("us")))
    hours = working_hours_between("received_at", ended_at, calendar, reference.place.office_hours)
    return rows.with_columns(
        working_days_taken=(days - paused).clip(lower_bound=0),
        working_hours_taken=(hours - paused * HOURS_PER_DAY).clip(lower_bound=0),
        end_766_on=pl.coalesce("ended_on", pl.when(pl.col("status") == "supplement").then("paused_from")),
    )


def _with_lateness(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    ended, due = pl.col("ended_on"), pl.col("due_on")
    late = pl.when(ended.is_null() | (ended > due)).then(due.dt.offset_by("1d"))
    days_late = working_days_between("due_on", "ended_on", reference.calendar).cast(pl.Int64)
    return rows.with_columns(
        is_on_time=pl.coalesce(ended <= due, pl.col("working_days_taken") <= pl.col("limit_working_days")),
        is_early=ended < due,
        overdue_from=pl.when(pl.col("received_on").is_not_null()).then(late),
        overdue_working_days=pl.when(ended > due).then(days_late),
    )


def _with_due_soon(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """The days on whose evening a dossier is open and due within three working days: from (in), until (out)."""
    window = add_working_days("due_on", -DUE_SOON_WORKING_DAYS, reference.calendar)
    start = pl.max_horizontal(window, "received_on")
    stop = pl.min_horizontal(pl.col("due_on").dt.offset_by("1d"), "ended_on")
    # The horizontal functions pass over nulls: a dossier without a promise (or one beyond the calendar) is never due.
    is_open = (start < stop) & window.is_not_null() & pl.col("received_on").is_not_null()
    return rows.with_columns(due_soon_from=pl.when(is_open).then(start), due_soon_until=pl.when(is_open).then(stop))


COLUMNS: dict[str, Column] = {
    **PLACEMENT,
    **base(TEXT, "procedure_code", "field"),
    "level": Column(TEXT, values=("province", "district", "commune")),
    "channel": Column(TEXT, values=("counter", "online", "post")),
    "applicant": Column(TEXT, values=("citizen", "enterprise", "household")),
    **derived(TEXT, "online_level", "subject"),
    "home_unit": Column(TEXT, role="unit"),
    "submitted_on": Column(DAY),
    "received_at": Column(TIME, required=True),
    **derived(DAY, "received_on"),
    **base(TIME, "due_at"),
    **derived(DAY, "due_on"),
    **base(TIME, "ended_at"),
    **derived(DAY, "ended_on"),
    **base(DAY, "returned_on"),
    "status": Column(TEXT, values=STATUSES),
    # What stands next, and the position (never the name) of whoever has it, where the sender says so.
    **base(TEXT, "step", "holder_position"),
    **base(COUNT, "supplement_count"),
    **base(DAY, "paused_from"),
    **base(COUNT, "paused_working_days", "limit_working_days"),
    **base(MONEY, "fee_amount"),
    **base(YES_NO, "has_fee"),
    "paid_online": Column(TEXT, values=("portal", "gateway")),
    **base(YES_NO, "digitised_components", "electronic_result", "returns_paper_result", "reused_data"),
    **base(YES_NO, "population_data", "personal_store", "synchronised"),
    "rating": Column(TEXT, values=("satisfied", "neutral", "dissatisfied")),
    **base(YES_NO, "complained", "sender_on_time"),
    **base(TIME, "updated_at"),
    **derived(DAY, "end_766_on"),
    **derived(YES_NO, "is_on_time", "is_early"),
    **derived(COUNT, "working_hours_taken", "working_days_taken"),
    **derived(DAY, "overdue_from", "due_soon_from", "due_soon_until"),
    **derived(COUNT, "overdue_working_days"),
}

FACT = Fact(
    name="dossier",
    key=("source", "case_id"),
    columns=COLUMNS,
    rules=DossierRules,
    about={
        **ABOUT,
        "has_a_received_day": "received_at",
        "has_a_unit": "unit_at_receipt",
        "ended_not_before_received": "ended_at",
        "due_not_before_received": "due_at",
        "returned_not_before_received": "returned_on",
        "closed_has_an_end_day": "ended_at",
        "counts_are_not_negative": "supplement_count",
    },
    derive=derive,
    unit_day="received_on",
    happened=("submitted_on", "received_on", "ended_on", "returned_on", "moved_on", "updated_at"),
    slices=("channel", "level", "field"),
    unit_columns=("unit_at_receipt", "unit_now", "home_unit"),
)
