"""Whoever may owe a task, handle a document or spend a plan: departments and territories, each among its like."""

from __future__ import annotations

from dashboard.comparison import units_of
from dashboard.here import Here
from dashboard.query import Unit, of_kinds


def owners(here: Here) -> list[Unit]:
    """Departments, then territories below the chosen unit; one of them is set among all the others of the place."""
    agencies = of_kinds(here.places, here.unit.unit_id, ("agency",), here.basis, here.period)
    if here.unit in agencies:
        return of_kinds(here.places, here.places.root, ("agency",), here.basis, here.period)
    return [*agencies, *units_of(here)]
