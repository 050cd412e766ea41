"""The hotline sends one document a month (once a quarter): what came in, and what has changed since the last."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from pipelines.demo.contacts import write_contacts
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.hotline_sheet import SOURCE, hotline_document, unanswered
from pipelines.demo.hotline_words import TICKETS, TICKETS_PER_DOSSIER, YEARLY_GROWTH
from pipelines.demo.office import NEVER, evening
from pipelines.demo.seats import spans_between
from pipelines.demo.story import is_export
from pipelines.demo.tickets import Desk, open_desk, report
from pipelines.demo.volume import per_part
from pipelines.reference import Reference


def write_tickets(inbox: Path, world: World, reference: Reference, rows: int) -> None:
    """Write the tickets that belong to `rows` dossiers: the real number of a province at most."""
    desk = open_desk(reference.categories, reference.deadlines)
    if not desk.categories.height:
        return
    folder = inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    spans = spans_between(world.reforms, world.first, world.until)
    sizes = per_part([_weight(world, *span) for span in spans], _tickets(rows))
    pool, case, since = None, 1, evening(world.first - timedelta(days=1))
    came: list[pl.DataFrame] = []
    for part, ((first, last), size) in enumerate(zip(spans, sizes, strict=True)):
        new = _numbered(world, desk, first, last, size, part, case)
        pool = new if pool is None else pl.concat([pool, new])
        came.append(new.select("received", "channel"))
        case += size
        if is_export(last, world.until):
            document = hotline_document(world, desk, pool, since, evening(last), last)
            write_export(folder / f"phananh_{last:%Y%m%d}.json", document.encode(), last)
            pool, since = unanswered(pool, evening(last), NEVER), evening(last)
    write_contacts(inbox, world, pl.concat(came))


def _numbered(world: World, desk: Desk, first: date, last: date, size: int, part: int, case: int) -> pl.DataFrame:
    tickets = report(world, desk, first, last, size, part)
    return tickets.with_columns(case=pl.int_range(case, case + size))


def _tickets(rows: int) -> int:
    return min(TICKETS, round(rows * TICKETS_PER_DOSSIER))


def _weight(world: World, first: date, last: date) -> float:
    years = (first - world.first).days / 365
    return ((last - first).days + 1) * (1 + YEARLY_GROWTH * years)
