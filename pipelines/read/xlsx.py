"""Of a workbook only the agreed sheet is read, and only after its XML was found harmless."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.read import header
from pipelines.read.asof import cell_position
from pipelines.read.chunks import LINE, Chunks
from pipelines.read.format import FileFormat, Limits
from pipelines.read.sheet import Findings, look_through
from pipelines.read.text import Doubts, folded
from pipelines.read.zipped import Sheet, open_checked, sheets, stream

MIDNIGHT: Final = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
FRACTION: Final = r"^-?\d+\.\d+$"
TIME_ONLY: Final = r"^(?:1899-12-3[01]|1904-01-01) (\d\d:\d\d:\d\d)$"


def read_xlsx(path: Path, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    """The rows of the agreed sheet as text, `_line` being the sheet's row; raises Rejected with the reason."""
    with open_checked(path, limits) as archive:
        every = sheets(archive)
        sheet = choose(every, form)
        found = look_through(stream(archive, sheet.part), limits, form.numbers == "vi")
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")) and part != sheet.part:
                for _ in stream(archive, part):
                    pass
    _refuse_merged_header(found, form)
    frame, offset = _load(path, sheet)
    return _chunks(frame, offset, found, form, limits, scratch, _warnings(every, sheet, found))


def choose(every: Sequence[Sheet], form: FileFormat) -> Sheet:
    """The sheet that the mapping names, or the first that people see; raises Rejected where it is missing."""
    if form.sheet is None:
        candidates = [one for one in every if one.visible]
    else:
        candidates = [one for one in every if folded(one.name) == folded(form.sheet)]
    if not candidates:
        raise Rejected(Reason("sheet_missing", {"sheet": form.sheet or "1"}))
    return candidates[0]


def _refuse_merged_header(found: Findings, form: FileFormat) -> None:
    if any(first <= form.header_row <= last for first, last in found.merged):
        raise Rejected(Reason("header_merged", {"row": form.header_row}))


def _load(path: Path, sheet: Sheet) -> tuple[pl.DataFrame, int]:
    """All cells of the sheet from its first row on, and the number (0-based) of its first column."""
    try:
        reader = fastexcel.read_excel(path)
        loaded = reader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as wrong:
        raise Rejected(Reason("sheet_unreadable", {"sheet": sheet.name})) from wrong
    columns = loaded.available_columns()
    if not columns:
        raise Rejected(Reason("sheet_empty", {"sheet": sheet.name}))
    return loaded.to_polars(), columns[0].absolute_index


def _warnings(every: Sequence[Sheet], sheet: Sheet, found: Findings) -> list[Reason]:
    warnings = []
    hidden = sum(not one.visible for one in every)
    if hidden:
        warnings.append(Reason("hidden_sheets", {"count": hidden, "sheet": sheet.name}))
    if found.hidden:
        warnings.append(Reason("hidden_rows"))
    if found.formulas:
        warnings.append(Reason("formula_cells", {"count": found.formulas}))
    return warnings


def _chunks(
    frame: pl.DataFrame,
    offset: int,
    found: Findings,
    form: FileFormat,
    limits: Limits,
    scratch: Path,
    warnings: list[Reason],
) -> Chunks:
    if frame.height < form.header_row:
        raise Rejected(Reason("header_blank", {"row": form.header_row}))
    cells = [cell or "" for cell in frame.row(form.header_row - 1)]
    body = frame.slice(form.header_row)
    used = [place for place, cell in enumerate(cells) if cell.strip() or body[:, place].drop_nulls().len()]
    names, more = header.resolve([cells[place] for place in used], form, limits)
    chunks = Chunks(scratch, form, limits, names, Doubts.every())
    chunks.warnings = [*warnings, *more]
    chunks.as_of_text = _cell(frame, offset, form)
    body = body[:, used].rename(dict(zip([frame.columns[place] for place in used], names, strict=True)))
    first = form.header_row + 1
    lines = pl.int_range(first, first + body.height, dtype=pl.Int64, eager=True).alias(LINE)
    _add(chunks, body.with_columns(lines), names, [offset + place + 1 for place in used], found)
    return chunks


def _add(
    chunks: Chunks, body: pl.DataFrame, names: Sequence[str], numbers: Sequence[int], found: Findings
) -> None:
    """Hand over all rows but those with an error cell or a number that lost digits.

    Typed dates lose the midnight nobody typed. Where the mapping reads numbers the Vietnamese way, typed
    fractions get its comma: the text "1.125" would be taken for a thousand and more.
    """
    by_number = dict(zip(numbers, names, strict=True))
    rules = (("has_no_error_cell", found.errors), ("number_has_kept_its_digits", found.too_long))
    wrong = [(row, rule, by_number[column], None) for rule, cells in rules for row, column in cells
             if column in by_number and body.height and row >= body[LINE][0]]  # fmt: skip
    chunks.add_broken(wrong)
    bad = sorted({row for row, *_ in wrong})
    body = body.filter(~pl.col(LINE).is_in(bad)) if bad else body
    dated = [pl.col(name).str.replace(MIDNIGHT, "$1").str.replace(TIME_ONLY, "$1") for name in names]
    commas = [
        pl.when(pl.col(LINE).is_in(rows) & pl.col(name).str.contains(FRACTION))
        .then(pl.col(name).str.replace(".", ",", literal=True))
        .otherwise(pl.col(name))
        .alias(name)
        for column, rows in found.fractions.items()
        if (name := by_number.get(column))
    ]
    chunks.add(body.with_columns(dated).with_columns(commas))


def _cell(frame: pl.DataFrame, offset: int, form: FileFormat) -> str:
    if not form.as_of or form.as_of.come_from != "cell":
        return ""
    row, column = cell_position(form.as_of.cell)
    place = column - 1 - offset
    inside = row <= frame.height and 0 <= place < frame.width
    text: str | None = frame.item(row - 1, place) if inside else None
    return (text or "").removesuffix(" 00:00:00")
