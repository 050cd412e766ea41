"""From figures to the frames that charts draw: the same numbers and texts as on tiles, one row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from dashboard.chart import Axis, Rule
from dashboard.fair import believed
from dashboard.figure import Figure
from dashboard.format import THIN
from dashboard.here import Here
from dashboard.numbers import signal_of
from dashboard.query import Indicator
from dashboard.usual import anew

_ROW = {
    "code": pl.String, "label": pl.String, "name": pl.String, "value": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "previous": pl.Float64, "text": pl.String, "detail": pl.String, "estimated": pl.Boolean,
    "ranked": pl.Boolean,
}  # fmt: skip


def axis_of(entry: Indicator) -> Axis:
    """How the values of an indicator are drawn: shares as percent inside 0..100, counts from zero.

    A percentage that may fall below zero or exceed a hundred (a growth, a share of a plan) says so in its entry.
    """
    if entry.measure == "percent" and entry.spec.get("settings", {}).get("unbounded"):
        return Axis(100, f"{THIN}%", 1)
    if entry.measure == "percent":
        return Axis(100, f"{THIN}%", 1, floor=0, ceiling=1)
    return Axis(from_zero=entry.kind in ("count", "stock", "distinct"), floor=0 if entry.kind != "formula" else None,
                decimals=1)  # fmt: skip


def of_history(here: Here, figures: Sequence[Figure], before: Sequence[Figure] = ()) -> pl.DataFrame:
    """One row per month; `before` are the figures of the months a year earlier, drawn lighter."""
    rows = []
    for at, one in enumerate(figures):
        period = one.answer.question.period
        row = _row(one, period.code, here.format.tick(period), here.format.period(period))
        # The band of a trend is for limits of usual variation; a month's own interval stands in the table.
        judged = signal_of(here, one.answer)
        band = {"low": judged.lower if judged else None, "high": judged.upper if judged else None}
        rows.append(row | band | {"previous": before[at].plot if at < len(before) else None})
    return pl.DataFrame(rows, schema=_ROW)


def of_units(figures: Sequence[Figure], name: Callable[[Figure], str]) -> pl.DataFrame:
    """One row per unit in the order given; a number that is too few is drawn nowhere but keeps its row."""
    rows = [_row(one, one.answer.question.unit, name(one), name(one)) for one in figures]
    return pl.DataFrame(rows, schema=_ROW)


def in_fair_order(figures: Sequence[Figure], name: Callable[[Figure], str]) -> list[Figure]:
    """Best first by what the evidence lets one believe; those without enough evidence after them, by name.

    Rates are put in order by their posterior mean, anything else by its value.
    """
    enough = [one for one in figures if is_ranked(one)]
    rest = sorted((one for one in figures if not is_ranked(one)), key=name)
    if not enough:
        return rest
    if all(one.answer.interval is not None for one in enough):
        hits = [one.answer.numerator or 0.0 for one in enough]
        keys = believed(hits, [one.answer.denominator or 1.0 for one in enough])
    else:
        keys = [one.plot or 0.0 for one in enough]
    sign = 1 if enough[0].indicator.better == "lower" else -1
    order = sorted(zip(keys, enough, strict=True), key=lambda pair: (sign * pair[0], name(pair[1])))
    return [one for _, one in order] + rest


def is_ranked(figure: Figure) -> bool:
    """Whether a figure carries enough to be put in an order: shown, current, and not of too few cases."""
    return figure.plot is not None and figure.state in ("value", "zero")


def rule(text: str, value: float | None) -> Rule | None:
    """A labelled line at a value, or nothing."""
    return None if value is None else Rule(value, text)


def reform_break(here: Here, figures: Sequence[Figure]) -> list[Rule]:
    """The dotted break before the month in which the boundaries changed."""
    day = here.reform_day()
    if day is None:
        return []
    label = here.word("chart.reform", day=here.format.date(day))
    return [Rule(here.format.tick(one.answer.question.period), label) for one in figures if _holds(one, day)][:1]


def breaks(here: Here, figures: Sequence[Figure]) -> list[Rule]:
    """The breaks of a course: the reform, and the months in which its usual range begins anew; one line per month."""
    found = {str(one.at): one.label for one in reform_break(here, figures)}
    for at, _ in anew(here, figures):
        tick = here.format.tick(figures[at].answer.question.period)
        found[tick] = " · ".join(dict.fromkeys([*filter(None, [found.get(tick)]), here.word("usual.mark")]))
    return [Rule(at, label) for at, label in found.items()]


def _holds(figure: Figure, day: date) -> bool:
    period = figure.answer.question.period
    return period.first <= day <= period.last


def _row(one: Figure, code: str, label: str, name: str) -> dict[str, object]:
    answer = one.answer
    interval = answer.interval if one.plot is not None else None
    detail = " · ".join(part for part in (one.parts or one.n, one.interval, one.coverage, one.estimated) if part)
    return {
        "code": code, "label": label, "name": name, "value": one.plot, "previous": None,
        "low": interval.low if interval else None, "high": interval.high if interval else None,
        "text": one.text, "detail": detail, "estimated": answer.estimated, "ranked": is_ranked(one),
    }  # fmt: skip
