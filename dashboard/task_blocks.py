"""Who owes what: units by how late their tasks are, each number a way to its tasks; the address keeps the choice."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard import numbers
from dashboard.access import EXPORT_ROWS
from dashboard.block import Block, heading
from dashboard.carry_out import carried_out
from dashboard.export import COUNT, DAY, NUMBER, TEXT, Column
from dashboard.fold import said
from dashboard.here import Here
from dashboard.query import tasks as query
from dashboard.query.tasks import LATE, LINES, OPEN, Found, Owner, Task
from dashboard.table import Field, Table, as_html, of_records

SHOWN: Final = 20  # oldest tasks on the page; a file holds all of the list
NUMERIC: Final = ' class="ioc-number"'
_PSEUDONYM: Final = 12


@dataclass(frozen=True)
class Cell:
    """Which tasks are listed: a line ("" everything late), a unit ("" all)."""

    line: str = ""
    unit: str = ""

    def text(self) -> str:
        """As the address holds it; the default is nothing."""
        return f"{self.line}.{self.unit}".strip(".") if self.line or self.unit else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that it means."""
        return (self.line,) if self.line else LATE


def cell_of(text: str) -> Cell:
    """The cell of an address; what cannot be meant is everything late."""
    line, _, unit = text.partition(".")
    return Cell(line, unit) if line in LINES else Cell("", text if "." not in text else "")


def owners_block(here: Here, cell: Cell) -> None:
    """A row per owner and one for all of them; every number that is not zero opens its tasks."""
    if not numbers.known(here, [OPEN]):
        return
    found = query.owners(here.snapshot, here.scope, here.question(OPEN), today=here.today)
    with st.container(key="card_tasks"):
        question = here.word("assigned.who")
        if found.reason is not None or not found.owners:
            heading(question, found.reason.text(here.lang) if found.reason else here.word("assigned.none_open"))
            return
        told = summary(here, found)
        heading(question, told)
        shown = Block("tasks", question, told, {}, matrix(here, found), (here.indicators[OPEN],), native="")
        st.html(f'<div class="ioc-tall">{linked(here, shown.table, found)}</div>')
        carried_out(here, shown)


def summary(here: Here, found: Found) -> str:
    """The day that is looked at, how much is late, and with how many owners."""
    whole, count = together(found), here.format.count
    owing = sum(1 for one in found.owners if one.late)
    return here.word("assigned.told", day=here.format.date(found.day), total=count(whole.total), late=count(whole.late),
                     owing=count(owing), long=count(whole.lines["late_long"]))  # fmt: skip


def together(found: Found) -> Owner:
    """All owners as one."""
    return Owner("", {line: sum(one.lines[line] for one in found.owners) for line in LINES})


def matrix(here: Here, found: Found) -> Table:
    """The whole first, then the owners, the most late first."""
    heads = ("late", *LINES, "open")
    counted = tuple(Column(here.word(f"assigned.{head}"), COUNT) for head in heads)
    rows = [together(found), *found.owners]
    counts = [(one.late, *(one.lines[line] for line in LINES), one.total) for one in rows]
    names = [owner_name(here, one.unit) for one in rows]
    return Table(
        (Column(here.word("assigned.owner"), TEXT), *counted),
        tuple((name, *row) for name, row in zip(names, counts, strict=True)),
        tuple((name, *map(here.format.count, row)) for name, row in zip(names, counts, strict=True)),
    )


def owner_name(here: Here, unit: str) -> str:
    """A unit's name; "" is all of them."""
    known = here.places.units.get(unit)
    return here.name(known) if known else unit or here.word("due.all")


def linked(here: Here, told: Table, found: Found) -> str:
    """The table with a link in every cell that counts something."""
    head = "".join(f"<th{NUMERIC if column.kind != TEXT else ''}>{html.escape(column.name)}</th>"
                   for column in told.columns)  # fmt: skip
    rows = []
    for unit, texts in zip(["", *(one.unit for one in found.owners)], told.texts, strict=True):
        cells = [_cell(here, text, line, unit) for text, line in zip(texts[1:], ["", *LINES, None], strict=True)]
        rows.append(f"<tr><td>{html.escape(texts[0])}</td>{''.join(cells)}</tr>")
    return (f'<div class="ioc ioc-scroll"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")  # fmt: skip


def _cell(here: Here, text: str, line: str | None, unit: str) -> str:
    """A number, as a link to its tasks where it counts any; the last column has none of its own."""
    if text == "0" or line is None:
        return f"<td{NUMERIC}>{html.escape(text)}</td>"
    address = html.escape(here.view.query(tab=Cell(line, unit).text()))
    return f'<td{NUMERIC}><a class="ioc-link" data-go href="{address}">{html.escape(text)}</a></td>'


def tasks_block(here: Here, cell: Cell) -> None:
    """The oldest tasks of the chosen cell, by pseudonym; without one everything that is late."""
    if not numbers.known(here, [OPEN]):
        return
    found = query.tasks(here.snapshot, here.scope, here.question(OPEN), cell.lines, cell.unit, today=here.today)
    question = here.word("assigned.listed", line=here.word(f"assigned.{cell.line or 'late'}").lower(),
                         unit=owner_name(here, cell.unit))  # fmt: skip
    with st.container(key="card_tasks_listed"):
        if found.reason is not None or not found.tasks:
            heading(question, found.reason.text(here.lang) if found.reason else here.word("assigned.none_here"))
            return
        told, table = _told(here, found, SHOWN), tasks_table(here, found.tasks)
        heading(question, told)
        st.html(as_html(Table(table.columns, table.cells[:SHOWN], table.texts[:SHOWN])))
        if here.scope.may(EXPORT_ROWS):
            entries = (here.indicators[OPEN],)
            carried_out(here, Block("tasks_listed", question, _told(here, found), {}, table, entries, native=""))
        else:
            st.html(said(here.word("due.no_rows_export"), small=True))


def _told(here: Here, found: Found, most: int | None = None) -> str:
    shown = min(len(found.tasks), most or len(found.tasks))
    return here.word("assigned.listed_told", shown=here.format.count(shown), total=here.format.count(found.total))


def tasks_table(here: Here, listed: tuple[Task, ...]) -> Table:
    """A row per task: pseudonym, owner, who gave it, subject, days, and working days late."""
    fields: list[Field[Task]] = [
        ("case.case_id", TEXT, lambda one: one.case_id[:_PSEUDONYM]),
        ("assigned.owner", TEXT, lambda one: owner_name(here, one.unit)),
        ("assigned.assigned_by", TEXT, lambda one: here.value_name("assigned_by", one.assigned_by)),
        ("assigned.subject", TEXT, lambda one: here.value_name("subject", one.subject)),
        ("assigned.received_on", DAY, lambda one: one.received_on),
        ("assigned.first_due_on", DAY, lambda one: one.first_due_on),
        ("assigned.due_on", DAY, lambda one: one.due_on),
        ("assigned.days_late", NUMBER, lambda one: one.late),
    ]
    return of_records(here, fields, listed)
