"""A tile says one number in a fixed order: name, value, state, target and past, course, who sent and how old.

Everything in it is text of the snapshot and therefore escaped; a number that is old, hidden or missing is
hatched, so that its state is seen without colour and never mistaken for a zero.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import quote

from dashboard.figure import HIDDEN, NO_DATA, SILENT, STALE, TOO_FEW, Figure
from dashboard.here import Here
from dashboard.look import Palette, palette
from dashboard.numbers import signal_of
from dashboard.query import TODAY
from dashboard.usual import anew

HATCHED = (STALE, NO_DATA, HIDDEN)
_TONE = {"better": "better", "worse": "worse", "missed": "worse"}
WIDTH, HEIGHT = 200, 34


def tiles(here: Here, figures: Sequence[tuple[Figure, Sequence[Figure]]]) -> str:
    """A row of tiles: each figure with the figures of its past months (none: no course is drawn)."""
    return f'<div class="ioc ioc-tiles">{"".join(tile(here, figure, past) for figure, past in figures)}</div>'


def tile(here: Here, figure: Figure, past: Sequence[Figure] = ()) -> str:
    """One tile; the whole of it opens "Explain this number"."""
    kind = " ".join(("ioc-tile", *(["ioc-hatched"] if is_hatched(figure) else []), *_quiet(figure)))
    return (
        f'<a class="{kind}" data-go href="{html.escape(address(here, figure))}" title="{html.escape(figure.name)}">'
        f'<span class="ioc-name">{html.escape(figure.short or figure.name)}</span>'
        f'<span class="ioc-value{_size(figure)}">{html.escape(figure.value)}{_unit(figure)}</span>'
        f'<span class="ioc-state ioc-{tone(figure)}">{html.escape(state(figure))}</span>'
        f'<span class="ioc-against">{html.escape(against(figure))}</span>'
        f"{_course(here, figure, past)}"
        f'<span class="ioc-foot">{html.escape(foot(figure))}</span></a>'
    )


def address(here: Here, figure: Figure) -> str:
    """The way to "Explain this number" in the reader's own view."""
    named = {key: value for key, value in figure.address.items() if key != "snapshot"}
    named["unit"] = "" if named["unit"] == here.places.root else named["unit"]
    named["basis"] = "" if named["basis"] == TODAY else named["basis"]
    return here.view.here(**named)


def is_hatched(figure: Figure) -> bool:
    """Whether the number is old, missing or hidden."""
    return figure.state in HATCHED


def tone(figure: Figure) -> str:
    """better, worse or nothing: colour is kept for what calls for attention."""
    return _TONE.get(figure.judgement, "")


def state(figure: Figure) -> str:
    """Shape and word of the state; what is not judged says why."""
    if figure.judgement != SILENT:
        return f"{figure.shape} {figure.word}"
    return figure.reason or (figure.age if figure.state == STALE else "")


def against(figure: Figure) -> str:
    """What the value is held against: target, past and spread, in words."""
    return ", ".join(part for part in (figure.target, figure.previous, figure.p90 and f"P90 {figure.p90}") if part)


def foot(figure: Figure) -> str:
    """What the number rests on: coverage, age, and how much of it is estimated or stands for another period."""
    age = "" if figure.state == STALE else figure.age
    return " · ".join(part for part in (figure.stands_for, figure.coverage, age, figure.estimated) if part)


def _unit(figure: Figure) -> str:
    return f'<span class="ioc-unit">{html.escape(figure.unit)}</span>' if figure.unit else ""


def _size(figure: Figure) -> str:
    """Words in the place of a number are set smaller than a number."""
    return " ioc-words" if figure.plot is None else ""


def _quiet(figure: Figure) -> list[str]:
    return ["ioc-quiet"] if figure.state in (TOO_FEW, NO_DATA, HIDDEN) else []


def _course(here: Here, figure: Figure, past: Sequence[Figure]) -> str:
    picture = spark(past, palette(here.view.look), figure.target_plot, band_of(here, past), band_from(here, past))
    said = html.escape(", ".join(f"{here.format.tick(one.answer.question.period)} {one.text}" for one in past))
    return f'<img src="{picture}" alt="{said}">' if picture else ""


def band_of(here: Here, past: Sequence[Figure]) -> tuple[float | None, float | None]:
    """The usual limits of the newest judged month, as (lower, upper)."""
    judged = [one for one in (signal_of(here, month.answer) for month in past) if one is not None]
    return (judged[-1].lower, judged[-1].upper) if judged else (None, None)


def band_from(here: Here, past: Sequence[Figure]) -> int:
    """The place of the first month that the band of the newest one speaks of: where it begins anew, or the first."""
    return max((at for at, _ in anew(here, past)), default=0)


def spark(
    past: Sequence[Figure], colours: Palette, target: float | None, band: tuple[float | None, float | None],
    since: int = 0,
) -> str:
    """The course of the past months as a picture of a word's size (a data URL).

    The usual limits are a band behind it from the month `since` on, the target a thin line where it is near.
    """
    values = [one.plot for one in past]
    seen = [value for value in values if value is not None]
    if len(seen) < 2:
        return ""
    goal = [target] if target is not None and _near(target, seen) else []
    edges = [edge for edge in band if edge is not None]
    low, high = min(seen + goal + edges), max(seen + goal + edges)
    reach = (high - low) or 1.0
    step = (WIDTH - 8) / max(1, len(values) - 1)

    def at(place: int, value: float) -> str:
        return f"{4 + place * step:.1f},{HEIGHT - 5 - (value - low) / reach * (HEIGHT - 10):.1f}"

    paths = "".join(
        f"<polyline vector-effect='non-scaling-stroke' points='{' '.join(run)}'/>" for run in _runs(values, at)
    )
    last = max(place for place, value in enumerate(values) if value is not None)
    x, y = at(last, values[last] or 0.0).split(",")
    line = "".join(_goal_line(at(0, goal_at).split(",")[1], colours) for goal_at in goal)
    if len(edges) == 2:
        top, foot_ = at(0, edges[1]).split(",")[1], at(0, edges[0]).split(",")[1]
        left = 4 + (since - 0.5) * step if since else 0.0
        line = (f"<rect x='{left:.1f}' width='{WIDTH - left:.1f}' y='{top}' height='{float(foot_) - float(top):.1f}' "
                f"fill='{colours.secondary}' opacity='0.14'/>") + line  # fmt: skip
    # A dot of no length keeps its shape however wide the tile is; a circle would be squeezed.
    pen = f"fill='none' stroke='{colours.better}' stroke-linejoin='round' stroke-linecap='round'"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>{line}"
        f"<g {pen} stroke-width='1.6'>{paths}</g>"
        f"<path {pen} stroke-width='6' vector-effect='non-scaling-stroke' d='M{x} {y}h0.01'/></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe="/:=' ,.-")


def _goal_line(height: str, colours: Palette) -> str:
    stroke = f"stroke='{colours.secondary}' stroke-width='1' stroke-dasharray='3 3'"
    return f"<line x1='0' x2='{WIDTH}' y1='{height}' y2='{height}' {stroke}/>"


def _near(target: float, seen: Sequence[float]) -> bool:
    """Whether a target can share a small picture with the values without flattening them."""
    reach = (max(seen) - min(seen)) or abs(max(seen)) * 0.1 or 1.0
    return min(seen) - 2 * reach <= target <= max(seen) + 2 * reach


def _runs(values: Sequence[float | None], at: object) -> list[list[str]]:
    """Unbroken pieces of the course: a month without a number is a gap."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(at(place, value))  # type: ignore[operator]
    return [run for run in runs if len(run) > 1]
