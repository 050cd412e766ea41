"""Who may see what, read out for whoever answers for it: every right with its limits, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dashboard.format import Formatter
from dashboard.granted import known_units
from dashboard.people import Grant, People
from dashboard.query.units import Territory
from dashboard.words import word


def lines(people: People, places: Territory, today: date, lang: str) -> Iterator[str]:
    """The door, then one line per grant in the order of the file."""
    yield word(f"people.door_{people.door}", lang)
    for one in people.grants:
        parts = [word(f"role.{one.role}", lang), _units(one, places, today, lang), _until(one, today, lang), one.why]
        name = word("people.group", lang, name=one.to) if one.is_group else one.to
        yield f"{name}: {' · '.join(part for part in parts if part)}"


def unknown(people: People, places: Territory, today: date) -> list[str]:
    """What was given of units that there never were: whoever was given nothing else sees nothing."""
    asked = [code for one in people.grants for code in one.units or ()]
    return [code for code, unit in known_units(places, asked, today).items() if unit is None]


def _units(one: Grant, places: Territory, today: date, lang: str) -> str:
    if one.units is None:
        return word("people.everywhere", lang)
    found = known_units(places, one.units, today)
    return ", ".join(f"{code} {unit.name(lang) if unit else '✗'}" for code, unit in found.items())


def _until(one: Grant, today: date, lang: str) -> str:
    if one.until is None:
        return ""
    key = "people.until" if one.holds(today) else "people.ended"
    return word(key, lang, day=Formatter(lang).date(one.until))
