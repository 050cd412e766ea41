"""Party organisations side by side: a table of published cells, a fair ranking, and the course of the quarters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.block import Block
from dashboard.chart import ranking, trend
from dashboard.comparison import trimmed
from dashboard.export import TEXT, Column
from dashboard.figure import HIDDEN, Figure
from dashboard.frames import axis_of, in_fair_order, of_history, of_units, reform_break, rule
from dashboard.here import Here
from dashboard.quarters import among, course, mark
from dashboard.query import Indicator, Unit
from dashboard.table import Table, kind_of, of_figures


def columns_of(here: Here, entries: Sequence[Indicator], units: Sequence[Unit]) -> dict[Indicator, list[Figure]]:
    """The indicators of which any organisation has a cell in this quarter, shown or hidden, each with its figures."""
    found = {entry: among(here, entry, units) for entry in entries}
    return {entry: figures for entry, figures in found.items() if any(mark(one) != "–" for one in figures)}


def cells_table(here: Here, units: Sequence[Unit], found: dict[Indicator, list[Figure]]) -> Table:
    """A row per organisation, a column per indicator; a hidden cell is "×" to the eye and absent from a file."""
    heads = [Column(f"{entry.text('short', here.lang)} ({entry.code})", kind_of(entry.measure)) for entry in found]
    names = [unit.name(here.lang) for unit in units]
    rows = list(zip(*found.values(), strict=True)) or [()] * len(units)
    return Table(
        (Column(here.word("partpage.organisation"), TEXT), *heads),
        tuple((name, *(one.plot for one in row)) for name, row in zip(names, rows, strict=True)),
        tuple((name, *(mark(one) for one in row)) for name, row in zip(names, rows, strict=True)),
    )


def cells_told(here: Here, units: Sequence[Unit], found: dict[Indicator, list[Figure]]) -> str:
    """How many organisations, and how many cells had to be hidden and why."""
    every = [one for figures in found.values() for one in figures]
    hidden, count = sum(one.answer.suppressed for one in every), here.format.count
    if not hidden:
        return here.word("partpage.table_clear", n=count(len(units)))
    return here.word("partpage.table_told", n=count(len(units)), hidden=count(hidden), cells=count(len(every)))


def ranking_block(here: Here, entry: Indicator, figures: Sequence[Figure], whole: Figure) -> Block:
    """Dots with their intervals in fair order; what is hidden or too few stands apart and bears no number."""
    ordered = in_fair_order([one for one in figures if one.state not in (HIDDEN, "no_data")], _name(here))
    frame = of_units(ordered, _name(here))
    apart = frame.height - int(frame["ranked"].sum())
    known = sum(one.plot is not None for one in ordered)
    target = rule(whole.target, whole.target_plot) if whole.target_plot is not None else None
    reference = rule(here.word("partpage.whole", value=whole.text), whole.plot)
    return Block(
        key="committees_ranking",
        title=f"{here.word('partpage.rank_title')} {entry.text('name', here.lang)}",
        summary=_rank_told(here, known, whole),
        chart=ranking(trimmed(here, frame), style=here.style, axis=axis_of(entry), target=target, reference=reference,
                      apart=here.word("chart.apart", n=apart)),
        table=of_figures(here, here.word("partpage.organisation"), ordered, _name(here)),
        entries=(entry,),
    )  # fmt: skip


def _rank_told(here: Here, known: int, whole: Figure) -> str:
    if not known:
        return here.word("partpage.rank_none")
    return here.word("partpage.rank_told", n=here.format.count(known), whole=mark(whole))


def _name(here: Here) -> Callable[[Figure], str]:
    """The name of a figure's organisation, in the reader's language."""
    return lambda figure: here.places.units[figure.answer.question.unit].name(here.lang)


def trend_block(here: Here, entry: Indicator) -> Block:
    """The quarters of the unit of the view; a hidden quarter is a gap in the line and "×" in the table."""
    figures = course(here, entry, here.period)
    target = rule(figures[-1].target, figures[-1].target_plot) if figures[-1].target_plot is not None else None
    return Block(
        key="committees_trend",
        title=f"{here.word('partpage.trend_title')} {entry.text('name', here.lang)}",
        summary=trend_told(here, entry, figures),
        chart=trend(of_history(here, figures), style=here.style, axis=axis_of(entry), target=target,
                    breaks=reform_break(here, figures)),
        table=quarters_table(here, entry, figures),
        entries=(entry,),
        native="line",
    )  # fmt: skip


def trend_told(here: Here, entry: Indicator, figures: Sequence[Figure]) -> str:
    """First and last quarter with a number, and how many are hidden."""
    known = [one for one in figures if one.plot is not None]
    name = entry.text("name", here.lang)
    if len(known) < 2:
        return here.word("partpage.trend_few", name=name)
    first, last = known[0], known[-1]
    told = here.word(
        "partpage.trend_told", name=name, first=first.text, first_at=here.format.tick(first.answer.question.period),
        last=last.text, last_at=here.format.tick(last.answer.question.period),
    )  # fmt: skip
    hidden = sum(one.answer.suppressed for one in figures)
    return told + (" " + here.word("partpage.trend_hidden", n=here.format.count(hidden)) if hidden else "")


def quarters_table(here: Here, entry: Indicator, figures: Sequence[Figure]) -> Table:
    """Quarter, value or mark, parts."""
    columns = (
        Column(here.word("partpage.quarter")), Column(here.word("chart.value"), kind_of(entry.measure)),
        Column(here.word("chart.parts")),
    )  # fmt: skip
    names = [here.format.period(one.answer.question.period) for one in figures]
    return Table(
        columns,
        tuple((name, one.plot, one.parts) for name, one in zip(names, figures, strict=True)),
        tuple((name, mark(one), one.parts) for name, one in zip(names, figures, strict=True)),
    )
