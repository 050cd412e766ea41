"""One sentence above every chart, made from its numbers by fixed rules: it can be read aloud and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.usual import said


def of_history(here: Here, figures: Sequence[Figure]) -> str:
    """The newest month, its target, the highest and lowest of those shown, and where the usual range begins anew."""
    known = [one for one in figures if one.plot is not None]
    if not known:
        return here.word("chart.nothing")
    last = known[-1]
    high = max(known, key=lambda one: one.plot or 0.0)
    low = min(known, key=lambda one: one.plot or 0.0)
    parts = f" ({last.parts})" if last.parts else ""
    told = here.word("sentence.now", period=_period(here, last), value=last.text + parts)
    if last.target:
        told += here.word("sentence.against", target=last.target)
    if len(known) > 2:
        told += here.word(
            "sentence.span", months=len(figures), high=high.text, high_at=_tick(here, high), low=low.text,
            low_at=_tick(here, low),
        )  # fmt: skip
    return told + "." + said(here, figures)


def of_units(here: Here, figures: Sequence[Figure], name: Callable[[Figure], str], whole: Figure | None) -> str:
    """How many units can be compared, where the whole stands, and the two ends."""
    known = [one for one in figures if one.plot is not None]
    if not known:
        return here.word("chart.nothing")
    high = max(known, key=lambda one: one.plot or 0.0)
    low = min(known, key=lambda one: one.plot or 0.0)
    told = here.word("sentence.units", n=len(known), all=len(figures))
    if whole is not None and whole.plot is not None:
        told += here.word("sentence.whole", unit=name(whole), value=whole.text)
    return told + here.word(
        "sentence.ends", high=high.text, high_name=name(high), low=low.text, low_name=name(low)
    )


def of_shares(here: Here, figures: Sequence[Figure], name: Callable[[Figure], str]) -> str:
    """Which value of a slice is the largest and how much of the sum it is; for counts only."""
    known = [one for one in figures if one.plot]
    total = sum(one.plot or 0.0 for one in known)
    if not known or not total:
        return here.word("chart.nothing")
    first = max(known, key=lambda one: one.plot or 0.0)
    share = here.format.percent((first.plot or 0.0) / total)
    return here.word("sentence.most", name=name(first), value=first.text, share=share)


def _period(here: Here, figure: Figure) -> str:
    text = here.format.period(figure.answer.question.period)
    return text[:1].upper() + text[1:]


def _tick(here: Here, figure: Figure) -> str:
    return here.format.tick(figure.answer.question.period)
