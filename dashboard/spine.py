"""A unit beside its like: each number against the whole, its peers and everyone of its kind, better to the right.

Everything comes from the answers that the screens show; here they are only put on one scale per row. The middle is
the whole, and the farthest unit of the kind is an end, so that a place on a row can be read without its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard import numbers
from dashboard.figure import BETTER, WORSE, Figure
from dashboard.frames import is_ranked
from dashboard.here import Here
from dashboard.periods import MONTH, RANGE, Period, holding, run_of
from dashboard.query import Unit, of_kinds

SHOWN: Final = (
    "dossiers_on_time", "on_time_766", "dossiers_early", "dossiers_time_taken", "dossiers_supplemented",
    "online_share_of_full", "online_with_result", "dossiers_electronic_result", "dossiers_digitised",
    "dossiers_reused_data", "dossiers_paid_online", "dossiers_disliked", "tickets_on_time_closed",
    "tickets_processed", "tickets_time_to_close", "tickets_reopened", "tickets_satisfied",
)  # fmt: skip
MOST: Final = 17
"""Rows: what one page holds beside everything else."""
PEERS: Final = 5
FEWEST: Final = 3
"""Units that a spread needs: two would only point at each other."""
SIZE: Final = "dossiers_received"
"""What peers are alike in; a population is not published in a snapshot."""


@dataclass(frozen=True)
class Row:
    """One number of the unit; places are 0 (worst end) to 1 (best end) with the whole at 0.5, None: not drawn.

    `against` says on which side of the whole the interval lies wholly: better, worse, or nothing.
    """

    figure: Figure
    whole: Figure
    dot: float | None = None
    interval: tuple[float, float] | None = None
    span: tuple[float, float] | None = None
    peers: tuple[float, float] | None = None
    peers_text: str = ""
    against: str = ""


def plain(here: Here, unit: str = "") -> Here:
    """The view without slices, of a unit or of the whole: what is asked of everyone is asked once for all."""
    view = replace(here.view, slice="", compare="")
    return replace(here, view=view, unit=here.places.units[unit or here.places.root])


def kin(here: Here) -> list[Unit]:
    """Every unit of the kind of this one on its boundaries that the reader may ask about, itself among them; a unit
    without its like is alone.
    """
    found = here.may_ask(of_kinds(here.places, here.places.root, (here.unit.kind,), here.basis, here.period))
    return found if here.unit in found else [here.unit]


def peers(here: Here) -> list[Unit]:
    """The units of the same kind that received about as many dossiers in the twelve months up to the period."""
    units = kin(here)
    if not numbers.known(plain(here), [SIZE]):
        return []
    year = replace(plain(here), period=twelve(here))
    sizes = [one.plot or 0.0 for one in numbers.among(year, SIZE, units)]
    own = math.log1p(sizes[units.index(here.unit)])
    order = sorted(range(len(units)), key=lambda at: (abs(math.log1p(sizes[at]) - own), units[at].unit_id))
    return [units[at] for at in order if units[at] != here.unit][:PEERS]


def twelve(here: Here) -> Period:
    """The twelve months that end with the month of the period."""
    months = run_of(holding(here.period.last, MONTH), 12)
    return Period(months[0].first, months[-1].last, f"{months[0].code}..{months[-1].code}", RANGE)


def names(here: Here) -> list[str]:
    """The indicators of a spine: those known here, or the catalogue's first that have a direction."""
    chosen = numbers.known(plain(here), SHOWN)
    rest = [entry.id for entry in here.indicators.values() if entry.better != "context" and entry.measure == "percent"]
    return (chosen or rest)[:MOST]


def rows(here: Here) -> list[Row]:
    """One row per indicator of which this unit or its like has anything to say."""
    units, near = kin(here), peers(here)
    found = []
    for name in names(here):
        figures = numbers.among(plain(here), name, units)
        row = _row(figures, units, here.unit, near, numbers.one(plain(here), name))
        if row.span is not None or row.figure.plot is not None:
            found.append(row)
    return found


def _row(figures: Sequence[Figure], units: Sequence[Unit], unit: Unit, near: Sequence[Unit], whole: Figure) -> Row:
    own = figures[units.index(unit)]
    ranked = [one.plot for one in figures if one.plot is not None and is_ranked(one)]
    middle = whole.plot
    if middle is None or not ranked:
        return Row(own, whole)
    sign = -1 if own.indicator.better == "lower" else 1
    reach = max(abs(value - middle) for value in ranked) or 1.0

    def at(value: float) -> float:
        return min(1.0, max(0.0, 0.5 + sign * (value - middle) / (2 * reach)))

    def ends(values: Sequence[float]) -> tuple[float, float] | None:
        placed = sorted(at(value) for value in values)
        return (placed[0], placed[-1]) if placed else None

    beside = [one for one, of in zip(figures, units, strict=True) if of in near and is_ranked(one)]
    values = [one.plot for one in beside if one.plot is not None]
    known = own.plot if is_ranked(own) else None
    limits = own.answer.interval if known is not None else None
    return Row(
        own, whole,
        dot=at(known) if known is not None else None,
        interval=ends((limits.low, limits.high)) if limits else None,
        span=ends(ranked) if len(ranked) >= FEWEST else None,
        peers=ends(values),
        peers_text=_between(beside),
        against=_against(own, middle, sign) if limits else "",
    )  # fmt: skip


def _between(beside: Sequence[Figure]) -> str:
    """The lowest and the highest of the peers as text."""
    ordered = sorted((one for one in beside if one.plot is not None), key=lambda one: one.plot or 0.0)
    if not ordered:
        return ""
    low, high = ordered[0], ordered[-1]
    return low.text if low.text == high.text else f"{low.value}–{high.text}"


def _against(own: Figure, middle: float, sign: int) -> str:
    limits = own.answer.interval
    if limits is None or limits.low <= middle <= limits.high:
        return ""
    return BETTER if sign * (limits.low - middle) > 0 else WORSE


