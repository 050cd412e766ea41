"""A strip of months small enough for three to stand in a row: the line, the reform, what is estimated hollow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.figure import Figure
from dashboard.format import Formatter
from dashboard.paper.draw import GAP, reach, ticks
from dashboard.paper.vega import INK, Spec, as_svg, listed, named_axis, number, sheet, told

WIDTH: Final = 168.0
HEIGHT: Final = 92.0
_WORDS: Final = {"field": "text", "type": "nominal"}


def strip(figures: Sequence[Figure], lang: str, reform: int | None) -> str:
    """The SVG of the months in `figures`; `reform` is the place of the first month on new boundaries."""
    return as_svg(spec(figures, lang, reform), lang)


def spec(figures: Sequence[Figure], lang: str, reform: int | None) -> Spec:
    """The Vega-Lite spec: first, reform and last month are named, the newest value is written."""
    form, measure = Formatter(lang), figures[0].indicator.measure
    rows: list[dict[str, object]] = [
        {"at": at, "value": one.plot, "text": one.text, "estimated": one.answer.estimated}
        for at, one in enumerate(figures)
    ]
    known = [row for row in rows if row["value"] is not None]
    domain = reach([one.plot for one in figures], measure, measure != "percent")
    names = [form.tick(one.answer.question.period) for one in figures]
    shown = [at for at in (0, reform, len(rows) - 1) if at is not None]
    places: Spec = {
        "x": number("at", scale={"domain": [-0.5, len(rows) - 0.5], "nice": False, "zero": False},
                    axis=named_axis(values=shown, labelColor=INK.secondary, labelOverlap=False, labelFontSize=7.5)),
        "y": number("value", scale={"domain": list(domain), "nice": False, "zero": False},
                    axis={**ticks(measure, domain), "tickCount": 3, "title": None, "labelFontSize": 7.5}),
    }  # fmt: skip
    line = {"type": "line", "color": INK.better, "strokeWidth": 1.3, "invalid": GAP}
    layers = [*_reform(reform, places), {"data": listed(rows), "mark": line, "encoding": places}]
    layers += _dots(known, places)
    mark = {"align": "left", "baseline": "middle", "dx": 5, "color": INK.better, "fontWeight": 600, "fontSize": 8}
    return sheet(layers + told(_WORDS, mark, listed(known[-1:]), places), WIDTH, HEIGHT, names)


def _reform(at: int | None, places: Spec) -> list[Spec]:
    if at is None:
        return []
    pen = {"type": "rule", "strokeDash": [1, 2], "color": INK.secondary}
    return [{"data": listed([{"at": at - 0.5}]), "mark": pen, "encoding": {"x": places["x"]}}]


def _dots(known: list[dict[str, object]], places: Spec) -> list[Spec]:
    """What was carried through split units is hollow, so that nobody takes an estimate for a count."""
    dot = {"type": "point", "opacity": 1, "size": 9, "strokeWidth": 0.8, "stroke": INK.better}
    return [
        {"data": listed([row for row in known if bool(row["estimated"]) is hollow]),
         "mark": {**dot, "fill": INK.surface if hollow else INK.better}, "encoding": places}
        for hollow in (True, False)
    ]  # fmt: skip
