"""Thousands of short series are judged in one stroke: what chance says of one month is asked of all months at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.signals.limits import Floats, Ints, Series, Together, limits_together
from pipelines.signals.rebased import Rebasing, begins
from pipelines.signals.rules import RULES, assurance, began, rules_of, sides

KEPT_MONTHS: Final = 13  # what a sparkline shows; more are never kept
SCHEMA: Final[dict[str, Any]] = {
    "indicator": pl.String, "unit": pl.String, "month": pl.Date, "value": pl.Float64, "numerator": pl.Float64,
    "denominator": pl.Float64, "centre": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "method": pl.String, "locked": pl.Boolean, "rule": pl.String, "side": pl.Int64, "direction": pl.String,
    "assurance": pl.String, "severity": pl.String, "since": pl.Date,
}
"""`since` is the first month of the unbroken run on the same side that a signal belongs to, however long ago."""


@dataclass(frozen=True, eq=False)
class Span:
    """One unit's months of one indicator, as far as its limits reach: where they begin anew, another span begins."""

    entry: dict[str, object]
    unit: str
    months: Sequence[date]
    series: Series
    shown: date  # the first month that is kept

    @property
    def first_kept(self) -> int:
        """Number of the first of its months that is kept; as many as it has where none is."""
        return max(len(self.months) - KEPT_MONTHS, bisect_left(self.months, self.shown))


def spans_of(entry: dict[str, object], rows: pl.DataFrame, rebased: Sequence[Rebasing]) -> Iterator[Span]:
    """The series of every unit in `rows` (unit, month, numerator, denominator, sorted so) that ever counted anything.

    Counts carried over a split unit are fractions of events; limits are about whole ones.
    """
    numerator = np.rint(rows["numerator"].to_numpy().astype(float))
    is_count = bool(rows["denominator"].is_null().all())
    denominator = None if is_count else np.rint(rows["denominator"].fill_null(0.0).to_numpy().astype(float))
    units, months = rows["unit"], rows["month"].to_list()
    starts = (units != units.shift()).fill_null(True).arg_true().to_list()
    counted = np.nan_to_num(numerator if denominator is None else denominator)
    shown = sorted(set(months))[-KEPT_MONTHS:][0] if months else date.max
    for first, last in pairwise([*starts, rows.height]):
        if not counted[first:last].any():
            continue
        cuts = {bisect_left(months, month, first, last) for month in begins(rebased, str(entry["id"]), units[first])}
        for start, stop in pairwise(sorted({first, last, *cuts})):
            series = numerator[start:stop], None if denominator is None else denominator[start:stop]
            yield Span(entry, units[first], months[start:stop], series, shown)


def judge_all(spans: Sequence[Span], root: str) -> pl.DataFrame:
    """The rows of `signal` that these spans give; `root` is the whole place."""
    if not spans:
        return pl.DataFrame(schema=SCHEMA)
    found = limits_together([span.series for span in spans])
    sizes = np.diff(found.ends)
    value = np.concatenate([_value(*span.series) for span in spans])
    position = np.arange(len(value)) - np.repeat(found.ends[:-1], sizes)
    rare, locked = (np.repeat(of, sizes) for of in ([plan.chance > 0 for plan in found.plans],
                                                    [plan.locked for plan in found.plans]))
    rule, side = rules_of(sides(value, found.lower, found.upper),
                          sides(value, found.warning_lower, found.warning_upper), found.pooled, rare, position)
    months = pl.Series("month", [month for span in spans for month in span.months], dtype=pl.Date)
    kept = np.flatnonzero(position >= np.repeat([span.first_kept for span in spans], sizes))
    points = pl.DataFrame({
        "of": np.repeat(np.arange(len(spans)), sizes), "month": months, "value": value,
        "numerator": np.concatenate([span.series[0] for span in spans]),
        "denominator": np.concatenate([_or_unknown(span.series) for span in spans]),
        "centre": found.centre, "lower": found.lower, "upper": found.upper, "locked": locked, "side": side,
        "rule": rule, "since": _since(months, began(side, locked, position)),
    })[kept]  # fmt: skip
    return _told(points.join(_series(spans, found, root), on="of", maintain_order="left"))


def _value(numerator: Floats, denominator: Floats | None) -> Floats:
    if denominator is None:
        return numerator
    share: Floats = np.divide(
        numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)
    return share


def _or_unknown(series: Series) -> Floats:
    numerator, denominator = series
    return np.full(len(numerator), np.nan) if denominator is None else denominator


def _since(months: pl.Series, first: Ints) -> pl.Series:
    return months.gather(pl.Series(first).replace(-1, None))


def _series(spans: Sequence[Span], found: Together, root: str) -> pl.DataFrame:
    """What all months of a span have in common."""
    ends = found.ends[1:] - 1
    outlook = [assurance(plan.method, lower, upper, *_aim(span.entry)) for span, plan, lower, upper
               in zip(spans, found.plans, found.lower[ends].tolist(), found.upper[ends].tolist(), strict=True)]
    return pl.DataFrame({
        "of": np.arange(len(spans)), "indicator": [span.entry["id"] for span in spans],
        "unit": [span.unit for span in spans], "is_root": [span.unit == root for span in spans],
        "better": [span.entry["better"] for span in spans], "method": [plan.method for plan in found.plans],
        "assurance": pl.Series(outlook, dtype=pl.String),
    })  # fmt: skip


def _aim(entry: dict[str, object]) -> tuple[float | None, str]:
    target = entry["target_value"]
    return None if target is None else float(str(target)), str(entry["better"])


def _told(points: pl.DataFrame) -> pl.DataFrame:
    """Rule, direction and severity in words; high is worse beyond the limits, and the whole place or a target that
    will be missed: few by design.
    """
    side, rule, better = pl.col("side"), pl.col("rule"), pl.col("better")
    wanted = pl.when(better == "higher").then(1).when(better == "lower").then(-1)
    direction = _words((side == 0, None), (wanted.is_null(), "context"), (side == wanted, "better"), last="worse")
    outside = rule == RULES.index("outside")
    severity = _words(
        (rule < 0, None), (pl.col("direction").ne_missing("worse"), "low"),
        (outside & (pl.col("is_root") | pl.col("assurance").eq_missing("fail")), "high"), (outside, "medium"),
        last="low")
    named = rule.replace_strict(dict(enumerate(RULES)), default=None, return_dtype=pl.String)
    unknown = pl.col("value", "centre", "lower", "upper", "denominator").fill_nan(None)
    return (points.with_columns(direction=direction).with_columns(unknown, severity=severity).with_columns(rule=named)
            .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()))


def _words(*cases: tuple[pl.Expr, str | None], last: str) -> pl.Expr:
    """The word of the first case that holds."""
    told: pl.Expr = pl.lit(last)
    for holds, word in reversed(cases):
        told = pl.when(holds).then(pl.lit(word, dtype=pl.String)).otherwise(told)
    return told


def together(frames: Iterable[tuple[dict[str, object], pl.DataFrame]], root: str,
             rebased: Sequence[Rebasing]) -> pl.DataFrame:
    """Every row of `signal` of the entries with their monthly series."""
    return judge_all([span for entry, rows in frames for span in spans_of(entry, rows, rebased)], root)
