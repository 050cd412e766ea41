"""What is reached inside what could be reached: a bar in its outline, the words behind both."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboard.chart.style import Axis, Chart, Style, category_axis, hover, layout, plain, value_axis

ROW_HEIGHT: Final = 34
_OUTLINE, _BAR = 0.62, 0.36  # of a row: the bar is the slimmer one, so that both are seen where they meet


def bullet(rows: pl.DataFrame, *, style: Style, axis: Axis) -> Chart:
    """A chart of `rows`: label, value (None: nothing is known), most, text, and where there is: detail."""
    columns = rows.to_dict(as_series=False)
    keys = [str(place) for place in range(rows.height)]
    outline = {
        "width": [_OUTLINE] * rows.height,
        "x": [axis.drawn(value) for value in columns["most"]],
        "marker": {"color": "rgba(0,0,0,0)", "line": {"color": style.colour.secondary, "width": 1}},
        "text": [plain(text) for text in columns["text"]],
        "textposition": "outside",
        "textfont": {"size": style.px(0), "color": style.colour.text},
    }
    bar = {
        "width": [_BAR] * rows.height,
        "x": [axis.drawn(value) for value in columns["value"]],
        "marker": {"color": style.colour.better},
    }
    return {
        "data": [_trace(keys, columns, outline), _trace(keys, columns, bar)],
        "layout": layout(
            style, rows.height * ROW_HEIGHT + 24, barmode="overlay",
            margin={"l": 8, "r": 112, "t": 8, "b": 8, "pad": 6},
            xaxis=value_axis(style, Axis(axis.factor, axis.suffix, axis.decimals, from_zero=True), visible=False),
            yaxis=category_axis(
                style, autorange="reversed", categoryorder="array", categoryarray=keys, tickvals=keys,
                ticktext=[plain(label) for label in columns["label"]],
                tickfont={"color": style.colour.text, "size": style.px(0)},
            ),
        ),
    }  # fmt: skip


def _trace(keys: list[str], columns: dict[str, list[Any]], own: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": keys,
        "cliponaxis": False,
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    } | own
