"""A derived table knows the SQL it comes from and which days of its fact it must be made anew for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

# Days that changed: a set of them, or (first, last) where a set would be too long.
Days = Collection[date] | tuple[date, date]
Touched = Mapping[str, Mapping[str, Days]]
# By table the days that were made anew; None: all of them.
Made = Mapping[str, frozenset[date] | None]
# Told of rows of a table that go (-1) or have come (+1): table, condition, the values that it binds, which of both.
Note = Callable[[str, str, Sequence[object], int], None]


@dataclass(frozen=True)
class Piece:
    """The rows of a derived table that depend on one day column of the fact.

    `select` gives the rows of those facts for which `{days}` (a condition put in later) holds; `own` is the
    condition that tells this piece's rows in the table from those of its other pieces.
    """

    day: str
    select: str
    own: str = "TRUE"


@dataclass(frozen=True)
class Derived:
    """A table of the snapshot that follows from one fact; `placed` is its own column for the piece's day."""

    table: str
    fact: str
    placed: str
    pieces: Sequence[Piece]

    def signature(self) -> str:
        """Changes whenever the catalogue changes what the table means."""
        text = "\n".join(piece.select for piece in self.pieces)
        return hashlib.sha256(text.encode()).hexdigest()


def refresh(
    db: duckdb.DuckDBPyConnection,
    derived: Derived,
    touched: Mapping[str, Days] | None,
    note: Note = lambda table, where, values, sign: None,
) -> frozenset[date] | None:
    """Make the table, or only its touched days; None means everything. Returns the days that were made anew.

    A day column that `touched` does not name is made anew whole: better slow than wrong. Of a table that is not made
    as a whole `note` is told what goes and what comes.
    """
    if touched is None or _comment(db, derived.table) != derived.signature():
        _make(db, derived)
        return None
    for piece in derived.pieces:
        days = touched.get(piece.day)
        if days is None:
            _replace(db, derived, piece, ("TRUE", "TRUE", []), note)
        elif days:
            _replace(db, derived, piece, _within(derived.placed, piece.day, days), note)
    return _days([touched.get(piece.day) for piece in derived.pieces])


def _days(touched: Sequence[Days | None]) -> frozenset[date] | None:
    """All of them together; a span is too long to be worth telling from everything."""
    if any(days is None or (isinstance(days, tuple) and days) for days in touched):
        return None
    return frozenset(day for days in touched for day in days or ())


def _make(db: duckdb.DuckDBPyConnection, derived: Derived) -> None:
    rows = " UNION ALL ".join(piece.select.format(days="TRUE") for piece in derived.pieces)
    db.execute(f"CREATE OR REPLACE TABLE {derived.table} AS SELECT * FROM ({rows}) ORDER BY {derived.placed}")
    # Remembered in the file itself: a changed definition must not be patched onto old numbers.
    db.execute(f"COMMENT ON TABLE {derived.table} IS '{derived.signature()}'")


def _comment(db: duckdb.DuckDBPyConnection, table: str) -> str | None:
    row = db.execute(
        "SELECT comment FROM duckdb_tables() WHERE database_name = current_database() AND table_name = ?", [table]
    ).fetchone()
    return None if row is None else row[0]


def _within(placed: str, day: str, days: Days) -> tuple[str, str, list[object]]:
    """Conditions on the table's and the fact's day, and the values that both bind."""
    if isinstance(days, tuple):
        return f"{placed} BETWEEN ? AND ?", f"{day} BETWEEN ? AND ?", list(days)
    return (f"{placed} IN (SELECT unnest(?::DATE[]))", f"{day} IN (SELECT unnest(?::DATE[]))", [sorted(days)])


def _replace(
    db: duckdb.DuckDBPyConnection, derived: Derived, piece: Piece, days: tuple[str, str, list[object]], note: Note
) -> None:
    stale, fresh, values = days
    of_days = f"{piece.own} AND {stale}"
    note(derived.table, of_days, values, -1)
    db.execute(f"DELETE FROM {derived.table} WHERE {of_days}", values)
    select = piece.select.format(days=fresh)
    # A piece of several selects binds the same days once in each of them.
    db.execute(f"INSERT INTO {derived.table} {select}", values * piece.select.count("{days}"))
    note(derived.table, of_days, values, 1)
