"""One published file, open for reading and for nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import duckdb

from dashboard.snapshot.memory import Memory
from dashboard.snapshot.watch import WATCH
from dashboard.words import PersonError

if TYPE_CHECKING:
    import polars as pl

STATE, PARTY = "state", "party"
_CONFIG: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}
_REMEMBERED: Final = 12_000  # answers, most of them small; the oldest are forgotten
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What one snapshot may use: memory as DuckDB writes it, threads, seconds a query may run."""

    memory: str = "1GB"
    threads: int = 2
    seconds: float = 5.0


@dataclass(frozen=True)
class Publication:
    """What a snapshot says about itself; `made_at` is UTC without zone, `place` and `manifest` parsed JSON.

    `data_until` is the newest day of any row, `whole_until` the newest day of which no more is to be expected.
    """

    generation: int
    made_at: datetime
    data_until: date
    whole_until: date
    code_version: str
    contract_sha: str
    schema_version: int
    illustrative: bool
    place: Mapping[str, Any]
    manifest: Mapping[str, Any]


class Snapshot:
    """One published file, open for reading and for nothing else; safe to share between threads."""

    def __init__(self, path: Path, generation: int, clearance: str = STATE, limits: Limits | None = None) -> None:
        self.id = generation
        self.clearance = clearance
        self.limits = limits or Limits()
        self._path = path
        self._db = _open(path, self.limits)
        self._lock = threading.Lock()
        self._memory = Memory(_REMEMBERED)
        self._mine = threading.local()
        self.publication = self._read_publication()

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query; raises PersonError `snapshot.slow` after `limits.seconds`."""
        with self._cursor() as cursor:
            return cursor.execute(sql, dict(values or {})).fetchall()

    def frame(self, sql: str, values: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The same as a Polars frame."""
        with self._cursor() as cursor:
            found: pl.DataFrame = cursor.sql(sql, params=dict(values or {})).pl()
            return found

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """`make()`, once for all who ask; the newest answers are kept. A snapshot never changes: no answer expires."""
        return self._memory.get(key, make)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        # A cursor per thread: one connection runs one statement at a time.
        db = self._db
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._mine, "cursor", None)
        if cursor is None or self._mine.db is not db:
            cursor = db.cursor()
            self._mine.cursor, self._mine.db = cursor, db
            cursor.execute("USE snapshot")
        try:
            with WATCH.over(cursor, self.limits.seconds):
                yield cursor
        except duckdb.InterruptException:
            raise PersonError("snapshot.slow", seconds=f"{self.limits.seconds:g}") from None
        except (duckdb.FatalException, duckdb.InternalException) as broke:
            self._open_again(db)
            raise PersonError("snapshot.engine", exit_code=3) from broke

    def _open_again(self, broken: duckdb.DuckDBPyConnection) -> None:
        """A fault inside DuckDB leaves its instance dead for every later question: the next one gets a new instance."""
        with self._lock:
            if self._db is broken:
                self._db = _open(self._path, self.limits)

    def _read_publication(self) -> Publication:
        found = self.frame("SELECT * FROM publication").to_dicts()
        if len(found) != 1:
            raise duckdb.InvalidInputException(f"publication has {len(found)} rows")
        # A generation of before 2026-12 knows of no whole days: all of its days were.
        values = {"whole_until": found[0]["data_until"]} | found[0]
        for name in ("place", "manifest"):
            values[name] = json.loads(values[name] or "{}")
        # An unchanged file is a hard link to the generation before: the generation in force is CURRENT's.
        return Publication(**(values | {"generation": self.id}))


def _open(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    # Attached from memory and never connected to: DuckDB hands back its old instance to whoever connects again.
    db = duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": limits.memory, "threads": str(limits.threads)})
    try:
        quoted = str(path).replace("'", "''")
        db.execute(f"ATTACH '{quoted}' AS snapshot (READ_ONLY)")
        db.execute("SET enable_progress_bar = false")
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
    except duckdb.Error:
        db.close()
        raise
    return db
