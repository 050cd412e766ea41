"""The map of one figure for the wall: grey where all is as usual, so that what calls for attention is seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard import boundaries, frames, numbers
from dashboard.chart import choropleth
from dashboard.comparison import name_of, units_of
from dashboard.figure import BETTER, MISSED, WORSE, Figure
from dashboard.here import Here
from dashboard.wall.lines import NAMED, and_more, graves

NO_MAP: Final[dict[str, Any]] = {"chart": None, "title": "", "caption": "", "units": "", "names": []}
_STEP: Final = {BETTER: 0, WORSE: 2, MISSED: 2}
_USUAL: Final = 1


def map_of(here: Here, name: str) -> dict[str, Any]:
    """The map of the figure `name` over the units of this place; without boundaries of them there is none."""
    units = units_of(here)
    shape = boundaries.covering(here.running.boundaries, {unit.unit_id for unit in units})
    if shape is None or name not in here.indicators:
        return NO_MAP
    entry = here.indicators[name]
    figures = numbers.among(here, name, [unit for unit in units if unit.unit_id in shape.units])
    rows = frames.of_units(figures, lambda one: name_of(here, one))
    drawn = choropleth(
        rows, style=here.style, boundaries=shape.url, key=boundaries.KEY, edges=(0.0, 1.0), labels=("", "", ""),
        missing=here.word("chart.missing"), legend=False,
    )  # fmt: skip
    _colour(here, drawn, [one for one in figures if one.plot is not None])
    title = f"{entry.text('short', here.lang)}, {here.format.period(here.period)}"
    return {"chart": drawn, "title": title, "caption": _caption(here, figures), **_worse(here, name)}


def _colour(here: Here, drawn: dict[str, Any], known: Sequence[Figure]) -> None:
    """Steps of judgement instead of steps of value; what is worse has a thick edge too, not a colour alone."""
    tokens = here.style.colour
    shades = (tokens.better, tokens.line, tokens.worse)
    steps = [_STEP.get(one.judgement, _USUAL) for one in known]
    scale = [[(at + end) / 3, shade] for at, shade in enumerate(shades) for end in (0, 1)]
    edge = {"color": [tokens.text if step != _USUAL else tokens.background for step in steps],
            "width": [2.5 if step == _STEP[WORSE] else 1 for step in steps]}  # fmt: skip
    drawn["data"][0] |= {"z": steps, "zmin": -0.5, "zmax": 2.5, "colorscale": scale, "marker": {"line": edge}}


def _caption(here: Here, figures: Sequence[Figure]) -> str:
    """How many units stand for each colour: no map is read by colour alone."""
    many = {kind: sum(one.judgement in kinds for one in figures)
            for kind, kinds in (("worse", (WORSE, MISSED)), ("better", (BETTER,)))}  # fmt: skip
    told = here.word("wall.map_told", worse=here.format.count(many["worse"]), better=here.format.count(many["better"]))
    blank = sum(one.plot is None for one in figures)
    return " · ".join((told, here.word("wall.map_empty", n=here.format.count(blank)))) if blank else told


def _worse(here: Here, name: str) -> dict[str, Any]:
    """The units that a rule has spoken for, never simply the lowest: chance alone always makes a lowest.

    `names` are the lines for a map that has the screen to itself, `units` is one line for a map that has a corner.
    """
    signals = graves(here, {name}).get(name, [])
    if not signals:
        return {"units": "", "names": [here.word("wall.map_calm")]}
    found = numbers.among(here, name, [here.places.units[one.unit] for one in signals[:NAMED]])
    named = [f"{name_of(here, one)} {one.text}" for one in found]
    units = here.word("wall.map_units", units=and_more(here, named, len(signals)))
    more = [here.word("wall.map_rest", n=here.format.count(len(signals) - NAMED))] if len(signals) > NAMED else []
    return {"units": units, "names": [*(here.word("wall.map_units", units=one) for one in named), *more]}
