"""A contact is a call, a message or a question to the hotline; it is counted by day and channel, never told apart."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, Column, Fact, base
from pipelines.facts.ticket import CHANNELS
from pipelines.reference import Reference


class ContactRules(dy.Schema):
    """What is true of a good line of a hotline's counters."""

    line = dy.Int64(nullable=True)
    unit = dy.String(nullable=True)
    contact_on = dy.Date(nullable=True)
    channel = dy.String(nullable=True)
    contacts = dy.Int64(nullable=True)
    tickets = dy.Int64(nullable=True)

    @dy.rule()
    def has_a_day(cls) -> pl.Expr:
        """Somebody called on a day."""
        return pl.col("contact_on").is_not_null()

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """Somebody answers the telephone."""
        return pl.col("unit").is_not_null()

    @dy.rule()
    def has_a_channel(cls) -> pl.Expr:
        """A line counts one channel."""
        return pl.col("channel").is_not_null()

    @dy.rule()
    def has_a_count(cls) -> pl.Expr:
        """An empty cell is no zero."""
        return pl.col("contacts").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Counts start at zero."""
        return not_negative("contacts", "tickets")

    @dy.rule()
    def tickets_come_from_contacts(cls) -> pl.Expr:
        """What was recorded as a ticket was a contact first."""
        return (pl.col("tickets") <= pl.col("contacts")).fill_null(True)


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Counters say all that there is; nothing follows from them."""
    return rows


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "unit": Column(TEXT, role="unit", required=True),
    "contact_on": Column(DAY, required=True),
    "channel": Column(TEXT, required=True, values=CHANNELS),
    "contacts": Column(COUNT, required=True),
    # Of these contacts: how many were recorded as tickets, where the hotline counts that.
    **base(COUNT, "tickets"),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="contact",
    key=("source", "unit", "contact_on", "channel"),
    columns=COLUMNS,
    rules=ContactRules,
    about={
        "has_a_day": "contact_on",
        "has_a_unit": "unit",
        "has_a_channel": "channel",
        "has_a_count": "contacts",
        "counts_are_not_negative": "contacts",
        "tickets_come_from_contacts": "tickets",
    },
    derive=derive,
    unit_day="contact_on",
    happened=("contact_on",),
    slices=("channel",),
    unit_columns=("unit",),
)
