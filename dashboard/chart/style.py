"""What every chart shares: tokens, type, margins and the reader's number format, as plain Plotly-JSON.

Charts are dicts because figure objects cost ten times the queries behind them (`performance.md`, section 9);
they hold only what the component needs, without Plotly's default template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.look import FONT_STACK, SIZES, Palette, palette

Chart = dict[str, Any]
"""`{"data": [trace, …], "layout": {…}}`, ready for `Plotly.react`."""

SEPARATORS = {"vi": ",.", "en": ".,"}


@dataclass(frozen=True)
class Style:
    """Who looks: theme ("light", "dim"), language ("vi", "en"), and `scale` of the type (1 on a desk)."""

    theme: str = "light"
    lang: str = "vi"
    scale: float = 1.0

    @property
    def colour(self) -> Palette:
        """The tokens of this theme."""
        return palette(self.theme)

    def px(self, step: int) -> float:
        """Font size of one step of the type scale, in px."""
        return round(SIZES[step] * self.scale, 1)


@dataclass(frozen=True)
class Axis:
    """How a value axis writes its ticks: factor from the answer's value to the tick, suffix, decimals.

    A share of 0.953 with `factor=100, suffix=" %"` is drawn at 95.3 and labelled "95 %".
    """

    factor: float = 1.0
    suffix: str = ""
    decimals: int = 0
    from_zero: bool = False
    floor: float | None = None
    """Least end of the axis in the answer's unit (0 for a share): padding never shows the impossible."""
    ceiling: float | None = None

    def drawn(self, value: float | None) -> float | None:
        """The value in tick units; None stays None and leaves a gap."""
        return None if value is None else value * self.factor


@dataclass(frozen=True)
class Rule:
    """A thin labelled line: a target (`at` in the answer's unit) or a break (`at` a label of the x axis)."""

    at: float | str
    label: str


def plain(text: object) -> str:
    """Data as text that Plotly cannot take for markup: its labels understand <b>, <a href>, <sub>."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout(style: Style, height: int, **over: object) -> dict[str, Any]:
    """The ground of every chart; `over` replaces whole keys. `height` is in px at scale 1."""
    colour = style.colour
    ground: dict[str, Any] = {
        "height": round(height * style.scale),
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT_STACK, "size": style.px(0), "color": colour.text},
        "separators": SEPARATORS.get(style.lang, SEPARATORS["vi"]),
        "margin": {"l": 8, "r": 16, "t": 12, "b": 8, "pad": 4},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colour.surface,
            "bordercolor": colour.line,
            "font": {"family": FONT_STACK, "size": style.px(1), "color": colour.text},
            "align": "left",
        },
        "dragmode": False,
        "uirevision": "keep",
        "shapes": [],
        "annotations": [],
    }
    return ground | over


def value_axis(style: Style, axis: Axis, **over: object) -> dict[str, Any]:
    """A numeric axis with quiet grid lines in the reader's number format."""
    colour = style.colour
    return {
        "automargin": True,
        "showgrid": True,
        "gridcolor": colour.line,
        "gridwidth": 1,
        "zeroline": False,
        "ticksuffix": axis.suffix,
        "tickformat": f",.{axis.decimals}~f",
        "tickfont": {"color": colour.secondary, "size": style.px(0)},
        "nticks": 6,
        "rangemode": "tozero" if axis.from_zero else "normal",
        "fixedrange": True,
    } | over


def category_axis(style: Style, **over: object) -> dict[str, Any]:
    """An axis of names or months, kept in the order of the frame."""
    colour = style.colour
    return {
        "type": "category",
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "linecolor": colour.line,
        "ticks": "",
        "tickfont": {"color": colour.secondary, "size": style.px(0)},
        "fixedrange": True,
    } | over


def padded_range(values: list[float | None], axis: Axis) -> list[float]:
    """Ends of a value axis in tick units: the data plus a tenth, inside what is possible."""
    drawn = [v * axis.factor for v in values if v is not None]
    low, high = (min(drawn), max(drawn)) if drawn else (0.0, 1.0)
    pad = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad
    if axis.from_zero:
        low = min(0.0, low + pad)
    if axis.floor is not None:
        low = max(low, axis.floor * axis.factor)
    if axis.ceiling is not None:
        high = min(high, axis.ceiling * axis.factor * 1.005)
    return [low, high]


def spaced(labels: list[str], most: int) -> list[str]:
    """Every k-th label, counted from the last one, so that at most `most` ticks are written."""
    step = max(1, -(-len(labels) // most))
    return labels[::-1][::step][::-1]


def hover(rows: Mapping[str, list[Any]]) -> list[str]:
    """Tooltip text per row: name, value and parts; every piece also stands in the chart's table."""
    names = rows.get("name") or rows["label"]
    details = rows.get("detail") or [None] * len(names)
    return [
        f"<b>{plain(name)}</b><br>{plain(text)}" + (f"<br>{plain(detail)}" if detail else "")
        for name, text, detail in zip(names, rows["text"], details, strict=True)
    ]


def note(style: Style, words: object, **place: object) -> dict[str, Any]:
    """A piece of quiet text inside a chart; `place` says where, in Plotly's annotation keys."""
    font = {"size": style.px(0), "color": style.colour.secondary}
    return {"showarrow": False, "text": plain(words), "font": font} | place


def rule_line(style: Style, dash: str, **place: object) -> dict[str, Any]:
    """A thin line across a chart; `place` says where, in Plotly's shape keys."""
    line = {"color": style.colour.secondary, "width": 1, "dash": dash}
    return {"type": "line", "layer": "below", "line": line} | place


def horizontal_rule(style: Style, rule: Rule, axis: Axis) -> tuple[dict[str, Any], dict[str, Any]]:
    """A target across a time chart: the line and its label at the left end."""
    at = axis.drawn(float(rule.at))
    line = rule_line(style, "dash", xref="paper", x0=0, x1=1, y0=at, y1=at)
    place = {"xref": "paper", "x": 0, "xanchor": "left", "y": at, "yanchor": "bottom"}
    # On a ground of its own: the line of the data may run through the words otherwise.
    return line, note(style, rule.label, bgcolor=style.colour.surface, borderpad=0, **place)
