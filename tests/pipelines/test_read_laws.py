"""What a careful program writes is read cell by cell; what an accident changes costs its own rows only."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import Rejected
from pipelines.read import FileFormat, Limits
from pipelines.read.chunks import Chunks
from pipelines.read.csv import read_csv

CELL = st.sampled_from(
    ["", "a", "Nguyễn", "x y", "1,5", 'say "hi"', "dòng 1\ndòng 2", "a;b", "a|b", "tab\tx", '"', '""', "a\r\nb", "0"]
)
NAMES = ("c0", "c1", "c2")


def read_here(content: bytes) -> tuple[Chunks, dict[str, object], list[tuple[str | None, ...]]]:
    """In this process: hundreds of files that we made ourselves."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_bytes(content)
        chunks = read_csv(path, FileFormat(columns=NAMES), Limits(), Path(folder))
        result = chunks.result()
        rows = pl.read_parquet(chunks.paths).rows() if chunks.paths else []
        lines = pl.concat(chunks.broken)["line"].n_unique() if chunks.broken else 0
        assert result["rows_in"] == len(rows) + lines + chunks.skipped
        return chunks, result, rows


@settings(max_examples=80, deadline=None, database=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20),
    separator=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    bom=st.booleans(),
)
def test_what_the_standard_library_writes_is_what_we_read(
    rows: list[tuple[str, ...]], separator: str, newline: str, quoting: int, bom: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(NAMES)
    writer.writerows(rows)
    _, _, found = read_here(text.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    assert [tuple(cell or "" for cell in row[:-1]) for row in found] == [row for row in rows if any(row)]


@settings(max_examples=80, deadline=None, database=None)
@given(place=st.floats(0, 0.999), letter=st.sampled_from(b'",\n\r"'), kind=st.integers(0, 2), quoted=st.booleans())
def test_one_wrong_byte_costs_few_rows_and_mixes_none(place: float, letter: int, kind: int, quoted: bool) -> None:
    mark = '"' if quoted else ""
    rows = [",".join(f"{mark}r{row}c{column}{mark}" for column in range(3)) + "\n" for row in range(40)]
    body = bytearray("".join(rows).encode())
    where = int(place * len(body))
    if kind:
        body[where : where + kind - 1] = bytes([letter])
    else:
        del body[where]
    try:
        _, _, found = read_here(b"c0,c1,c2\n" + body)
    except Rejected as refused:
        assert refused.reason.code == "cut_off_row"
        assert where > len(body) - 30
        return
    cells = [[re.findall(r"r(\d+)c(\d)", cell or "") for cell in row[:-1]] for row in found]
    whole = [row for row in cells if all(len(one) == 1 for one in row) and len({one[0][0] for one in row}) == 1]
    straight = [row for row in whole if [one[0][1] for one in row] == ["0", "1", "2"]]
    assert len(straight) >= 37
    assert len(found) - len(straight) <= 2
