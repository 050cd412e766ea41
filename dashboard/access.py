"""Nobody sees anything by default: a scope says who asks, what they may see, and why they may."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dashboard.words import PersonError, word

STATE, PARTY = "state", "party"
PARTY_TREE = "party"
DEFAULT_ROLE: Final = "state"  # of the command line: state aggregates and no rows

AGGREGATES, ROWS, FILTERS = "aggregates", "rows", "filters"
EXPORT, EXPORT_ROWS, PACK, PACK_ALL = "export", "export_rows", "pack", "pack_all"
QUARANTINE, CHECK, AUDIT, HEALTH, TABLES = "quarantine", "check", "audit", "health", "tables"
TASKS: Final = "tasks"  # read the tasks agreed, agree new ones, and say that one is done


@dataclass(frozen=True)
class Role:
    """One line of the matrix: clearances, and what may be done with what they show."""

    name: str
    clearances: frozenset[str]
    verbs: frozenset[str]


def _role(name: str, clearances: str, verbs: str) -> Role:
    return Role(name, frozenset(clearances.split()), frozenset(verbs.split()))


# Who sees what; a test walks every cell of it. `state` is the command line without a role.
ROLES: Final[Mapping[str, Role]] = {
    role.name: role
    for role in (
        _role("state", "state", "aggregates filters"),
        _role("wall", "state", "aggregates"),
        _role("leader", "state", "aggregates rows filters export pack_all pack tasks"),
        _role("analyst", "state", "aggregates rows filters export export_rows pack_all pack tasks"),
        _role("office", "state", "aggregates filters pack tasks"),
        _role("party", "party", "aggregates tables export"),
        _role("steward", "state", "quarantine check"),
        _role("auditor", "", "audit"),
        _role("operator", "", "health"),
    )
}


@dataclass(frozen=True)
class Scope:
    """What one person may ask: subtrees of units, clearances, rows or not, and the reason, which is logged.

    Without clearances, without units or without the verb `aggregates` it answers nothing.
    """

    role: str
    clearances: frozenset[str]
    units: tuple[str, ...]
    rows: bool
    reason: str
    verbs: frozenset[str] = field(default_factory=frozenset)
    sources: tuple[str, ...] | None = ()  # whose quarantine a steward sees; None: of every source
    desks: tuple[str, ...] | None = None  # whose packs an office may make; None: of every desk
    person: str = ""  # whom the proxy has signed in; nobody is named in the demo

    @property
    def who(self) -> str:
        """What the audit calls whoever asks: their name, or why a nameless one may ask."""
        return self.person or self.reason

    def may(self, verb: str) -> bool:
        """Whether the scope allows a verb of the matrix."""
        return verb in self.verbs

    @property
    def sight(self) -> Hashable:
        """All that a number depends on, out of who asks: people of one sight are told the same numbers.

        Neither role nor reason are part of it, nor verbs that decide what may be done with a number once it is shown.
        """
        return (self.may(AGGREGATES), self.clearances, self.units)

    def answers(self, clearance: str) -> bool:
        """Whether numbers of this clearance may be asked for at all."""
        return self.may(AGGREGATES) and clearance in self.clearances and bool(self.units)


NOBODY: Final = Scope("nobody", frozenset(), (), rows=False, reason="")


def demo_scope(role: str, roots: Mapping[str, tuple[str, ...]], lang: str = "en") -> Scope:
    """The scope that a demo role has; `roots` are the topmost units of each tree.

    Raises PersonError naming the roles when there is none of that name.
    """
    found = ROLES.get(role)
    if found is None:
        raise PersonError("access.no_role", role=role, roles=", ".join(ROLES))
    return scope_of(found, roots, word("access.demo", lang, role=word(f"role.{role}", lang)))


def scope_of(role: Role, roots: Mapping[str, tuple[str, ...]], reason: str) -> Scope:
    """All that a role may ask of the whole place: of the Party's tree, or of every other one."""
    party = PARTY in role.clearances
    units = tuple(unit for tree, tops in roots.items() for unit in tops if (tree == PARTY_TREE) == party)
    return Scope(
        role=role.name,
        clearances=role.clearances,
        units=units if role.clearances else (),
        rows=ROWS in role.verbs,
        reason=reason,
        verbs=role.verbs,
        sources=None if QUARANTINE in role.verbs else (),
    )


def is_within(unit: str, scope: Scope, parents: Mapping[str, str | None]) -> bool:
    """Whether a unit lies in one of the subtrees that the scope names; `parents` holds every unit's parent."""
    at: str | None = unit
    while at is not None:
        if at in scope.units:
            return True
        at = parents.get(at)
    return False
