"""Where numbers come from: sources, deliveries with their verdicts, and the rows that were set aside."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.access import AGGREGATES, QUARANTINE, Scope
from dashboard.query.owned import own_sources, told_sources
from dashboard.snapshot import Snapshot

_LIMIT: Final = 1_000
_COUNTS: Final = ("bytes", "rows_in", "rows_loaded", "rows_quarantined", "rows_skipped", "cases", "rows", "verdict",
                  "last_verdict", "reasons")  # fmt: skip
"""What a file says of all its rows at once, and so of units that somebody may not see."""


def sources(snapshot: Snapshot, scope: Scope) -> pl.DataFrame:
    """Table `source`, one row per sending system; empty for a scope that may see neither numbers nor files.

    Of a sender of whose units some lie outside only its rhythm and freshness are told.
    """
    found = _frame(snapshot, scope, "SELECT * FROM source WHERE {own} ORDER BY source", {}, told_sources(scope))
    return _blank(snapshot, scope, found)


def deliveries(
    snapshot: Snapshot, scope: Scope, source: str | None = None, *, page: int = 0, size: int = 50
) -> pl.DataFrame:
    """Table `delivery`, newest first; of one source or of all whose files the scope may know."""
    return _frame(
        snapshot, scope,
        "SELECT * FROM delivery WHERE ($source IS NULL OR source = $source) AND {own} "
        "ORDER BY received_at DESC, sha256 LIMIT $size OFFSET $skip",
        {"source": source, "size": min(size, _LIMIT), "skip": max(page, 0) * size}, own_sources(snapshot, scope),
    )  # fmt: skip


def deliveries_behind(snapshot: Snapshot, scope: Scope, shas: list[str]) -> pl.DataFrame:
    """The deliveries that wrote a number of this scope, by SHA-256, newest first; without what they say of others."""
    found = _frame(
        snapshot, scope,
        "SELECT * FROM delivery WHERE sha256 IN (SELECT unnest($shas)) AND {own} ORDER BY received_at DESC, sha256",
        {"shas": shas}, told_sources(scope),
    )  # fmt: skip
    return _blank(snapshot, scope, found)


def deliveries_of_fact(snapshot: Snapshot, scope: Scope, fact: str, size: int = 20) -> pl.DataFrame:
    """The newest deliveries of every source that sends a fact and whose files the scope may know."""
    return _frame(
        snapshot, scope,
        "SELECT delivery.* FROM delivery JOIN source USING (source) WHERE fact = $fact AND {own} "
        "ORDER BY received_at DESC, sha256 LIMIT $size",
        {"fact": fact, "size": min(size, _LIMIT)}, own_sources(snapshot, scope),
    )  # fmt: skip


def quarantine(
    snapshot: Snapshot, scope: Scope, source: str | None = None, sha256: str | None = None, *, page: int = 0,
    size: int = 50,
) -> pl.DataFrame:  # fmt: skip
    """Rows set aside: rule, line, column, and the value where the column holds nothing personal.

    Only for scopes with the verb `quarantine`; of the sources whose files the scope may know.
    """
    if not scope.may(QUARANTINE):
        return pl.DataFrame()
    return _frame(
        snapshot, scope,
        "SELECT * FROM quarantine WHERE ($source IS NULL OR source = $source) AND {own} "
        "AND ($sha IS NULL OR sha256 = $sha) ORDER BY source, sha256, line, rule LIMIT $size OFFSET $skip",
        {"source": source, "sha": sha256, "size": min(size, _LIMIT), "skip": max(page, 0) * size},
        own_sources(snapshot, scope),
    )  # fmt: skip


def quarantine_rules(snapshot: Snapshot, scope: Scope, source: str | None = None) -> pl.DataFrame:
    """How many rows each rule has set aside, per source: source, rule, column, rows. Names no row."""
    return _frame(
        snapshot, scope,
        'SELECT source, rule, "column", count(*) AS rows FROM quarantine '
        "WHERE ($source IS NULL OR source = $source) AND {own} GROUP BY ALL ORDER BY rows DESC, source, rule",
        {"source": source}, own_sources(snapshot, scope),
    )  # fmt: skip


def _frame(
    snapshot: Snapshot, scope: Scope, sql: str, values: dict[str, object], own: frozenset[str] | None
) -> pl.DataFrame:
    """The rows of a statement that are of the sources in `own`; None: of all of them."""
    allowed = (scope.may(AGGREGATES) or scope.may(QUARANTINE)) and bool(scope.units)
    if snapshot.clearance not in scope.clearances or not allowed:
        return pl.DataFrame()
    if own is None:
        return snapshot.frame(sql.format(own="TRUE"), values)
    return snapshot.frame(sql.format(own="source IN (SELECT unnest($own))"), {**values, "own": sorted(own)})


def _blank(snapshot: Snapshot, scope: Scope, found: pl.DataFrame) -> pl.DataFrame:
    """The same without what is told of all rows at once, where some of them may lie outside the scope."""
    own = own_sources(snapshot, scope) if not found.is_empty() else None
    if own is None:
        return found
    mine = pl.col("source").is_in(sorted(own))
    return found.with_columns(pl.when(mine).then(pl.col(name)).alias(name) for name in _COUNTS if name in found.columns)
