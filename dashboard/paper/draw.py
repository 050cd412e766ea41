"""The charts of a pack on paper: lines with their break, bars from zero, dots with intervals in fair order."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

from dashboard.format import Formatter
from dashboard.pack.content import ACTUAL, BAR, DOT, LINE, PREVIOUS, STACK, TARGET, WHOLE, Plot, Series
from dashboard.paper.vega import INK, Spec, as_svg, listed, named_axis, number, sheet, told, wrapped

WIDTH: Final = 482.0
"""Points between the margins of an A4 page."""
LINE_HEIGHT: Final = 158.0
ROW: Final = 15.0
"""Points a row takes: two lines of stacked diacritics do not touch."""
LEAST_ROW: Final = 11.0
TALLEST: Final = 600.0
FEW: Final = 6
"""Whole things of which every tick can be named: halves of things would be written like whole ones."""
GAP: Final = "break-paths-show-path-domains"  # a period without a number is a gap, never a bridge
_LINE: Final = 11.0  # points that a line of labels takes


def chart(plot: Plot, lang: str) -> str:
    """The picture of a plot as an SVG of WIDTH points."""
    return as_svg(spec(plot, lang), lang)


def spec(plot: Plot, lang: str) -> Spec:
    """The Vega-Lite spec of a plot."""
    drawn = {LINE: _line, BAR: _bar, STACK: _stack, DOT: _dot}
    return drawn[plot.kind](plot, Formatter(lang))


def reach(values: Sequence[float | None], measure: str, from_zero: bool) -> tuple[float, float]:
    """Ends of a value axis: the data with a tenth of air, a share inside 0 to 1, bars from zero."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    air = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    floor = 0.0 if low >= 0 else low - air
    least = low if from_zero and low == 0 else max(floor, low - air)
    return least, min(1.0, high + air) if measure == "percent" and high <= 1 else high + air


def ticks(measure: str, ends: tuple[float, float]) -> Spec:
    """How a value axis writes its ticks: tenths of a percent only where whole ones would repeat."""
    if measure == "percent":
        return {"format": ".1%" if ends[1] - ends[0] < 0.05 else ".0%", "tickCount": 5}
    if measure not in ("count", "person", "vnd"):
        return {"format": ",.1~f", "tickCount": 5}
    if ends[1] - ends[0] > FEW:
        return {"format": ",.0f", "tickCount": 5}
    return {"format": ",.0f", "values": list(range(ceil(ends[0]), floor(ends[1]) + 1))}


def _known(plot: Plot) -> list[float | None]:
    return [value for one in plot.series for value in one.values] + [*plot.low, *plot.high]


def _rows(plot: Plot, one: Series, form: Formatter) -> list[dict[str, object]]:
    texts = [form.value(value, plot.measure) if value is not None else "" for value in one.values]
    return [{"at": at, "value": value, "text": text, "series": one.name}
            for at, (value, text) in enumerate(zip(one.values, texts, strict=True))]  # fmt: skip


def _line(plot: Plot, form: Formatter) -> Spec:
    domain = reach(_known(plot), plot.measure, plot.measure != "percent")
    count = len(plot.categories)
    step = max(1, -(-count // 9))
    shown = list(range(count - 1, -1, -step))[::-1]
    at = number("at", scale={"domain": [-0.3, count - 0.7], "nice": False, "zero": False},
                axis=named_axis(values=shown, labelColor=INK.secondary, labelOverlap=False))  # fmt: skip
    value = number("value", scale={"domain": list(domain), "nice": False, "zero": False},
                   axis={**ticks(plot.measure, domain), "title": None})  # fmt: skip
    places = {"x": at, "y": value}
    layers = _band(plot, places) + _levels(plot, form, across="y", place=value)
    for one in plot.of_role(PREVIOUS):
        pen = {"type": "line", "color": INK.secondary, "opacity": 0.6, "strokeWidth": 1, "invalid": GAP}
        layers.append({"data": listed(_rows(plot, one, form)), "mark": pen, "encoding": places})
    for place, one in enumerate(plot.of_role(ACTUAL)):
        layers += _course(_rows(plot, one, form), places, INK.series[place])
    ends = _ends(plot, form)
    layers += _breaks(plot, places) + _named_ends(ends, places, domain)
    top = 13.0 * bool(plot.breaks)
    return sheet(layers, WIDTH, LINE_HEIGHT + top, plot.categories)


def _course(rows: list[dict[str, object]], places: Spec, colour: str) -> list[Spec]:
    """One series: a line broken where nothing is known, with its dots, the newest one larger."""
    known = [row for row in rows if row["value"] is not None]
    line = {"type": "line", "color": colour, "strokeWidth": 1.8, "invalid": GAP}
    dot = {"type": "point", "filled": True, "color": colour, "opacity": 1}
    return [
        {"data": listed(rows), "mark": line, "encoding": places},
        {"data": listed(known[:-1]), "mark": {**dot, "size": 12}, "encoding": places},
        {"data": listed(known[-1:]), "mark": {**dot, "size": 36}, "encoding": places},
    ]


def _ends(plot: Plot, form: Formatter) -> list[dict[str, object]]:
    """What is written beside the end of each line: the value of a single series, the names of several."""
    actual, before = plot.of_role(ACTUAL), plot.of_role(PREVIOUS)
    found: list[dict[str, object]] = []
    for place, one in enumerate([*actual, *before]):
        known = [row for row in _rows(plot, one, form) if row["value"] is not None]
        colour = INK.series[place] if place < len(actual) else INK.secondary
        field = "text" if place < len(actual) == 1 else "series"
        found += [{**row, "text": row[field], "colour": colour} for row in known[-1:]]
    return found


def _named_ends(ends: list[dict[str, object]], places: Spec, domain: tuple[float, float]) -> list[Spec]:
    """The words at the ends, pushed apart where lines end close together."""
    layers: list[Spec] = []
    floor = float("-inf")
    for row in sorted(ends, key=lambda one: float(str(one["value"]))):
        height = (float(str(row["value"])) - domain[0]) / (domain[1] - domain[0]) * (LINE_HEIGHT - 30)
        placed = max(height, floor)
        floor = placed + _LINE
        mark = {"align": "left", "baseline": "middle", "dx": 6, "dy": height - placed, "color": row["colour"],
                "fontWeight": 400 if row["colour"] == INK.secondary else 600}  # fmt: skip
        layers += told({"field": "text", "type": "nominal"}, mark, listed([row]), places)
    return layers


def _band(plot: Plot, places: Spec) -> list[Spec]:
    """The limits of usual variation as a pale band behind everything."""
    rows = [{"at": at, "low": low, "high": high} for at, (low, high) in
            enumerate(zip(plot.low, plot.high, strict=True)) if low is not None and high is not None]  # fmt: skip
    if not rows:
        return []
    sides = {"x": places["x"], "y": {**places["y"], "field": "low"}, "y2": {"field": "high"}}
    return [{"data": listed(rows), "mark": {"type": "area", "color": INK.secondary, "opacity": 0.14},
             "encoding": sides}]  # fmt: skip


def _breaks(plot: Plot, places: Spec) -> list[Spec]:
    """A dotted vertical where boundaries changed, with its text on top."""
    layers: list[Spec] = []
    for one in plot.breaks:
        rows = listed([{"at": one.at - 0.5, "text": one.label}])
        pen = {"type": "rule", "strokeDash": [1, 2], "color": INK.secondary}
        layers.append({"data": rows, "mark": pen, "encoding": {"x": places["x"]}})
        side = "left" if one.at < len(plot.categories) / 2 else "right"
        mark = {"align": side, "baseline": "bottom", "dy": -3, "color": INK.secondary}
        layers += told({"field": "text", "type": "nominal"}, mark, rows, {"x": places["x"], "y": {"value": 0}})
    return layers


def _levels(plot: Plot, form: Formatter, across: str, place: Spec) -> list[Spec]:
    """Target (dashed) and whole (solid) as thin labelled lines over the width or height of the chart."""
    layers: list[Spec] = []
    for nth, one in enumerate(plot.of_role(TARGET, WHOLE)):
        value = next((value for value in one.values if value is not None), None)
        if value is None:
            continue
        rows = listed([{"value": value, "text": one.name or form.value(value, plot.measure)}])
        dash = {"strokeDash": [4, 3]} if one.role == TARGET else {}
        layers.append({"data": rows, "mark": {"type": "rule", "color": INK.secondary, "strokeWidth": 0.9, **dash},
                       "encoding": {across: place}})  # fmt: skip
        words = {"field": "text", "type": "nominal"}
        if across == "y":
            mark = {"align": "left", "baseline": "bottom", "dy": -1, "color": INK.secondary}
            layers += told(words, mark, rows, {"y": place, "x": {"value": 2}})
        else:
            mark = {"align": "center", "baseline": "bottom", "dy": -2 - 12 * nth, "color": INK.secondary}
            layers += told(words, mark, rows, {"x": place, "y": {"value": 0}})
    return layers


def _height(plot: Plot, per: int = 1) -> float:
    count = len(plot.categories)
    wanted = ROW * max(1.0, per * 0.8, 1.6 * any(len(wrapped(name)) > 1 for name in plot.categories))
    return count * max(LEAST_ROW, min(wanted, TALLEST / max(1, count))) + 34


def _sides(plot: Plot, ends: tuple[float, float]) -> tuple[Spec, Spec]:
    """The two axes of a chart of rows: values along the foot, names at the left."""
    value = number("value", scale={"domain": list(ends), "nice": False, "zero": False},
                   axis={**ticks(plot.measure, ends), "title": None})  # fmt: skip
    row = {"field": "at", "type": "ordinal", "axis": named_axis(), "sort": None,
           "scale": {"domain": list(range(len(plot.categories)))}}  # fmt: skip
    return value, row


def _bar(plot: Plot, form: Formatter) -> Spec:
    drawn = plot.of_role(ACTUAL, PREVIOUS)
    value, row = _sides(plot, reach(_known(plot), plot.measure, from_zero=True))
    rows = [{**one, "nth": nth} for nth, series in enumerate(drawn) for one in _rows(plot, series, form)]
    colours = [INK.line if one.role == PREVIOUS else INK.series[nth] for nth, one in enumerate(drawn)]
    places = {"y": row, "x": value, **({"yOffset": {"field": "nth", "type": "ordinal"}} if len(drawn) > 1 else {})}
    data = listed([one for one in rows if one["value"] is not None])
    bar = {"data": data, "mark": {"type": "bar", "height": {"band": 0.72}},
           "encoding": {**places, "color": _key([one.name for one in drawn], colours)}}  # fmt: skip
    mark = {"align": "left", "baseline": "middle", "dx": 4}
    words = told({"field": "text", "type": "nominal"}, mark, data, places)
    layers: list[Spec] = [bar, *_levels(plot, form, "x", value), *words]
    height = _height(plot, len(drawn)) + _top(plot, len(drawn))
    return sheet(layers, WIDTH, height, plot.categories)


def _stack(plot: Plot, form: Formatter) -> Spec:
    drawn = plot.of_role(ACTUAL)
    sums = [sum(one.values[at] or 0.0 for one in drawn) for at in range(len(plot.categories))]
    value, row = _sides(plot, reach(sums, plot.measure, from_zero=True))
    rows = [{**one, "nth": nth} for nth, series in enumerate(drawn) for one in _rows(plot, series, form)]
    bar: Spec = {"data": listed([one for one in rows if one["value"] is not None]),
                 "mark": {"type": "bar", "height": {"band": 0.72}},
                 "encoding": {"y": row, "x": {**value, "stack": "zero"}, "order": {"field": "nth"},
                              "color": _key([one.name for one in drawn], list(INK.series))}}  # fmt: skip
    ends = [{"at": at, "value": total, "text": form.value(total, plot.measure)} for at, total in enumerate(sums)]
    words: Spec = {"data": listed(ends), "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 4},
                   "encoding": {"y": row, "x": value, "text": {"field": "text", "type": "nominal"}}}  # fmt: skip
    height = _height(plot) + _top(plot, len(drawn))
    return sheet([bar, words], WIDTH, height, plot.categories)


def _key(names: list[str], colours: Sequence[str]) -> Spec:
    """Colours by series, told on top where there are several."""
    legend = {} if len(names) > 1 else {"legend": None}
    return {"field": "series", "type": "nominal", "sort": None, **legend,
            "scale": {"domain": names, "range": list(colours[: len(names)])}}  # fmt: skip


def _top(plot: Plot, series: int) -> float:
    """Room above the rows for the key and the words of the lines."""
    return 20.0 * (series > 1) + 13.0 * len(plot.of_role(TARGET, WHOLE))


def _dot(plot: Plot, form: Formatter) -> Spec:
    value, row = _sides(plot, reach(_known(plot), plot.measure, from_zero=False))
    rows = _rows(plot, plot.of_role(ACTUAL)[0], form)
    known = listed([one for one in rows if one["value"] is not None])
    spans = [{"at": at, "low": low, "high": high} for at, (low, high) in
             enumerate(zip(plot.low, plot.high, strict=True)) if low is not None and high is not None]  # fmt: skip
    line: Spec = {"data": listed(spans), "mark": {"type": "rule", "color": INK.secondary, "opacity": 0.6,
                  "strokeWidth": 1.4}, "encoding": {"y": row, "x": {**value, "field": "low"},
                                                   "x2": {"field": "high"}}}  # fmt: skip
    dot: Spec = {"data": known, "mark": {"type": "point", "filled": True, "size": 34, "color": INK.better,
                 "opacity": 1}, "encoding": {"y": row, "x": value}}  # fmt: skip
    words: Spec = {"data": known, "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
                   "encoding": {"y": row, "x": {"value": "width"},
                                "text": {"field": "text", "type": "nominal"}}}  # fmt: skip
    layers = [*_levels(plot, form, "x", value), line, dot, words]
    return sheet(layers, WIDTH, _height(plot) + _top(plot, 1), plot.categories)
