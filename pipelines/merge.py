"""Of two rows with one key the newer stands, whichever came first: deliveries may arrive in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from pipelines.facts import FACTS, Fact
from pipelines.facts.shape import LINEAGE, Column
from pipelines.map import PROBLEMS

# A record stands for itself. Of an event log, every row is an event, and all rows of a case fold into one.
Kind = Literal["record", "event", "folded"]

_SQL_TYPES: Mapping[str, str] = {
    "String": "VARCHAR",
    "Date": "DATE",
    "Datetime": "TIMESTAMP",
    "Int64": "BIGINT",
    "Boolean": "BOOLEAN",
    "Decimal": "DECIMAL(20, 2)",
    "Float64": "DOUBLE",
}


@dataclass(frozen=True)
class Merged:
    """`faults`: line, rule, contract column; `cases`: different keys among what was loaded."""

    faults: pl.DataFrame
    cases: int


def create_fact_tables(db: duckdb.DuckDBPyConnection) -> None:
    """Makes every `fact_*` table that is missing."""
    statements = []
    for fact in FACTS.values():
        columns = {name: _type_of(column) for name, column in fact.columns.items()}
        columns |= {} if fact.from_reference else {name: sql_type(dtype) for name, dtype in LINEAGE.items()}
        listed = ", ".join(f"{_q(name)} {kind}" for name, kind in columns.items())
        statements.append(f"create table if not exists {fact.table} ({listed})")
    db.execute(";".join(statements))


def _type_of(column: Column) -> str:
    """A pseudonym has 128 bits: as a number it is found, compared and counted out several times faster than as text."""
    return "UUID" if _is_number(column) else sql_type(column.dtype)


def _is_number(column: Column) -> bool:
    return column.role == "pseudonym" and column.required  # what need not be there may be empty text


def sql_type(dtype: pl.DataType) -> str:
    """The DuckDB type of a contract column."""
    return _SQL_TYPES[dtype.base_type().__name__]


def merge(
    db: duckdb.DuckDBPyConnection,
    fact: Fact,
    staged: Sequence[Path],
    sha256: str,
    kind: Kind = "record",
    log: bool = True,
) -> Merged:
    """Merges staged Parquet files (one delivery, one source) into the fact's table, in one transaction.

    `log`: what goes and what comes is written down (`changed`), for whoever makes an increment of it. A staged row has
    `line`, `identity` (equal for identical rows), `version_at` and the fact's columns.
    """
    with _transaction(db):
        _view_staged(db, fact, staged, kind)
        faults = _settle_inside(db, fact, kind)
        _settle_outside(db, fact, sha256)
        cases = _count_cases(db)
        if log:
            _remember(db, fact)
        _write(db, fact, sha256)
    return Merged(faults, cases)


def _view_staged(db: duckdb.DuckDBPyConnection, fact: Fact, staged: Sequence[Path], kind: Kind) -> None:
    files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in staged)
    mark = "''"
    if kind == "folded":
        # Two events of one moment may disagree about their case; their content decides, wherever they came.
        texts = ", ".join(f"coalesce({_q(name)}::varchar, '')" for name in fact.columns)
        mark = f"md5(concat_ws('|', {texts}))"
    typed = ", ".join(f"{_q(name)}::uuid as {_q(name)}" for name, one in fact.columns.items() if _is_number(one))
    every = f"* replace ({typed})" if typed else "*"
    rows = f"select {every}, {mark} as version_mark from read_parquet([{files}])"
    db.execute(f"create or replace temp view staged as {rows}")


def _settle_inside(db: duckdb.DuckDBPyConnection, fact: Fact, kind: Kind) -> pl.DataFrame:
    """Leaves `excluded`: lines for quarantine, and lines that a newer one of the same file supersedes."""
    keys = _list(fact.key)
    repetition = _comes_again(keys, "identity", kind != "folded")
    clash = _comes_again(keys, "version_at, is_repetition", kind == "record")
    is_older = (
        f"row_number() over (partition by {keys}, is_faulty order by version_at desc, version_mark desc, line) > 1"
    )
    db.execute(
        f"""
        create or replace temp table ranked as
        with several as (select {keys} from staged group by all having count(*) > 1),
        twins as (
            select {keys}, line, identity, version_at, version_mark
            from staged semi join several using ({keys})
        ),
        once as (select *, {repetition} as is_repetition from twins),
        judged as (select *, {clash} or is_repetition as is_faulty from once)
        select line, is_repetition, is_faulty, {is_older} as is_older from judged
        """
    )
    db.execute("create or replace temp table excluded as select line from ranked where is_faulty or is_older")
    rule = "case when is_repetition then 'is_not_a_repetition' else 'key_is_unique_in_file' end"
    faults: pl.DataFrame = db.sql(
        f"select line, {rule} as rule, '{fact.key[1]}' as \"column\" from ranked where is_faulty order by line"
    ).pl()
    return faults.cast(PROBLEMS)


def _comes_again(keys: str, column: str, applies: bool) -> str:
    """Whether an earlier line of the file has the same key and the same `column`."""
    return f"row_number() over (partition by {keys}, {column} order by line) > 1" if applies else "false"


def _settle_outside(db: duckdb.DuckDBPyConnection, fact: Fact, sha256: str) -> None:
    """Leaves `met` (rows of the table that have a candidate's key); adds to `excluded` the older."""
    match = " and ".join(f"f.{_q(name)} = s.{_q(name)}" for name in fact.key)
    newer = f"(s.version_at, s.version_mark, '{sha256}') >= (f.version_at, f.version_mark, f.version_sha)"
    db.execute(
        f"""
        create or replace temp table met as
        select s.line, f.rowid as standing, {newer} as is_newer
        from {fact.table} f join (from staged anti join excluded using (line)) s on {match}
        """
    )
    db.execute("insert into excluded select line from met where not is_newer")
    db.execute("create or replace temp view fresh as from staged anti join excluded using (line)")


def _count_cases(db: duckdb.DuckDBPyConnection) -> int:
    """Different keys among the rows of the file that are not in quarantine."""
    settled = "(select count(*) from ranked where is_faulty or is_older)"
    ((count,),) = db.execute(f"select (select count(*) from staged) - {settled}").fetchall()
    return int(count)


def changed(fact: str) -> str:
    """The temporary table of what an increment did to a fact: its columns, and `sign` (-1 went, 1 came)."""
    return f"changed_{fact}"


def changed_facts(db: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The facts that the increment under way has touched."""
    names = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    return frozenset(fact for fact in FACTS if changed(fact) in names)


def _remember(db: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    """Sums over the whole fact are brought up to date by what changed, and then checked against the whole."""
    columns, log = _list(tuple(fact.columns)), changed(fact.name)
    empty = f"select {columns}, 0::tinyint as sign from {fact.table} limit 0"
    db.execute(f"create temp table if not exists {log} as {empty}")
    went = f"select {columns}, -1 from {fact.table} where rowid in (select standing from met where is_newer)"
    db.execute(f"insert into {log} {went}")
    db.execute(f"insert into {log} select {columns}, 1 from fresh")


def _write(db: duckdb.DuckDBPyConnection, fact: Fact, sha256: str) -> None:
    db.execute(f"delete from {fact.table} where rowid in (select standing from met where is_newer)")
    columns = _list(tuple(fact.columns))
    db.execute(
        f"""
        insert into {fact.table} ({columns}, version_at, version_mark, version_sha, line)
        select {columns}, version_at, version_mark, '{sha256}', line from fresh
        """
    )


@contextmanager
def _transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    db.begin()
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _list(names: Sequence[str]) -> str:
    return ", ".join(_q(name) for name in names)


def _q(name: str) -> str:
    return f'"{name}"'
