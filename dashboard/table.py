"""One table serves three readers: the screen reads its texts, a file its real values, a chart its numbers."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from dashboard.export import COUNT, DAY, NUMBER, SHARE, TEXT, Cell, Column
from dashboard.figure import Figure
from dashboard.here import Here


@dataclass(frozen=True)
class Table:
    """Columns with, row by row, the value for a file (`cells`) and the text for a person (`texts`)."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]
    texts: tuple[tuple[str, ...], ...]


Row = TypeVar("Row")
Field = tuple[str, str, Callable[[Row], object]]
"""Key of the heading's word, kind of the column, and what of a record stands in it."""


def kind_of(measure: str) -> str:
    """The kind of a file's column for a measure of the catalogue."""
    return SHARE if measure == "percent" else COUNT if measure in ("count", "person") else NUMBER


def of_figures(here: Here, heading: str, figures: Sequence[Figure], name: Callable[[Figure], str]) -> Table:
    """A table of one indicator: a name per row, its value, parts, interval, coverage and how far it reaches."""
    measure = figures[0].indicator.measure if figures else "count"
    columns = (
        Column(heading, TEXT),
        Column(here.word("chart.value"), kind_of(measure)),
        Column(here.word("chart.numerator"), NUMBER),
        Column(here.word("chart.denominator"), NUMBER),
        Column(here.word("chart.interval"), TEXT),
        Column(here.word("chart.coverage"), TEXT),
    )
    cells, texts = [], []
    for figure in figures:
        answer, label = figure.answer, name(figure)
        shown = figure.plot is not None
        parts = (answer.numerator, answer.denominator) if figure.parts else (None, None)
        cells.append((label, figure.plot if shown else None, *parts, figure.interval, figure.coverage))
        written = tuple(here.format.count(part) if part is not None else "" for part in parts)
        mark = f"{figure.text} ({figure.estimated})" if figure.estimated else figure.text
        texts.append((label, mark, *written, figure.interval, figure.coverage))
    return slim(Table(columns, tuple(cells), tuple(texts)))


def of_records(here: Here, fields: Sequence[Field[Row]], listed: Sequence[Row]) -> Table:
    """A row per record: what is unknown stays empty, days and numbers are written as everywhere."""
    columns = tuple(Column(here.word(key), kind) for key, kind, _ in fields)
    cells = tuple(tuple(take(one) for _, _, take in fields) for one in listed)
    texts = tuple(tuple(_written(here, value) for value in row) for row in cells)
    return Table(columns, cells, texts)  # type: ignore[arg-type]


def _written(here: Here, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return here.format.date(value)
    return here.format.number(value) if isinstance(value, int) else str(value)


def side_by_side(
    here: Here, heading: str, names: Sequence[str], columns: Sequence[Sequence[Figure]], with_sent: bool = False
) -> Table:
    """A row per name, a column per indicator; rates with their cases, and how far the data reach where asked."""
    heads = [Column(heading, TEXT)]
    for figures in columns:
        entry = figures[0].indicator if figures else None
        heads.append(Column(figures[0].short if figures else "", kind_of(entry.measure if entry else "count")))
    heads += [Column(here.word("chart.until"), DAY)] if with_sent else []
    cells, texts = [], []
    for at, name in enumerate(names):
        row = [column[at] for column in columns]
        reached = max((one.answer.data_until for one in row if one.answer.data_until), default=None)
        told = here.format.date(reached) if reached else ""
        cells.append((name, *(one.plot for one in row), *([reached] if with_sent else [])))
        texts.append((name, *(_with_cases(one) for one in row), *([told] if with_sent else [])))
    return Table(tuple(heads), tuple(cells), tuple(texts))


def _with_cases(figure: Figure) -> str:
    """The value, and behind a rate the cases it rests on."""
    is_rate = figure.answer.interval is not None and figure.plot is not None
    shown = f"{figure.text} · {figure.n}" if is_rate else figure.text
    return f"{shown} *" if figure.estimated else shown


def slim(table: Table) -> Table:
    """The table without columns in which no row says anything."""
    keep = [at for at in range(len(table.columns)) if at < 2 or any(row[at] for row in table.texts)]
    return Table(
        tuple(table.columns[at] for at in keep),
        tuple(tuple(row[at] for at in keep) for row in table.cells),
        tuple(tuple(row[at] for at in keep) for row in table.texts),
    )


def as_html(table: Table, links: Sequence[str] = ()) -> str:
    """The table as HTML with every text escaped; `links` are addresses for the first cell of each row."""
    numbers = [column.kind != TEXT for column in table.columns]
    head = "".join(
        f"<th{_number(is_number)}>{html.escape(column.name)}</th>"
        for column, is_number in zip(table.columns, numbers, strict=True)
    )
    body = "".join(_row(row, numbers, links[at] if links else "") for at, row in enumerate(table.texts))
    return f'<div class="ioc ioc-scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(row: Sequence[str], numbers: Sequence[bool], link: str) -> str:
    cells = [
        f"<td{_number(is_number)}>{_broken(html.escape(text))}</td>"
        for text, is_number in zip(row, numbers, strict=True)
    ]
    if link:
        cells[0] = f'<td><a class="ioc-link" data-go href="{html.escape(link)}">{html.escape(row[0])}</a></td>'
    return f"<tr>{''.join(cells)}</tr>"


def _broken(text: str) -> str:
    """A name of a file may go on in the next line after each of its parts, and nowhere else."""
    return text.replace("_", "_<wbr>")


def _number(is_number: bool) -> str:
    return ' class="ioc-number"' if is_number else ""
