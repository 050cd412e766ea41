"""A Party organisation reports counts for a period; no member ever appears, only how many there are."""


from __future__ import annotations

import dataframely as dy
import polars as pl

from pipelines.facts.case import not_negative
from pipelines.facts.shape import COUNT, DAY, TEXT, TIME, Column, Fact, base
from pipelines.reference import Reference

COUNTS = (
    *("n_grassroots_orgs", "n_cells", "n_members", "n_probationary", "n_female", "n_ethnic_minority"),
    *("n_admitted", "n_admission_plan", "n_in", "n_out", "n_removed", "n_died"),
    *("n_official_due", "n_official_on_time", "n_orgs_rated", "n_orgs_excellent", "n_orgs_good"),
    *("n_members_rated", "n_members_excellent", "n_members_good", "n_members_failing"),
    *("n_cells_met", "n_attendance_required", "n_attended", "n_handbook_eligible", "n_handbook_active"),
    *("n_documents", "n_documents_electronic", "n_documents_signed"),
    # An inspection may be added to the plan of a year: done may exceed planned.
    *("n_inspections_planned", "n_inspections", "n_chip_eligible", "n_chip_cards", "n_to_match", "n_matched"),
    *("n_private_orgs", "n_private_members"),
)
# (part, whole): a part never exceeds its whole.
PARTS = (
    ("n_probationary", "n_members"),
    ("n_female", "n_members"),
    ("n_ethnic_minority", "n_members"),
    ("n_official_on_time", "n_official_due"),
    ("n_attended", "n_attendance_required"),
    ("n_handbook_active", "n_handbook_eligible"),
    ("n_documents_electronic", "n_documents"),
    ("n_documents_signed", "n_documents"),
    ("n_cells_met", "n_cells"),
    ("n_chip_eligible", "n_members"),
    ("n_chip_cards", "n_chip_eligible"),
    ("n_to_match", "n_members"),
    ("n_matched", "n_to_match"),
    ("n_private_orgs", "n_grassroots_orgs"),
    ("n_private_members", "n_members"),
)


class PartyRules(dy.Schema):
    """What is true of a good report of a Party organisation; its counts are listed once, in COUNTS."""

    line = dy.Int64(nullable=True)
    unit_at_receipt = dy.String(nullable=True)
    period_end = dy.Date(nullable=True)

    @dy.rule()
    def has_a_unit(cls) -> pl.Expr:
        """A count belongs to an organisation."""
        return pl.col("unit_at_receipt").is_not_null()

    @dy.rule()
    def has_a_period(cls) -> pl.Expr:
        """A count belongs to a day."""
        return pl.col("period_end").is_not_null()

    @dy.rule()
    def counts_are_not_negative(cls) -> pl.Expr:
        """Nobody is counted below zero."""
        return not_negative(*COUNTS)

    @dy.rule()
    def parts_do_not_exceed_their_whole(cls) -> pl.Expr:
        """More women than members is a slip of the pen."""
        return pl.all_horizontal((pl.col(part) <= pl.col(whole)).fill_null(True) for part, whole in PARTS)


def derive(rows: pl.LazyFrame, reference: Reference) -> pl.LazyFrame:
    """Nothing to add: a report is an aggregate already, and an organisation does not move."""
    return rows


COLUMNS: dict[str, Column] = {
    "source": Column(TEXT),
    "unit_at_receipt": Column(TEXT, role="unit", required=True),
    "period_end": Column(DAY, required=True),
    **base(COUNT, *COUNTS),
    **base(TIME, "updated_at"),
}

FACT = Fact(
    name="party_organisation",
    key=("source", "unit_at_receipt", "period_end"),
    columns=COLUMNS,
    rules=type("PartyCountRules", (PartyRules,), {name: dy.Int64(nullable=True) for name in COUNTS}),
    about={
        "has_a_unit": "unit_at_receipt",
        "has_a_period": "period_end",
        "counts_are_not_negative": "n_members",
        "parts_do_not_exceed_their_whole": "n_members",
    },
    derive=derive,
    unit_day="period_end",
    happened=("period_end",),
    unit_columns=("unit_at_receipt",),
)
