"""The table `signal`: per indicator, unit and month the limits, the rule that spoke and who answers for it."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipelines.signals.limits import Floats, limits
from pipelines.signals.rules import assurance, judge
from pipelines.signals.series import monthly

KEPT_MONTHS = 13  # what a sparkline shows
KINDS = ("rate", "count", "stock")
SCHEMA: dict[str, Any] = {
    "indicator": pl.String, "unit": pl.String, "month": pl.Date, "value": pl.Float64, "numerator": pl.Float64,
    "denominator": pl.Float64, "centre": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "method": pl.String, "locked": pl.Boolean, "rule": pl.String, "side": pl.Int64, "direction": pl.String,
    "assurance": pl.String, "severity": pl.String,
}


def publish_signals(db: duckdb.DuckDBPyConnection, rebased: dict[tuple[str, str], date] | None = None) -> int:
    """(Re)make the table `signal` from the parts in `db`; returns how many months carry a signal.

    `rebased` maps (indicator, unit) to the first month of a new baseline; every entry has a dated reason in
    `data/reference/rebased.csv`. Only complete months count: a month that is still running is never judged.
    """
    frames = [_of_entry(db, entry, rebased or {}) for entry in _entries(db)]
    table = pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("indicator", "unit", "month")
    db.register("signal_rows", table.to_arrow())
    db.execute("create or replace table signal as select * from signal_rows")
    db.unregister("signal_rows")
    return table.filter(pl.col("rule").is_not_null() & pl.col("locked")).height


def _entries(db: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    rows: pl.DataFrame = db.sql("""
        select id, kind, fact, day, better, target_value, spec, clearance from indicator
        where kind in ('rate', 'count', 'stock') and clearance = 'state' and fact in ('dossier', 'ticket')
        order by id""").pl()
    return rows.to_dicts()


def _of_entry(db: duckdb.DuckDBPyConnection, entry: dict[str, object],
              rebased: dict[tuple[str, str], date]) -> pl.DataFrame:
    last = _last_complete_month(db, str(entry["fact"]))
    if last is None:
        return pl.DataFrame(schema=SCHEMA)
    rows = monthly(db, entry, last)
    root = _root(db)
    whole = rows.filter(pl.col("unit") != root).group_by("month").agg(
        pl.lit(root).alias("unit"), pl.col("numerator").sum(), _sum_or_null("denominator")).select(rows.columns)
    found = [_of_unit(entry, group, rebased, root)
             for _, group in pl.concat([rows.filter(pl.col("unit") != root), whole]).sort("unit", "month")
             .group_by("unit", maintain_order=True)]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found])


def _sum_or_null(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum()).alias(column)


def _root(db: duckdb.DuckDBPyConnection) -> str:
    # fetchall, never fetchone: DuckDB 2 refuses the next relation while a result is still open.
    rows = db.execute("select unit_id from unit where parent_id is null and tree = 'territory'").fetchall()
    return str(rows[0][0]) if rows else ""


def _last_complete_month(db: duckdb.DuckDBPyConnection, fact: str) -> date | None:
    ((last,),) = db.execute("""
        select date_trunc('month', max(data_until) + 1)::date - 1 from unit_until where fact = ?""", [fact]).fetchall()
    return None if last is None else last.replace(day=1)


def _of_unit(entry: dict[str, object], group: pl.DataFrame,
             rebased: dict[tuple[str, str], date], root: str) -> pl.DataFrame:
    start = rebased.get((str(entry["id"]), str(group["unit"][0])))
    if start is not None:
        group = group.filter(pl.col("month") >= start)
    # Counts carried over a split unit are fractions of events; limits are about whole ones.
    numerator = np.rint(group["numerator"].to_numpy().astype(float))
    divisor = group["denominator"]
    denominator = None if divisor.is_null().all() else np.rint(divisor.to_numpy().astype(float))
    value = numerator if denominator is None else _share(numerator, denominator)
    if not group.height or not np.nansum(numerator if denominator is None else denominator):
        return pl.DataFrame(schema=SCHEMA)
    return _judged(entry, group, numerator, denominator, value, root).tail(KEPT_MONTHS)


def _share(numerator: Floats, denominator: Floats) -> Floats:
    share: Floats = np.divide(numerator, denominator, out=np.full(len(numerator), math.nan),
                              where=denominator > 0)
    return share


def _judged(entry: dict[str, object], group: pl.DataFrame, numerator: Floats, denominator: Floats | None,
            value: Floats, root: str) -> pl.DataFrame:
    found = limits(numerator, denominator)
    rules, side = judge(value, found)
    better, target = str(entry["better"]), entry["target_value"]
    outlook = assurance(found, None if target is None else float(str(target)), better)
    directions = [_direction(int(s), better) for s in side]
    is_root = group["unit"][0] == root
    return pl.DataFrame({
        "indicator": str(entry["id"]), "unit": group["unit"], "month": group["month"], "value": value,
        "numerator": numerator, "denominator": group["denominator"] if denominator is None else denominator,
        "centre": found.centre, "lower": found.lower, "upper": found.upper, "method": found.method,
        "locked": found.locked, "rule": rules, "side": side, "direction": directions, "assurance": outlook,
        "severity": [_severity(rule, direction, outlook, is_root)
                     for rule, direction in zip(rules, directions, strict=True)],
    }, schema=SCHEMA, strict=False).with_columns(pl.col("value", "centre", "lower", "upper").fill_nan(None))


def _direction(side: int, better: str) -> str | None:
    if not side:
        return None
    if better not in ("higher", "lower"):
        return "context"
    return "better" if (side > 0) == (better == "higher") else "worse"


def _severity(rule: str | None, direction: str | None, outlook: str | None, is_root: bool) -> str | None:
    """High: worse beyond the limits and the whole place or a target that will be missed; few by design."""
    if rule is None:
        return None
    if direction != "worse":
        return "low"
    if rule == "outside" and (is_root or outlook == "fail"):
        return "high"
    return "medium" if rule == "outside" else "low"
