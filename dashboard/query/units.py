"""A unit is a version of itself; a basis says which versions a question is asked of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from dashboard.periods import Period
from dashboard.query.question import AS_WAS, TODAY
from dashboard.snapshot import Snapshot
from dashboard.words import PersonError

TREES: Final = ("territory", "agency", "party", "peer")
COMMUNES: Final = ("commune", "ward", "town")
DISTRICTS: Final = ("district",)
UNASSIGNED: Final = "UNASSIGNED"


@dataclass(frozen=True)
class Unit:
    """One version of a unit; `valid_to` is its last day, None for both ends means that it never ends."""

    unit_id: str
    tree: str
    code: str
    kind: str
    level: int
    name_vi: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    document: str | None
    parent_id: str | None
    latitude: float | None
    longitude: float | None
    sure: bool

    def name(self, lang: str) -> str:
        """Its name in `lang`."""
        return str(getattr(self, f"name_{lang}"))

    def is_valid(self, day: date) -> bool:
        """Whether it existed on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def overlaps(self, period: Period) -> bool:
        """Whether it existed on any day of a period."""
        return (self.valid_from or period.first) <= period.last and (self.valid_to or period.last) >= period.first


@dataclass(frozen=True)
class Basis:
    """A way of counting units; `day` is the day whose units it uses, None where it is the day of the row."""

    name: str
    day: date | None
    name_vi: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Territory:
    """All units of a snapshot, and which lie below which."""

    units: dict[str, Unit]
    below: dict[str, tuple[str, ...]]
    bases: dict[str, Basis]
    carried_to: dict[str, frozenset[str]]  # basis -> every unit that the bridge carries something to
    root: str
    parents: dict[str, str | None]

    def within(self, unit: str) -> list[str]:
        """A unit and everything below it, whatever its time."""
        found = [unit]
        for at in found:
            found.extend(self.below.get(at, ()))
        return found

    def is_on(self, unit: Unit, basis: str) -> bool:
        """Whether a unit can be asked for on a basis."""
        day = self.bases[basis].day
        return day is None or unit.is_valid(day) or unit.unit_id in self.carried_to[basis]

    def roots(self) -> dict[str, tuple[str, ...]]:
        """The topmost units of every tree."""
        tops: dict[str, tuple[str, ...]] = {}
        for unit in self.units.values():
            if unit.parent_id is None:
                tops[unit.tree] = (*tops.get(unit.tree, ()), unit.unit_id)
        return tops


def territory(snapshot: Snapshot) -> Territory:
    """The units of this snapshot."""
    return snapshot.remember("territory", lambda: _load(snapshot))


def _load(snapshot: Snapshot) -> Territory:
    columns = ", ".join(field.name for field in fields(Unit))
    units = {row[0]: Unit(*row) for row in snapshot.rows(f"SELECT {columns} FROM unit ORDER BY level, code, unit_id")}
    below: dict[str, tuple[str, ...]] = {}
    for unit in units.values():
        if unit.parent_id is not None:
            below[unit.parent_id] = (*below.get(unit.parent_id, ()), unit.unit_id)
    bases = {basis.name: basis for basis in _bases(snapshot)}
    carried: dict[str, set[str]] = {name: set() for name in bases}
    for basis, unit_id in snapshot.rows("SELECT DISTINCT basis, to_unit FROM bridge"):
        carried.setdefault(basis, set()).add(unit_id)
    parents = {unit.unit_id: unit.parent_id for unit in units.values()}
    root = str(snapshot.publication.place.get("root_unit", ""))
    return Territory(units, below, bases, {name: frozenset(ids) for name, ids in carried.items()}, root, parents)


def _bases(snapshot: Snapshot) -> Iterable[Basis]:
    yield Basis(TODAY, snapshot.publication.made_at.date())
    for reform in snapshot.publication.place.get("reforms", []):
        day = date.fromisoformat(str(reform["day"])[:10]) - timedelta(days=1)
        yield Basis(reform["basis"], day, reform["name"]["vi"], reform["name"]["en"])
    yield Basis(AS_WAS, None)


def check_basis(places: Territory, basis: str) -> None:
    """Raises PersonError naming the bases when there is none of that name."""
    if basis not in places.bases:
        raise PersonError("query.no_basis", basis=basis, bases=", ".join(places.bases))


def find_unit(places: Territory, code: str, basis: str, day: date) -> Unit:
    """The version of a unit (id or code) that exists on a basis; on `as_was` the one that existed on `day`.

    A version that exists only on another basis is returned all the same: the question about it is then
    refused with that basis in the reason. Raises PersonError for a code that no unit ever had.
    """
    check_basis(places, basis)
    exact = places.units.get(code)
    versions = [unit for unit in places.units.values() if unit.code == code]
    candidates = sorted(
        {unit.unit_id: unit for unit in ([exact] if exact else []) + versions}.values(),
        key=lambda unit: (not _suits(places, unit, basis, day), unit is not exact, TREES.index(unit.tree)),
    )
    if candidates:
        return candidates[0]
    near = get_close_matches(code, [unit.code for unit in places.units.values()], n=1)
    raise PersonError("query.no_unit_near" if near else "query.no_unit", code=code, near=near[0] if near else "")


def _suits(places: Territory, unit: Unit, basis: str, day: date) -> bool:
    return places.is_on(unit, basis) and (basis != AS_WAS or unit.is_valid(day))


def basis_for(places: Territory, unit: Unit) -> str:
    """A basis on which the unit can be asked for, the present one first."""
    return next((name for name in places.bases if places.is_on(unit, name)), AS_WAS)


def children(places: Territory, unit: str, basis: str, period: Period) -> list[Unit]:
    """The units directly below that exist on a basis (as_was: on any day of the period)."""
    found = [places.units[at] for at in places.below.get(unit, ())]
    return [one for one in found if places.is_on(one, basis) and (basis != AS_WAS or one.overlaps(period))]


def of_kinds(places: Territory, unit: str, kinds: Iterable[str], basis: str, period: Period) -> list[Unit]:
    """Units of some kinds anywhere below (or the unit itself) that exist on a basis, such as all communes."""
    wanted = frozenset(kinds)
    found = [places.units[at] for at in places.within(unit) if at != UNASSIGNED]
    return [one for one in found if one.kind in wanted and places.is_on(one, basis)
            and (basis != AS_WAS or one.overlaps(period))]  # fmt: skip
