"""The few things that go wrong in every real delivery: typed dates, unknown units, doubled rows, and silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.filings import World
from pipelines.demo.story import months_before

ROWS: Final = 0.0015  # share of the rows of a spoiled file in which something goes wrong
# Months before the newest one in which a whole file goes wrong.
SHORT_ROWS_AGO: Final = 4
MISSING_COLUMN_AGO: Final = 26
SENT_TWICE_AGO: Final = 20
CUT_CELLS: Final = 5
# Communes whose system fell silent: (rank by size, days before the end).
SILENT: Final = ((0.80, 75), (0.92, 40))

Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """How one system writes: separator, style of times, and the headings that faults happen to."""

    separator: str
    style: str
    unit: str
    received: str
    ended: str
    unknown_unit: str
    byte_order_mark: bool = False

    def write(self, rows: pl.DataFrame, header: bool = True) -> str:
        """The rows as text; null becomes an empty cell."""
        text: str = rows.write_csv(separator=self.separator, datetime_format=self.style, include_header=header)
        return text


def file_text(world: World, sheet: Sheet, rows: pl.DataFrame, day: date) -> str:
    """The file of one export, with faults in a few rows at its end (the same for the same seed)."""
    ago = months_before(day, world.until)
    number = round(rows.height * ROWS) if is_spoiled(ago) else 0
    order = stream(world.seed, f"faults:{sheet.unit}", day.toordinal()).permutation(rows.height)
    spoiled = rows[order[:number]]
    clean = rows[np.sort(order[number:])] if number else rows
    lines = list(csv.reader(io.StringIO(sheet.write(spoiled, header=False)), delimiter=sheet.separator))
    faults = _faults(sheet, rows.columns)
    if ago != SHORT_ROWS_AGO:
        faults = faults[1:]
    bad = [row for place, line in enumerate(lines) for row in faults[(place + ago) % len(faults)](line)]
    end = io.StringIO()
    csv.writer(end, delimiter=sheet.separator, lineterminator="\n").writerows(bad)
    return sheet.write(clean) + end.getvalue()


def is_spoiled(ago: int) -> bool:
    """Whether rows go wrong in the file of so many months ago: the newest, every third, of old ones every other."""
    return ago == 0 or ago % 3 == 1 or ago % 6 == 5


def _faults(sheet: Sheet, columns: list[str]) -> list[Callable[[Row], list[Row]]]:
    """What may happen to a row, each giving the rows that are sent in its place; cut rows come first."""
    unit, received, ended = (columns.index(name) for name in (sheet.unit, sheet.received, sheet.ended))

    def impossible_day(row: Row) -> list[Row]:
        when = datetime.strptime(row[received], sheet.style)
        return [_with(row, received, sheet.style.replace("%m", "02").replace("%d", "31"), when)]

    def unknown_unit(row: Row) -> list[Row]:
        return [_with(row, unit, sheet.unknown_unit)]

    def doubled(row: Row) -> list[Row]:
        return [row, row]

    def ended_before_received(row: Row) -> list[Row]:
        when = datetime.strptime(row[received], sheet.style) - timedelta(days=9)
        return [_with(row, ended, sheet.style, when)] if row[ended] else [row]

    def cut(row: Row) -> list[Row]:
        return [row[:-CUT_CELLS]]

    return [cut, impossible_day, unknown_unit, doubled, ended_before_received]


def _with(row: Row, place: int, text: str, when: datetime | None = None) -> Row:
    return [*row[:place], when.strftime(text) if when else text, *row[place + 1 :]]


def without_silent(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """Drop what the silent communes should have sent (`rows` of `view.changed`)."""
    units = world.seats.on(world.until, "commune").sort("weight", "seat", descending=[True, False])
    for rank, days in SILENT:
        if units.height:
            seat = units["seat"][int(rank * units.height)]
            since = world.until - timedelta(days=days)
            rows = rows.filter((pl.col("unit") != seat) | (pl.col("updated").dt.date() < since))
    return rows


def other_files(day: date, until: date, name: str, text: str) -> dict[str, str]:
    """Besides an export: its first attempt with a heading lost, or the same bytes again under a new name."""
    ago, stem = months_before(day, until), name.removesuffix(".csv")
    if ago == MISSING_COLUMN_AGO:
        return {f"{stem}_ban_dau.csv": _without_a_column(text)}
    if ago == SENT_TWICE_AGO:
        return {f"{stem}_gui_lai.csv": text}
    return {}


def _without_a_column(text: str) -> str:
    """The file as somebody sent it who had deleted the column of case numbers."""
    separator = ";" if ";" in text.partition("\n")[0] else ","
    return "".join(line.partition(separator)[2] for line in text.splitlines(keepends=True))
