"""A case that asked to be forgotten leaves one line behind: a pseudonym that keeps it from ever coming back.

What goes: its rows in every archived file (which becomes a table without them), its letters in `returned/`, its rows
in facts, parts and quarantine of everything published from now on. What stays: this line (pseudonym, who, why, when),
and in each delivery the number of rows that were taken out, so that every row is still accounted for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines import ledger
from pipelines.errors import PersonError
from pipelines.facts import FACTS
from pipelines.home import Home
from pipelines.pseudonym import as_written
from pipelines.publish.draft import connect_draft
from pipelines.publish.pointer import kept, party_path, state_path

ASKED, DONE = "asked", "done"
SHORTEST: Final = 3  # letters of a reason


@dataclass(frozen=True)
class Forgotten:
    """`cases` are the pseudonyms that must not be in any number; `due`: some of them still have to be taken out."""

    cases: frozenset[str] = frozenset()
    due: bool = False


def path_of(home: Home) -> Path:
    """Where the lines are; part of every backup, or the forgotten come back with a restored archive."""
    return home.root / "forgotten.jsonl"


def forgotten(home: Home) -> Forgotten:
    """Everything that was ever asked to be forgotten here."""
    last = _last(home)
    return Forgotten(frozenset(case for _, case in last), ASKED in last.values())


def _last(home: Home) -> dict[tuple[str, str], str]:
    return {(str(line["source"]), str(line["case"])): str(line["state"]) for line in ledger.read_ledger(path_of(home))}


def ask(home: Home, source: str, case: str, reason: str, who: str, now: datetime) -> None:
    """Write down that `case` (a pseudonym) is to be forgotten; the run that follows carries it out.

    Call only under the lock. Raises PersonError without a reason.
    """
    if len(reason.strip()) < SHORTEST:
        raise PersonError("Hãy ghi lý do (--reason).", "Give the reason (--reason).")
    _append(home, source, case, ASKED, now, {"reason": reason, "who": who})


def carried_out(home: Home, now: datetime) -> None:
    """Write down that nothing of what was asked is left to do."""
    for (source, case), state in _last(home).items():
        if state == ASKED:
            _append(home, source, case, DONE, now, {})


def _append(home: Home, source: str, case: str, state: str, now: datetime, more: Mapping[str, str]) -> None:
    line = {"source": source, "case": case, "state": state, "at": now.astimezone(UTC).isoformat(), **more}
    ledger.append(path_of(home), [line])


def holding(home: Home, cases: Collection[str]) -> list[int]:
    """Kept generations (none for no cases) in which a fact has a row of one of these pseudonyms, newest first."""
    return [
        generation for generation in (kept(home) if cases else ())
        if any(_has(home, path(home, generation), cases) for path in (state_path, party_path))
    ]  # fmt: skip


def _has(home: Home, path: Path, cases: Collection[str]) -> bool:
    columns = {fact.table: fact.pseudonyms for fact in FACTS.values() if not fact.from_reference}
    with connect_draft(path, home.scratch, read_only=True) as db:
        present = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        asked = (f"SELECT 1 FROM {table} WHERE list_contains(?, {as_written(name)}) LIMIT 1"
                 for table, names in columns.items() if table in present for name in names)  # fmt: skip
        return any(db.execute(one, [list(cases)]).fetchall() for one in asked)
