"""What every meeting asks beside its desks: what was agreed, what is new, what will be late, what to trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard import agreed, numbers
from dashboard.access import STATE, TASKS
from dashboard.block import caption
from dashboard.due_blocks import USUAL, matrix, together, unit_name
from dashboard.export import NUMBER, Column
from dashboard.figure import BETTER, SHAPES, WORSE, Figure
from dashboard.here import Here
from dashboard.pack.content import BAR, STACK, Piece, Plot, Series
from dashboard.pack.pieces import MOST, definitions, quoted
from dashboard.periods import Period, latest_whole_month, on, previous
from dashboard.query import TODAY, due
from dashboard.query.due import OPEN, Found
from dashboard.query.punctuality import records
from dashboard.query.signals import Signal, limits, speaking
from dashboard.reporting import coverage_table, coverages, sources_table
from dashboard.screens.quality import lead
from dashboard.table import Table
from dashboard.usual import in_force
from dashboard.wall.lines import since

GRAVE: Final = ("high", "medium")
SOON: Final = ("today", "d1", "d2_3", "d4_5")
DRAWN: Final = ("overdue", "today", "d1", "d2_3")
NOTHING: Final = Table((), (), ())


def tasks(here: Here) -> Piece | None:
    """Tasks still open, and those done lately; an honest empty slide when there are none."""
    if not here.scope.may(TASKS):
        return None
    heading, source = here.word("pack.title_tasks"), caption(here, ())
    still, done = agreed.still_open(here), agreed.lately_done(here)
    if not still and not done:
        return Piece("tasks", here.word("pack.no_tasks"), heading, here.word("pack.no_tasks_told"), NOTHING, source)
    count = here.format.count
    late = sum(one.is_overdue(here.today) for one in still)
    title = here.word("pack.tasks", open=count(len(still)), late=count(late), done=count(len(done)))
    return Piece("tasks", title, heading, agreed.told(here, still), agreed.tasks_table(here, [*still, *done]), source)


def signals(here: Here) -> Piece | None:
    """Grave signals for the worse of the last whole month, the new ones first; none is a legal, short slide."""
    if not here.scope.answers(STATE):
        return None
    month = latest_whole_month(min(here.period.last, here.snapshot.publication.whole_until))
    then = replace(here, period=month, basis=TODAY)
    told, heading = here.format.period(month), here.word("pack.title_signals")
    source = caption(then, ())
    spoken = _within(here, month)
    if not spoken:
        key = "pack.no_signals" if _is_judged(here, month) else "pack.no_judgement"
        title = here.word(key, period=told)
        return Piece("signals", title, heading, f"{title}.", NOTHING, source)
    before = {(one.indicator, one.unit, one.direction) for one in _within(here, previous(month))}
    grave = [one for one in spoken if one.direction == WORSE and one.severity in GRAVE]
    fresh = [one for one in grave if (one.indicator, one.unit, one.direction) not in before]
    ordered = fresh + [one for one in grave if one not in fresh]
    count = here.format.count
    better = sum(one.direction == BETTER for one in spoken)
    summary = here.word("pack.signals_told", period=told, light=count(len(spoken) - len(grave) - better),
                        better=count(better))  # fmt: skip
    title = here.word("pack.signals", new=count(len(fresh)), still=count(len(grave) - len(fresh)))
    shown = _figures(then, ordered)
    return Piece(
        "signals", title if grave else here.word("pack.no_signals", period=told), heading, summary,
        _signals_table(then, ordered, shown, len(fresh)), source,
        definitions=definitions(then, [one.indicator for one in shown]), quoted=quoted(shown),
        measures=tuple(one.indicator.measure for one in shown),
    )  # fmt: skip


def _within(here: Here, month: Period) -> list[Signal]:
    """The signals of a month about this unit and everything below it, of indicators that the catalogue still has."""
    own = set(here.places.within(here.unit.unit_id))
    found = speaking(here.snapshot, here.scope, month.first)
    return [one for one in found if one.unit in own and one.indicator in here.indicators]


def _is_judged(here: Here, month: Period) -> bool:
    """Whether the pipelines judged anything of this unit in a month; silence of what nobody judged is no calm."""
    return any(month.first in limits(here.snapshot, here.scope, name, here.unit.unit_id) for name in here.indicators)


def _figures(here: Here, signals: Sequence[Signal]) -> list[Figure]:
    """The figure of every signal, as its tile shows it; asked once per indicator."""
    found: dict[tuple[str, str], Figure] = {}
    for name in dict.fromkeys(one.indicator for one in signals):
        units = [here.places.units[one.unit] for one in signals if one.indicator == name]
        found |= {(name, unit.unit_id): one
                  for unit, one in zip(units, numbers.among(here, name, units), strict=True)}  # fmt: skip
    return [found[one.indicator, one.unit] for one in signals]


def _signals_table(here: Here, signals: Sequence[Signal], shown: Sequence[Figure], fresh: int) -> Table:
    names = ("chart.unit", "pack.indicator", "chart.value", "pack.usual_limits", "pack.weight", "pack.is_new")
    columns = tuple(Column(here.word(name), *([NUMBER] if name == "chart.value" else [])) for name in names)
    cells, texts = [], []
    for at, (one, figure) in enumerate(zip(signals, shown, strict=True)):
        weight = here.word(f"pack.severity_{one.severity}")
        age = here.word("pack.new") if at < fresh else since(here, one) or here.word("pack.continuing")
        rest = (_limits(here, one, figure), f"{SHAPES[WORSE]} {weight}", age)
        front = (here.name(here.places.units[one.unit]), figure.short)
        cells.append((*front, figure.plot, *rest))
        texts.append((*front, figure.text, *rest))
    return Table(columns, tuple(cells), tuple(texts))


def _limits(here: Here, one: Signal, figure: Figure) -> str:
    measure = figure.indicator.measure
    if one.lower is None or one.upper is None:
        return ""
    span = here.word("pack.span", from_=here.format.bare(one.lower, measure), to=here.format.value(one.upper, measure))
    anew = in_force(here, figure)
    return here.word("usual.from_month", span=span, month=here.format.month(anew.month)) if anew else span


def due_soon(here: Here) -> Piece | None:
    """Units by working days left at the newest day of the data; nothing where dossiers may not be asked about."""
    if not here.scope.answers(STATE) or not numbers.known(here, [OPEN]):
        return None
    then = replace(here, period=on(here.snapshot.publication.data_until))
    found = due.waiting(then.snapshot, then.scope, then.question(OPEN, slices=()), USUAL, today=then.today)
    if found.reason is not None:
        return None
    whole, count = together(found), here.format.count
    entry = here.indicators[OPEN]
    soon = sum(whole.lines[line] for line in SOON)
    return Piece(
        "due", here.word("pack.of_due", overdue=count(whole.lines["overdue"]), soon=count(soon)),
        here.word("pack.due_ask"),
        here.word("pack.due_told", day=here.format.date(found.day), total=count(whole.total), still=count(whole.still),
                  n=count(USUAL)),
        matrix(then, found), caption(then, [entry]), _due_plot(then, found), definitions(then, [entry]),
    )  # fmt: skip


def _due_plot(here: Here, found: Found) -> Plot | None:
    urgent = [one for one in found.units if any(one.lines[line] for line in DRAWN)][:MOST]
    if not urgent:
        return None
    series = tuple(
        Series(here.word(f"due.{line}"), tuple(float(one.lines[line]) for one in urgent)) for line in DRAWN
    )
    return Plot(STACK, "count", tuple(unit_name(here, one.unit) for one in urgent), series)


def coverage(here: Here) -> Piece | None:
    """Who has sent of those who should, per kind of data; the state of the quarantine in a sentence."""
    found = coverages(here)
    if not found:
        return None
    gaps = sum(one.sent < one.expected for _, _, one in found)
    title = here.word("pack.of_coverage" if gaps else "pack.of_coverage_all", n=here.format.count(gaps))
    told = coverage_table(here, found)
    return Piece("coverage", title, here.word("pack.coverage_ask"), lead(here), told, caption(here, ()))


def sources(here: Here) -> Piece | None:
    """How the sources kept their rhythm in the last sixty days."""
    found = records(here.snapshot, here.scope, here.today)
    if not found or not here.scope.answers(here.snapshot.clearance):
        return None
    told, count = sources_table(here), here.format.count
    judged = [(row[0], one.share) for row, one in zip(told.texts, found, strict=True) if one.share is not None]
    late = sum(share < 1 for _, share in judged)
    key = "of_sources" if late else "of_sources_none" if len(judged) == len(found) else "of_sources_unknown"
    title = here.word(f"pack.{key}", n=count(late), all=count(len(found)))
    plot = None
    if judged:
        series = Series(here.word("intake.in_time"), tuple(share for _, share in judged))
        plot = Plot(BAR, "percent", tuple(name for name, _ in judged), (series,))
    return Piece("sources", title, here.word("pack.sources_ask"), lead(here), told, caption(here, ()), plot)
