"""The numbers behind a native chart, as its own sheet holds them: names, series, intervals, and a round axis."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

import xlsxwriter

from dashboard.export import harmless
from dashboard.format import xlsx_format
from dashboard.pack.content import BAR, STACK, Plot

_STEPS: Final = 6
_ROUND: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
NEVER: Final = datetime(2000, 1, 1)
"""The date of every embedded workbook: its content has the snapshot's, and equal numbers are equal bytes."""


def categories(plot: Plot) -> list[str]:
    """The names on the axis; the day of a reform stands under the first category after it."""
    told = [harmless(name) for name in plot.categories]
    for one in plot.breaks:
        told[one.at] = f"{told[one.at]} ┊ {one.label}"
    return told


def workbook(plot: Plot) -> bytes:
    """The embedded workbook: names, a column per series, and the intervals; equal numbers give equal bytes."""
    memory = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, settings) as book:
        book.set_properties({"created": NEVER})
        sheet = book.add_worksheet()
        numbers = book.add_format({"num_format": xlsx_format(plot.measure)})
        for line, name in enumerate(categories(plot), start=1):
            sheet.write_string(line, 0, name)
        for at, (name, values) in enumerate(columns(plot), start=1):
            sheet.write_string(0, at, harmless(name))
            for line, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(line, at, value, numbers)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(columns(plot)), 16)
    return memory.getvalue()


def columns(plot: Plot) -> list[tuple[str, tuple[float | None, ...]]]:
    """What a chart's sheet holds beside the names: the series, and how far each interval reaches up and down."""
    found = [(one.name, one.values) for one in plot.series]
    if plot.low:
        middle = plot.series[0].values
        found += [("+", _reach(plot.high, middle, 1)), ("−", _reach(plot.low, middle, -1))]
    return found


def _reach(ends: tuple[float | None, ...], middle: tuple[float | None, ...], sign: int) -> tuple[float | None, ...]:
    return tuple(None if end is None or at is None else max(0.0, sign * (end - at))
                 for end, at in zip(ends, middle, strict=True))  # fmt: skip


def scale(plot: Plot) -> tuple[float, float, float] | None:
    """Lowest, highest and step of a line's axis in round numbers; an axis of shares ends at 1. None: no number."""
    values = [value for one in plot.series for value in one.values if value is not None]
    values += [value for value in (*plot.low, *plot.high) if value is not None]
    if not values:
        return None
    low, high = Decimal(repr(min(values))), Decimal(repr(max(values)))
    if plot.measure != "percent" and 0 <= low < high / 2:
        low = Decimal(0)  # counts start at nothing wherever that costs no more than half of the room
    least = Decimal("0.005") if plot.measure == "percent" else Decimal(1)
    step = _step(max((high - low) / _STEPS, least))
    foot = (low / step).to_integral_value(ROUND_FLOOR) * step
    foot -= step if foot == low > 0 else 0  # a line along the edge of a chart is taken for its frame
    top = (high / step).to_integral_value(ROUND_CEILING) * step
    top += step if top == high else 0
    if plot.measure == "percent" and high <= 1:
        top = min(top, Decimal(1))  # a share of a plan or a growth may be more than all
    return float(foot), float(max(top, foot + step)), float(step)


def is_cut(plot: Plot) -> bool:
    """Whether the value axis of a plot starts above zero, which its reader is told."""
    found = None if plot.kind in (BAR, STACK) else scale(plot)
    return found is not None and found[0] > 0


def _step(rough: Decimal) -> Decimal:
    """The next of 1, 2, 2.5 or 5 times a power of ten."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * times for times in _ROUND if power * times >= rough)
