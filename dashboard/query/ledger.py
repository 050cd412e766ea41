"""Where numbers come from: sources, deliveries with their verdicts, and the rows that were set aside."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.access import AGGREGATES, QUARANTINE, Scope
from dashboard.snapshot import Snapshot

_LIMIT: Final = 1_000


def sources(snapshot: Snapshot, scope: Scope) -> pl.DataFrame:
    """Table `source`, one row per sending system; empty for a scope that may see neither numbers nor files."""
    return _frame(snapshot, scope, "SELECT * FROM source ORDER BY source", {})


def deliveries(
    snapshot: Snapshot, scope: Scope, source: str | None = None, *, page: int = 0, size: int = 50
) -> pl.DataFrame:
    """Table `delivery`, newest first; of one source or of all. A steward sees only the sources of the grant."""
    return _frame(
        snapshot, scope,
        "SELECT * FROM delivery WHERE ($source IS NULL OR source = $source) "
        "ORDER BY received_at DESC, sha256 LIMIT $size OFFSET $skip",
        {"source": source, "size": min(size, _LIMIT), "skip": max(page, 0) * size},
    )  # fmt: skip


def deliveries_by_sha(snapshot: Snapshot, scope: Scope, shas: list[str]) -> pl.DataFrame:
    """The deliveries of some SHA-256, newest first."""
    return _frame(
        snapshot, scope,
        "SELECT * FROM delivery WHERE sha256 IN (SELECT unnest($shas)) ORDER BY received_at DESC, sha256",
        {"shas": shas},
    )  # fmt: skip


def deliveries_of_fact(snapshot: Snapshot, scope: Scope, fact: str, size: int = 20) -> pl.DataFrame:
    """The newest deliveries of every source that sends a fact."""
    return _frame(
        snapshot, scope,
        "SELECT delivery.* FROM delivery JOIN source USING (source) WHERE fact = $fact "
        "ORDER BY received_at DESC, sha256 LIMIT $size", {"fact": fact, "size": min(size, _LIMIT)},
    )  # fmt: skip


def quarantine(
    snapshot: Snapshot, scope: Scope, source: str | None = None, sha256: str | None = None, *, page: int = 0,
    size: int = 50,
) -> pl.DataFrame:  # fmt: skip
    """Rows set aside: rule, line, column, and the value where the column holds nothing personal.

    Only for scopes with the verb `quarantine`; a steward sees only the sources of the grant.
    """
    if not scope.may(QUARANTINE):
        return pl.DataFrame()
    return _frame(
        snapshot, scope,
        "SELECT * FROM quarantine WHERE ($source IS NULL OR source = $source) "
        "AND ($sha IS NULL OR sha256 = $sha) ORDER BY source, sha256, line, rule LIMIT $size OFFSET $skip",
        {"source": source, "sha": sha256, "size": min(size, _LIMIT), "skip": max(page, 0) * size},
    )  # fmt: skip


def quarantine_rules(snapshot: Snapshot, scope: Scope, source: str | None = None) -> pl.DataFrame:
    """How many rows each rule has set aside, per source: source, rule, column, rows. Names no row."""
    return _frame(
        snapshot, scope,
        'SELECT source, rule, "column", count(*) AS rows FROM quarantine '
        "WHERE ($source IS NULL OR source = $source) GROUP BY ALL ORDER BY rows DESC, source, rule",
        {"source": source},
    )  # fmt: skip


def _frame(snapshot: Snapshot, scope: Scope, sql: str, values: dict[str, object]) -> pl.DataFrame:
    if snapshot.clearance not in scope.clearances or not (scope.may(AGGREGATES) or scope.may(QUARANTINE)):
        return pl.DataFrame()
    found = snapshot.frame(sql, values)
    if scope.may(QUARANTINE) and not scope.may(AGGREGATES) and scope.sources is not None and "source" in found.columns:
        return found.filter(pl.col("source").is_in(list(scope.sources)))
    return found
