"""A derived table knows the SQL it comes from and which days of its fact it must be made anew for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

# Days that changed: a set of them, or (first, last) where a set would be too long.
Days = Collection[date] | tuple[date, date]
Touched = Mapping[str, Mapping[str, Days]]
# By table the days that were made anew; None: all of them.
Made = Mapping[str, frozenset[date] | None]
# Told of rows of a table that go (-1) or come (+1): table, SQL that gives them, the values it binds, which of both.
Note = Callable[[str, str, Sequence[object], int], None]
COUNTED: Final = ("__n", "__d", "__in", "__out")  # how columns end that add up; all others say what they are of


@dataclass(frozen=True)
class Piece:
    """The rows of a derived table that depend on one day column of the fact.

    `select` gives the rows of those of `{facts}` for which `{days}` (both put in later) holds, and of each key the
    counts of its facts: over all facts, or over those that came or went. `own` is the condition that tells this
    piece's rows in the table from those of its other pieces.
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
    note: Note = lambda table, rows, values, sign: None,
    log: str = "",
) -> frozenset[date] | None:
    """Make the table, or only what changed; `touched` None means everything. Returns the days that were made anew.

    `log` is a table of the facts that came and went (merge.py): what they count is added and taken off. Without it
    the touched days are measured again, and a day column that `touched` does not name as a whole: better slow than
    wrong. Of a table that is not made as a whole `note` is told what goes and what comes.
    """
    if touched is None or _comment(db, derived.table) != derived.signature():
        _make(db, derived)
        return None
    if log:
        return _grow(db, derived, log, note)
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
    facts = f"fact_{derived.fact}"
    rows = " UNION ALL ".join(piece.select.format(days="TRUE", facts=facts) for piece in derived.pieces)
    _, counted = _columns(db, f"({rows})")
    kept = f"SELECT * FROM ({rows}) WHERE {_any(counted)} ORDER BY {derived.placed}"
    db.execute(f"CREATE OR REPLACE TABLE {derived.table} AS {kept}")
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
    of_days = f"{derived.table} WHERE {piece.own} AND {stale}"
    note(derived.table, f"SELECT * FROM {of_days}", values, -1)
    db.execute(f"DELETE FROM {of_days}", values)
    select = piece.select.format(days=fresh, facts=f"fact_{derived.fact}")
    _, counted = _columns(db, derived.table)
    # A piece of several selects binds the same days once in each of them.
    bound = values * piece.select.count("{days}")
    db.execute(f"INSERT INTO {derived.table} SELECT * FROM ({select}) WHERE {_any(counted)}", bound)
    note(derived.table, f"SELECT * FROM {of_days}", values, 1)


def _grow(db: duckdb.DuckDBPyConnection, derived: Derived, log: str, note: Note) -> frozenset[date]:
    """Add what came and take off what went: a day of five thousand cases is not counted again for one of them.

    Returns the days on which anything is counted otherwise than before.
    """
    keys, counted = _columns(db, derived.table)
    added = ", ".join([*map(_quoted, keys), *(f"sum({_quoted(name)}) AS {_quoted(name)}" for name in counted)])

    def added_up(rows: str) -> str:
        return f"SELECT * FROM (SELECT {added} FROM ({rows}) GROUP BY ALL) WHERE {_any(counted)}"

    db.execute(f"CREATE OR REPLACE TEMP TABLE delta AS {added_up(_changes(derived, log, counted))}")
    days = frozenset(day for (day,) in db.execute(f"SELECT DISTINCT {derived.placed} FROM delta").fetchall())
    if not days:
        return days
    same = " AND ".join(f"t.{_quoted(name)} IS NOT DISTINCT FROM d.{_quoted(name)}" for name in keys)
    db.execute(f"CREATE OR REPLACE TEMP TABLE stale AS SELECT t.rowid AS standing, t.* FROM {derived.table} t "
               f"JOIN delta d ON {same} WHERE t.{derived.placed} BETWEEN ? AND ?", [min(days), max(days)])  # fmt: skip
    went = "SELECT * EXCLUDE (standing) FROM stale"
    db.execute(f"CREATE OR REPLACE TEMP TABLE grown AS FROM {derived.table} LIMIT 0")  # the types of the table
    db.execute(f"INSERT INTO grown BY NAME {added_up(f'{went} UNION ALL BY NAME SELECT * FROM delta')}")
    note(derived.table, went, [], -1)
    db.execute(f"DELETE FROM {derived.table} WHERE rowid IN (SELECT standing FROM stale)")
    db.execute(f"INSERT INTO {derived.table} SELECT * FROM grown")
    note(derived.table, "SELECT * FROM grown", [], 1)
    return days


def _changes(derived: Derived, log: str, counted: Sequence[str]) -> str:
    """SQL of what the facts that came count, and those that went, these taken off."""
    sides = [(sign, f"(SELECT * EXCLUDE (sign) FROM {log} WHERE sign = {sign})") for sign in (1, -1)]
    signed = {sign: ", ".join(f"{sign} * {_quoted(name)} AS {_quoted(name)}" for name in counted) for sign, _ in sides}
    return " UNION ALL ".join(
        f"SELECT * REPLACE ({signed[sign]}) FROM ({piece.select.format(days='TRUE', facts=facts)})"
        for piece in derived.pieces for sign, facts in sides)  # fmt: skip


def _columns(db: duckdb.DuckDBPyConnection, table: str) -> tuple[list[str], list[str]]:
    """What the rows of a derived table are of, and what they count."""
    names = [str(row[0]) for row in db.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
    counted = [name for name in names if name == "n" or name.endswith(COUNTED)]
    return [name for name in names if name not in counted], counted


def _any(counted: Sequence[str]) -> str:
    """SQL: the row counts anything; one that does not says nothing, and is not kept."""
    return "(" + " OR ".join(f"{_quoted(name)} <> 0" for name in counted) + ")"


def _quoted(name: str) -> str:
    return f'"{name}"'
