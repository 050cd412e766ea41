"""What somebody was given becomes a scope here; what cannot be found in the snapshot gives nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dashboard.access import NOBODY, ROLES, Scope, is_within, scope_of
from dashboard.people import Grant, Visitor
from dashboard.query.question import TODAY
from dashboard.query.units import Territory, Unit, find_unit
from dashboard.words import PersonError, word


def granted(visitor: Visitor, grant: Grant | None, places: Territory, today: date, lang: str) -> Scope:
    """The scope of somebody signed in; a unit that is not there, or not the role's to see, is left out."""
    if grant is None:
        return replace(NOBODY, person=visitor.name)
    role = word(f"role.{grant.role}", lang)
    reason = word("people.granted", lang, person=visitor.name, role=role, why=grant.why)
    whole = scope_of(ROLES[grant.role], places.roots(), reason)
    units, sources = whole.units, whole.sources
    if grant.units is not None:
        parents = {unit.unit_id: unit.parent_id for unit in places.units.values()}
        found = known_units(places, grant.units, today).values()
        units = tuple(unit.unit_id for unit in found if unit and is_within(unit.unit_id, whole, parents))
    if grant.sources is not None and sources is None:
        sources = grant.sources
    return replace(whole, units=units, sources=sources, desks=grant.desks, person=visitor.name)


def known_units(places: Territory, codes: Sequence[str], today: date) -> dict[str, Unit | None]:
    """The present version of each unit by what it was called; None where there never was one."""
    found: dict[str, Unit | None] = {}
    for code in codes:
        try:
            found[code] = find_unit(places, code, TODAY, today)
        except PersonError:
            found[code] = None
    return found
