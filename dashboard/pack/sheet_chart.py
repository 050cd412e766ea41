"""A native chart on a sheet, drawn from cells that stand beside it: change a number and the chart follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xlsxwriter.utility import xl_range_abs

from dashboard.export import harmless
from dashboard.format import xlsx_format
from dashboard.look import palette
from dashboard.pack.chart_data import categories, columns, scale
from dashboard.pack.content import ACTUAL, BAR, DOT, LINE, PREVIOUS, STACK, TARGET, WHOLE, Plot, Series
from dashboard.pack.sheet_table import Formats

_TYPES: Final = {LINE: {"type": "line"}, DOT: {"type": "line"}, BAR: {"type": "bar"},
                 STACK: {"type": "bar", "subtype": "stacked"}}  # fmt: skip
WIDE: Final = 840
"""Pixels."""


def data_block(sheet: Any, formats: Formats, plot: Plot, labels: Mapping[str, str], top: int, left: int) -> None:
    """The numbers of a chart: names, a column per series, and how far each interval reaches up and down."""
    sheet.write_string(top, left, harmless(labels["chart_data"]), formats.head)
    for line, name in enumerate(categories(plot), start=top + 1):
        sheet.write_string(line, left, name, formats.words)
    form = formats.number(xlsx_format(plot.measure))
    for at, (name, values) in enumerate(columns(plot), start=left + 1):
        told = {"+": labels["high"], "−": labels["low"]}.get(name)
        sheet.write_string(top, at, harmless(f"{name} {told}" if told else name), formats.head_number)
        for line, value in enumerate(values, start=top + 1):
            if value is not None:
                sheet.write_number(line, at, value, form)
    sheet.set_column(left, left, 30)
    sheet.set_column(left + 1, left + len(columns(plot)), 14)


def chart_of(book: Any, plot: Plot, sheet: str, top: int, left: int) -> Any:
    """The chart over a data block."""
    chart = book.add_chart(_TYPES[plot.kind])
    last = top + len(plot.categories)
    for at, one in enumerate(plot.series):
        column = left + 1 + at
        series = {
            "name": [sheet, top, column], "categories": [sheet, top + 1, left, last, left],
            "values": [sheet, top + 1, column, last, column], **_look(plot, one, at),
        }  # fmt: skip
        if plot.low and at == 0:
            series["y_error_bars"] = _whiskers(sheet, top, last, left + 1 + len(plot.series))
        chart.add_series(series)
    _axes(chart, plot)
    chart.set_legend({"none": len(plot.series) < 2, "position": "bottom"})
    chart.show_blanks_as("gap")
    lying = 26 * len(plot.categories) + 90 if plot.kind in (BAR, STACK) else 0
    chart.set_size({"width": WIDE, "height": max(380, lying)})
    return chart


def _look(plot: Plot, one: Series, at: int) -> dict[str, Any]:
    look = palette("light")
    colour = look.series[at % 4]
    if plot.kind in (BAR, STACK):
        urgent = (look.worse, look.better, look.second, look.secondary)
        fill = (urgent if plot.kind == STACK and len(plot.series) > 1 else look.series)[at % 4]
        outline = {"fill": {"none": True}, "border": {"color": look.secondary, "width": 1.25}}
        told: dict[str, Any] = outline if one.role == PREVIOUS else {"fill": {"color": fill}, "border": {"none": True}}
        return {**told, "gap": 45, "data_labels": {"value": True}}
    if one.role == ACTUAL:
        line = {"none": True} if plot.kind == DOT else {"color": colour, "width": 2.25}
        return {"line": line, "marker": {"type": "circle", "size": 7, "fill": {"color": colour},
                                         "border": {"color": colour}}}  # fmt: skip
    thin = {PREVIOUS: look.secondary, TARGET: look.worse, WHOLE: look.secondary}[one.role]
    return {"line": {"color": thin, "width": 1.25, "dash_type": "solid" if one.role == PREVIOUS else "dash"},
            "marker": {"type": "none"}}  # fmt: skip


def _whiskers(sheet: str, top: int, last: int, column: int) -> dict[str, Any]:
    quoted = sheet.replace("'", "''")

    def span(at: int) -> str:
        return f"='{quoted}'!{xl_range_abs(top + 1, at, last, at)}"

    return {"type": "custom", "plus_values": span(column), "minus_values": span(column + 1), "end_style": 0,
            "line": {"color": palette("light").better, "width": 1.5}}  # fmt: skip


def _axes(chart: Any, plot: Plot) -> None:
    look = palette("light")
    values: dict[str, Any] = {"num_format": xlsx_format(plot.measure),
                              "major_gridlines": {"visible": True, "line": {"color": look.line}}}  # fmt: skip
    if plot.kind in (BAR, STACK):
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({**values, "min": 0, "visible": False, "major_gridlines": {"visible": False}})
        return
    found = scale(plot)
    if found is not None:
        values |= {"min": found[0], "max": found[1], "major_unit": found[2]}
    chart.set_y_axis(values)
    names: dict[str, Any] = {"label_position": "low"}
    if plot.kind == DOT:
        names["num_font"] = {"rotation": -90}
    chart.set_x_axis(names)
