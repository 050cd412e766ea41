"""One tile of the wall as texts and numbers, in two classes: read from the room, and read on approach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dashboard import numbers
from dashboard.figure import BETTER, MISSED, STALE, USUAL, WORSE, Figure
from dashboard.here import Here
from dashboard.tile import band_from, is_hatched, tone
from dashboard.wall.plan import Event

_JUDGED: Final = (BETTER, WORSE, USUAL, MISSED)
UNUSUAL: Final = "◇"
_SHORT: Final = {"working_hour": "wall.hours", "working_day": "wall.days"}


def tile(here: Here, figure: Figure, past: Sequence[Figure], events: Sequence[Event]) -> dict[str, Any]:
    """From the room: name, value, state. On approach: what it is held against, its course, who sent, how old."""
    against = [part for part in (_goal(here, figure), _past(here, figure)) if part]
    return {
        "id": figure.indicator.id,
        "name": figure.short or figure.name,
        "value": figure.value,
        "unit": _unit(here, figure),
        "words": figure.plot is None,
        "shape": UNUSUAL if _is_unusual(here, figure) else figure.shape,
        "state": _state(here, figure),
        "tone": tone(figure),
        "hatched": is_hatched(figure),
        "against": against,
        "foot": _foot(here, figure, against),
        "spark": course(here, figure, past, events),
    }


def _unit(here: Here, figure: Figure) -> str:
    """The unit in one short word; working hours and days are written out on approach."""
    short = _SHORT.get(figure.indicator.measure)
    return here.word(short) if short and figure.unit else figure.unit


def _whole_unit(figure: Figure, said: Sequence[str]) -> str:
    """The unit in full, where the tile has a short word for it and nothing else `said` it yet."""
    is_said = any(figure.unit in one for one in said)
    return figure.unit if figure.indicator.measure in _SHORT and not is_said else ""


def _state(here: Here, figure: Figure) -> str:
    """The word of the state; a number that nobody judges says so, an old one that it is old."""
    if figure.state == STALE:
        return here.word("wall.stale")
    if _is_unusual(here, figure):
        return here.word("wall.unusual")
    if figure.plot is None or figure.judgement not in _JUDGED:
        return ""
    if figure.judgement == USUAL and _has_no_usual(here, figure):
        return here.word("wall.unjudged")
    return here.word(f"wall.{figure.judgement}")


def _has_no_usual(here: Here, figure: Figure) -> bool:
    """Whether there is nothing to call usual: no limits at all, or not yet twelve months to make them of."""
    signal = numbers.signal_of(here, figure.answer)
    return signal is None or signal.lower is None


def _is_unusual(here: Here, figure: Figure) -> bool:
    """Outside its limits, but neither way is better: told in grey, and never as usual."""
    signal = numbers.signal_of(here, figure.answer)
    return figure.judgement == USUAL and signal is not None and signal.speaks and signal.direction == "context"


def _goal(here: Here, figure: Figure) -> str:
    """The target; ° marks one that nobody has checked, and the foot of the wall says so.

    Where the tile's one word is that it grew worse, a missed target is told here.
    """
    if figure.target_plot is None:
        return ""
    mark = "°" if here.word("figure.unverified") in figure.target else ""
    key = "wall.goal_missed" if figure.judgement == WORSE and figure.is_missed else "wall.goal"
    return here.word(key, value=here.format.value(figure.target_plot, figure.indicator.measure) + mark)


def _past(here: Here, figure: Figure) -> str:
    return figure.previous if figure.change else ""


def _foot(here: Here, figure: Figure, said: Sequence[str]) -> list[str]:
    """Who has sent and how far that reaches, in the few letters that a tile has room for."""
    answer = figure.answer
    sent, until = answer.coverage, answer.data_until
    key = "wall.to_day" if answer.fresh else "wall.to_day_late"
    grounds = (
        here.word("wall.coverage", sent=sent.sent, expected=sent.expected) if sent.expected else "",
        here.word(key, day=here.format.date(until)) if until else "",
    )
    return [part for part in (figure.stands_for, _whole_unit(figure, said), *grounds, figure.estimated) if part]


def course(here: Here, figure: Figure, past: Sequence[Figure], events: Sequence[Event]) -> dict[str, Any] | None:
    """The past months as numbers, with the usual limits, the target and the months of known events."""
    values = [one.plot for one in past]
    if sum(value is not None for value in values) < 2:
        return None
    judged = [one for one in (numbers.signal_of(here, month.answer) for month in past) if one is not None]
    band = judged[-1] if judged else None
    return {
        "values": values,
        "lower": band.lower if band else None,
        "upper": band.upper if band else None,
        "provisional": band is not None and not band.locked,
        "since": band_from(here, past),
        "target": figure.target_plot,
        "events": [at for at, month in enumerate(past) if _known(month, events)],
    }


def _known(month: Figure, events: Sequence[Event]) -> bool:
    period = month.answer.question.period
    return any(touches(one, period.first, period.last) for one in events)


def touches(event: Event, first: date, last: date) -> bool:
    """Whether an event lies at least partly between two days."""
    return event.first <= last and first <= event.last
