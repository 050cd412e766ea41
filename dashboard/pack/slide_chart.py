"""A native chart on a slide: people click it, open its workbook and change a number; nothing of it is a picture."""

from __future__ import annotations

from typing import Any, Final

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt
from xlsxwriter.utility import xl_col_to_name

from dashboard.export import harmless
from dashboard.format import xlsx_format
from dashboard.pack.chart_data import categories, columns, scale, workbook
from dashboard.pack.content import ACTUAL, BAR, DOT, LINE, PREVIOUS, STACK, TARGET, WHOLE, Plot, Series

TYPES: Final = {
    LINE: XL_CHART_TYPE.LINE_MARKERS, DOT: XL_CHART_TYPE.LINE_MARKERS, BAR: XL_CHART_TYPE.BAR_CLUSTERED,
    STACK: XL_CHART_TYPE.BAR_STACKED,
}  # fmt: skip
_ACCENTS: Final = (MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2, MSO_THEME_COLOR.ACCENT_3,
                   MSO_THEME_COLOR.ACCENT_4)  # fmt: skip
_URGENT: Final = (MSO_THEME_COLOR.ACCENT_5, MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2,
                  MSO_THEME_COLOR.ACCENT_4)  # fmt: skip
_THIN: Final = {PREVIOUS: (1.5, 0.0), TARGET: (1.25, 0.0), WHOLE: (1.25, 0.0)}
_C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_chart(slide: Any, plot: Plot, box: tuple[float, ...], lang: str, alt: str) -> Any:
    """Draw a plot on a slide; the chart carries a workbook with the drawn numbers and nothing else."""
    form = xlsx_format(plot.measure)
    data: Any = CategoryChartData(number_format=form)  # type: ignore[no-untyped-call]
    data.categories = categories(plot)
    for one in plot.series:
        data.add_series(harmless(one.name), one.values)
    frame = slide.shapes.add_chart(TYPES[plot.kind], *(Inches(side) for side in box), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(workbook(plot))
    _language(chart, lang)
    _dress(chart, plot)
    for at, (one, drawn) in enumerate(zip(plot.series, chart.plots[0].series, strict=True)):
        _series(drawn, one, plot, at)
    if plot.low:
        _whiskers(chart.plots[0].series[0], plot)
    return chart


def _language(chart: Any, lang: str) -> None:
    space = chart._chartSpace
    space.find(f"{{{_C}}}date1904").addnext(
        parse_xml(f'<c:lang xmlns:c="{_C}" val="{"vi-VN" if lang == "vi" else "en-GB"}"/>'))  # fmt: skip


def _dress(chart: Any, plot: Plot) -> None:
    chart.font.size, chart.font.color.theme_color = Pt(12), MSO_THEME_COLOR.TEXT_2
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(12)
    names, values = chart.category_axis, chart.value_axis
    names.format.line.color.theme_color = MSO_THEME_COLOR.ACCENT_6
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.has_major_gridlines = False
    values.format.line.fill.background()
    lying = plot.kind in (BAR, STACK)
    if lying:
        names.reverse_order = True
        values.minimum_scale, values.visible, values.has_major_gridlines = 0, False, False
        chart.plots[0].gap_width = 45
        chart.plots[0].overlap = 100 if plot.kind == STACK else -10 if len(plot.series) > 1 else 0
        return
    values.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.ACCENT_6
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.number_format = xlsx_format(plot.measure)
    found = scale(plot)
    if found is not None:
        values.minimum_scale, values.maximum_scale, values.major_unit = found
    if plot.kind == DOT:
        _upright(names)


def _upright(names: Any) -> None:
    names.tick_labels.font.size = Pt(10)
    body = names._element.find(f".//{{{_A}}}bodyPr")
    body.set("rot", "-5400000")
    body.set("vert", "horz")


def _series(drawn: Any, one: Series, plot: Plot, at: int) -> None:
    if plot.kind in (BAR, STACK):
        _bar(drawn, one, plot, at)
        return
    drawn.smooth = False
    if one.role != ACTUAL:
        drawn.marker.style = XL_MARKER_STYLE.NONE
        drawn.format.line.width = Pt(_THIN[one.role][0])
        drawn.format.line.color.theme_color = {
            PREVIOUS: MSO_THEME_COLOR.ACCENT_6, TARGET: MSO_THEME_COLOR.ACCENT_5, WHOLE: MSO_THEME_COLOR.ACCENT_4,
        }[one.role]  # fmt: skip
        if one.role == PREVIOUS:
            drawn.format.line.color.brightness = -0.25
        else:
            drawn.format.line.dash_style = MSO_LINE.DASH
        return
    colour = _ACCENTS[at % 4]
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.theme_color = colour
    drawn.marker.format.line.fill.background()
    if plot.kind == DOT:
        drawn.format.line.fill.background()
        _mark(drawn, plot)
        return
    drawn.format.line.width, drawn.format.line.color.theme_color = Pt(2.5), colour
    _labels(drawn, plot, XL_LABEL_POSITION.ABOVE)


def _mark(drawn: Any, plot: Plot) -> None:
    """The unit that the pack is about stands out from the others."""
    if plot.marked is None:
        return
    marker = drawn.points[plot.marked].marker
    marker.style, marker.size = XL_MARKER_STYLE.DIAMOND, 13
    marker.format.fill.solid()
    marker.format.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_3


def _bar(drawn: Any, one: Series, plot: Plot, at: int) -> None:
    drawn.invert_if_negative = False
    drawn.format.fill.solid()
    if one.role == PREVIOUS:  # what could be reached: an outline
        drawn.format.fill.background()
        drawn.format.line.color.theme_color, drawn.format.line.width = MSO_THEME_COLOR.ACCENT_4, Pt(1.25)
    else:
        accents = _URGENT if plot.kind == STACK and len(plot.series) > 1 else _ACCENTS
        drawn.format.fill.fore_color.theme_color = accents[at % 4]
    stacked = plot.kind == STACK
    _labels(drawn, plot, XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END, white=stacked)


def _labels(drawn: Any, plot: Plot, position: Any, white: bool = False) -> None:
    """Numbers at their points; a segment of nothing says nothing."""
    labels = drawn.data_labels
    labels.show_value, labels.position, labels.number_format_is_linked = True, position, False
    form = xlsx_format(plot.measure)
    labels.number_format = f"{form};-{form};;" if plot.kind == STACK else form
    labels.font.size = Pt(11)
    labels.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1 if white else MSO_THEME_COLOR.TEXT_1


def _whiskers(drawn: Any, plot: Plot) -> None:
    """The intervals as error bars that point into the workbook, with every end from its own cell."""
    first = len(plot.series) + 1
    last = len(plot.categories) + 1
    parts = ""
    for place, (tag, (_, values)) in enumerate(zip(("plus", "minus"), columns(plot)[-2:], strict=True)):
        letter = xl_col_to_name(first + place)
        points = "".join(f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>'
                         for at, value in enumerate(values) if value is not None)  # fmt: skip
        parts += (f"<c:{tag}><c:numRef><c:f>Sheet1!${letter}$2:${letter}${last}</c:f><c:numCache>"
                  f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache>'
                  f"</c:numRef></c:{tag}>")  # fmt: skip
    bars = parse_xml(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errDir val="y"/><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="1"/>{parts}<c:spPr><a:ln w="19050"><a:solidFill>'
        '<a:schemeClr val="accent1"/></a:solidFill></a:ln></c:spPr></c:errBars>')  # fmt: skip
    drawn._element.find(f"{{{_C}}}cat").addprevious(bars)
