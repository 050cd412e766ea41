"""What a sender's system knows on the evening of an export: the same lives, cut off at a moment."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.demo.office import NEVER
from pipelines.demo.steps import step_now

MOMENTS: Final = ("received", "asked_1", "over_1", "asked_2", "over_2", "fee_asked", "moved", "ended", "returned")
ACCEPTED, IN_PROGRESS, SUPPLEMENT, FEE_DUE, RETURNED = 2, 4, 5, 6, 10
UNTOUCHED: Final = 3 * 3600  # seconds after reception during which a dossier is only "accepted"


def changed(lives: pl.DataFrame, since: int, until: int) -> pl.DataFrame:
    """The dossiers with news after `since` and up to `until` (epoch seconds), as they stand at `until`.

    Moments become local timestamps, null where they have not come yet; added: status (national code 1-10),
    due, supplements, paused_from, paused_days, unit (seat), updated, step (what stands next, 0 once it has
    ended); in the order of the last change.
    """
    known = lives.with_columns(_seen(name, until) for name in MOMENTS)
    known = known.with_columns(updated=pl.max_horizontal(MOMENTS)).filter(pl.col("updated") > since)
    known = known.with_columns(**_state(until)).with_columns(step=step_now(until))
    known = known.sort("updated", "case", maintain_order=True)
    stamps = [*MOMENTS, "updated", "submitted", "due", "paused_from"]
    return known.with_columns((pl.col(name) * 1_000_000).cast(pl.Datetime("us")) for name in stamps)


def unfinished(lives: pl.DataFrame, until: int) -> pl.DataFrame:
    """The dossiers to which something still happens after `until`."""
    later = [pl.col(name).is_between(until + 1, NEVER - 1) for name in MOMENTS]
    return lives.filter(pl.any_horizontal(later))


def _seen(name: str, until: int) -> pl.Expr:
    return pl.when(pl.col(name) <= until).then(pl.col(name)).alias(name)


def _state(until: int) -> dict[str, pl.Expr]:
    asked = pl.col("asked_1").is_not_null().cast(pl.Int64) + pl.col("asked_2").is_not_null()
    over = pl.col("over_1").is_not_null().cast(pl.Int64) + pl.col("over_2").is_not_null()
    waits = (asked > over) & pl.col("ended").is_null()
    return {
        "status": _status(until, waits),
        "due": pl.when(over == 2).then("due_2").when(over == 1).then("due_1").otherwise("due_0"),
        "supplements": asked,
        "waits": waits,
        "paused_from": pl.when(waits).then(pl.coalesce("asked_2", "asked_1")),
        "paused_days": pl.when(over >= 1).then("paused_1").otherwise(0)
        + pl.when(over == 2).then("paused_2").otherwise(0),
        "unit": pl.when(pl.col("moved").is_not_null()).then("next_seat").otherwise("seat"),
    }


def _status(until: int, waits: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("returned").is_not_null())
        .then(RETURNED)
        .when(pl.col("ended").is_not_null())
        .then("end_kind")
        .when(waits)
        .then(SUPPLEMENT)
        .when(pl.col("fee_asked").is_not_null())
        .then(FEE_DUE)
        .when(pl.col("received") > until - UNTOUCHED)
        .then(ACCEPTED)
        .otherwise(IN_PROGRESS)
    )
