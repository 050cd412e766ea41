"""A grid of small cells: weekday by hour, source by day; every cell can be read without its colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.chart.style import Chart, Style, category_axis, hover, layout, plain, spaced


def heat(
    rows: pl.DataFrame,
    *,
    style: Style,
    states: Mapping[str, tuple[str, str]] | None = None,
    show_text: bool = False,
    row_height: int = 26,
) -> Chart:
    """A chart of `rows`: x, y, value or state, text and where there is: detail; x and y as the frame orders them.

    Without `states` the value is drawn in five steps of one hue. With `states` the column `state` is looked
    up there: state -> (token of the palette, mark), and the mark is written into the cell, so that the state
    never rests on colour alone.
    """
    rows = rows.with_columns(pl.col("x", "y").cast(pl.String).map_elements(plain, return_dtype=pl.String))
    xs = rows["x"].unique(maintain_order=True).to_list()
    ys = rows["y"].unique(maintain_order=True).to_list()
    columns = rows.with_columns(label=pl.col("y") + " · " + pl.col("x"))
    cells = _cells(columns, states)
    trace = _squares(xs, ys, cells) | _scale(style, states, cells)
    if states is not None or show_text:
        trace |= {"text": _grid(xs, ys, cells, "mark"), "texttemplate": "%{text}"}
    return {
        "data": [trace],
        "layout": layout(
            style,
            len(ys) * row_height + 48,
            xaxis=category_axis(style, side="top", tickvals=spaced([str(x) for x in xs], 16)),
            yaxis=category_axis(
                style, autorange="reversed", tickfont={"color": style.colour.text, "size": style.px(0)}
            ),
            margin={"l": 8, "r": 8, "t": 32, "b": 8, "pad": 4},
        ),
    }


def _squares(xs: list[Any], ys: list[Any], cells: dict[tuple[Any, Any], dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": xs,
        "y": ys,
        "z": _grid(xs, ys, cells, "z"),
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "hovertext": _grid(xs, ys, cells, "hover"),
        "customdata": _grid(xs, ys, cells, "code"),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "hoverongaps": False,
    }


def _cells(
    rows: pl.DataFrame, states: Mapping[str, tuple[str, str]] | None
) -> dict[tuple[Any, Any], dict[str, Any]]:
    columns = rows.to_dict(as_series=False)
    order = list(states or ())
    codes = columns.get("code") or columns["label"]
    values = columns.get("state") if states is not None else columns["value"]
    assert values is not None
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for x, y, value, text, tip, code in zip(
        columns["x"], columns["y"], values, columns["text"], hover(columns), codes, strict=True
    ):
        known = states is not None and value in states
        found[(x, y)] = {
            "z": order.index(value) if known else (None if states is not None else value),
            "mark": states[value][1] if states is not None and known else plain(text),
            "hover": tip,
            "code": code,
        }
    return found


def _grid(
    xs: Sequence[Any], ys: Sequence[Any], cells: Mapping[tuple[Any, Any], dict[str, Any]], what: str
) -> list[list[Any]]:
    empty = None if what == "z" else ""
    return [[cells.get((x, y), {}).get(what, empty) for x in xs] for y in ys]


def _scale(
    style: Style,
    states: Mapping[str, tuple[str, str]] | None,
    cells: Mapping[tuple[Any, Any], dict[str, Any]],
) -> dict[str, Any]:
    if states is not None:
        count = max(1, len(states))
        colours = [getattr(style.colour, token) for token, _ in states.values()]
        steps = [[(i + end) / count, c] for i, c in enumerate(colours) for end in (0, 1)]
        return {"zmin": -0.5, "zmax": count - 0.5, "colorscale": steps}
    highest = max((cell["z"] for cell in cells.values() if cell["z"] is not None), default=1) or 1
    steps = [[i / 4, colour] for i, colour in enumerate((style.colour.surface, *style.colour.sequential[1:]))]
    return {"zmin": 0, "zmax": highest, "colorscale": steps}
