"""What the wall says: nine figures in a fixed order, what is out of the ordinary, where, and who has not sent."""

from __future__ import annotations

from typing import Any, Final

from dashboard import boundaries, frames, numbers
from dashboard.chart import choropleth, edges_of
from dashboard.comparison import digits_of, name_of, steps, units_of
from dashboard.figure import MISSED, SILENT, USUAL, Figure
from dashboard.here import Here
from dashboard.look import palette
from dashboard.query import TODAY
from dashboard.query.coverage import silence
from dashboard.query.filings import senders
from dashboard.scope_bar import basis_name
from dashboard.screens.overview import watched
from dashboard.tile import band_of, is_hatched, spark, state, tone

TILES: Final = (
    "dossiers_received",
    "dossiers_on_time",
    "dossiers_overdue",
    "online_share_of_full",
    "dossiers_paid_online",
    "satisfaction_surveyed",
    "tickets_received",
    "tickets_on_time_closed",
    "tickets_open",
)
MAPPED: Final = "dossiers_on_time"
LINES: Final = 5


def board(here: Here) -> dict[str, Any]:
    """Everything on the wall as texts; `wall.js` puts each into its place."""
    shown = numbers.many(here, TILES) or numbers.many(here, list(here.indicators)[:9])
    publication = here.snapshot.publication
    return {
        "lang": here.lang,
        "place": publication.place.get("name", {}).get(here.lang, ""),
        "scope": here.format.period(here.period) + _basis(here),
        "until": " · ".join((here.word("wall.until", day=here.format.date(publication.data_until)), _sources(here))),
        "mark": here.word("wall.illustrative") if publication.illustrative else "",
        "silent": _silent(here, shown),
        "tiles": [_tile(here, figure, numbers.history(here, name)) for name, figure in shown.items()],
        "listtitle": here.word("wall.list"),
        "lines": [_line(here, one) for one in watched(here)[:LINES]] or [f"● {here.word('wall.calm')}"],
        "words": {"lost": here.word("wall.lost")},
    } | _map(here)


def _basis(here: Here) -> str:
    """The boundaries, where they are not the present ones that everybody expects."""
    return "" if here.basis == TODAY else f" · {basis_name(here, here.basis).lower()}"


def _tile(here: Here, figure: Figure, past: list[Figure]) -> dict[str, Any]:
    picture = spark(past, palette(here.view.look), figure.target_plot, band_of(here, past))
    return {
        "name": figure.short or figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "shape": figure.shape,
        "words": figure.plot is None,
        "state": _state(here, figure),
        "tone": tone(figure),
        "hatched": is_hatched(figure),
        "spark": picture,
    }


def _state(here: Here, figure: Figure) -> str:
    """One short line: what is out of the ordinary, and the target or the past that it is held against.

    ° marks a target that nobody has checked; the foot of the wall says so.
    """
    if figure.judgement == SILENT:
        return state(figure)
    goal = _target(here, figure)
    if figure.judgement == MISSED:
        return here.word("wall.missed_goal", value=goal)
    past = here.word("wall.before", value=_past(figure)) if figure.change else ""
    if figure.judgement == USUAL:
        return here.word("wall.goal", value=goal) if goal else past
    return ", ".join(part for part in (here.word(f"wall.{figure.judgement}"), past) if part)


def _past(figure: Figure) -> str:
    """The value of the period before, without the words around it."""
    return figure.previous.rsplit(" ", 1)[-1]


def _target(here: Here, figure: Figure) -> str:
    if figure.target_plot is None:
        return ""
    mark = "°" if here.word("figure.unverified") in figure.target else ""
    return here.format.value(figure.target_plot, figure.indicator.measure) + mark


def _line(here: Here, one: Figure) -> str:
    unit = one.answer.question.unit
    where = f"{here.name(here.places.units[unit])}: " if unit != here.unit.unit_id else ""
    return f"{one.shape} {where}{one.short or one.name} {one.text}, {here.word(f'wall.{one.judgement}')}"


def _map(here: Here) -> dict[str, Any]:
    units = units_of(here)
    shape = boundaries.covering(here.running.boundaries, {unit.unit_id for unit in units})
    if shape is None or MAPPED not in here.indicators:
        return {"map": None, "maptitle": "", "mapcaption": ""}
    entry = here.indicators[MAPPED]
    figures = numbers.among(here, MAPPED, [unit for unit in units if unit.unit_id in shape.units])
    rows = frames.of_units(figures, lambda one: name_of(here, one))
    edges = edges_of(rows["value"].to_list(), digits_of(entry.measure))
    drawn = choropleth(
        rows, style=here.style, boundaries=shape.url, key=boundaries.KEY, edges=edges,
        labels=steps(here, edges, entry.measure), missing=here.word("chart.missing"), legend=False,
    )  # fmt: skip
    told = ""
    if edges:
        low, high = here.format.value(edges[0], entry.measure), here.format.value(edges[-1], entry.measure)
        told = here.word("wall.map" if low == high else "wall.map_more", low=low, high=high)
    return {"map": drawn, "maptitle": entry.text("short", here.lang), "mapcaption": told}


def _sources(here: Here) -> str:
    found = senders(here.snapshot, here.scope)
    good = [one for one in found if silence(here.snapshot, one.data_until, here.today, one.rhythm) <= 0]
    return here.word("wall.sources", good=len(good), all=len(found)) if found else ""


def _silent(here: Here, shown: dict[str, Figure]) -> str:
    """How many have not sent that any of the wall's figures misses, and the first of them by name."""
    missing = {unit: None for figure in shown.values() for unit in figure.answer.coverage.missing}
    if not missing:
        return here.word("wall.all_in")
    first = here.name(here.places.units[next(iter(missing))])
    return here.word("wall.silent", n=len(missing), unit=first)
