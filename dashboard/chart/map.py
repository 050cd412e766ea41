"""The province as plain polygons in five steps of one hue; a unit without a number is empty, not zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.chart.style import Chart, Style, hover, layout, note

MAP_SHARE = 0.66
"""Of the width; the rest holds the legend."""


def choropleth(
    rows: pl.DataFrame,
    *,
    style: Style,
    boundaries: str,
    key: str,
    edges: Sequence[float],
    labels: Sequence[str],
    missing: str,
    against_target: bool = False,
    outline: Sequence[str] = (),
    height: int = 420,
    legend: bool = True,
) -> Chart:
    """A map of `rows`: code, label, value, text and where there is: detail.

    `boundaries` is the local URL of a GeoJSON with clockwise rings, `key` the property that holds the codes.
    `edges` are the inner limits (at most 4) of the steps in the answer's unit, `labels` the texts of the
    legend, one more than edges; `missing` is the legend of units without a number. `outline` lists codes to
    stress (the chosen unit).
    The diverging scale is used `against_target` only. Without `legend` its words must stand beside the map.
    """
    known = rows.filter(pl.col("value").is_not_null())
    unknown = rows.filter(pl.col("value").is_null())
    colours = _shades(style.colour.diverging if against_target else style.colour.sequential, len(edges) + 1)
    traces = [_steps(known, style, boundaries, key, edges, colours, outline)]
    if unknown.height:
        traces.append(_empty(unknown, style, boundaries, key))
    return {
        "data": traces,
        "layout": layout(
            style,
            height,
            geo=_ground(MAP_SHARE if legend else 1),
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            **(_legend(style, colours, labels, missing if unknown.height else "") if legend else {}),
        ),
    }


def _ground(share: float) -> dict[str, Any]:
    return {
        "visible": False,
        "fitbounds": "geojson",
        "projection": {"type": "mercator"},
        "bgcolor": "rgba(0,0,0,0)",
        "domain": {"x": [0, share], "y": [0, 1]},
    }


def edges_of(values: Sequence[float | None], digits: int = 9) -> list[float]:
    """Inner limits that put about a fifth of the known units into each step (quantiles, no gaps).

    Limits are rounded to `digits` decimals, as a legend writes them, and each stands once. Where most units
    are alike (everybody on time), the steps part the different values instead, so that the others can be told apart.
    """
    known = sorted(v for v in values if v is not None)
    cuts = _cuts(known, digits)
    return cuts if len(cuts) > 2 else _cuts(sorted({round(v, digits) for v in known}), digits)


def _cuts(ordered: Sequence[float], digits: int) -> list[float]:
    if not ordered:
        return []
    fifths = [ordered[min(len(ordered) - 1, len(ordered) * fifth // 5)] for fifth in range(1, 5)]
    return [cut for cut in dict.fromkeys(round(one, digits) for one in fifths) if cut > ordered[0]]


def _shades(colours: Sequence[str], steps: int) -> list[str]:
    """`steps` colours spread over the scale; a single step takes the middle one."""
    if steps == 1:
        return [colours[len(colours) // 2]]
    return [colours[round(step * (len(colours) - 1) / (steps - 1))] for step in range(steps)]


def _step(value: float, edges: Sequence[float]) -> int:
    return sum(value >= edge for edge in edges)


def _trace(rows: pl.DataFrame, boundaries: str, key: str) -> dict[str, Any]:
    columns = rows.to_dict(as_series=False)
    return {
        "type": "choropleth",
        "geojson": boundaries,
        "featureidkey": f"properties.{key}",
        "locations": columns["code"],
        "customdata": columns["code"],
        "showscale": False,
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _steps(
    rows: pl.DataFrame,
    style: Style,
    boundaries: str,
    key: str,
    edges: Sequence[float],
    colours: Sequence[str],
    outline: Sequence[str],
) -> dict[str, Any]:
    count = len(colours)
    scale = [[(i + end) / count, colour] for i, colour in enumerate(colours) for end in (0, 1)]
    stressed = [code in outline for code in rows["code"].to_list()]
    return _trace(rows, boundaries, key) | {
        "z": [_step(v, edges) for v in rows["value"].to_list()],
        "zmin": -0.5,
        "zmax": count - 0.5,
        "colorscale": scale,
        "marker": {
            "line": {
                "color": [style.colour.text if s else style.colour.surface for s in stressed],
                "width": [2.5 if s else 0.75 for s in stressed],
            }
        },
    }


def _empty(rows: pl.DataFrame, style: Style, boundaries: str, key: str) -> dict[str, Any]:
    ground = style.colour.background
    return _trace(rows, boundaries, key) | {
        "z": [0] * rows.height,
        "colorscale": [[0, ground], [1, ground]],
        "marker": {"line": {"color": style.colour.secondary, "width": 0.75}},
    }


def _legend(style: Style, colours: Sequence[str], labels: Sequence[str], missing: str) -> dict[str, Any]:
    """Squares and words beside the map, highest step on top; a colour bar cannot say "no data"."""
    entries = [*zip(reversed(colours), reversed(labels), strict=True)]
    if missing:
        entries.append((style.colour.background, missing))
    shapes, notes = [], []
    for i, (colour, label) in enumerate(entries):
        top = 0.96 - i * 0.075
        left = MAP_SHARE + 0.02
        box = {"xref": "paper", "yref": "paper", "x0": left, "x1": left + 0.03, "y0": top - 0.045, "y1": top}
        edge = {"width": 0.75, "color": style.colour.secondary}
        shapes.append({"type": "rect", "fillcolor": colour, "line": edge} | box)
        ink = {"size": style.px(0), "color": style.colour.text}
        at = {"xref": "paper", "yref": "paper", "x": MAP_SHARE + 0.065, "xanchor": "left", "y": top - 0.022}
        notes.append(note(style, label, font=ink, yanchor="middle", **at))
    return {"shapes": shapes, "annotations": notes}
