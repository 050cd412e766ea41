"""A Vega-Lite spec becomes an SVG or a PNG in our own font and the reader's number format, with nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import vl_convert

from dashboard.format import MINUS, THIN, Formatter
from dashboard.look import FONT, palette

Spec = dict[str, Any]
VERSION: Final = "5.21"  # named, so that a newer converter draws the same picture
SIZE: Final = 9.0
"""Type of a chart on paper, in points: a spec's px are a page's points."""
INK: Final = palette("light")
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
NAMES: Final = "names"
"""The parameter that holds the labels of an axis: text of the data is never part of an expression."""


def folder() -> Path:
    """Where the fonts and the templates of paper lie."""
    return Path(str(files("dashboard"))) / "paper"


@cache
def _ready() -> None:
    vl_convert.register_font_directory(str(folder() / "fonts"))


def as_svg(spec: Spec, lang: str) -> str:
    """The picture; the same spec gives the same text."""
    _ready()
    svg: str = vl_convert.vegalite_to_svg(
        json.dumps(spec, ensure_ascii=False), vl_version=VERSION, format_locale=numbers(lang), allowed_base_urls=[]
    )
    return svg


def as_png(spec: Spec, lang: str, scale: float = 2.0) -> bytes:
    """The picture as pixels on white, for whoever cannot use an SVG."""
    _ready()
    png: bytes = vl_convert.vegalite_to_png(
        json.dumps(spec | {"background": INK.surface}, ensure_ascii=False), vl_version=VERSION, scale=scale,
        format_locale=numbers(lang), allowed_base_urls=[],
    )  # fmt: skip
    return png


def numbers(lang: str) -> dict[str, Any]:
    """The number format of a language as d3 wants it: 1.234.567,8 and 95 % in Vietnamese."""
    separators = Formatter(lang).separators
    signs = {"decimal": separators[0], "thousands": separators[1], "percent": f"{THIN}%", "minus": MINUS}
    return {**signs, "grouping": [3], "currency": ["", ""]}


def sheet(layers: Sequence[Spec], width: float, height: float, names: Sequence[str] = ()) -> Spec:
    """The ground of every chart: so many points wide and high, labels and all."""
    return {
        "$schema": _SCHEMA, "width": width, "height": height, "background": None,
        "padding": {"left": 2, "top": 4, "right": 6, "bottom": 2},
        "autosize": {"type": "fit", "contains": "padding"}, "config": _config(),
        "params": [{"name": NAMES, "value": [wrapped(name) for name in names]}], "layer": list(layers),
    }  # fmt: skip


def _config() -> Spec:
    axis = {"labelColor": INK.secondary, "titleColor": INK.secondary, "labelFontSize": SIZE, "titleFontSize": SIZE,
            "titleFontWeight": "normal", "gridColor": INK.line, "gridWidth": 0.6, "domain": False, "ticks": False,
            "labelPadding": 5}  # fmt: skip
    legend = {"labelFontSize": SIZE, "labelColor": INK.text, "title": None, "orient": "top", "offset": 4}
    return {
        "font": FONT, "view": {"stroke": None}, "axis": axis, "legend": legend,
        "text": {"fontSize": SIZE, "color": INK.text},
    }  # fmt: skip


def wrapped(text: str, most: int = 34) -> list[str]:
    """A long name in two lines at the blank nearest to its middle, so that it is neither cut nor pushes the chart."""
    if len(text) <= most or " " not in text:
        return [text]
    at = min((place for place, c in enumerate(text) if c == " "), key=lambda place: abs(2 * place - len(text)))
    return [text[:at], text[at + 1 :]]


def listed(rows: Sequence[Mapping[str, object]]) -> Spec:
    """Rows as the data of a layer."""
    return {"values": [dict(row) for row in rows]}


def number(field: str, **more: object) -> Spec:
    """An encoding of a number."""
    return {"field": field, "type": "quantitative", **more}


def named_axis(**more: object) -> Spec:
    """An axis whose ticks are places in the list of names."""
    return {"labelExpr": f"{NAMES}[datum.value]", "title": None, "grid": False, "labelColor": INK.text,
            "labelLimit": 260, **more}  # fmt: skip


def told(text: Spec, mark: Spec, data: Spec, places: Spec) -> list[Spec]:
    """Words on a ground of their own: no line of the data runs through them."""
    ground = {"type": "text", "stroke": INK.surface, "strokeWidth": 3, "strokeJoin": "round"}
    return [{"data": data, "mark": {**ground, **mark, "color": INK.surface}, "encoding": {**places, "text": text}},
            {"data": data, "mark": {"type": "text", **mark}, "encoding": {**places, "text": text}}]  # fmt: skip
