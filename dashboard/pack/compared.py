"""Units beside each other on a slide: a fair order with its intervals, and who has most lying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import numbers, sentences, table
from dashboard.block import caption
from dashboard.comparison import name_of, units_of, whole_of
from dashboard.figure import Figure
from dashboard.frames import in_fair_order, is_ranked
from dashboard.here import Here
from dashboard.pack import message
from dashboard.pack.content import DOT, STACK, WHOLE, Piece, Plot, Series
from dashboard.pack.pieces import MOST, definitions, quoted, target_line
from dashboard.pack.template import Slide
from dashboard.query import Unit, of_kinds

ENDS: Final = 12
"""Units drawn at each end of a long ranking."""


def units(here: Here, slide: Slide) -> Piece | None:
    """Dots with intervals in fair order; all units in the table, both ends of them on the slide."""
    name = slide.indicators[0]
    beside = units_of(here)
    if not numbers.known(here, [name]) or len(beside) < 2:
        return None
    found = in_fair_order(numbers.among(here, name, beside), lambda one: name_of(here, one))
    whole, entry = numbers.one(here, name, unit=whole_of(here, found)), here.indicators[name]
    ranked = [one for one in found if is_ranked(one)]
    drawn = ends(ranked, here.unit)

    def label(one: Figure) -> str:
        return name_of(here, one)

    return Piece(
        key=f"units_{name}", title=message.of_units(here, found, whole, label),
        heading=here.word("pack.units_ask", name=entry.text("name", here.lang)),
        summary=_told(here, found, whole, len(ranked), len(drawn)),
        table=table.of_figures(here, here.word("chart.unit"), found, label), source=caption(here, [entry]),
        plot=_plot(here, drawn, whole) if len(ranked) >= message.LEAST else None,
        definitions=definitions(here, [entry]), quoted=quoted([whole, *found]),
    )  # fmt: skip


def ends(ranked: Sequence[Figure], own: Unit) -> list[Figure]:
    """The first and the last of a long order, and the pack's own unit wherever it stands."""
    if len(ranked) <= 2 * ENDS + 3:
        return list(ranked)
    middle = [one for one in ranked[ENDS:-ENDS] if one.answer.question.unit == own.unit_id]
    return [*ranked[:ENDS], *middle, *ranked[-ENDS:]]


def _told(here: Here, found: Sequence[Figure], whole: Figure, ranked: int, drawn: int) -> str:
    count = here.format.count
    told = [here.word("pack.units_told", apart=count(len(found) - ranked))]
    if drawn < ranked:
        told.append(here.word("pack.units_ends", n=count(drawn), all=count(len(found))))
    if all(one.answer.interval is None for one in found):
        told = [sentences.of_units(here, found, lambda one: name_of(here, one), whole)]
    return " ".join(told)


def _plot(here: Here, drawn: Sequence[Figure], whole: Figure) -> Plot | None:
    if not drawn:
        return None
    entry, many = drawn[0].indicator, len(drawn)
    series = [Series(entry.text("short", here.lang), tuple(one.plot for one in drawn))]
    series += target_line(here, whole, many)
    if whole.plot is not None:
        label = here.word("chart.whole", unit=name_of(here, whole), value=whole.text)
        series.append(Series(label, (whole.plot,) * many, WHOLE))
    intervals = [one.answer.interval for one in drawn]
    with_interval = any(intervals)
    own = [at for at, one in enumerate(drawn) if one.answer.question.unit == here.unit.unit_id]
    return Plot(
        DOT, entry.measure, tuple(name_of(here, one) for one in drawn), tuple(series),
        low=tuple(one.low if one else None for one in intervals) if with_interval else (),
        high=tuple(one.high if one else None for one in intervals) if with_interval else (),
        marked=own[0] if own else None,
    )  # fmt: skip


def waiting(here: Here, slide: Slide) -> Piece | None:
    """The units with most of the first indicator, the others on top; agencies stand among them."""
    names = numbers.known(here, slide.indicators)
    beside = units_of(here) + of_kinds(here.places, here.unit.unit_id, ("agency",), here.basis, here.period)
    if not names or len(beside) < 2:
        return None
    found = {name: numbers.among(here, name, beside) for name in names}
    order = sorted(range(len(beside)), key=lambda at: [-(found[name][at].plot or 0.0) for name in names])
    told = [at for at in order if any(found[name][at].plot for name in names)]
    entries = [here.indicators[name] for name in names]
    first = [found[names[0]][at] for at in told]

    def label(one: Figure) -> str:
        return name_of(here, one)

    columns = [[found[name][at] for at in told] for name in names]
    head = entries[0].text("name", here.lang)
    return Piece(
        key=f"waiting_{names[0]}",
        title=message.of_waiting(here, entries[0].text("short", here.lang), first[0] if first else None, label),
        heading=here.word("pack.waiting_ask", name=head), summary=sentences.of_shares(here, first, label),
        table=table.side_by_side(here, here.word("chart.unit"), [label(one) for one in first], columns),
        source=caption(here, entries), plot=_stack(here, columns) if first else None,
        definitions=definitions(here, entries), quoted=quoted([one for column in columns for one in column]),
    )  # fmt: skip


def _stack(here: Here, columns: Sequence[Sequence[Figure]]) -> Plot:
    names = tuple(name_of(here, one) for one in columns[0][:MOST])
    entry = columns[0][0].indicator
    series = tuple(
        Series(column[0].indicator.text("short", here.lang), tuple(one.plot for one in column[:MOST]))
        for column in columns
    )
    return Plot(STACK, entry.measure, names, series)
