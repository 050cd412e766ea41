"""A delivery becomes rows of one fact: mapped, corrected, checked chunk by chunk, then merged by key and version.

Every row ends as exactly one of loaded, quarantined or skipped; a row that folds into a case or that a newer
one supersedes is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import polars as pl

from pipelines.correct import Correction, Tally, correct, reasons
from pipelines.delivery import Delivery
from pipelines.errors import Reason
from pipelines.facts import FACTS, Fact
from pipelines.machine import write_rows
from pipelines.map import LINE, RAW_LINE, Plan, make_plan, map_rows
from pipelines.mapping import SourceMapping
from pipelines.merge import Kind, Merged, create_fact_tables, merge
from pipelines.pseudonym import pseudonym, pseudonyms
from pipelines.quarantine import Quarantine
from pipelines.read import Table
from pipelines.reference import Reference
from pipelines.validate import broken_rules

__all__ = ["Loaded", "create_fact_tables", "load_table"]


@dataclass(frozen=True)
class Loaded:
    """What became of one delivery.

    `data_until`: the newest
    day on which something happened, or of which the delivery speaks, never beyond its receipt.
    """

    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_skipped: int
    cases: int
    reasons: tuple[Reason, ...]
    data_until: date | None


def load_table(
    db: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    table: Table,
    mapping: SourceMapping,
    reference: Reference,
    key: bytes,
    scratch: Path,
    corrections: Sequence[Correction] = (),
) -> Loaded:
    """Merges `table` into the facts of the draft `db` and writes its quarantine.

    `key` is the installation's pseudonym key, `scratch` an empty folder that the caller removes. Must not be
    called inside a transaction: the merge is one of its own. Raises Rejected for a file that misses columns.
    """
    create_fact_tables(db)
    return stage_table(delivery, table, mapping, reference, key, scratch, corrections).into(db)


def stage_table(
    delivery: Delivery, table: Table, mapping: SourceMapping, reference: Reference, key: bytes, scratch: Path,
    corrections: Sequence[Correction] = (), cases: frozenset[str] = frozenset(),
    go_on: Callable[[], None] = lambda: None,
) -> Staged:  # fmt: skip
    """The half of `load_table` that needs no draft: map, correct, derive and judge, while another file merges.

    Rows of the `cases` (pseudonyms) that asked to be forgotten are taken out first and counted as skipped.
    `go_on`, called before every chunk, may raise to end the work.
    """
    staged = Staged(delivery, table, mapping, reference, key, scratch, corrections, cases)
    staged.prepare(go_on)
    return staged


@dataclass
class Staged:
    """One delivery, typed and judged, its good rows in Parquet files; `into` merges them into a draft."""

    delivery: Delivery
    table: Table
    mapping: SourceMapping
    reference: Reference
    key: bytes
    scratch: Path
    corrections: Sequence[Correction]
    cases: frozenset[str] = frozenset()
    forgotten: set[int] = field(default_factory=set)
    staged: dict[str, list[Path]] = field(default_factory=dict)
    tally: dict[int, Tally] = field(default_factory=dict)
    carried: int = 0
    rows: int = 0
    happened: date | None = None
    quarantine: Quarantine = field(init=False)

    def prepare(self, go_on: Callable[[], None] = lambda: None) -> None:
        """Stage every chunk; raises Rejected for a file that misses columns."""
        self.corrections = [one for one in self.corrections if one.source == self.mapping.source]
        self.tally = {one.number: Tally() for one in self.corrections}
        self.quarantine = Quarantine(self.delivery, self.mapping)
        plans = self._plans()
        for number, chunk in enumerate(self.table.chunks):
            go_on()
            self._stage(number, pl.read_parquet(chunk), plans)
        # A record that could not be read may be of a forgotten case: then no cell of any of them is quoted.
        hidden = [pl.lit(None, pl.String).alias("value")] if self.forgotten or self.table.forgotten else []
        self.quarantine.add_broken(self.table.broken.with_columns(hidden))

    def into(self, db: duckdb.DuckDBPyConnection, log: bool = True) -> Loaded:
        """Merge into the facts of `db` and write the quarantine; `log` says whether what changes is written down."""
        merged = self._merge(db, log)
        self.quarantine.write(db)
        return self._loaded(self.quarantine, merged)

    @property
    def received(self) -> datetime:
        """The local time of first receipt."""
        return self.delivery.received_at.astimezone(self.reference.place.time_zone).replace(tzinfo=None)

    @property
    def version_at(self) -> datetime:
        """What makes rows without an update time of their own newer or older."""
        return self.received if self.table.as_of is None else datetime.combine(self.table.as_of, time())

    def _plans(self) -> list[Plan]:
        """The fact of the mapping first, then the events of its log."""
        mapping, headers = self.mapping, frozenset(self.table.columns)
        wanted = [(mapping.fact, mapping.columns)]
        if mapping.fold is not None:
            wanted.append((FACTS[mapping.fold.fact], mapping.fold.columns))
        return [make_plan(mapping, fact, columns, headers, self.reference, self.version_at) for fact, columns in wanted]

    def _stage(self, number: int, raw: pl.DataFrame, plans: Sequence[Plan]) -> None:
        """Writes the good rows of one chunk, a Parquet file per fact; a row bad for one fact is bad for all."""
        self.rows += raw.height
        identity = raw.select(sorted(self.table.columns)).hash_rows()
        ready = [self._ready(raw, plan, identity) for plan in plans]
        bad = pl.concat([broken for _, broken in ready])
        out = bad.select(LINE).unique()
        if lines := self._forgotten_lines(ready, plans):
            bad = bad.filter(~pl.col(LINE).is_in(lines))
            out = pl.concat([out, pl.DataFrame({LINE: lines}, schema=out.schema)])
        self.quarantine.add(bad, raw)
        for plan, (rows, _) in zip(plans, ready, strict=True):
            good = rows.join(out, on=LINE, how="anti") if out.height else rows
            path = self.scratch / f"{plan.fact.name}-{number:05d}.parquet"
            write_rows(good, path)
            self.staged.setdefault(plan.fact.name, []).append(path)
            self._note_happened(good, plan.fact)

    def _forgotten_lines(self, ready: Sequence[tuple[pl.DataFrame, pl.DataFrame]], plans: Sequence[Plan]) -> list[int]:
        """Lines of cases that asked to be forgotten; they are out before any rule could quote them."""
        cases = sorted(self.cases)
        lines = {line for plan, (rows, _) in zip(plans, ready, strict=True) for name in plan.fact.pseudonyms if cases
                 for line in rows.filter(pl.col(name).is_in(cases))[LINE]}  # fmt: skip
        self.forgotten |= lines
        return sorted(lines)

    def _ready(self, raw: pl.DataFrame, plan: Plan, identity: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows of one fact, complete, and what is wrong with them."""
        mapped = map_rows(raw, plan)
        self.carried += mapped.carried
        # What follows puts columns side by side that were computed apart: the order of rows must have been kept.
        assert mapped.rows[LINE].equals(raw[RAW_LINE].alias(LINE)), "mapping keeps the order of rows"
        rows = self._hidden(mapped.rows, plan.fact)
        if plan.fact is self.mapping.fact:
            rows = correct(rows, self.corrections, plan.fact, self.received.date(), self._hide, self.tally)
        rows = rows.with_columns(
            pl.lit(self.mapping.source).alias("source"),
            identity.alias("identity"),
            self._version(plan).alias("version_at"),
        )
        derived = plan.fact.derive(rows.lazy(), self.reference).collect()
        complete = derived.select(LINE, "identity", "version_at", *_typed(plan.fact))
        return complete, broken_rules(complete, plan.fact, mapped.problems)

    def _version(self, plan: Plan) -> pl.Expr:
        delivered = pl.lit(self.version_at).cast(pl.Datetime("us"))
        own = "updated_at" if "updated_at" in plan.fact.columns else None
        return delivered if own is None else pl.coalesce(own, delivered)

    def _hidden(self, rows: pl.DataFrame, fact: Fact) -> pl.DataFrame:
        source, key = self.mapping.numbered_by, self.key
        return rows.with_columns(pseudonyms(rows[name], source, key) for name in fact.pseudonyms)

    def _hide(self, number: str) -> str:
        return pseudonym(number, self.mapping.numbered_by, self.key)

    def _note_happened(self, rows: pl.DataFrame, fact: Fact) -> None:
        newest = rows.select(pl.max_horizontal(pl.col(name).cast(pl.Date).max() for name in fact.happened)).item()
        if newest is not None:
            self.happened = max(newest, self.happened or newest)

    def _merge(self, db: duckdb.DuckDBPyConnection, log: bool) -> dict[str, Merged]:
        """Events first: a repeated event is told by them, and the case it belongs to is not."""
        merged: dict[str, Merged] = {}
        fold = self.mapping.fold
        for name in reversed(list(self.staged)):
            folding = fold is not None and name == self.mapping.fact.name
            kind: Kind = "folded" if folding else "event" if fold is not None else "record"
            merged[name] = merge(db, FACTS[name], self.staged[name], self.delivery.sha256, kind, log)
            self.quarantine.add_lines(merged[name].faults)
        return merged

    def _loaded(self, quarantine: Quarantine, merged: Mapping[str, Merged]) -> Loaded:
        bad = quarantine.line_count()
        gone = self.table.forgotten + len(self.forgotten)
        rows_in = self.rows + quarantine.broken_count() + self.table.skipped + self.table.forgotten
        assert rows_in == self.table.rows_in, "the row law: what was read is what was counted"
        main = merged.get(self.mapping.fact.name)
        return Loaded(
            rows_in=rows_in,
            rows_loaded=rows_in - bad - self.table.skipped - gone,
            rows_quarantined=bad,
            rows_skipped=self.table.skipped + gone,
            cases=main.cases if main else 0,
            reasons=(*quarantine.reasons(), *self._told(gone), *reasons(self.corrections, self.tally)),
            data_until=self._data_until(),
        )

    def _told(self, gone: int) -> Iterator[Reason]:
        if self.carried:
            yield Reason("old_unit_carried", {"rows": self.carried})
        if gone:
            yield Reason("rows_forgotten", {"rows": gone})

    def _data_until(self) -> date | None:
        """A slip of the pen in the future must not make a source look fresh for years."""
        known = [day for day in (self.happened, self.table.as_of) if day is not None]
        limit = max([self.received.date(), *([self.table.as_of] if self.table.as_of else [])])
        return min(max(known), limit) if known else None


def _typed(fact: Fact) -> Iterator[pl.Expr]:
    return (pl.col(name).cast(column.dtype) for name, column in fact.columns.items())
