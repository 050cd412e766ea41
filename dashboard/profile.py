"""The profile of a unit, the same for paper and screen: who it is, how it stands, what stands out, what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard import agreed, numbers, spine
from dashboard.figure import BETTER, NO_DATA, WORSE, Figure
from dashboard.followup import Task
from dashboard.here import Here
from dashboard.intake import fact_name
from dashboard.origin import origin
from dashboard.periods import MONTH
from dashboard.query import AS_WAS, TODAY, Unit
from dashboard.query.signals import speaking
from dashboard.scope_bar import basis_name

COUNTS: Final = ("dossiers_received", "dossiers_overdue", "tickets_received", "tickets_open")
COURSES: Final = ("dossiers_on_time", "online_share_of_full", "dossiers_received", "tickets_on_time_closed",
                  "tickets_received")  # fmt: skip
MOST: Final = 3
"""Courses beside each other: the first of which the unit has anything."""
MONTHS: Final = 25
"""Two years and a month: the reform stands inside, with a year before it."""
NAMED: Final = 4
"""Signals told in a sentence; the rest is counted."""


@dataclass(frozen=True)
class Profile:
    """Everything a profile shows. `strong` and `weak` are sentences made from signals, or say that there are none.

    `is_judged` is False where no signal can have been reckoned; both sentences then say why.
    """

    unit: Unit
    name: str
    origin: str
    peers: tuple[str, ...]
    counts: tuple[Figure, ...]
    rows: tuple[spine.Row, ...]
    is_judged: bool
    strong: str
    weak: str
    courses: tuple[tuple[Figure, ...], ...]
    basis: str
    tasks: tuple[Task, ...]
    quality: tuple[tuple[str, str], ...]


def profile(here: Here) -> Profile:
    """The profile of the unit of this view; numbers that its kind does not have are left out."""
    strong, weak = sentences(here)
    rows = spine.rows(here)
    return Profile(
        here.unit, here.name(here.unit), origin(here, here.unit), tuple(here.name(one) for one in spine.peers(here)),
        tuple(counts(here)), tuple(rows), is_judged(here), strong, weak, tuple(courses(here)), basis_told(here),
        tuple(agreed.still_open(here)), tuple(quality(here, rows)),
    )  # fmt: skip


def counts(here: Here) -> list[Figure]:
    """The few counts that say how large the work is."""
    names = numbers.known(spine.plain(here), COUNTS)
    units = spine.kin(here)
    at = units.index(here.unit)
    return [numbers.among(spine.plain(here), name, units)[at] for name in names]


def courses(here: Here) -> list[tuple[Figure, ...]]:
    """The months of a few indicators, carried over the reform to the boundaries of this view."""
    own = spine.plain(here, here.unit.unit_id)
    found: list[tuple[Figure, ...]] = []
    for name in numbers.known(own, COURSES):
        figures = tuple(numbers.history(own, name, months=MONTHS)) if len(found) < MOST else ()
        found += [figures] if any(one.plot for one in figures) else []
    return found


def basis_told(here: Here) -> str:
    """Which boundaries the months stand on, and what that does to those on the other side of the reform."""
    day = here.reform_day()
    if day is None:
        return basis_name(here, here.basis)
    key = {TODAY: "profile.basis_today", AS_WAS: "profile.basis_as_was"}.get(here.basis, "profile.basis_before")
    return here.word(key, day=here.format.date(day))


def sentences(here: Here) -> tuple[str, str]:
    """Strengths and concerns; only signals speak, and where none can have been reckoned that is said."""
    if not is_judged(here):
        told = here.word("profile.not_judged")
        return told, told
    return _sentence(here, BETTER, "profile.strong_none"), _sentence(here, WORSE, "profile.weak_none")


def is_judged(here: Here) -> bool:
    """Whether the pipelines judge what this view shows: a calendar month on present boundaries."""
    return here.period.grain == MONTH and not here.period.report_day and here.basis == TODAY


def _sentence(here: Here, direction: str, none: str) -> str:
    found = signals(here, direction)
    if not found:
        return here.word(none)
    joined = "; ".join(f"{one.short} {one.text}" for one in found[:NAMED])
    rest = len(found) - NAMED
    return here.word("profile.more", told=joined, n=here.format.count(rest)) if rest > 0 else joined


def signals(here: Here, direction: str) -> list[Figure]:
    """What a rule spoke of for this unit and month, the gravest first; of too few cases nothing is said."""
    found = speaking(here.snapshot, here.scope, here.period.first)
    mine = [one.indicator for one in found if one.unit == here.unit.unit_id and one.direction == direction]
    own = spine.plain(here, here.unit.unit_id)
    return [one for one in numbers.many(own, mine).values() if one.plot is not None]


def quality(here: Here, rows: Sequence[spine.Row]) -> list[tuple[str, str]]:
    """How far the numbers of this page can be trusted: who sent, until when, how much is estimated."""
    figures = [*counts(here), *(one.figure for one in rows)]
    first = {one.indicator.fact: one for one in reversed(figures) if one.indicator.fact}
    facts = list(dict.fromkeys(one.indicator.fact for one in figures if one.indicator.fact))
    told = [(fact_name(here, fact), first[fact]) for fact in facts]
    found = [(here.word("profile.coverage"), _each(told, lambda one: one.coverage or here.word("profile.nobody"))),
             (here.word("profile.fresh"), _each(told, lambda one: one.age or here.word("figure.no_data")))]  # fmt: skip
    share = max((one.figure.answer.estimated_share for one in rows), default=0.0)
    few = sum(one.figure.state == "too_few" for one in rows)
    none = sum(one.figure.state == NO_DATA for one in rows)
    found.append((here.word("profile.estimated"), here.word("profile.at_most", share=here.format.percent(share))))
    found.append((here.word("profile.few"), here.word("profile.few_told", few=here.format.count(few),
                                                      none=here.format.count(none), all=len(rows))))  # fmt: skip
    return [(name, words) for name, words in found if words]


def _each(told: Sequence[tuple[str, Figure]], text: Callable[[Figure], str]) -> str:
    return "; ".join(f"{name}: {text(one)}" for name, one in told)
