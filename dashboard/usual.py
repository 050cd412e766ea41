"""The usual range of a number in words, and from which month it is reckoned anew and why: said wherever it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figure import Figure
from dashboard.format import Formatter
from dashboard.here import Here
from dashboard.numbers import signal_of
from dashboard.query.rebased import Rebasing, rebasings
from dashboard.words import word


def anew(here: Here, figures: Sequence[Figure]) -> list[tuple[int, Rebasing]]:
    """Of a course of months the places at which its limits begin anew; none where the course has no limits."""
    judged = [at for at, one in enumerate(figures) if signal_of(here, one.answer) is not None]
    if not judged:
        return []
    asked = figures[judged[0]].answer.question
    found = rebasings(here.snapshot, here.scope, asked.indicator, asked.unit)
    return [(at, one) for one in found for at in judged if figures[at].answer.question.period.first == one.month]


def said(here: Here, figures: Sequence[Figure]) -> str:
    """One sentence for every place of a course at which its limits begin anew; each begins with a blank."""
    return "".join(" " + sentence(here.format, one) for _, one in anew(here, figures))


def sentence(told: Formatter, one: Rebasing) -> str:
    """From which month, why, who decided it and when."""
    return word("usual.anew", told.lang, month=told.month(one.month), reason=one.reason(told.lang), who=one.who,
                day=told.date(one.decided))  # fmt: skip


def in_force(here: Here, figure: Figure) -> Rebasing | None:
    """The re-basing that the limits of one figure rest on; None where they are the first there were."""
    asked = figure.answer.question
    if signal_of(here, figure.answer) is None:
        return None
    every = rebasings(here.snapshot, here.scope, asked.indicator, asked.unit)
    found = [one for one in every if one.month <= asked.period.first]
    return found[-1] if found else None


def told(here: Here, figure: Figure) -> str:
    """The usual range of a month and what it rests on; empty where nothing was ever judged."""
    found = signal_of(here, figure.answer)
    if found is None:
        return ""
    anew_from = in_force(here, figure)
    parts = [_range(here, figure), sentence(here.format, anew_from) if anew_from else ""]
    return " ".join(part for part in parts if part)


def _range(here: Here, figure: Figure) -> str:
    found = signal_of(here, figure.answer)
    if found is None or found.lower is None or found.upper is None:
        return here.word("usual.none")
    measure = figure.indicator.measure
    span = here.word("pack.span", from_=here.format.bare(found.lower, measure),
                     to=here.format.value(found.upper, measure))  # fmt: skip
    return here.word("usual.range" if found.locked else "usual.provisional", span=span)
