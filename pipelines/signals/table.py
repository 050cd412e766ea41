"""The table `signal`: per indicator, unit and month the limits, the rule that spoke and who answers for it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipelines.measure import Made
from pipelines.signals.limits import Floats, Limits, Series, limits_of_many
from pipelines.signals.rebased import FACTS, Rebasing, begins, write_rebased
from pipelines.signals.rules import assurance, began, judge
from pipelines.signals.series import Parts, monthly

KEPT_MONTHS = 13  # what a sparkline shows
SCHEMA: dict[str, Any] = {
    "indicator": pl.String, "unit": pl.String, "month": pl.Date, "value": pl.Float64, "numerator": pl.Float64,
    "denominator": pl.Float64, "centre": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "method": pl.String, "locked": pl.Boolean, "rule": pl.String, "side": pl.Int64, "direction": pl.String,
    "assurance": pl.String, "severity": pl.String, "since": pl.Date,
}
"""`since` is the first month of the unbroken run on the same side that a signal belongs to, however long ago."""


Months = tuple[date | None, list[pl.DataFrame]]  # the last complete one, and the parts up to it


@dataclass(frozen=True, eq=False)
class Judged:
    """What the rows of `signal` rest on, so that of another state of the same file one can say where it is the same."""

    months: Mapping[str, Months]
    carried: Mapping[str, pl.DataFrame]  # every part table that they were taken from

    def agrees(self, other: Judged, name: str) -> bool:
        """Whether the indicator `name` would be judged by the same months of the same units in both states."""
        if name not in self.months or name not in other.months:
            return False
        (last, mine), (other_last, theirs) = self.months[name], other.months[name]
        return last == other_last and len(mine) == len(theirs) and all(
            one.equals(another) for one, another in zip(mine, theirs, strict=True))


def judged(db: duckdb.DuckDBPyConnection) -> Judged:
    """What the judgements in `db` rest on; nothing where there are none."""
    now = _Now(db)
    return now.judged(_entries(db)) if "signal" in now.parts.tables else Judged({}, {})


class _Now:
    """What a file can be judged by."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, before: Judged | None = None, made: Made | None = None
    ) -> None:
        self.parts = Parts(db, before.carried if before else None, made)
        self.root = _root(db)
        self.last = {fact: _last_complete_month(db, fact) for fact in FACTS}

    def judged(self, entries: Sequence[dict[str, object]]) -> Judged:
        """What judgements of these entries rest on."""
        return Judged({str(entry["id"]): self._months(entry) for entry in entries}, self.parts.carried)

    def _months(self, entry: dict[str, object]) -> Months:
        last = self.last[str(entry["fact"])]
        return last, [] if last is None else self.parts.behind(entry, last)


def publish_signals(
    db: duckdb.DuckDBPyConnection,
    rebased: Sequence[Rebasing] = (),
    before: Judged | None = None,
    made: Made | None = None,
) -> Judged:
    """(Re)make the tables `signal` and `rebased` from the parts in `db`; returns what the judgements rest on now.

    `rebased` says which limits begin anew in which month; the months before keep the limits they had.
    Only complete months count: a month that is still running is never judged.

    `before`: what the rows in `db` rest on, under the same contract. An indicator whose months are what they were is
    not judged again, for its judgements would be what they are. `made`: which days of which part table are not what
    they were there; of a table that it does not name, every day.
    """
    entries, now = _entries(db), _Now(db, before, made)
    rest_on = now.judged(entries)
    names = [str(entry["id"]) for entry in entries]
    write_rebased(db, rebased, set(names))
    kept = [name for name in names if before is not None and rest_on.agrees(before, name)]
    frames = [_of_entry(now, entry, rebased) for entry in entries if entry["id"] not in kept]
    _replace(db, kept, pl.concat([pl.DataFrame(schema=SCHEMA), *frames]))
    return rest_on


def _replace(db: duckdb.DuckDBPyConnection, kept: Sequence[str], table: pl.DataFrame) -> None:
    """The rows of the indicators `kept` stay as they are; all others are those of `table`."""
    db.register("signal_rows", table.sort("indicator", "unit", "month").to_arrow())
    if kept:
        db.execute("delete from signal where not list_contains(?, indicator)", [list(kept)])
        db.execute("insert into signal by name select * from signal_rows")
    else:
        db.execute("create or replace table signal as select * from signal_rows")
    db.unregister("signal_rows")


def _entries(db: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    rows: pl.DataFrame = db.sql("""
        select id, kind, fact, day, better, target_value, spec, clearance from indicator
        where kind in ('rate', 'count', 'stock') and clearance = 'state' and fact in ('dossier', 'ticket')
            and coalesce(spec->>'part', 'false') = 'false'
        order by id""").pl()
    return rows.to_dicts()


def _of_entry(now: _Now, entry: dict[str, object], rebased: Sequence[Rebasing]) -> pl.DataFrame:
    last, root = now.last[str(entry["fact"])], now.root
    if last is None:
        return pl.DataFrame(schema=SCHEMA)
    rows = monthly(now.parts, entry, last).filter(pl.col("unit") != root)
    whole = rows.group_by("month").agg(
        pl.lit(root).alias("unit"), pl.col("numerator").sum(), _sum_or_null("denominator")).select(rows.columns)
    return _judged(entry, pl.concat([rows, whole]).sort("unit", "month"), root, rebased)


def _sum_or_null(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum()).alias(column)


def _root(db: duckdb.DuckDBPyConnection) -> str:
    found = db.sql("select unit_id from unit where parent_id is null and tree = 'territory'").fetchall()
    return str(found[0][0]) if found else ""


def _last_complete_month(db: duckdb.DuckDBPyConnection, fact: str) -> date | None:
    query = "select (date_trunc('month', max(data_until) + 1)::date - 1)::date from unit_until where fact = ?"
    [[last]] = db.sql(query, params=[fact]).fetchall()
    return None if last is None else last.replace(day=1)


def _judged(entry: dict[str, object], rows: pl.DataFrame, root: str, rebased: Sequence[Rebasing]) -> pl.DataFrame:
    """Judge every unit's series; `rows` is sorted by unit and month, and comes back with its last months only."""
    # Counts carried over a split unit are fractions of events; limits are about whole ones.
    numerator = np.rint(rows["numerator"].to_numpy().astype(float))
    is_count = bool(rows["denominator"].is_null().all())
    denominator = None if is_count else np.rint(rows["denominator"].fill_null(0.0).to_numpy().astype(float))
    starts: Any = np.flatnonzero(rows["unit"].rle_id().diff().fill_null(1).to_numpy()) if rows.height else []
    units, months = rows["unit"], rows["month"].to_list()
    whole = [(int(start), int(stop)) for start, stop in pairwise([*starts, rows.height])
             if np.nansum((numerator if denominator is None else denominator)[start:stop])]
    spans = [span for start, stop in whole
             for span in _spans(months, start, stop, begins(rebased, str(entry["id"]), units[start]))]
    series = [(numerator[start:stop], None if denominator is None else denominator[start:stop])
              for start, stop in spans]
    pieces: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    for (start, stop), one, found in zip(spans, series, limits_of_many(series), strict=True):
        _append(pieces, entry, (units[start], months[start:stop]), one, found, root)
    shown = _first_shown(months)
    return pl.DataFrame(pieces, schema=SCHEMA, strict=False).filter(pl.col("month") >= shown).with_columns(
        pl.col("value", "centre", "lower", "upper", "denominator").fill_nan(None))


def _spans(months: Sequence[date], start: int, stop: int, anew: Sequence[date]) -> list[tuple[int, int]]:
    """One unit's rows cut where its limits begin anew: each piece is judged as if there were no other."""
    cuts = {bisect_left(months, month, start, stop) for month in anew}
    return list(pairwise(sorted({start, stop, *cuts})))


def _first_shown(months: Sequence[date]) -> date:
    return sorted(set(months))[-KEPT_MONTHS:][0] if months else date.max


def _append(pieces: dict[str, list[Any]], entry: dict[str, object], of: tuple[str, list[date]], series: Series,
            found: Limits, root: str) -> None:
    (unit, months), (numerator, denominator) = of, series
    value = numerator if denominator is None else _share(numerator, denominator)
    rules, side = judge(value, found)
    better, target = str(entry["better"]), entry["target_value"]
    outlook = assurance(found, None if target is None else float(str(target)), better)
    directions = [_direction(int(s), better) for s in side]
    severities = [_severity(rule, direction, outlook, unit == root)
                  for rule, direction in zip(rules, directions, strict=True)]
    points = len(value)
    columns: dict[str, Any] = {
        "indicator": [entry["id"]] * points, "unit": [unit] * points, "month": months,
        "value": value.tolist(), "numerator": numerator.tolist(),
        "denominator": [None] * points if denominator is None else denominator.tolist(),
        "centre": found.centre.tolist(), "lower": found.lower.tolist(), "upper": found.upper.tolist(),
        "method": [found.method] * points, "locked": [found.locked] * points, "rule": rules, "side": side.tolist(),
        "direction": directions, "assurance": [outlook] * points, "severity": severities,
        "since": [None if first is None else months[first] for first in began(side, found.locked)]}
    for name, cells in columns.items():
        pieces[name].extend(cells[-KEPT_MONTHS:])  # more are never shown


def _share(numerator: Floats, denominator: Floats) -> Floats:
    share: Floats = np.divide(numerator, denominator, out=np.full(len(numerator), math.nan),
                              where=denominator > 0)
    return share


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
