"""How one number becomes another: each step begins where the one before it ended."""

from __future__ import annotations

from math import floor
from typing import Any, Final

import polars as pl

from dashboard.chart.style import Axis, Chart, Style, category_axis, hover, layout, plain, value_axis

SEEN: Final = 0.1  # of the whole: what changes less than this is cut free from it
STEP_HEIGHT = 34


def waterfall(rows: pl.DataFrame, *, style: Style, axis: Axis) -> Chart:
    """A chart of `rows` (label, value, text; `whole`: a total, else a step up or down), from top to bottom.

    The first row must be whole. Steps are drawn between where they begin and end; the text says which way.
    """
    columns = rows.to_dict(as_series=False)
    origin, begins = starts_at(rows), []
    at = origin
    for value, whole in zip(columns["value"], columns["whole"], strict=True):
        begins.append(origin if whole else at)
        at = value if whole else at + value
    columns["value"] = [value - origin if whole else value
                        for value, whole in zip(columns["value"], columns["whole"], strict=True)]  # fmt: skip
    colours = [_colour(style, value, whole) for value, whole in zip(columns["value"], columns["whole"], strict=True)]
    keys = [str(place) for place in range(rows.height)]
    return {
        "data": [_steps(columns, keys, begins, colours, style, axis)],
        "layout": layout(
            style, rows.height * STEP_HEIGHT + 24, bargap=0.35, margin={"l": 8, "r": 84, "t": 8, "b": 8, "pad": 6},
            xaxis=value_axis(style, Axis(axis.factor, axis.suffix, axis.decimals, from_zero=not origin), visible=False),
            yaxis=category_axis(
                style, autorange="reversed", categoryorder="array", categoryarray=keys, tickvals=keys,
                ticktext=[plain(label) for label in columns["label"]],
                tickfont={"color": style.colour.text, "size": style.px(0)},
            ),
        ),
    }  # fmt: skip


def starts_at(rows: pl.DataFrame) -> float:
    """Where the drawing begins: zero, or (which has to be said beside it) below steps too small to be seen from there.

    Steps that together are less than a tenth of what they change would be slivers at the end of two long bars.
    """
    levels, at = [], 0.0
    for value, whole in rows.select("value", "whole").iter_rows():
        at = value if whole else at + value
        levels.append(at)
    low, high = min(levels), max(levels)
    if high == low or high - low > low * SEEN:
        return 0.0
    return float(floor(max(low - (high - low), 0.0)))


def _colour(style: Style, value: float, whole: bool) -> str:
    if whole:
        return style.colour.secondary
    return style.colour.better if value >= 0 else style.colour.worse


def _steps(
    columns: dict[str, list[Any]], keys: list[str], begins: list[float], colours: list[str], style: Style, axis: Axis
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": keys,
        "base": [axis.drawn(begin) for begin in begins],
        "x": [axis.drawn(value) for value in columns["value"]],
        "marker": {"color": colours},
        "text": [plain(text) for text in columns["text"]],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": style.px(0), "color": style.colour.text},
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
