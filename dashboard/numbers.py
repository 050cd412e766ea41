"""How a screen gets its figures: a name and a view in, figures with target and comparison out, in few queries.

Nothing here computes: `query` answers, `figure` words it. Names that this place's catalogue does not have are
left out, so a screen shows what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from dashboard import periods
from dashboard.figure import Figure, make_figure
from dashboard.here import Here
from dashboard.periods import MONTH, Period
from dashboard.query import TODAY, Answer, Indicator, Unit, answers, by_slice, by_unit, gather, series, slice_names
from dashboard.query.measure import facts_of
from dashboard.query.signals import Signal, limits
from dashboard.query.targets import target_of

T = TypeVar("T")
BELOW = {"category_top": "category"}
"""Slices of two levels: looking at all values of the upper one forgets which lower one was chosen."""
MONTHS = 13
"""A year and its month of comparison: what a sparkline and a trend show."""
_WINDOW = 18 + 24
"""Months to choose from on the scope bar, and the two years that are drawn before the first of them."""
_ADDED = ("rate", "count", "stock")
"""Kinds whose months cost next to nothing when measured together: parts that are only added up."""


def known(here: Here, names: Sequence[str]) -> list[str]:
    """Those of `names` that this snapshot's catalogue has and that the slice of this view fits, in order.

    A number that cannot be sliced is left out rather than shown whole under a heading that says otherwise.
    """
    asked = [name for name, _ in here.question("").slices]
    return [name for name in names if name in here.indicators and fits(here, here.indicators[name], asked)]


def fits(here: Here, entry: Indicator, slices: Sequence[str]) -> bool:
    """Whether every fact behind an indicator has these slices."""
    facts = facts_of(here.snapshot, entry) if slices else []
    return not slices or (bool(facts) and all(set(slices) <= set(slice_names(here.snapshot, fact)) for fact in facts))


def compared(here: Here) -> Period | None:
    """The period to compare with, or None where the comparison is the target alone."""
    if here.view.compare == "target":
        return None
    return periods.year_before(here.period) if here.view.compare == "year" else periods.previous(here.period)


def many(here: Here, names: Sequence[str], *, unit: str = "", period: Period | None = None) -> dict[str, Figure]:
    """One figure per name that exists, for one unit and period, with target and comparison."""
    names = known(here, names)
    if not names:
        return {}
    return remembered(here, ("many", tuple(names), unit, period), lambda: _many(here, names, unit, period))


def _many(here: Here, names: list[str], unit: str, period: Period | None) -> dict[str, Figure]:
    question = here.question(names[0], unit=unit, period=period)
    now = answers(here.snapshot, here.scope, names, question, today=here.today)
    before = compared(here) if period is None else None
    past = (
        answers(here.snapshot, here.scope, names, question.asking(period=before), today=here.today) if before else {}
    )
    return {name: figure_of(here, here.indicators[name], now[name], past.get(name)) for name in names}


def one(here: Here, name: str, *, unit: str = "", period: Period | None = None) -> Figure:
    """One figure; raises KeyError when the catalogue has no such name."""
    return many(here, [name], unit=unit, period=period)[name]


def history(here: Here, name: str, *, unit: str = "", months: int = MONTHS) -> list[Figure]:
    """The figures of `months` months up to the view's month, or to the last whole one of a longer period."""
    last = periods.holding(here.period.last, MONTH, here.period.report_day)
    if here.period.grain != MONTH:
        # A month that is still running would look like a fall.
        last = periods.latest_whole_month(min(here.period.last, here.snapshot.publication.whole_until))
    asked = periods.run_of(last, months)
    within = _window(here, asked) if here.indicators[name].kind in _ADDED else ()

    def ask() -> list[Figure]:
        found = series(
            here.snapshot, here.scope, here.question(name, unit=unit), asked, today=here.today, within=within
        )
        return [figure_of(here, here.indicators[name], answer) for answer in found]

    return remembered(here, ("history", name, unit, months), ask)


def with_history(here: Here, shown: Mapping[str, Figure]) -> list[tuple[Figure, list[Figure]]]:
    """Each of these figures beside its history, as tiles draw them; their queries are put together."""
    added = [name for name in shown if here.indicators[name].kind in _ADDED]
    if added and here.period.grain == MONTH:
        window = _window(here, periods.run_of(here.period, MONTHS))
        gather(here.snapshot, here.scope, added, here.question(added[0]), window, today=here.today)
    return [(figure, history(here, name)) for name, figure in shown.items()]


def _window(here: Here, asked: Sequence[Period]) -> Sequence[Period]:
    """All months that a choice on the scope bar may want, so that they are measured together; else those asked."""
    newest = periods.holding(here.snapshot.publication.data_until, MONTH, asked[-1].report_day)
    every = periods.run_of(newest, _WINDOW)
    return every if set(asked) <= set(every) else asked


def over(here: Here, name: str, asked: Sequence[Period]) -> list[Figure]:
    """The figures of any run of periods, in their order."""

    def ask() -> list[Figure]:
        found = series(here.snapshot, here.scope, here.question(name), asked, today=here.today)
        return [figure_of(here, here.indicators[name], answer) for answer in found]

    return remembered(here, ("over", name, tuple(asked)), ask)


def among(here: Here, name: str, units: Sequence[Unit]) -> list[Figure]:
    """One figure per unit, in their order."""
    ids = tuple(unit.unit_id for unit in units)

    def ask() -> list[Figure]:
        found = by_unit(here.snapshot, here.scope, here.question(name), ids, today=here.today)
        return [figure_of(here, here.indicators[name], answer) for answer in found]

    return remembered(here, ("among", name, ids), ask)


def sliced(here: Here, name: str, by: str) -> list[Figure]:
    """One figure per value of the slice `by`; what else the view is narrowed to stays, but for what lies below `by`."""
    kept = tuple(pair for pair in here.question(name).slices if pair[0] not in (by, BELOW.get(by)))

    def ask() -> list[Figure]:
        found = by_slice(here.snapshot, here.scope, here.question(name, slices=kept), by, today=here.today)
        return [figure_of(here, here.indicators[name], answer) for answer in found]

    return remembered(here, ("sliced", name, by), ask)


def remembered(here: Here, asked: Hashable, make: Callable[[], T]) -> T:
    """`make()`, once for everyone who may see the same and looks at the same: a snapshot never changes."""
    view = (here.period, here.unit.unit_id, here.basis, here.view.compare, here.view.slice, here.lang)
    return here.snapshot.remember(("figures", here.scope.sight, here.today, view, asked), make)


def figure_of(here: Here, entry: Indicator, answer: Answer, previous: Answer | None = None) -> Figure:
    """The figure of an answer in this view, with target and signal."""
    target = target_of(here.snapshot, entry, answer.question.unit, answer.question.period.last)
    comparison = "year" if here.view.compare == "year" else "previous"
    found = signal_of(here, answer)
    spoken = found.direction if found is not None and found.speaks else None
    return make_figure(
        entry, answer, here.lang, target=target, previous=previous, comparison=comparison, signal=spoken
    )


def signal_of(here: Here, answer: Answer) -> Signal | None:
    """What the pipelines judged of exactly this question: a whole calendar month on present boundaries."""
    question = answer.question
    whole = question.period.grain == MONTH and not question.period.report_day
    if not whole or question.basis != TODAY or question.slices:
        return None
    return limits(here.snapshot, here.scope, question.indicator, question.unit).get(question.period.first)
