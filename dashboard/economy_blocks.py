"""The economy as a table first: month, year to date, same period and plan of every figure, and what was told again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard import numbers, periods
from dashboard.block import Block, exports, heading
from dashboard.export import DAY, NUMBER, TEXT, Column
from dashboard.figure import Figure
from dashboard.frames import is_ranked
from dashboard.here import Here
from dashboard.owners import owners
from dashboard.query import Unit
from dashboard.query.revisions import Revision, revisions
from dashboard.table import Table, as_html

MOST: Final = 14  # figures told again that stand on the page; a file holds all of them
YEAR: Final = 12  # months looked back for them


@dataclass(frozen=True)
class Line:
    """One row: its word, and the indicators of its columns ("" where it has none)."""

    word: str
    month: str = ""
    to_date: str = ""
    growth: str = ""
    share: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The indicators in the order of the columns."""
        return (self.month, self.to_date, self.growth, self.share)


LINES: Final = (
    Line("grdp", "", "grdp_to_date", "grdp_growth"),
    Line("industry", "iip_month", "", "iip_to_date"),
    Line("retail", "retail_month", "retail_to_date", "retail_growth"),
    Line("prices", "cpi_previous_month", "cpi_december", "cpi_average"),
    Line("exports", "exports_month", "exports_to_date", "exports_growth"),
    Line("imports", "imports_month", "imports_to_date", "imports_growth"),
    Line("revenue", "revenue_month", "revenue_to_date", "revenue_growth", "revenue_of_council_estimate"),
    Line("investment", "", "investment_spent", "", "investment_spent_of_plan"),
    Line("fdi", "", "fdi_capital_to_date"),
    Line("firms", "firms_new_month", "firms_new_to_date", "firms_new_growth"),
)
TOLD: Final = tuple(name for line in LINES for name in line.names if name)


def lines_block(here: Here) -> None:
    """A row per figure, each cell the way to its explanation's numbers; nothing where no entry of them exists."""
    found = numbers.many(here, TOLD)
    shown = [line for line in LINES if any(name in found and found[name].plot is not None for name in line.names)]
    if not shown:
        return
    preliminary = sum(any(one.answer.preliminary for one in _of(line, found)) for line in shown)
    told = here.word("economy.lines_told", n=here.format.count(len(shown)), period=here.format.period(here.period),
                     preliminary=here.format.count(preliminary))  # fmt: skip
    question, table = here.word("economy.lines"), lines_table(here, shown, found)
    with st.container(key="card_economy_lines"):
        heading(question, told)
        st.html(as_html(table))
        entries = tuple(one.indicator for line in shown for one in _of(line, found))
        exports(here, Block("economy_lines", question, told, {}, table, entries, native=""))


def _of(line: Line, found: dict[str, Figure]) -> list[Figure]:
    return [found[name] for name in line.names if name in found]


def lines_table(here: Here, shown: Sequence[Line], found: dict[str, Figure]) -> Table:
    """Name, the four figures as told, the period that they are of, and whether they are final."""
    heads = ("indicator", "month", "to_date", "growth", "share", "stands_for", "state")
    columns = tuple(Column(here.word(f"economy.{head}"), TEXT if at in (0, 5, 6) else NUMBER)
                    for at, head in enumerate(heads))  # fmt: skip
    cells, texts = [], []
    for line in shown:
        figures = [found.get(name) for name in line.names]
        known = [one for one in figures if one is not None and one.plot is not None]
        state = here.word("economy.preliminary" if any(one.answer.preliminary for one in known) else "economy.final")
        said = (_period(here, known), state)
        name = here.word(f"economy.{line.word}")
        cells.append((name, *(one.plot if one else None for one in figures), *said))
        texts.append((name, *(_text(one) for one in figures), *said))
    return Table(columns, tuple(cells), tuple(texts))


def _text(one: Figure | None) -> str:
    return one.text if one is not None and one.plot is not None else ""


def _period(here: Here, figures: Sequence[Figure]) -> str:
    """The end of what the newest of the figures stands for, as an axis would write it."""
    last = max((one.answer.stands_for or here.period).last for one in figures)
    grain = periods.QUARTER if figures[0].indicator.rhythm == "quarterly" else periods.MONTH
    return here.format.tick(periods.holding(last, grain))


def investors(here: Here) -> list[Unit]:
    """Every unit to which the year's plan entrusts anything, departments and territories, the chosen one among them."""
    below = owners(here)
    if not numbers.known(here, ["investment_plan"]):
        return []
    planned = numbers.among(here, "investment_plan", below)
    # Who had a plan under older boundaries and has none since is no investor who lags behind.
    return [unit for unit, one in zip(below, planned, strict=True) if one.plot and is_ranked(one)]


def revised_block(here: Here) -> None:
    """What was told again otherwise in the last twelve months, the newest periods first."""
    names = numbers.known(here, TOLD)
    if not names:
        return
    since = periods.shift(periods.holding(here.period.last, periods.MONTH), 1 - YEAR).first
    found = revisions(here.snapshot, here.scope, names, here.question(names[0]), since, today=here.today)
    question, count = here.word("economy.revised"), here.format.count
    with st.container(key="card_economy_revised"):
        if not found:
            heading(question, here.word("economy.revised_none"))
            return
        told = here.word("economy.revised_told", n=count(len(found)), shown=count(min(MOST, len(found))))
        heading(question, told)
        table = revised_table(here, found)
        st.html(as_html(Table(table.columns, table.cells[:MOST], table.texts[:MOST])))
        entries = tuple(here.indicators[name] for name in names)
        exports(here, Block("economy_revised", question, told, {}, table, entries, native=""))


def revised_table(here: Here, found: Sequence[Revision]) -> Table:
    """A row per figure and period: first told when and how, how it stands now, and the difference."""
    kinds = {"indicator": TEXT, "period": TEXT, "first_on": DAY, "first": NUMBER, "now": NUMBER, "change": NUMBER,
             "state": TEXT}  # fmt: skip
    columns = tuple(Column(here.word(f"economy.{name}"), kind) for name, kind in kinds.items())
    cells, texts = [], []
    for one in found:
        entry, written = here.indicators[one.indicator], here.format
        state = here.word("economy.preliminary" if one.preliminary else "economy.final")
        name, period = entry.text("name", here.lang), _span(here, one)
        values = (written.value(one.first, entry.measure), written.value(one.now, entry.measure))
        cells.append((name, period, one.first_on, one.first, one.now, one.change, state))
        texts.append((name, period, written.date(one.first_on), *values, written.change(one.change, entry.measure),
                      state))  # fmt: skip
    return Table(columns, tuple(cells), tuple(texts))


def _span(here: Here, one: Revision) -> str:
    """The month that a figure is of, or the months since January."""
    tick = here.format.tick
    if one.period.grain != periods.RANGE:
        return tick(one.period)
    first, last = (periods.holding(day, periods.MONTH) for day in (one.period.first, one.period.last))
    return f"{tick(first)} – {tick(last)}"
