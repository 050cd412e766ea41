"""Units compared fairly: dots with their intervals in the method's order, the unrankable in a group apart."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.chart.style import (
    Axis,
    Chart,
    Rule,
    Style,
    category_axis,
    hover,
    layout,
    note,
    padded_range,
    plain,
    rule_line,
    value_axis,
)

ROW_HEIGHT = 24
"""px a unit takes: the least that keeps two lines of stacked diacritics apart."""


def ranking(
    rows: pl.DataFrame,
    *,
    style: Style,
    axis: Axis,
    target: Rule | None = None,
    reference: Rule | None = None,
    apart: str = "",
) -> Chart:
    """A chart of `rows`, best first: code, label, value, text and where there are: low, high (interval),
    detail, ranked (bool). `reference` is the whole (province) as a line; unranked rows stand below under
    the heading `apart`, in grey, in the order of the frame. Never bars: a raw rate has no length.
    """
    rows = rows if "ranked" in rows.columns else rows.with_columns(ranked=pl.lit(True))
    ordered = pl.concat([rows.filter(pl.col("ranked")), rows.filter(~pl.col("ranked"))])
    columns = ordered.to_dict(as_series=False)
    codes = [str(c) for c in columns["code"]]
    first_apart = columns["ranked"].index(False) if False in columns["ranked"] else len(codes)
    places = [i + int(i >= first_apart) for i in range(len(codes))]
    seen = [v for c in ("value", "low", "high") if c in columns for v in columns[c]]
    ends = padded_range(seen + [float(rule.at) for rule in (target, reference) if rule], axis)
    total = (max(places) + 1) if places else 1
    shapes, notes = _rules(style, axis, target, reference)
    notes += _heading(style, apart, first_apart, len(codes))
    return {
        "data": [
            _interval(columns, places, style, axis),
            _dots(columns, places, style, axis),
            _values(columns, places, style, ends[1]),
        ],
        "layout": layout(
            style,
            total * ROW_HEIGHT + 72,
            xaxis=value_axis(style, axis, side="top", range=ends),
            yaxis=_names_axis(columns["label"], places, total, style),
            margin={"l": 8, "r": 104, "t": 48, "b": 24, "pad": 6},
            shapes=shapes,
            annotations=notes,
        ),
    }


def _names_axis(names: list[Any], places: list[int], total: int, style: Style) -> dict[str, Any]:
    return category_axis(
        style,
        type="linear",
        range=[total - 0.5, -0.5],
        tickvals=places,
        ticktext=[plain(n) for n in names],
        tickfont={"color": style.colour.text, "size": style.px(0)},
    )


def _interval(columns: dict[str, list[Any]], places: list[int], style: Style, axis: Axis) -> dict[str, Any]:
    """All intervals as one trace of broken line pieces: a hundred error bars cost a hundred nodes more."""
    xs: list[float | None] = []
    ys: list[int | None] = []
    lows, highs = columns.get("low") or [], columns.get("high") or []
    for low, high, place in zip(lows, highs, places, strict=False):
        if low is not None and high is not None:
            xs += [axis.drawn(low), axis.drawn(high), None]
            ys += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": style.colour.secondary, "width": 2 * style.scale},
        "opacity": 0.55,
        "hoverinfo": "skip",
    }


def _dots(columns: dict[str, list[Any]], places: list[int], style: Style, axis: Axis) -> dict[str, Any]:
    ranked = columns["ranked"]
    quiet = style.colour.secondary
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [axis.drawn(v) for v in columns["value"]],
        "y": places,
        "marker": {
            "size": 9 * style.scale,
            "color": [style.colour.better if r else style.colour.background for r in ranked],
            "line": {"color": [style.colour.better if r else quiet for r in ranked], "width": 1.5},
        },
        "cliponaxis": False,
        "customdata": columns["code"],
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _values(columns: dict[str, list[Any]], places: list[int], style: Style, edge: float) -> dict[str, Any]:
    """The values in one column at the right edge, where no interval can run through them."""
    shades = [style.colour.text if ranked else style.colour.secondary for ranked in columns["ranked"]]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [edge] * len(places),
        "y": places,
        "text": [f"  {plain(t)}" for t in columns["text"]],
        "textposition": "middle right",
        "textfont": {"size": style.px(0), "color": shades},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _rules(
    style: Style, axis: Axis, target: Rule | None, reference: Rule | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Vertical lines: the target (dashed, named on top) and the whole (solid, named at the foot)."""
    shapes, notes = [], []
    for rule, dash, y, anchor in ((target, "dash", 1.0, "bottom"), (reference, "solid", 0.0, "top")):
        if rule is None:
            continue
        at = axis.drawn(float(rule.at))
        shift = 20 if anchor == "bottom" else 0
        shapes.append(rule_line(style, dash, yref="paper", x0=at, x1=at, y0=0, y1=1))
        notes.append(note(style, rule.label, x=at, yref="paper", y=y, yanchor=anchor, yshift=shift))
    return shapes, notes


def _heading(style: Style, apart: str, first_apart: int, count: int) -> list[dict[str, Any]]:
    if not apart or first_apart >= count:
        return []
    text = f"<i>{plain(apart)}</i>"
    return [note(style, "", xref="paper", x=0, xanchor="left", y=first_apart, yanchor="middle", text=text)]
