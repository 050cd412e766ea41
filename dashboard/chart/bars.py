"""Lengths that may be compared: bars from zero, horizontal so that Vietnamese names stay readable."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.chart.style import Axis, Chart, Style, category_axis, hover, layout, plain, value_axis

BAR_HEIGHT = 30


def bars(rows: pl.DataFrame, *, style: Style, axis: Axis, height: int | None = None) -> Chart:
    """A chart of `rows`, longest or first on top as the frame has it: label, value, text and where there are:
    detail, code, series (stacked, at most four), plan (outlined behind), estimated (bool, hatched).
    """
    groups = (
        [(str(k[0]), part) for k, part in rows.group_by("series", maintain_order=True)]
        if "series" in rows.columns
        else [("", rows)]
    )
    if len(groups) > 4:
        raise ValueError("a chart holds at most four series; use small_multiples")
    names = dict(zip(_keys(rows), rows["label"].to_list(), strict=True))
    several = len(groups) > 1
    traces = _plan(rows, style, axis)
    traces += [
        _bar(name if several else "", part, style, axis, style.colour.series[place])
        for place, (name, part) in enumerate(groups)
    ]
    return {
        "data": traces,
        "layout": layout(
            style,
            height or len(names) * BAR_HEIGHT + (64 if several else 32),
            barmode="stack" if several else "overlay",
            bargap=0.35,
            xaxis=value_axis(
                style,
                Axis(axis.factor, axis.suffix, axis.decimals, from_zero=True),
                visible=several,
            ),
            yaxis=_names_axis(names, style),
            margin={"l": 8, "r": 72, "t": 32 if several else 8, "b": 8, "pad": 6},
            showlegend=several,
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        ),
    }


def _names_axis(names: dict[str, str], style: Style) -> dict[str, Any]:
    return category_axis(
        style,
        autorange="reversed",
        categoryorder="array",
        categoryarray=list(names),
        tickvals=list(names),
        ticktext=[plain(name) for name in names.values()],
        tickfont={"color": style.colour.text, "size": style.px(0)},
    )


def _keys(rows: pl.DataFrame) -> list[str]:
    """What tells one bar from another: codes where there are any, because two units may bear one name."""
    return [plain(key) for key in rows["code" if "code" in rows.columns else "label"].to_list()]


def _bar(name: str, part: pl.DataFrame, style: Style, axis: Axis, colour: str) -> dict[str, Any]:
    columns = part.to_dict(as_series=False)
    guessed = [bool(e) for e in columns.get("estimated") or [False] * part.height]
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(name),
        "y": _keys(part),
        "x": [axis.drawn(v) for v in columns["value"]],
        "marker": {
            "color": colour,
            "line": {"color": colour, "width": [1 if g else 0 for g in guessed]},
            # Replaced, not overlaid: an estimate must not look as solid as a count.
            "pattern": {"shape": ["/" if g else "" for g in guessed], "fillmode": "replace", "size": 6},
        },
        "text": [] if name else [plain(t) for t in columns["text"]],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": style.px(0), "color": style.colour.text},
        "customdata": columns.get("code") or columns["label"],
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _plan(rows: pl.DataFrame, style: Style, axis: Axis) -> list[dict[str, Any]]:
    if "plan" not in rows.columns or rows["plan"].null_count() == rows.height:
        return []
    return [
        {
            "type": "bar",
            "orientation": "h",
            "y": _keys(rows),
            "x": [axis.drawn(v) for v in rows["plan"].to_list()],
            "marker": {"color": "rgba(0,0,0,0)", "line": {"color": style.colour.secondary, "width": 1.25}},
            "hoverinfo": "skip",
        }
    ]
