"""Every parser runs in a child; what comes back is text in chunks, with the line of each row."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.delivery import Delivery
from pipelines.errors import Reason
from pipelines.read.format import AsOf, FileFormat, Limits
from pipelines.read.worker import Worker

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AsOf", "FileFormat", "Limits", "Table", "Worker", "read"]


@dataclass(frozen=True)
class Table:
    """A file as text: `chunks` are Parquet files of String `columns` plus `_line` (Int64, 1-based).

    The row law of this step: `rows_in` = rows in chunks + distinct lines in `broken` + `skipped` + `forgotten`.
    `broken` (line, rule, column, value) are rows that are no records; `skipped` are blank, total and
    signature rows; `forgotten` rows were taken out of the archive for good. Empty cells are null or "".
    `control_totals` are the sender's own sums, as text.
    """

    chunks: tuple[Path, ...]
    columns: tuple[str, ...]
    rows_in: int
    broken: pl.DataFrame
    skipped: int
    as_of: date | None
    warnings: tuple[Reason, ...]
    control_totals: Mapping[str, str]
    forgotten: int = 0


def read(
    delivery: Delivery,
    form: FileFormat,
    scratch: Path,
    limits: Limits | None = None,
    worker: Worker | None = None,
) -> Table:
    """The rows of `delivery`, read as `form` says, with its chunks below `scratch` (a folder of its own).

    Raises Rejected with one reason where the file is refused whole. Hand over one `worker` to many calls:
    starting its child costs most of a second.
    """
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    request = {
        "path": str(delivery.path),
        "name": delivery.name,
        "scratch": str(scratch),
        "format": form.as_json(),
    }
    with nullcontext(worker) if worker else Worker() as one:
        answer = one.ask("read", delivery.bytes, limits or Limits(), request)
    return _table(scratch, answer)


def _table(scratch: Path, answer: Mapping[str, Any]) -> Table:
    import polars as pl  # a child comes through this file too, and not every child needs it

    return Table(
        chunks=tuple(scratch / name for name in answer["chunks"]),
        columns=tuple(answer["columns"]),
        rows_in=answer["rows_in"],
        broken=pl.read_parquet(scratch / "broken.parquet"),
        skipped=answer["skipped"],
        as_of=date.fromisoformat(answer["as_of"]) if answer["as_of"] else None,
        warnings=tuple(Reason(one["code"], one["values"]) for one in answer["warnings"]),
        control_totals=answer["control_totals"],
    )
