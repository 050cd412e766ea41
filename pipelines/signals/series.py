"""Monthly series of every unit that exists today, taken from the published parts and carried by the bridge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from pipelines.measure import Made

ROWS: dict[str, type[pl.DataType]] = {"unit": pl.String, "month": pl.Date, "numerator": pl.Float64,
                                      "denominator": pl.Float64}


class Parts:
    """The published parts as months of today's units; every table is carried once, whatever number asks for it.

    `before`: what was carried of another state of the same file, and `made` which days are not what they were there;
    of all other months nothing is asked again.
    """

    def __init__(
        self, db: duckdb.DuckDBPyConnection, before: Mapping[str, pl.DataFrame] | None = None, made: Made | None = None
    ) -> None:
        self.db = db
        self.tables = {str(row[0]) for row in db.execute("select table_name from information_schema.tables").fetchall()}
        self.carried: dict[str, pl.DataFrame] = {}
        self._before, self._made = before or {}, made or {}
        self._filled: dict[str, pl.DataFrame] = {}

    def of(self, table: str) -> pl.DataFrame:
        """unit, month and every column of `table`, summed."""
        if table not in self.carried:
            self.carried[table] = self._carry(table)
        return self.carried[table]

    def filled(self, table: str, last: date, root: str) -> pl.DataFrame:
        """The same up to the month `last` with gaps as zeros, and with the whole place as the sum of all others."""
        if table not in self._filled:
            rows = self.of(table).filter(pl.col("month") <= last)
            self._filled[table] = _with_whole(_complete(rows, last), root)
        return self._filled[table]

    def _carry(self, table: str) -> pl.DataFrame:
        old, days = self._before.get(table), self._made.get(table)
        if old is None or days is None:
            return self._asked(table, "true")
        months = {day.replace(day=1) for day in days}
        if not months:
            return old
        listed = ", ".join(f"date '{month}'" for month in sorted(months))
        # The first day lets whole row groups be passed over; the list alone does not.
        new = self._asked(table, f"day >= date '{min(months)}' and date_trunc('month', day) in ({listed})")
        return pl.concat([old.filter(~pl.col("month").is_in(months)), new]).sort("unit", "month")

    def _asked(self, table: str, where: str) -> pl.DataFrame:
        names = [str(row[0]) for row in self.db.execute(f"describe {table}").fetchall()]
        # Rounded, because a sum of fractions depends on the order of its rows, and limits round halves to whole events.
        counted = [name for name in names if name.endswith(("__n", "__d", "__in", "__out"))]
        added = ", ".join(f'sum("{name}") as "{name}"' for name in counted)
        sums = ", ".join(f'round(sum(p."{name}" * b.weight), 9)::double as "{name}"' for name in counted)
        # Added up first: a month of a unit is carried once, not each of its days and slices.
        rows: pl.DataFrame = self.db.sql(f"""
            with p as (
                select unit, date_trunc('month', day)::date as month, {added} from {table} where {where} group by all)
            select b.to_unit as unit, month, {sums}
            from p join bridge b on b.basis = 'today' and b.indicator = '' and b.from_unit = p.unit
            group by all order by unit, month""").pl()
        return rows

    def behind(self, entry: dict[str, object], last: date) -> list[pl.DataFrame]:
        """Of every table the columns that an entry is counted in, up to the month `last`: its months rest on these."""
        found = []
        for table in sorted(name for name in self.tables if name.startswith(f"part_{entry['fact']}_")):
            carried = self.of(table)
            counted = [name for name in carried.columns if name.rpartition("__")[0] == entry["id"]]
            if counted:
                found.append(carried.filter(pl.col("month") <= last).select("unit", "month", *counted))
        return found


def monthly(parts: Parts, entry: dict[str, object], last: date, root: str) -> pl.DataFrame:
    """unit, month, numerator, denominator (null for counts and stocks) up to the month `last`, gaps as zero.

    The whole place, `root`, is the sum of all others.
    """
    name, kind = str(entry["id"]), str(entry["kind"])
    if kind == "stock":
        changes = _complete(_stock(parts, entry).filter(pl.col("month") <= last), last).sort("unit", "month")
        levels = changes.select("unit", "month", numerator=pl.col("change").cum_sum().over("unit"))
        return _with_whole(levels, root).with_columns(denominator=pl.lit(None)).cast(ROWS)  # type: ignore[arg-type]
    table = parts.filled(f"part_{entry['fact']}_{entry['day']}", last, root)
    divisor = pl.col(f"{name}__d") if kind == "rate" else pl.lit(None)
    columns = {"numerator": pl.col(f"{name}__n"), "denominator": divisor}
    return table.select("unit", "month", **columns).cast(ROWS)  # type: ignore[arg-type]


def _stock(parts: Parts, entry: dict[str, object]) -> pl.DataFrame:
    """Net change per month of each unit."""
    name, fact = str(entry["id"]), str(entry["fact"])
    spec = json.loads(str(entry["spec"]))
    came, went = pl.col(f"{name}__in"), pl.col(f"{name}__out")
    ways = [(f"part_{fact}_{spec['entered']['day']}", came), (f"part_{fact}_{spec['left']['day']}", -went)]
    if f"part_{fact}_moved_on" in parts.tables:
        ways.append((f"part_{fact}_moved_on", came - went))
    pieces = [parts.of(table).select("unit", "month", change=change) for table, change in ways]
    return pl.concat(pieces).group_by("unit", "month").agg(pl.col("change").sum()).sort("unit", "month")


def _with_whole(rows: pl.DataFrame, root: str) -> pl.DataFrame:
    """The same with the sum of all units as that of the whole place, sorted by unit and month."""
    others = rows.filter(pl.col("unit") != root)
    whole = others.group_by("month").agg(pl.lit(root).alias("unit"), pl.exclude("unit", "month").sum())
    return pl.concat([others, whole.select(others.columns)]).sort("unit", "month")


def _complete(rows: pl.DataFrame, last: date) -> pl.DataFrame:
    """Every unit gets every month from the first month of the whole series, since nothing happened is a zero."""
    if rows.is_empty():
        return rows
    first = rows["month"].min()
    months = pl.DataFrame({"month": pl.date_range(first, last, "1mo", eager=True)})  # type: ignore[arg-type]
    grid = rows.select("unit").unique().join(months, how="cross").join(rows, on=["unit", "month"], how="left")
    return grid.with_columns(pl.exclude("unit", "month").fill_null(0.0))
