"""What people wrote about the place, read once, checked against itself, and handed to every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.calendar import build_calendar
from pipelines.reference import lists, units
from pipelines.reference.place import Place, load_place

CALENDAR_FIRST = date(2005, 1, 1)
CALENDAR_LAST = date(2035, 12, 31)


@dataclass(frozen=True, eq=False)
class Reference:
    """The place and its tables; columns are those of `units.py`, `lists.py` and `pipelines.calendar`."""

    place: Place
    units: pl.DataFrame
    links: pl.DataFrame
    aliases: pl.DataFrame
    calendar: pl.DataFrame
    fields: pl.DataFrame
    procedures: pl.DataFrame
    categories: pl.DataFrame
    deadlines: pl.DataFrame
    targets: pl.DataFrame
    published_tables: tuple[lists.PublishedTable, ...]


def load_reference(data: Path) -> Reference:
    """Reads `data/place.toml` and `data/reference/`; only `units.csv` must be there, the rest may be missing.

    Raises PersonError naming file, line, column and what to do.
    """
    place, folder = load_place(data), data / "reference"
    known = units.read_units(folder / "units.csv", place.root_unit)
    fields = lists.read_fields(folder / "fields.csv")
    categories = lists.read_categories(folder / "categories.csv")
    days_off = lists.read_days_off(folder / "days_off.csv")
    return Reference(
        place=place,
        units=known,
        links=units.read_links(folder / "succession.csv", known),
        aliases=units.read_aliases(folder / "aliases.csv", known),
        calendar=build_calendar(days_off, CALENDAR_FIRST, CALENDAR_LAST),
        fields=fields,
        procedures=lists.read_procedures(folder / "procedures.csv", fields, known),
        categories=categories,
        deadlines=lists.read_deadlines(folder / "deadlines.csv", categories),
        targets=lists.read_targets(folder / "targets.csv", known),
        published_tables=lists.read_published_tables(folder / "published_tables.toml"),
    )
