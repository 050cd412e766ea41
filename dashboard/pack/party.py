"""Party organisations in a pack: published cells only, at their own quarter, and only for the Party's own role."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.block import caption
from dashboard.committees import cells_table, cells_told, columns_of, quarters_table, trend_told
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.pack.content import LINE, Piece, Plot, Series
from dashboard.pack.message import of_course
from dashboard.pack.pieces import definitions, quoted, target_line
from dashboard.pack.template import Slide
from dashboard.quarters import at_quarter, below, course, newest


def quarters(here: Here, slide: Slide) -> Piece | None:
    """The quarters of one indicator; a hidden quarter is a gap in the line and "×" in the table."""
    then, entry = at_quarter(here), here.indicators.get(slide.indicators[0])
    if then is None or entry is None or (until := newest(then, entry, then.period)) is None:
        return None
    found = course(then, entry, until)
    plot = None
    if any(one.plot is not None for one in found):
        names = tuple(then.format.tick(one.answer.question.period) for one in found)
        values = Series(entry.text("short", then.lang), tuple(one.plot for one in found))
        plot = Plot(LINE, entry.measure, names, (values, *target_line(then, found[-1], len(found))))
    return Piece(
        key=f"quarters_{entry.id}", title=of_course(then, found[-1]),
        heading=f"{then.word('partpage.trend_title')} {entry.text('name', then.lang)}",
        summary=trend_told(then, entry, found), table=quarters_table(then, entry, found),
        source=caption(then, [entry]), plot=plot, definitions=definitions(then, [entry]), quoted=quoted(found),
    )  # fmt: skip


def cells(here: Here, slide: Slide) -> Piece | None:
    """The organisations below the unit, a column per indicator; hidden cells have their mark and no value."""
    then = at_quarter(here)
    if then is None:
        return None
    units = below(then)
    entries = [then.indicators[name] for name in slide.indicators if name in then.indicators]
    found = columns_of(then, entries, units) if units else {}
    if not found:
        return None
    every = [one for column in found.values() for one in column]
    return Piece(
        key="cells_party", title=_hidden_told(then, len(units), every), heading=then.word("partpage.table_title"),
        summary=f"{cells_told(then, units, found)} {then.word('partpage.legend')}",
        table=cells_table(then, units, found), source=caption(then, list(found)),
        definitions=definitions(then, list(found)), quoted=quoted(every),
    )  # fmt: skip


def _hidden_told(here: Here, units: int, cells: Sequence[Figure]) -> str:
    hidden, count = sum(one.answer.suppressed for one in cells), here.format.count
    return here.word("pack.of_cells", n=count(units), hidden=count(hidden), cells=count(len(cells)))
