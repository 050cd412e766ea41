"""When people call: a grid of weekdays and hours, read for staffing."""

from __future__ import annotations

import polars as pl

from dashboard import numbers
from dashboard.block import Block, block
from dashboard.chart import heat
from dashboard.export import COUNT, Column
from dashboard.here import Here
from dashboard.query.busy import busy
from dashboard.table import Table

DAYS = range(1, 8)


def hours_block(here: Here, name: str, question: str) -> None:
    """Cases received by weekday and hour; nothing where the catalogue has no such name."""
    if not numbers.known(here, [name]):
        return
    found = busy(here.snapshot, here.scope, here.question(name))
    if not found:
        return
    hours = range(min(hour for _, hour in found), max(hour for _, hour in found) + 1)
    days = {day: here.word(f"weekday.d{day}") for day in DAYS}
    cells = [(day, hour, found.get((day, hour), 0.0)) for day in DAYS for hour in hours]
    rows = pl.DataFrame(
        [
            {"x": here.word("weekday.hour", hour=hour), "y": days[day], "value": count, "text": _text(here, count)}
            for day, hour, count in cells
        ]
    )
    top = max(cells, key=lambda cell: cell[2])
    peak = here.word("weekday.hour", hour=top[1])
    told = here.word("weekday.most", day=days[top[0]], hour=peak, n=_text(here, top[2]))
    drawn = heat(rows, style=here.style, show_text=True)
    block(here, Block(f"hours_{name}", question, told, drawn, _table(here, cells, days), (here.indicators[name],)))


def _text(here: Here, count: float) -> str:
    return here.format.count(count)


def _table(here: Here, cells: list[tuple[int, int, float]], days: dict[int, str]) -> Table:
    heads = (here.word("weekday.day"), here.word("weekday.of_day"), here.word("chart.value"))
    columns = (Column(heads[0]), Column(heads[1]), Column(heads[2], COUNT))
    named = [(days[day], here.word("weekday.hour", hour=hour), count) for day, hour, count in cells if count]
    return Table(columns, tuple(named), tuple((day, hour, _text(here, count)) for day, hour, count in named))
