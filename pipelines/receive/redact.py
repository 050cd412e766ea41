"""Of a file that held a forgotten case the table stays, without its rows: enough to rebuild, and nothing to find.

`<sha>.redacted.parquet` takes the place of the file as it came; its receipt says so, with the hash of the new bytes
and what reading the old ones had counted. Columns that the mapping does not name are gone with them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.delivery import Delivery
from pipelines.errors import Reason
from pipelines.machine import write_rows
from pipelines.read import Table
from pipelines.receive.keeping import sync_folder, write_receipt

LINE: Final = "_line"
ROWS: Final = 250_000  # of a chunk


def redact(delivery: Delivery, table: Table, lines: Collection[int]) -> None:
    """Put `table` without `lines` in the place of the archived file; whatever breaks off is taken up by the next call.

    The receipt changes before the old file goes: whoever dies between leaves both, and `verify` says so.
    """
    folder, target = delivery.path.parent, redacted_path(delivery.path.parent, delivery.sha256)
    draft = target.with_name(f".{target.name}.part")
    kept = pl.scan_parquet(list(table.chunks)).filter(~pl.col(LINE).is_in(list(lines)))
    write_rows(kept.select(LINE, *table.columns).collect(), draft)
    draft.chmod(0o600)  # as the file was
    _sync(draft)
    draft.replace(target)
    sidecar = folder / f"{delivery.sha256}.json"
    said = json.loads(sidecar.read_text("utf-8"))
    write_receipt(sidecar, said | {"redacted": _told(target, table, len(lines))})
    if delivery.path != target:
        delivery.path.unlink(missing_ok=True)
    sync_folder(folder)


def finish(archive: Path) -> None:
    """Remove files as they came that a killed run left beside their tables."""
    for table in archive.glob("*/*.redacted.parquet"):
        sha256 = table.name.partition(".")[0]
        for other in table.parent.glob(f"{sha256}.*"):
            if other.name not in (table.name, f"{sha256}.json"):
                other.unlink(missing_ok=True)


def redacted_path(folder: Path, sha256: str) -> Path:
    """Where the table of a redacted delivery lies."""
    return folder / f"{sha256}.redacted.parquet"


def _told(target: Path, table: Table, lines: int) -> dict[str, Any]:
    with target.open("rb", buffering=0) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "sha256": sha256,
        "bytes": target.stat().st_size,
        "columns": list(table.columns),
        "rows_in": table.rows_in,
        "skipped": table.skipped,
        "forgotten": table.forgotten + lines,
        "as_of": table.as_of.isoformat() if table.as_of else None,
        "broken": table.broken.select("line", "rule", "column").rows(),  # never the cell: it may be the case's
        "warnings": [{"code": one.code, "values": dict(one.values)} for one in table.warnings],
        "control_totals": dict(table.control_totals),
    }


def read_redacted(delivery: Delivery, scratch: Path) -> Table:
    """The table of a redacted delivery, its chunks below `scratch`."""
    assert delivery.redacted is not None
    said = delivery.redacted
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    schema = {"line": pl.Int64, "rule": pl.String, "column": pl.String}
    broken = pl.DataFrame(said["broken"], schema=schema, orient="row").with_columns(value=pl.lit(None, pl.String))
    return Table(
        chunks=tuple(_chunks(delivery.path, scratch)),
        columns=tuple(said["columns"]),
        rows_in=said["rows_in"],
        broken=broken,
        skipped=said["skipped"],
        as_of=date.fromisoformat(said["as_of"]) if said["as_of"] else None,
        warnings=tuple(Reason(one["code"], one["values"]) for one in said["warnings"]),
        control_totals=said["control_totals"],
        forgotten=said["forgotten"],
    )


def _chunks(path: Path, scratch: Path) -> Iterator[Path]:
    rows = pl.scan_parquet(path)
    height = rows.select(pl.len()).collect().item()
    for number, start in enumerate(range(0, max(height, 1), ROWS)):
        chunk = scratch / f"chunk-{number:05d}.parquet"
        write_rows(rows.slice(start, ROWS).collect(), chunk)
        yield chunk


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
