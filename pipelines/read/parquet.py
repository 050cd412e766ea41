"""Parquet says how large it is in its last bytes: these are believed only after they were checked."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import Reason, Rejected
from pipelines.machine import blame
from pipelines.read import header
from pipelines.read.chunks import LINE, Chunks
from pipelines.read.format import FileFormat, Limits
from pipelines.read.text import Doubts

# The default pool reserves a gigabyte at once, which the limit on data memory would count.
pa.set_memory_pool(pa.system_memory_pool())

MAGIC: Final = b"PAR1"
FOOTER: Final = 16 << 20


def read_parquet(path: Path, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    """The rows of `path` with every scalar as text; raises Rejected where it is damaged, huge or nested."""
    refuse_bad_footer(path)
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True, thrift_string_size_limit=FOOTER)
        _refuse_huge(file.metadata, limits)
        _refuse_nested(file.schema_arrow)
        return _rows(file, form, limits, scratch)
    except (pa.ArrowException, OSError) as wrong:
        blame(wrong)
        raise Rejected(Reason("parquet_damaged")) from wrong


def refuse_bad_footer(path: Path) -> None:
    """Raise Rejected where the file does not end as Parquet ends."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 8))
        tail = file.read(8)
    length = struct.unpack("<I", tail[:4])[0] if len(tail) == 8 else 0
    if tail[4:] != MAGIC or not 0 < length <= min(size - 12, FOOTER):
        raise Rejected(Reason("parquet_damaged"))


def _refuse_huge(metadata: pq.FileMetaData, limits: Limits) -> None:
    if metadata.num_rows > limits.rows:
        raise Rejected(Reason("too_many_rows", {"limit": limits.rows}))
    if metadata.num_columns > limits.columns:
        values = {"count": metadata.num_columns, "limit": limits.columns}
        raise Rejected(Reason("too_many_columns", values))


def _refuse_nested(schema: pa.Schema) -> None:
    for column in schema:
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
            raise Rejected(Reason("parquet_nested", {"column": column.name}))


def _rows(file: pq.ParquetFile, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    names, warnings = header.resolve(file.schema_arrow.names, form, limits)
    chunks = Chunks(scratch, form, limits, names, Doubts.every())
    chunks.warnings = list(warnings)
    line = 1
    for batch in file.iter_batches(batch_size=limits.chunk // 4):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        text = frame.select(as_text(frame[:, place]).alias(name) for place, name in enumerate(names))
        chunks.add(text.with_columns(pl.int_range(line, line + text.height, dtype=pl.Int64).alias(LINE)))
        line += text.height
    return chunks


def as_text(column: pl.Series) -> pl.Series:
    """Any scalar as the text that loses nothing: ISO days and times, exact decimals, true and false."""
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        offset = "%:z" if kind.time_zone else ""
        return column.dt.strftime(f"%Y-%m-%d %H:%M:%S%.f{offset}")
    if kind == pl.Float32 or kind == pl.Float64:
        whole = column.filter(column.is_finite() & (column == column.round(0)) & (column.abs() < 2**53))
        if whole.len() + column.null_count() == column.len():
            return column.cast(pl.Int64).cast(pl.String)
    return column.cast(pl.String)
