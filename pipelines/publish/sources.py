"""Who sent what, how far it reaches and who is silent: a number without this would look more complete than it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

import duckdb
import polars as pl

from pipelines.delivery import Delivery
from pipelines.facts import FACTS, Fact
from pipelines.mapping import SourceMapping
from pipelines.merge import changed, changed_facts
from pipelines.reference import Reference
from pipelines.report import FileReport

A_DAY: Final = timedelta(days=1)
# Days on which a record is moved or touched say nothing about who works there.
NOT_PRESENCE: Final = frozenset({"moved_on", "updated_at"})


@dataclass(frozen=True)
class Reached:
    """How far rows tell: the newest day of any of them, and the newest day of which no more is to be expected."""

    until: date
    whole: date

    @classmethod
    def by(cls, until: date, received_at: datetime, zone: tzinfo) -> Reached:
        """Of one delivery: the day on which it came was still running, so a month is whole on a later one."""
        return cls(until, min(until, received_at.astimezone(zone).date() - A_DAY))

    def with_(self, other: Reached | None) -> Reached:
        """The later of each: a late file of last month makes nothing older."""
        return self if other is None else Reached(max(self.until, other.until), max(self.whole, other.whole))


def write_delivery(
    db: duckdb.DuckDBPyConnection, delivery: Delivery, report: FileReport, as_of: date | None
) -> None:
    """One line of the ledger inside the snapshot; an older line about the same delivery gives way."""
    db.execute("DELETE FROM delivery WHERE sha256 = ? AND source = ?", [delivery.sha256, delivery.source])
    reasons = json.dumps([reason.as_json() for reason in report.reasons], ensure_ascii=False)
    db.execute(
        f"INSERT INTO delivery VALUES ({', '.join('?' * 13)})",
        [delivery.sha256, delivery.source, delivery.name, delivery.bytes,
         delivery.received_at.replace(tzinfo=None), as_of, report.verdict, report.rows_in, report.rows_loaded,
         report.rows_quarantined, report.rows_skipped, report.cases, reasons],
    )  # fmt: skip


def write_sources(
    db: duckdb.DuckDBPyConnection, mappings: Mapping[str, SourceMapping], reached: Mapping[str, Reached]
) -> None:
    """(Re)make the rows of `source`; `reached` is how far what has just been loaded tells, by source.

    How far a source had reached before stays known: a late file of last month makes nothing older.
    """
    known = "SELECT source, data_until, whole_until FROM source WHERE data_until IS NOT NULL"
    before = {name: Reached(until, whole) for name, until, whole in db.execute(known).fetchall()}
    db.execute("DELETE FROM source")
    for name, mapping in mappings.items():
        now = reached[name].with_(before.get(name)) if name in reached else before.get(name)
        cut_off = mapping.cut_off.isoformat("minutes") if mapping.cut_off else None
        db.execute(
            "INSERT INTO source SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, max(received_at), ?, ?, "
            "coalesce(sum(rows_loaded), 0), arg_max(verdict, (received_at, sha256)) "
            "FROM delivery WHERE source = ?",
            [name, mapping.name["vi"], mapping.name["en"], mapping.fact.name, mapping.owner["vi"],
             mapping.owner["en"], mapping.rhythm, cut_off, mapping.mode, mapping.clearance,
             mapping.illustrative, now and now.until, now and now.whole, name],
        )  # fmt: skip


def senders(db: duckdb.DuckDBPyConnection, before: pl.DataFrame | None = None) -> pl.DataFrame:
    """How many rows of which unit stand in each fact from each source: fact, source, unit, rows.

    `before`: the same of the file that the facts in `db` are an increment of, so that only what changed is counted.
    """
    if before is None:
        return _added_up(db, [_sent(fact, fact.table, "count(*)") for fact in _delivered()])
    logged = changed_facts(db)
    db.register("senders_before", before.to_arrow())
    found = _added_up(db, ["SELECT * FROM senders_before", *(
        _sent(fact, changed(fact.name), "sum(sign)") for fact in _delivered() if fact.name in logged)])
    db.unregister("senders_before")
    return found


def _added_up(db: duckdb.DuckDBPyConnection, sent: Sequence[str]) -> pl.DataFrame:
    found: pl.DataFrame = db.sql(
        f"SELECT fact, source, unit, sum(rows)::BIGINT AS rows FROM ({' UNION ALL '.join(sent)}) "
        "WHERE unit IS NOT NULL GROUP BY fact, source, unit HAVING sum(rows) > 0"
    ).pl()
    return found


def write_reach(db: duckdb.DuckDBPyConnection, sent: pl.DataFrame, step: bool = False) -> None:
    """(Re)make `unit_until` and `presence` from the facts and who `sent` them; in a `step` from what changed."""
    db.register("sent", sent.to_arrow())
    db.execute(
        "CREATE OR REPLACE TABLE unit_until AS "
        "SELECT fact, unit, max(data_until) AS data_until, max(whole_until) AS whole_until, "
        "arg_max(source, (data_until, source)) AS source "
        "FROM sent JOIN source USING (source, fact) WHERE data_until IS NOT NULL GROUP BY fact, unit"
    )
    db.unregister("sent")
    present = " UNION ALL ".join(_present(fact) for fact in _delivered())
    if step:
        known = changed_facts(db)
        logged = [_present(fact, changed(fact.name), "sum(sign)") for fact in _delivered() if fact.name in known]
        present = " UNION ALL ".join(["SELECT fact, unit, month, rows AS n FROM presence", *logged])
    db.execute(
        "CREATE OR REPLACE TABLE presence AS "
        f"SELECT fact, unit, month::DATE AS month, sum(n)::BIGINT AS rows FROM ({present}) "
        "WHERE month IS NOT NULL GROUP BY fact, unit, month HAVING sum(n) > 0"
    )


def _delivered() -> list[Fact]:
    return [fact for fact in FACTS.values() if not fact.from_reference]


def _sent(fact: Fact, table: str, count: str) -> str:
    """Per column that names one: how many rows of `table` each source has of each unit."""
    return " UNION ALL ".join(
        f"SELECT '{fact.name}' AS fact, source, {name} AS unit, {count} AS rows FROM {table} GROUP BY ALL"
        for name in ("unit_at_receipt", "unit_now", "unit")
        if name in fact.columns
    )


def _present(fact: Fact, table: str = "", count: str = "count(*)") -> str:
    """Per day column: how many rows of `table` each unit, as credited on that day, has in each month."""
    return " UNION ALL ".join(
        f"SELECT '{fact.name}' AS fact, {_unit_on(fact, name)} AS unit, date_trunc('month', {name}) AS month, "
        f"{count} AS n FROM {table or fact.table} GROUP BY ALL"
        for name in fact.happened
        if name not in NOT_PRESENCE
    )


def _unit_on(fact: Fact, day: str) -> str:
    if "moved_on" not in fact.columns:
        return "unit_at_receipt" if "unit_at_receipt" in fact.columns else "unit"
    return f"CASE WHEN moved_on IS NULL OR {day}::DATE < moved_on THEN unit_at_receipt ELSE unit_now END"


def write_procedures(db: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """(Re)make the fact that no file brings: the procedures of the reference."""
    fact = FACTS["procedure"]
    rows = fact.derive(reference.procedures.lazy(), reference).select(list(fact.columns)).collect()
    db.execute(f"DELETE FROM {fact.table}")
    db.register("incoming_rows", rows.to_arrow())
    db.execute(f"INSERT INTO {fact.table} BY NAME SELECT * FROM incoming_rows")
    db.unregister("incoming_rows")
