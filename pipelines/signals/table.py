"""The table `signal`: per indicator, unit and month the limits, the rule that spoke and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from pipelines.measure import Made
from pipelines.signals.judging import together
from pipelines.signals.rebased import FACTS, Rebasing, write_rebased
from pipelines.signals.series import ROWS, Parts, monthly

Months = tuple[date | None, list[pl.DataFrame]]  # the last complete one, and the parts up to it


@dataclass(frozen=True, eq=False)
class Judged:
    """What the rows of `signal` rest on, so that of another state of the same file one can say where it is the same."""

    months: Mapping[str, Months]
    carried: Mapping[str, pl.DataFrame]  # every part table that they were taken from

    def agrees(self, other: Judged, name: str) -> bool:
        """Whether the indicator `name` would be judged by the same months of the same units in both states."""
        if name not in self.months or name not in other.months:
            return False
        (last, mine), (other_last, theirs) = self.months[name], other.months[name]
        return last == other_last and len(mine) == len(theirs) and all(
            one.equals(another) for one, another in zip(mine, theirs, strict=True))


def judged(db: duckdb.DuckDBPyConnection) -> Judged:
    """What the judgements in `db` rest on; nothing where there are none."""
    now = _Now(db)
    return now.judged(_entries(db)) if "signal" in now.parts.tables else Judged({}, {})


class _Now:
    """What a file can be judged by."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, before: Judged | None = None, made: Made | None = None
    ) -> None:
        self.parts = Parts(db, before.carried if before else None, made)
        self.root = _root(db)
        self.last = {fact: _last_complete_month(db, fact) for fact in FACTS}

    def judged(self, entries: Sequence[dict[str, object]]) -> Judged:
        """What judgements of these entries rest on."""
        return Judged({str(entry["id"]): self._months(entry) for entry in entries}, self.parts.carried)

    def _months(self, entry: dict[str, object]) -> Months:
        last = self.last[str(entry["fact"])]
        return last, [] if last is None else self.parts.behind(entry, last)


def publish_signals(
    db: duckdb.DuckDBPyConnection,
    rebased: Sequence[Rebasing] = (),
    before: Judged | None = None,
    made: Made | None = None,
) -> Judged:
    """(Re)make the tables `signal` and `rebased` from the parts in `db`; returns what the judgements rest on now.

    `rebased` says which limits begin anew in which month; the months before keep the limits they had.
    Only complete months count: a month that is still running is never judged.

    `before`: what the rows in `db` rest on, under the same contract. An indicator whose months are what they were is
    not judged again, for its judgements would be what they are. `made`: which days of which part table are not what
    they were there; of a table that it does not name, every day.
    """
    entries, now = _entries(db), _Now(db, before, made)
    rest_on = now.judged(entries)
    names = [str(entry["id"]) for entry in entries]
    write_rebased(db, rebased, set(names))
    kept = [name for name in names if before is not None and rest_on.agrees(before, name)]
    asked = ((entry, _monthly(now, entry)) for entry in entries if entry["id"] not in kept)
    _replace(db, kept, together(asked, now.root, rebased))
    return rest_on


def _replace(db: duckdb.DuckDBPyConnection, kept: Sequence[str], table: pl.DataFrame) -> None:
    """The rows of the indicators `kept` stay as they are; all others are those of `table`."""
    db.register("signal_rows", table.sort("indicator", "unit", "month").to_arrow())
    if kept:
        db.execute("delete from signal where not list_contains(?, indicator)", [list(kept)])
        db.execute("insert into signal by name select * from signal_rows")
    else:
        db.execute("create or replace table signal as select * from signal_rows")
    db.unregister("signal_rows")


def _entries(db: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    rows: pl.DataFrame = db.sql("""
        select id, kind, fact, day, better, target_value, spec, clearance from indicator
        where kind in ('rate', 'count', 'stock') and clearance = 'state' and fact in ('dossier', 'ticket')
            and coalesce(spec->>'part', 'false') = 'false'
        order by id""").pl()
    return rows.to_dicts()


def _monthly(now: _Now, entry: dict[str, object]) -> pl.DataFrame:
    """unit, month, numerator, denominator of every unit and of the whole place, up to the last complete month."""
    last = now.last[str(entry["fact"])]
    return pl.DataFrame(schema=ROWS) if last is None else monthly(now.parts, entry, last, now.root)


def _root(db: duckdb.DuckDBPyConnection) -> str:
    found = db.sql("select unit_id from unit where parent_id is null and tree = 'territory'").fetchall()
    return str(found[0][0]) if found else ""


def _last_complete_month(db: duckdb.DuckDBPyConnection, fact: str) -> date | None:
    query = "select (date_trunc('month', max(whole_until) + 1)::date - 1)::date from source where fact = ?"
    [[last]] = db.sql(query, params=[fact]).fetchall()
    return None if last is None else last.replace(day=1)
