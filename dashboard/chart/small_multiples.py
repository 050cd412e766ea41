"""Many small line charts on one scale: what differs between them is the data, never the axis."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.chart.style import (
    Axis,
    Chart,
    Style,
    category_axis,
    hover,
    layout,
    note,
    padded_range,
    plain,
    value_axis,
)

PANEL_HEIGHT = 120


def small_multiples(rows: pl.DataFrame, *, style: Style, axis: Axis, columns: int = 4) -> Chart:
    """A chart of `rows`: panel, label (x, in order), value, text and where there are: detail, code.

    Panels keep the order of the frame, fill rows of `columns`, and share one value axis range.
    """
    panels = rows["panel"].unique(maintain_order=True).to_list()
    labels = rows["label"].unique(maintain_order=True).to_list()
    lines = max(1, -(-len(panels) // columns))
    extent = padded_range(rows["value"].to_list(), axis)
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        part = rows.filter(pl.col("panel") == panel)
        number = "" if place == 0 else str(place + 1)
        x_span, y_span = _domain(place, columns, lines)
        traces.append(_panel(part, number, style, axis))
        axes[f"xaxis{number}"] = category_axis(
            style,
            domain=x_span,
            anchor=f"y{number}",
            categoryorder="array",
            categoryarray=labels,
            tickvals=labels[len(labels) // 2 : len(labels) // 2 + 1],
            ticktext=[f"{labels[0]} – {labels[-1]}"] if labels else [],
        )
        first = place % columns == 0
        axes[f"yaxis{number}"] = value_axis(
            style, axis, domain=y_span, anchor=f"x{number}", range=extent, nticks=3, showticklabels=first
        )
        notes.append(_title(str(panel), x_span, y_span, style))
    return {
        "data": traces,
        "layout": layout(style, lines * PANEL_HEIGHT + 24, annotations=notes, **axes),
    }


def _domain(place: int, columns: int, lines: int) -> tuple[list[float], list[float]]:
    across, down = place % columns, place // columns
    width, height = 1 / columns, 1 / lines
    left = across * width
    top = 1 - down * height
    return [left + 0.02 * width, left + 0.70 * width], [top - 0.80 * height, top - 0.22 * height]


def _panel(part: pl.DataFrame, number: str, style: Style, axis: Axis) -> dict[str, Any]:
    columns = part.to_dict(as_series=False)
    last = max((i for i, v in enumerate(columns["value"]) if v is not None), default=-1)
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": columns["label"],
        "y": [axis.drawn(v) for v in columns["value"]],
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
        "line": {"color": style.colour.better, "width": 1.75 * style.scale},
        "marker": {"size": [6 * style.scale if i == last else 0 for i in range(part.height)]},
        "text": [plain(t) if i == last else "" for i, t in enumerate(columns["text"])],
        "textposition": "middle right",
        "textfont": {"size": style.px(0), "color": style.colour.text},
        "cliponaxis": False,
        "customdata": columns.get("code") or [part["panel"][0]] * part.height,
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _title(panel: str, x_span: list[float], y_span: list[float], style: Style) -> dict[str, Any]:
    ink = {"size": style.px(0), "color": style.colour.text}
    at = {"xref": "paper", "yref": "paper", "x": x_span[0], "xanchor": "left", "y": y_span[1] + 0.02}
    return note(style, "", text=f"<b>{plain(panel)}</b>", font=ink, yanchor="bottom", yshift=10, **at)
