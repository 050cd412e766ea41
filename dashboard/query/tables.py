"""Which tables, columns and slice values this snapshot has: names in SQL are looked up here, never taken."""

from __future__ import annotations

from typing import Final

from dashboard.snapshot import Snapshot
from dashboard.words import PersonError

_OWN: Final = frozenset({"indicator", "day", "unit", "bucket", "n", "thing", "entered_on", "left_on"})
# What the contract of a fact allows, whether or not it has happened yet; other slices: what has happened.
_ALLOWED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("dossier", "channel"): ("counter", "online", "post"),
    ("dossier", "level"): ("province", "district", "commune"),
    ("grassroots_activity", "model"): ("community_team", "digital_library", "green_shirt_club", "other", "training",
                                       "youth_volunteers"),
    ("task", "assigned_by"): ("government", "council", "people_committee", "chair", "vice_chair", "other"),
    ("ticket", "channel"): ("phone", "web", "app", "zalo", "facebook", "email", "chatbot", "other"),
}


def digits(column: str) -> str:
    """SQL of a pseudonym as people see it: hexadecimal digits, however it is kept."""
    return f"replace({quoted(column)}::VARCHAR, '-', '')"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def columns(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """All tables with their columns in order."""
    return snapshot.remember("columns", lambda: _load(snapshot))


def _load(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    listed = snapshot.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'snapshot' "
        "ORDER BY table_name, column_index"
    )
    for table, column in listed:
        found[table] = (*found.get(table, ()), column)
    return found


def has(snapshot: Snapshot, table: str, *names: str) -> bool:
    """Whether there is such a table with such columns."""
    return set(names) <= set(columns(snapshot).get(table, ())) and table in columns(snapshot)


def slice_names(snapshot: Snapshot, fact: str) -> tuple[str, ...]:
    """The slices of a fact: what its part tables have beside day, unit and parts."""
    for table, names in columns(snapshot).items():
        if table.startswith((f"part_{fact}_", f"spread_{fact}_", f"thing_{fact}_")):
            return tuple(name for name in names if name not in _OWN and "__" not in name)
    return ()


def slice_values(snapshot: Snapshot, fact: str, name: str) -> tuple[str, ...]:
    """The values that a slice may have, sorted. Raises PersonError for a name that is no slice of the fact."""
    names = slice_names(snapshot, fact)
    if name not in names:
        raise PersonError("query.no_slice", name=name, names=", ".join(names) or "—")
    return snapshot.remember(("slice", fact, name), lambda: _values(snapshot, fact, name))


def _values(snapshot: Snapshot, fact: str, name: str) -> tuple[str, ...]:
    tables = [table for table in columns(snapshot) if table.startswith(f"part_{fact}_") and has(snapshot, table, name)]
    union = " UNION ".join(f"SELECT {quoted(name)} AS value FROM {quoted(table)}" for table in tables)
    found = {row[0] for row in snapshot.rows(union)} if tables else set()
    return tuple(sorted({value for value in found if value is not None} | set(_ALLOWED.get((fact, name), ()))))


def check_slices(snapshot: Snapshot, fact: str | None, slices: tuple[tuple[str, str], ...]) -> None:
    """Raises PersonError for a slice or a value that the fact does not have."""
    for name, value in slices:
        allowed = slice_values(snapshot, fact or "", name)
        if value not in allowed:
            raise PersonError("query.no_slice_value", name=name, value=value, values=", ".join(allowed))


def units_in(snapshot: Snapshot, table: str) -> frozenset[str]:
    """The units that have rows in a part table."""
    return snapshot.remember(
        ("units in", table),
        lambda: frozenset(row[0] for row in snapshot.rows(f"SELECT DISTINCT unit FROM {quoted(table)}")),
    )
