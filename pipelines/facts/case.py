"""What every case has: a number, a unit that answers for it, and perhaps a day on which that changed."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.shape import DAY, TEXT, Column, base
from pipelines.reference import Reference

PLACEMENT: dict[str, Column] = {
    "source": Column(TEXT),
    "case_id": Column(TEXT, role="pseudonym", required=True, personal=True),
    "unit_at_receipt": Column(TEXT, role="unit"),
    "unit_now": Column(TEXT, role="unit"),
    **base(DAY, "moved_on"),
}


class CaseRules(dy.Schema):
    """Rules of dossiers and tickets alike. Order rules compare dates: real systems close a case an hour early."""

    line = dy.Int64(nullable=True)
    case_id = dy.String(nullable=True)
    unit_at_receipt = dy.String(nullable=True)
    received_on = dy.Date(nullable=True)
    moved_on = dy.Date(nullable=True)

    @dy.rule()
    def has_a_case_id(cls) -> pl.Expr:
        """A row without a number can never be told from another one."""
        return pl.col("case_id").is_not_null()

    @dy.rule()
    def moved_not_before_received(cls) -> pl.Expr:
        """A unit hands on only what it has."""
        return not_before("moved_on", "received_on")


ABOUT = {"has_a_case_id": "case_id", "moved_not_before_received": "moved_on"}


def not_before(later: str, earlier: str) -> pl.Expr:
    """True where either day is unknown or they stand in order."""
    return (pl.col(later) >= pl.col(earlier)).fill_null(True)


def not_negative(*columns: str) -> pl.Expr:
    """True where none of the known numbers is below zero."""
    return pl.all_horizontal((pl.col(name) >= 0).fill_null(True) for name in columns)


def with_days(rows: pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    """For every `x_at` of `columns` the local day `x_on`."""
    return rows.with_columns(pl.col(name).dt.date().alias(name.removesuffix("_at") + "_on") for name in columns)


def with_moves(rows: pl.LazyFrame, reference: Reference, first_step: str = "moved_on") -> pl.LazyFrame:
    """Settles who answers for a case: `unit_now` is never null, `moved_on` exactly where the unit changed.

    Where a sender tells both units and no day, it is the day in `first_step`, else the last update where that
    was while the first unit existed, else the day after the first unit was abolished, else the last update
    or the day of receipt.
    """
    ends = reference.units.filter(pl.col("valid_to").is_not_null()).select("unit_id", "valid_to")
    last_day = pl.col("unit_at_receipt").replace_strict(
        ends["unit_id"], ends["valid_to"], default=None, return_dtype=pl.Date
    )
    updated = pl.col("updated_at").dt.date()
    guessed = pl.coalesce(
        first_step, pl.when(updated <= last_day).then(updated), last_day.dt.offset_by("1d"), updated, "received_on"
    )
    now = pl.coalesce("unit_now", "unit_at_receipt")
    moved = pl.coalesce("moved_on", pl.max_horizontal(guessed, "received_on"))
    return rows.with_columns(unit_now=now, moved_on=pl.when(now != pl.col("unit_at_receipt")).then(moved))
