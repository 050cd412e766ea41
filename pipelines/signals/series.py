"""Monthly series of every unit that exists today, taken from the published parts and carried by the bridge."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import polars as pl

ROWS: dict[str, type[pl.DataType]] = {"unit": pl.String, "month": pl.Date, "numerator": pl.Float64,
                                      "denominator": pl.Float64}


def monthly(db: duckdb.DuckDBPyConnection, entry: dict[str, object], last: date) -> pl.DataFrame:
    """unit, month, numerator, denominator (null for counts and stocks) up to the month `last`, gaps as zero."""
    kind = str(entry["kind"])
    rows = _stock(db, entry) if kind == "stock" else _flow(db, entry, kind)
    rows = rows.filter(pl.col("month") <= last)
    if rows.is_empty():
        return pl.DataFrame(schema=ROWS)
    return _complete(rows, last, is_stock=kind == "stock")


def _flow(db: duckdb.DuckDBPyConnection, entry: dict[str, object], kind: str) -> pl.DataFrame:
    name = str(entry["id"])
    divisor = f'sum(p."{name}__d" * b.weight)' if kind == "rate" else "null"
    return _carried(db, f"part_{entry['fact']}_{entry['day']}", f'sum(p."{name}__n" * b.weight)', divisor)


def _carried(db: duckdb.DuckDBPyConnection, table: str, numerator: str, denominator: str) -> pl.DataFrame:
    # Rounded, because a sum of fractions depends on the order of its rows, and limits round halves to whole events.
    rows: pl.DataFrame = db.sql(f"""
        select b.to_unit as unit, date_trunc('month', p.day)::date as month,
               round({numerator}, 9)::double as numerator, round({denominator}, 9)::double as denominator
        from {table} p join bridge b on b.basis = 'today' and b.indicator = '' and b.from_unit = p.unit
        group by all order by unit, month""").pl()
    return rows.cast(ROWS)  # type: ignore[arg-type]


def _stock(db: duckdb.DuckDBPyConnection, entry: dict[str, object]) -> pl.DataFrame:
    """Net change per month; `_complete` turns it into the level at the end of each month."""
    name, fact = str(entry["id"]), str(entry["fact"])
    spec = json.loads(str(entry["spec"]))
    ways = [(f"part_{fact}_{spec['entered']['day']}", f'sum(p."{name}__in" * b.weight)'),
            (f"part_{fact}_{spec['left']['day']}", f'-sum(p."{name}__out" * b.weight)')]
    existing = {row[0] for row in db.execute("select table_name from information_schema.tables").fetchall()}
    if f"part_{fact}_moved_on" in existing:
        ways.append((f"part_{fact}_moved_on", f'sum((p."{name}__in" - p."{name}__out") * b.weight)'))
    pieces = [_carried(db, table, change, "null") for table, change in ways]
    return pl.concat(pieces).group_by("unit", "month").agg(
        pl.col("numerator").sum(), pl.col("denominator").first()).sort("unit", "month")


def _complete(rows: pl.DataFrame, last: date, is_stock: bool) -> pl.DataFrame:
    """Every unit gets every month from the first month of the whole series, since nothing happened is a zero."""
    first = rows["month"].min()
    months = pl.DataFrame({"month": pl.date_range(first, last, "1mo", eager=True)})  # type: ignore[arg-type]
    grid = rows.select("unit").unique().join(months, how="cross").join(rows, on=["unit", "month"], how="left")
    grid = grid.sort("unit", "month").with_columns(pl.col("numerator").fill_null(0.0))
    if is_stock:
        return grid.with_columns(pl.col("numerator").cum_sum().over("unit"))
    has_divisor = rows["denominator"].is_not_null().any()
    return grid.with_columns(pl.col("denominator").fill_null(0.0)) if has_divisor else grid
