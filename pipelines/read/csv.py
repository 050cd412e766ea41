"""A delimited file is read fast where its bytes prove it regular, and row by row where they do not."""

from __future__ import annotations

import csv
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.read import encoding, header
from pipelines.read.asof import cell_position
from pipelines.read.chunks import LINE, Chunks
from pipelines.read.format import FileFormat, Limits
from pipelines.read.irregular import read_rows
from pipelines.read.scan import Scan, Scanner
from pipelines.read.text import Doubts

SEPARATORS: Final = ",;\t|"
HEADER_BYTES: Final = 1 << 20
CUT_OFF_SAMPLE: Final = 64 << 10


@dataclass(frozen=True)
class Layout:
    """Where data begins (byte and physical line) and how its fields are separated."""

    separator: str
    names: tuple[str, ...]
    start: int
    line: int
    warnings: tuple[Reason, ...]


def read_csv(path: Path, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    """The rows of `path` as chunks of text in `scratch`; raises Rejected with what is wrong with the file."""
    path, warnings = encoding.as_utf8(path, form, scratch)
    if not path.stat().st_size:
        raise Rejected(Reason("file_empty"))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        layout = find_layout(data, form, limits)
        scan = Scanner(ord(layout.separator), len(layout.names), limits.field).run(data, layout.start)
        _refuse_cut_off(data, layout, scan)
        as_of_text = _cell(data, form, layout.separator)
    chunks = _read(path, form, limits, scratch, layout, scan)
    chunks.as_of_text = as_of_text
    chunks.warnings[:0] = [*warnings, *layout.warnings, *_unended(scan)]
    return chunks


def _read(
    path: Path, form: FileFormat, limits: Limits, scratch: Path, layout: Layout, scan: Scan
) -> Chunks:
    chunks = Chunks(scratch, form, limits, layout.names, scan.doubts)
    if scan.regular:
        try:
            _read_regular(path, layout, scan, chunks)
            return chunks
        except _DisagreementError:
            chunks = Chunks(scratch, form, limits, layout.names, Doubts.every())
    chunks.doubts.long = True
    read_rows(path, layout.separator, layout.start, layout.line, chunks)
    return chunks


class _DisagreementError(Exception):
    """The fast parser saw other rows than the byte scan: believe neither, read row by row."""


def _read_regular(path: Path, layout: Layout, scan: Scan, chunks: Chunks) -> None:
    frame = pl.scan_csv(
        path,
        has_header=False,
        separator=layout.separator,
        skip_lines=layout.line - 1,
        schema=dict.fromkeys(layout.names, pl.String),
        row_index_name=LINE,
        missing_columns="insert",  # the first line may be blank
        glob=False,
    )
    shift, seen = scan.line_shift(), 0
    try:
        for batch in frame.collect_batches(chunk_size=chunks.limits.chunk, maintain_order=True):
            index = batch[LINE].to_numpy().astype(np.int64)
            lines = index + np.searchsorted(shift, index) + layout.line
            seen += batch.height
            chunks.add(batch.with_columns(pl.Series(LINE, lines, dtype=pl.Int64)))
    except pl.exceptions.PolarsError as wrong:
        encoding.refuse_bad_utf8(path)
        raise _DisagreementError from wrong
    if seen != scan.rows:
        raise _DisagreementError


def find_layout(data: mmap.mmap, form: FileFormat, limits: Limits) -> Layout:
    """Header names and separator, from the line that the mapping calls the header."""
    start = 3 if data[:3] == b"\xef\xbb\xbf" else 0
    for _ in range(form.header_row - 1):
        start = data.find(b"\n", start) + 1 or len(data)
    end = _end_of_record(data, start)
    try:
        text = data[start:end].decode("utf-8").rstrip("\r\n\x1a")
    except UnicodeDecodeError as wrong:
        raise Rejected(Reason("encoding_unknown", {"line": form.header_row})) from wrong
    if not data[:HEADER_BYTES].strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        raise Rejected(Reason("file_empty"))
    if not text.strip():
        raise Rejected(Reason("header_blank", {"row": form.header_row}))
    separator, cells = _split_header(text, form)
    names, warnings = header.resolve(cells, form, limits)
    line = form.header_row + data[start:end].count(b"\n")
    return Layout(separator, tuple(names), end, line, tuple(warnings))


def _end_of_record(data: mmap.mmap, start: int) -> int:
    """The byte behind the header record; newlines inside quotes do not end it."""
    end, size = start, len(data)
    while end < size and end - start < HEADER_BYTES:
        end = data.find(b"\n", end) + 1 or size
        if data[start:end].count(b'"') % 2 == 0:
            break
    return end


def _split_header(text: str, form: FileFormat) -> tuple[str, list[str]]:
    """The separator under which most agreed columns appear; among equals the one that splits most."""
    wanted = {name.casefold() for name in form.known}

    def worth(cells: Sequence[str]) -> tuple[int, int]:
        return sum(cell.strip().casefold() in wanted for cell in cells), len(cells)

    splits = {one: _cells(text.replace("\n", " "), one) for one in SEPARATORS}
    best = max(splits, key=lambda one: worth(splits[one]))
    return best, splits[best]


def _cells(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator))
    except csv.Error:  # longer than any name of a column: then this is not what separates them
        return [text]


def _refuse_cut_off(data: mmap.mmap, layout: Layout, scan: Scan) -> None:
    """Refuse a file whose last row breaks off; a last row that only lacks its newline passes with a word."""
    if scan.ends_with_newline or not scan.rows:
        return
    tail = data[max(layout.start, len(data) - CUT_OFF_SAMPLE) :]
    if tail.rstrip(b"\r\n").endswith(b"\x1a"):
        return
    encoding.refuse_cut_letter(tail)
    fields = _fields_of_last_line(tail, layout.separator) if scan.unclosed else scan.last_fields
    if fields < len(layout.names) or _last_value_is_short(tail, layout.separator.encode()):
        raise Rejected(Reason("cut_off_row"))


def _cell(data: mmap.mmap, form: FileFormat, separator: str) -> str:
    """What stands in the cell that tells the day; nothing where there is no such line or column."""
    if not form.as_of or form.as_of.come_from != "cell":
        return ""
    row, column = cell_position(form.as_of.cell)
    lines = data[:HEADER_BYTES].decode("utf-8-sig", "ignore").splitlines()[row - 1 : row]
    cells = next(csv.reader(lines, delimiter=separator), [])
    return cells[column - 1] if column <= len(cells) else ""


def _fields_of_last_line(tail: bytes, separator: str) -> int:
    """With quotes gone astray only the last physical line can be trusted; 0 where it is open itself."""
    last = tail.rpartition(b"\n")[2]
    return 0 if last.count(b'"') % 2 else last.count(separator.encode()) + 1


def _last_value_is_short(tail: bytes, separator: bytes) -> bool:
    """Whether all values above the last one have one length, as dates do, and the last one has less."""
    *above, last = [line.rstrip(b"\r").rpartition(separator)[2] for line in tail.split(b"\n")]
    lengths = {len(value) for value in above[1:]}
    return len(above) > 20 and len(lengths) == 1 and len(last) < lengths.pop()


def _unended(scan: Scan) -> list[Reason]:
    return [] if scan.ends_with_newline or not scan.rows else [Reason("no_final_newline")]


