"""A small place, and one call from rows of text to a loaded draft: what every test of loading leans on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines.delivery import Delivery
from pipelines.facts import FACTS
from pipelines.load import Loaded, load_table
from pipelines.mapping import SourceMapping, load_mapping
from pipelines.pseudonym import as_written
from pipelines.read import Table
from pipelines.reference import Reference, load_reference

REPOSITORY = Path(__file__).parents[2]
KEY = b"a key for tests, thirty-two byte"
RECEIVED = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NO_BROKEN = pl.DataFrame(schema={"line": pl.Int64, "rule": pl.String, "column": pl.String, "value": pl.String})

DOSSIERS = """
name = { vi = "Một cửa", en = "One stop" }
fact = "dossier"
owner = { vi = "Văn phòng", en = "Office" }
rhythm = "daily"

[defaults]
date = ["%d/%m/%Y"]
datetime = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"]
numbers = "vi"
years = [2015, 2035]
empty = ["", "-"]

[columns]
case_id = "so"
received_at = "nhan"
due_at = { column = "hen", years = [2015, 2060] }
ended_at = "xong"
unit_at_receipt = { column = "don_vi", tree = "territory" }
unit_now = { column = "hien_tai", tree = "territory", at = "updated_on", optional = true }
channel = { column = "kenh", values = { "1" = "counter", "2" = "online" }, empty = "counter" }
level = { constant = "commune" }
status = { column = "trang_thai", values = { "4" = "in_progress", "9" = "decided" }, optional = true }
fee_amount = "phi"
supplement_count = { column = "bo_sung", optional = true }
updated_at = { column = "cap_nhat", optional = true }

[ignore]
columns = ["ho_ten"]
"""
GOOD = {
    "so": "A-1",
    "nhan": "03/03/2025 08:00",
    "hen": "10/03/2025",
    "xong": "07/03/2025 09:30",
    "don_vi": "27694",
    "kenh": "2",
    "phi": "1.500",
    "ho_ten": "Nguyễn Thị Ẩn Danh",
}


def draft() -> duckdb.DuckDBPyConnection:
    """A draft as the publisher opens it: a connection that gives rows in any order."""
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    return db


@cache
def shipped() -> Reference:
    return load_reference(REPOSITORY / "data")


def mapping(folder: Path, text: str = DOSSIERS, source: str = "mot_cua") -> SourceMapping:
    """The mapping written in `text`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source}.toml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def rows(*changes: Mapping[str, str | None], good: Mapping[str, str | None] = GOOD) -> pl.DataFrame:
    """One row of text per change, each `good` but for what the change says."""
    columns = list(dict.fromkeys([*good, *(name for change in changes for name in change)]))
    return pl.DataFrame(
        [[(dict(good) | dict(change)).get(name) for name in columns] for change in changes],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )


def table(text: pl.DataFrame, folder: Path, as_of: date | None = None, chunk: int = 1000) -> Table:
    """What the reader would hand over for a CSV file with a header and these rows."""
    folder.mkdir(parents=True, exist_ok=True)
    numbered = text.with_columns(pl.int_range(2, text.height + 2, dtype=pl.Int64).alias("_line"))
    chunks = []
    for start in range(0, text.height, chunk):
        chunks.append(folder / f"chunk-{start:06d}.parquet")
        numbered.slice(start, chunk).write_parquet(chunks[-1])
    return Table(tuple(chunks), tuple(text.columns), text.height, NO_BROKEN, 0, as_of, (), {})


def delivery(name: str, source: str = "mot_cua", received_at: datetime = RECEIVED) -> Delivery:
    return Delivery(source, name, Path(name), hashlib.sha256(name.encode()).hexdigest(), 1, received_at)


def load(
    db: duckdb.DuckDBPyConnection,
    text: pl.DataFrame,
    source: SourceMapping,
    folder: Path,
    name: str = "tep.csv",
    *,
    as_of: date | None = None,
    received_at: datetime = RECEIVED,
    reference: Reference | None = None,
    corrections: Sequence[object] = (),
    given: Table | None = None,
) -> Loaded:
    """Loads `text` as a delivery called `name` of the mapping `source`."""
    place = folder / hashlib.sha256(name.encode()).hexdigest()[:12]
    staged = place / "staged"
    staged.mkdir(parents=True)
    read = given or table(text, place / "read", as_of)
    sent = replace(delivery(name, source.source), received_at=received_at)
    return load_table(db, sent, read, source, reference or shipped(), KEY, staged, corrections)  # type: ignore[arg-type]


def broken(db: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    """line, rule and column of everything in quarantine."""
    return db.execute('select line, rule, "column" from quarantine order by all').fetchall()


def fact(db: duckdb.DuckDBPyConnection, name: str = "dossier", but: Sequence[str] = ()) -> pl.DataFrame:
    """The fact in a fixed order, without its lineage."""
    hidden = ["version_at", "version_mark", "version_sha", "line", *but]
    every = f"* replace ({as_written('case_id')} as case_id)" if "case_id" in FACTS[name].columns else "*"
    frame = db.sql(f"select {every} from fact_{name}").pl().drop(hidden)
    return frame.sort(frame.columns)
