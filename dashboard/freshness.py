"""Which sources keep their rhythm: one table of their state today, one strip of their last sixty days."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.block import Block
from dashboard.chart import heat
from dashboard.export import DAY, TEXT, Column
from dashboard.here import Here
from dashboard.intake import source_names, whole
from dashboard.query.coverage import silence
from dashboard.query.filings import Sender, next_due, senders
from dashboard.query.punctuality import HISTORY, LATE, MISSING, QUIET, RECEIVED, REFUSED, DayOfSource, strip
from dashboard.table import Table

DAYS: Final = 60
# state -> (token of the palette, mark written into the cell): a state never rests on colour alone
MARKS: Final = {
    QUIET: ("line", ""),
    RECEIVED: ("better", "●"),
    HISTORY: ("second", "○"),
    LATE: ("worse", "▼"),
    MISSING: ("worse", "–"),
    REFUSED: ("third", "◆"),
}


def lateness(here: Here, sender: Sender) -> int:
    """By how many days (working days for a daily source) a source is late today; not positive while in rhythm."""
    return silence(here.snapshot, sender.data_until, here.today, sender.rhythm)


def state_of(here: Here, sender: Sender) -> str:
    """Shape and word of a source's state."""
    if sender.data_until is None:
        return here.word("filing_state.never")
    late = lateness(here, sender)
    if late <= 0:
        return here.word("filing_state.fresh")
    key = "behind_working" if sender.rhythm == "daily" else "behind"
    return here.word(f"filing_state.{key}", n=here.format.count(late))


def freshness(here: Here) -> Table:
    """One row per source: state by its own rhythm, owner, last file, how far its data reach, when the next is due."""
    names = ("source", "state", "rhythm", "last_file", "until", "due", "owner")
    kinds = {"until": DAY, "due": DAY}
    columns = tuple(Column(here.word(f"intake.{name}"), kinds.get(name, TEXT)) for name in names)
    cells, texts = [], []
    for one in senders(here.snapshot, here.scope):
        due = next_due(here.snapshot, one.data_until, one.rhythm)
        came = whole(here.format.moment(one.last_received_at))
        head = (one.name(here.lang), whole(state_of(here, one)), whole(here.word(f"rhythm.{one.rhythm}")), came)
        cells.append((*head, one.data_until, due, one.owner(here.lang)))
        texts.append((*head, here.format.date(one.data_until), here.format.date(due), one.owner(here.lang)))
    return Table(columns, tuple(cells), tuple(texts))


def strip_block(here: Here) -> Block:
    """The heat strip: a row per source, a column per day, a mark per state."""
    days = strip(here.snapshot, here.scope, here.today, DAYS)
    names = source_names(here)
    frame = pl.DataFrame(
        [
            {
                "x": _tick(here, one), "y": names[one.source], "state": one.state, "value": None,
                "text": here.word(f"filing_state.{one.state}"), "detail": ", ".join(one.files),
                "code": one.source,
            }
            for one in days
        ],
        schema=dict.fromkeys(("x", "y", "state", "value", "text", "detail", "code"), pl.String),
    )  # fmt: skip
    return Block(
        key="source_days",
        title=here.word("intake.strip_title"),
        summary=_told(here, days),
        chart=heat(frame, style=here.style, states=MARKS) if days else {},
        table=_days_table(here, days, names),
        entries=(),
        native="",
    )


def _tick(here: Here, one: DayOfSource) -> str:
    """A day as the axis writes it; the year is in the caption and would not fit sixty times."""
    return f"{one.day.day:02d}/{one.day.month:02d}"


def _told(here: Here, days: list[DayOfSource]) -> str:
    many = {state: sum(one.state == state for one in days) for state in MARKS}
    count = here.format.count
    return here.word(
        "intake.strip_told", days=DAYS, received=count(many[RECEIVED] + many[HISTORY]), late=count(many[LATE]),
        refused=count(many[REFUSED]), missing=count(many[MISSING]),
    )  # fmt: skip


def _days_table(here: Here, days: list[DayOfSource], names: dict[str, str]) -> Table:
    """The strip as a table: only days that say something, newest first."""
    columns = (
        Column(here.word("intake.day"), DAY), Column(here.word("intake.source")), Column(here.word("intake.state")),
        Column(here.word("intake.file")),
    )  # fmt: skip
    told = [one for one in reversed(days) if one.state != QUIET]
    told.sort(key=lambda one: one.day, reverse=True)
    rows = [(one.day, names[one.source], here.word(f"filing_state.{one.state}"), ", ".join(one.files)) for one in told]
    return Table(columns, tuple(rows), tuple((here.format.date(day), *rest) for day, *rest in rows))


def legend(here: Here) -> str:
    """The marks of the strip in words."""
    return " · ".join(f"{mark} {here.word(f'filing_state.{state}')}" for state, (_, mark) in MARKS.items() if mark)


def shares(here: Here) -> tuple[int, int]:
    """(sources in rhythm, all sources)."""
    found = senders(here.snapshot, here.scope)
    return sum(one.data_until is not None and lateness(here, one) <= 0 for one in found), len(found)
