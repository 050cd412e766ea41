"""A line through time: actual solid, the year before lighter, estimates hollow, the reform a dotted break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.chart.style import (
    Axis,
    Chart,
    Rule,
    Style,
    category_axis,
    horizontal_rule,
    hover,
    layout,
    note,
    padded_range,
    plain,
    rule_line,
    spaced,
    value_axis,
)


def trend(
    rows: pl.DataFrame,
    *,
    style: Style,
    axis: Axis,
    target: Rule | None = None,
    breaks: Sequence[Rule] = (),
    height: int = 260,
) -> Chart:
    """A chart of `rows`: label (x, in order), value, text, and where there are: detail, series, previous,
    low, high (limits of usual variation, drawn as a band), estimated (share or bool, drawn hollow), code.

    Several `series` (at most four) are drawn as lines named at their right end. Values are in the answer's
    own unit (shares 0..1); `axis` turns them into ticks. A missing value is a gap, never a zero.
    """
    groups = _groups(rows)
    if len(groups) > 4:
        raise ValueError("a chart holds at most four series; use small_multiples")
    labels = rows["label"].unique(maintain_order=True).to_list()
    traces: list[dict[str, Any]] = []
    for place, (name, part) in enumerate(groups):
        columns = part.to_dict(as_series=False)
        if place == 0:
            traces += _band(columns, style, axis) + _previous(columns, style, axis)
        traces.append(_line(name, columns, style, axis, style.colour.series[place]))
    shapes, notes = _rules(style, axis, target, breaks, labels)
    if len(groups) > 1:
        notes += _names(groups, style, axis)
    return {
        "data": traces,
        "layout": layout(
            style,
            height,
            xaxis=category_axis(style, categoryorder="array", categoryarray=labels, tickvals=spaced(labels, 9)),
            yaxis=value_axis(style, axis, range=padded_range(_extent(rows, target), axis)),
            margin={"l": 8, "r": 96 if len(groups) > 1 else _room(rows, style), "t": 18, "b": 8, "pad": 4},
            shapes=shapes,
            annotations=notes,
        ),
    }


def _room(rows: pl.DataFrame, style: Style) -> int:
    """Pixels to the right of the last point: what its longest text may need, "71,65 điểm" more than "99,5 %"."""
    letters = max((len(text or "") for text in rows["text"]), default=0)
    return max(56, round(letters * 7.5 * style.scale) + 16)


def _groups(rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    if "series" not in rows.columns:
        return [("", rows)]
    return [(str(key[0]), part) for key, part in rows.group_by("series", maintain_order=True)]


def _extent(rows: pl.DataFrame, target: Rule | None) -> list[float | None]:
    """Everything that must be visible, the target too: a target outside the picture cannot be missed."""
    seen = [c for c in ("value", "previous", "low", "high") if c in rows.columns]
    return [v for c in seen for v in rows[c].to_list()] + ([float(target.at)] if target else [])


def _line(name: str, columns: dict[str, list[Any]], style: Style, axis: Axis, colour: str) -> dict[str, Any]:
    values = [axis.drawn(v) for v in columns["value"]]
    guessed = [bool(e) for e in columns.get("estimated") or [False] * len(values)]
    last = max((i for i, v in enumerate(values) if v is not None), default=-1)
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": plain(name),
        "x": columns["label"],
        "y": values,
        "line": {"color": colour, "width": 2.25 * style.scale},
        "marker": {
            "color": [style.colour.surface if g else colour for g in guessed],
            "line": {"color": colour, "width": 1.5 * style.scale},
            "size": [(9 if i == last else 5) * style.scale for i in range(len(values))],
        },
        # The last value is written beside its dot: nothing may live in a tooltip only.
        "text": [plain(t) if i == last and not name else "" for i, t in enumerate(columns["text"])],
        "textposition": "middle right",
        "textfont": {"size": style.px(1), "color": colour},
        "cliponaxis": False,
        "customdata": columns.get("code") or columns["label"],
        "hovertext": hover(columns),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _previous(columns: dict[str, list[Any]], style: Style, axis: Axis) -> list[dict[str, Any]]:
    if not any(v is not None for v in columns.get("previous") or []):
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": columns["label"],
            "y": [axis.drawn(v) for v in columns["previous"]],
            "line": {"color": style.colour.secondary, "width": 1.25 * style.scale},
            "opacity": 0.65,
            "hoverinfo": "skip",
        }
    ]


def _band(columns: dict[str, list[Any]], style: Style, axis: Axis) -> list[dict[str, Any]]:
    """The limits of usual variation as a pale band, so that only what leaves it calls for attention."""
    if not any(v is not None for v in columns.get("low") or []):
        return []
    edge = {"type": "scatter", "mode": "lines", "x": columns["label"], "line": {"width": 0}} | {
        "hoverinfo": "skip"
    }
    return [
        edge | {"y": [axis.drawn(v) for v in columns["low"]]},
        edge
        | {
            "y": [axis.drawn(v) for v in columns["high"]],
            "fill": "tonexty",
            "fillcolor": _faint(style.colour.secondary, 0.14),
        },
    ]


def _faint(colour: str, share: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def _rules(
    style: Style, axis: Axis, target: Rule | None, breaks: Sequence[Rule], labels: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes, notes = [], []
    if target is not None:
        line, words = horizontal_rule(style, target, axis)
        shapes.append(line)
        notes.append(words)
    for rule in breaks:
        if rule.at in labels and labels.index(str(rule.at)) > 0:
            at = labels.index(str(rule.at)) - 0.5
            shapes.append(rule_line(style, "dot", yref="paper", x0=at, x1=at, y0=0, y1=1))
            notes.append(note(style, rule.label, x=at, yref="paper", y=1, yanchor="bottom"))
    return shapes, notes


def _names(groups: list[tuple[str, pl.DataFrame]], style: Style, axis: Axis) -> list[dict[str, Any]]:
    """Direct labels at the right end, pushed apart where two lines end close together."""
    ends = []
    for place, (name, part) in enumerate(groups):
        known = part.filter(pl.col("value").is_not_null())
        if known.height:
            ends.append((float(known["value"][-1]) * axis.factor, name, style.colour.series[place]))
    ends.sort()
    shifts = _shifts([end[0] for end in ends])
    at_right = {"xref": "paper", "x": 1, "xanchor": "left", "yanchor": "middle", "xshift": 8}
    return [
        note(style, name, y=at, yshift=shift, font={"size": style.px(0), "color": colour}, **at_right)
        for (at, name, colour), shift in zip(ends, shifts, strict=True)
    ]


def _shifts(ends: list[float]) -> list[int]:
    span = (ends[-1] - ends[0]) if ends else 0.0
    shifts: list[int] = []
    for i, end in enumerate(ends):
        close = i > 0 and (span == 0 or end - ends[i - 1] < span * 0.08)
        shifts.append(shifts[-1] + 12 if close else 0)
    return shifts
