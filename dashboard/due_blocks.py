"""Units by working days left, each number a way to its dossiers; the chosen cell stands in the address."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from dashboard.access import EXPORT_ROWS
from dashboard.block import Block, heading
from dashboard.carry_out import carried_out
from dashboard.export import COUNT, DAY, NUMBER, TEXT, Column
from dashboard.fold import said
from dashboard.here import Here
from dashboard.periods import on
from dashboard.query import due
from dashboard.query.due import LINES, OPEN, STILL, Case, Found, Waiting
from dashboard.scope_bar import go
from dashboard.table import Field, Table, as_html, of_records
from dashboard.words import keys

DAYS: Final = (3, 5, 10, 20)
USUAL: Final = 5
SHOWN: Final = 200  # cases on the page; a file holds all of the list
NUMERIC: Final = ' class="ioc-number"'
_PSEUDONYM: Final = 12


@dataclass(frozen=True)
class Cell:
    """Which cell is open: a line ("" none), how many working days are standing still, a unit ("" all)."""

    line: str = ""
    still: int = USUAL
    unit: str = ""

    def text(self) -> str:
        """As the address holds it; the default is nothing."""
        return "" if self == Cell() else f"{self.line or 'all'}.{self.still}.{self.unit}".rstrip(".")


def cell_of(text: str) -> Cell:
    """The cell of an address; what cannot be meant is the default."""
    line, still, unit = [*text.split(".", 2), "", "", ""][:3]
    number = int(still) if still.isascii() and still.isdecimal() and int(still) in DAYS else USUAL
    return Cell(line if line in (*LINES, STILL) else "", number, unit)


def as_of(here: Here) -> Here:
    """The view at the newest day where the address names no period: a morning meeting asks about today."""
    if here.view.period:
        return here
    day = here.snapshot.publication.data_until
    told = here.word("due.as_of", day=here.format.date(day))
    st.html(f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(told)}</div></div>')
    return replace(here, period=on(day))


def stillness(here: Here, cell: Cell) -> None:
    """After how many working days without a movement a dossier stands still."""
    st.session_state["due_still"] = cell.still

    def chosen() -> None:
        go(here.view, {"tab": replace(cell, still=int(st.session_state["due_still"])).text()})

    st.radio(here.word("due.still_after"), DAYS, key="due_still", horizontal=True, on_change=chosen)


def matrix_block(here: Here, cell: Cell) -> None:
    """A row per unit and one for all of them; every number that is not zero opens its dossiers."""
    found = due.waiting(here.snapshot, here.scope, here.question(OPEN), cell.still, today=here.today)
    with st.container(key="card_due"):
        if found.reason is not None:
            st.html(said(found.reason.text(here.lang)))
            return
        told = summary(here, found, cell)
        heading(here.word("due.who"), f"{told} {here.word('due.click')}")
        shown = Block("due", here.word("due.who"), told, {}, matrix(here, found), (here.indicators[OPEN],), native="")
        st.html(f'<div class="ioc-tall">{linked(here, shown.table, found, cell)}</div>')
        carried_out(here, shown)


def summary(here: Here, found: Found, cell: Cell) -> str:
    """The day that is looked at, and what is most urgent on it."""
    whole = together(found)
    count = here.format.count
    return here.word(
        "due.told", day=here.format.date(found.day), total=count(whole.total), overdue=count(whole.lines["overdue"]),
        soon=count(sum(whole.lines[line] for line in ("today", "d1"))), still=count(whole.still), n=count(cell.still),
    )  # fmt: skip


def together(found: Found) -> Waiting:
    """All units as one."""
    lines = {line: sum(one.lines[line] for one in found.units) for line in LINES}
    return Waiting("", lines, sum(one.still for one in found.units))


def matrix(here: Here, found: Found) -> Table:
    """The whole first, then the units, most urgent first."""
    columns = (
        Column(here.word("chart.unit"), TEXT), *(Column(here.word(f"due.{line}"), COUNT) for line in LINES),
        Column(here.word("due.open"), COUNT), Column(here.word("due.still"), COUNT),
    )  # fmt: skip
    rows = [together(found), *found.units]
    names = [unit_name(here, one.unit) for one in rows]
    counts = [[*(one.lines[line] for line in LINES), one.total, one.still] for one in rows]
    return Table(
        columns,
        tuple((name, *row) for name, row in zip(names, counts, strict=True)),
        tuple((name, *map(here.format.count, row)) for name, row in zip(names, counts, strict=True)),
    )


def unit_name(here: Here, unit: str) -> str:
    """A unit's name; "" is all of them."""
    known = here.places.units.get(unit)
    return here.name(known) if known else unit or here.word("due.all")


def linked(here: Here, told: Table, found: Found, cell: Cell) -> str:
    """The table with a link in every cell that counts something."""
    units = ["", *(one.unit for one in found.units)]
    names = [*LINES, "", STILL]
    head = "".join(f"<th{NUMERIC if column.kind != TEXT else ''}>{html.escape(column.name)}</th>"
                   for column in told.columns)  # fmt: skip
    rows = []
    for unit, texts in zip(units, told.texts, strict=True):
        cells = [_cell(here, text, replace(cell, line=line, unit=unit))
                 for text, line in zip(texts[1:], names, strict=True)]  # fmt: skip
        rows.append(f"<tr><td>{html.escape(texts[0])}</td>{''.join(cells)}</tr>")
    return (f'<div class="ioc ioc-scroll"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")  # fmt: skip


def _cell(here: Here, text: str, to: Cell) -> str:
    if text == "0" or not to.line:
        return f'<td class="ioc-number">{html.escape(text)}</td>'
    address = html.escape(here.view.query(tab=to.text()))
    return f'<td class="ioc-number"><a class="ioc-link" data-go href="{address}">{html.escape(text)}</a></td>'


def cases_block(here: Here, cell: Cell) -> None:
    """The dossiers of the chosen cell, by pseudonym."""
    found = due.cases(
        here.snapshot, here.scope, here.question(OPEN), cell.still, cell.line, cell.unit, today=here.today)  # fmt: skip
    question = here.word("due.cases", unit=unit_name(here, cell.unit), line=here.word(f"due.{cell.line}").lower())
    with st.container(key="card_due_cases"):
        if found.reason is not None:
            heading(question, found.reason.text(here.lang))
            return
        told = cases_table(here, found.cases)
        heading(question, told_of(here, found, SHOWN))
        st.html(as_html(Table(told.columns, told.cells[:SHOWN], told.texts[:SHOWN])))
        if here.scope.may(EXPORT_ROWS):
            entries = (here.indicators[OPEN],)
            carried_out(here, Block("due_cases", question, told_of(here, found), {}, told, entries, native=""))
        else:
            st.html(said(here.word("due.no_rows_export"), small=True))


def told_of(here: Here, found: Found, most: int | None = None) -> str:
    """How many of the cell's dossiers are listed: on the page the first `most`, in a file all that were found."""
    shown = here.format.count(min(len(found.cases), most or len(found.cases)))
    return here.word("due.cases_told", shown=shown, total=here.format.count(found.total))


def cases_table(here: Here, listed: tuple[Case, ...]) -> Table:
    """A row per dossier: pseudonym, unit, procedure, state, step where known, days, working days left and idle."""
    fields: list[Field[Case]] = [
        ("case.case_id", TEXT, lambda one: one.case_id[:_PSEUDONYM]),
        ("case.unit", TEXT, lambda one: unit_name(here, one.unit)),
        ("case.procedure_code", TEXT, lambda one: one.procedure),
        ("case.status", TEXT, lambda one: _state(here, one.status)),
        *_standing(here, listed),
        ("case.received_on", DAY, lambda one: one.received_on),
        ("case.due_on", DAY, lambda one: one.due_on),
        ("due.left", NUMBER, lambda one: one.left),
        ("due.idle", NUMBER, lambda one: one.idle),
    ]
    return of_records(here, fields, listed)


def _standing(here: Here, listed: tuple[Case, ...]) -> list[Field[Case]]:
    """The step and the position of the holder, each where any source says so; a name is never among them."""
    step = ("due.step", TEXT, lambda one: one.step and here.value_name("step", one.step))
    holder = ("due.holder", TEXT, lambda one: one.holder and here.value_name("position", one.holder))
    return [*([step] if any(one.step for one in listed) else []),
            *([holder] if any(one.holder for one in listed) else [])]  # fmt: skip


def _state(here: Here, status: str) -> str:
    key = f"case_status.{status}"
    return here.word(key) if key in keys() else status
