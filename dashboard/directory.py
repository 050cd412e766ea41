"""Every indicator of the catalogue with its number, who answers for it and what it rests on: a way in for all."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import numbers, search
from dashboard.block import legal
from dashboard.export import TEXT, Column
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.intake import whole
from dashboard.query import Indicator
from dashboard.table import Table
from dashboard.words import keys

COLUMNS = ("name", "code", "value", "target", "better", "rhythm", "owner", "legal")


def listed(here: Here) -> list[Indicator]:
    """What the address searches for, or without a search everything that stands by itself, in catalogue order."""
    every = list(here.indicators.values())
    if here.view.find:
        return search.found(every, here.view.find, lambda entry: _told(here, entry))
    return [entry for entry in every if not entry.spec.get("part")]


def _told(here: Here, entry: Indicator) -> tuple[str, str, str]:
    """Code, name and everything else by which people ask for an indicator."""
    names = " ".join((entry.name_vi, entry.short_vi, entry.name_en, entry.short_en))
    more = (entry.id, entry.definition_vi, entry.definition_en, entry.owner_vi, entry.owner_en, legal(here, entry))
    return entry.code, names, " ".join(more)


def figures(here: Here, entries: Sequence[Indicator]) -> list[Figure]:
    """Their figures in this view; one that the slice of the address does not fit is left out."""
    found = numbers.many(here, [entry.id for entry in entries])
    return [found[entry.id] for entry in entries if entry.id in found]


def by_owner(shown: Sequence[Figure], lang: str) -> dict[str, list[Figure]]:
    """The figures of each desk under its name, desks in the order in which they come."""
    grouped: dict[str, list[Figure]] = {}
    for one in shown:
        grouped.setdefault(one.indicator.text("owner", lang), []).append(one)
    return grouped


def as_table(here: Here, shown: Sequence[Figure], with_owner: bool) -> Table:
    """A row per indicator; the owner where they are not all of one desk."""
    names = [name for name in COLUMNS if with_owner or name != "owner"]
    columns = tuple(Column(here.word(f"directory.{name}"), TEXT) for name in names)
    rows = [_row(here, one) for one in shown]
    texts = tuple(tuple(row[name] for name in names) for row in rows)
    return Table(columns, texts, texts)


def _row(here: Here, one: Figure) -> dict[str, str]:
    entry = one.indicator
    rhythm = f"rhythm.{entry.rhythm}"
    return {
        "name": entry.text("name", here.lang),
        "code": entry.code,
        "value": one.text,
        "target": _target(here, one),
        "better": whole(here.word(f"directory.{entry.better}")),
        "rhythm": whole(here.word(rhythm) if rhythm in keys() else entry.rhythm),
        "owner": entry.text("owner", here.lang),
        "legal": legal(here, entry),
    }


def _target(here: Here, one: Figure) -> str:
    """The target alone; that nobody has checked it stands beside it as everywhere."""
    unchecked = here.word("figure.unverified")
    told = here.format.value(one.target_plot, one.indicator.measure) if one.target_plot is not None else ""
    return f"{told} ({unchecked})" if told and unchecked in one.target else told


def address(here: Here, one: Figure) -> str:
    """Where the number of a row is explained."""
    return here.view.query(**{"find": "", "tab": "", "slice": ""} | one.address)
