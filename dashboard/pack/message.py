"""The one message of a slide, made from its numbers by fixed rules: it can be read aloud, checked and disputed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from dashboard.figure import BETTER, MISSED, SILENT, WORSE, Figure
from dashboard.frames import is_ranked
from dashboard.here import Here
from dashboard.periods import MONTH, RANGE

Name = Callable[[Figure], str]
LEAST: Final = 5
"""Units with enough evidence, below which a comparison says nothing."""


def of_course(here: Here, figure: Figure) -> str:
    """The newest value, and what can be said of it: a missed target, a signal, or the value before."""
    if figure.plot is None:
        return here.word("pack.of_course_none", name=figure.short, instead=figure.text)
    said = _said(here, figure)
    key = "pack.of_course_said" if said else "pack.of_course"
    asked = figure.answer.question.period
    whole = "" if asked.grain in (MONTH, RANGE) else f" ({here.format.period(asked)})"  # its chart shows its months
    return here.word(key, name=figure.short, value=f"{figure.text}{whole}", said=said)


def _said(here: Here, figure: Figure) -> str:
    if figure.judgement == MISSED:
        target = here.format.value(figure.target_plot, figure.indicator.measure)
        return here.word("pack.missed", target=target)
    if figure.judgement in (BETTER, WORSE):
        return figure.word  # against its usual limits: the month before beside it may well point the other way
    parts = [figure.word if figure.judgement != SILENT else "", figure.previous]
    return ", ".join(part for part in parts if part)


def of_figures(here: Here, figures: Sequence[Figure]) -> str:
    """How many of a desk's figures are out of the ordinary, each way."""
    count = {name: sum(one.judgement == name for one in figures) for name in (MISSED, WORSE, BETTER)}
    told = [here.word(f"pack.n_{name}", n=here.format.count(n)) for name, n in count.items() if n]
    if not told:
        known = any(one.plot is not None for one in figures)
        return here.word("pack.of_figures_calm" if known else "pack.of_figures_nothing")
    return here.word("pack.of_figures", told=", ".join(told))


def of_slices(here: Here, figures: Sequence[Figure], name: Name) -> str:
    """The largest part and its share of the sum."""
    total = sum(one.plot or 0.0 for one in figures)
    if not total:
        return here.word("chart.nothing")
    first = max(figures, key=lambda one: one.plot or 0.0)
    share = here.format.percent((first.plot or 0.0) / total)
    return here.word("pack.of_slices", slice=name(first), share=share, name=_small(first.short))


def of_waiting(here: Here, short: str, first: Figure | None, name: Name) -> str:
    """Where most lies."""
    if first is None or not first.plot:
        return here.word("pack.of_waiting_none", name=short)
    return here.word("pack.of_waiting", name=short, unit=name(first), value=first.text)


def of_units(here: Here, figures: Sequence[Figure], whole: Figure, name: Name) -> str:
    """How many units are surely worse than the whole; without intervals, who stands at the two ends."""
    known = [one for one in figures if is_ranked(one)]
    if len(known) < LEAST:
        if not known:
            return here.word("pack.of_units_nobody", all=here.format.count(len(figures)))
        return here.word("pack.of_units_few", n=here.format.count(len(known)), all=here.format.count(len(figures)))
    if whole.plot is None or all(one.answer.interval is None for one in known):
        high, low = (pick(known, key=lambda one: one.plot or 0.0) for pick in (max, min))
        return here.word("sentence.ends", high=high.text, high_name=name(high), low=low.text, low_name=name(low)
                         ).strip("; .")  # fmt: skip
    worse = sum(surely_worse(one, whole.plot) for one in known)
    key = "pack.of_units" if worse else "pack.of_units_none"
    return here.word(key, n=here.format.count(worse), all=here.format.count(len(known)), whole=whole.text)


def surely_worse(figure: Figure, whole: float) -> bool:
    """Whether the whole interval of a figure lies on the worse side of a value."""
    interval, better = figure.answer.interval, figure.indicator.better
    if interval is None or better == "context":
        return False
    return interval.low > whole if better == "lower" else interval.high < whole


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text  # a code keeps its capitals
