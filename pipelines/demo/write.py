"""The demo in one sentence: every dossier, ticket and Party report of three years, exported bit by bit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

from pipelines.demo.announcements import write_announcements
from pipelines.demo.calibration import MONTHS
from pipelines.demo.documents import write_documents
from pipelines.demo.dossiers import write_dossiers
from pipelines.demo.filings import World, weigh_procedures
from pipelines.demo.finance_sheet import write_finance
from pipelines.demo.grassroots import write_grassroots
from pipelines.demo.hotline import write_tickets
from pipelines.demo.investment import write_investment
from pipelines.demo.office import open_office
from pipelines.demo.officers import write_officers
from pipelines.demo.party_sheet import write_party
from pipelines.demo.safety import write_safety
from pipelines.demo.seats import find_seats
from pipelines.demo.statistics_sheet import write_statistics
from pipelines.demo.tasks_sheet import write_tasks
from pipelines.reference import Reference

PUBLISHED: Final = "published_indices"
Progress = Callable[[str, float], None]


def write_demo(
    inbox: Path,
    rows: int,
    seed: int,
    until: date,
    reference: Reference,
    progress: Progress,
    series: Path | None = None,
) -> None:
    """Write an inbox of `rows` invented dossiers and what belongs to them, 36 months up to `until`.

    The same arguments give the same bytes. `progress` is told what is being written and the share done.
    `series` is a folder of really published series (`data/reference/series`); its CSV files are sent along.
    """
    world = build_world(reference, seed, until)
    with ThreadPoolExecutor(1) as aside:
        others = aside.submit(_write_others, inbox, world, reference, rows)
        write_dossiers(inbox, world, rows, lambda name, share: progress(name, 0.95 * share))
        others.result()
    for file in sorted(series.glob("*.csv")) if series else ():
        (inbox / PUBLISHED).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, inbox / PUBLISHED / file.name)
    progress("1022", 1.0)


def _write_others(inbox: Path, world: World, reference: Reference, rows: int) -> None:
    write_tickets(inbox, world, reference, rows)
    write_party(inbox, world, reference)
    write_announcements(inbox, world)
    write_officers(inbox, world)
    write_statistics(inbox, world, reference)
    write_finance(inbox, world, reference)
    write_investment(inbox, world)
    write_tasks(inbox, world)
    write_documents(inbox, world, reference)
    write_safety(inbox, world, reference)
    write_grassroots(inbox, world, reference)


def build_world(reference: Reference, seed: int, until: date) -> World:
    """Weigh the units and procedures of the reference for one seed and the 36 months up to `until`."""
    months = until.year * 12 + until.month - MONTHS
    return World(
        office=open_office(reference.calendar, reference.place.office_hours),
        seats=find_seats(reference, seed),
        procedures=weigh_procedures(reference.procedures),
        reforms=tuple(reform.day for reform in reference.place.reforms),
        seed=seed,
        first=date(months // 12, months % 12 + 1, 1),
        until=until,
        zone=str(reference.place.time_zone),
    )
