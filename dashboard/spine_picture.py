"""One row of a spine as a picture of a line's height: ground of all, darker ground of peers, interval, the unit."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.figure import BETTER, WORSE
from dashboard.look import Palette
from dashboard.spine import Row

WIDTH, HEIGHT = 220, 18
_EDGE = 6
"""Room at both ends, so that a mark at the very end is whole."""


def picture(row: Row, colours: Palette) -> str:
    """The row as a data URL; better is to the right, and shape says what colour says."""
    inner = "".join((
        _ground(row.span, 12, colours.line, 0.6), _ground(row.peers, 12, colours.secondary, 0.45),
        f"<path d='M{WIDTH / 2} 0V{HEIGHT}' stroke='{colours.secondary}' stroke-width='1.2'/>",
        _interval(row, colours), _mark(row, colours),
    ))  # fmt: skip
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}'>{inner}</svg>"
    return "data:image/svg+xml," + quote(svg, safe="/:=' ,.-")


def _at(place: float) -> float:
    return round(_EDGE + place * (WIDTH - 2 * _EDGE), 1)


def _ground(ends: tuple[float, float] | None, thick: int, colour: str, opacity: float) -> str:
    if ends is None:
        return ""
    left, wide = _at(ends[0]), max(2.0, round(_at(ends[1]) - _at(ends[0]), 1))
    top = (HEIGHT - thick) / 2
    return f"<rect x='{left}' y='{top}' width='{wide}' height='{thick}' fill='{colour}' opacity='{opacity}'/>"


def _interval(row: Row, colours: Palette) -> str:
    if row.interval is None:
        return ""
    path = f"M{_at(row.interval[0])} {HEIGHT / 2}H{_at(row.interval[1])}"
    return f"<path d='{path}' stroke='{colours.text}' stroke-width='1.4'/>"


def _mark(row: Row, colours: Palette) -> str:
    if row.dot is None:
        return ""
    x, y = _at(row.dot), HEIGHT / 2
    if row.against == BETTER:
        return f"<path d='M{x - 4} {y - 5}V{y + 5}L{x + 5} {y}Z' fill='{colours.better}'/>"
    if row.against == WORSE:
        return f"<path d='M{x + 4} {y - 5}V{y + 5}L{x - 5} {y}Z' fill='{colours.worse}'/>"
    return f"<circle cx='{x}' cy='{y}' r='4' fill='{colours.text}'/>"
