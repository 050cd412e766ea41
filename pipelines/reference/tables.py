"""A table that a person wrote is read strictly: every complaint names file, line, column and the cure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from pipelines.errors import PersonError

LINE = "line"

_EXPECTED: dict[type[pl.DataType], tuple[str, str]] = {
    pl.Date: ("một ngày dạng 2026-01-31", "a date such as 2026-01-31"),
    pl.Boolean: ("true hoặc false", "true or false"),
    pl.Int32: ("một số nguyên", "a whole number"),
    pl.Float64: ("một số, dấu thập phân là dấu chấm", "a number with a decimal point"),
}


@dataclass(frozen=True)
class Column:
    """What one column of a reference table may hold; an empty optional cell becomes `empty`."""

    dtype: type[pl.DataType] = pl.String
    required: bool = True
    values: tuple[str, ...] | None = None
    empty: str | None = None


Columns = Mapping[str, Column]


def complaint(path: Path, line: int, column: str, vi: str, en: str) -> PersonError:
    """An error about one cell of `path`; `vi` and `en` say what is wrong and what to do."""
    return PersonError(
        f"{path.name}, dòng {line}, cột `{column}`: {vi}",
        f"{path.name}, line {line}, column `{column}`: {en}",
    )


def read_table(path: Path, columns: Columns, optional: bool = False) -> pl.DataFrame:
    """The rows of a CSV file as `columns`, plus `line` (Int64), the line of the file a row ends on.

    A missing file is an empty table where `optional`. Raises PersonError for everything that is not exactly
    as `columns` says.
    """
    if optional and not path.is_file():
        return _typed(path, pl.DataFrame(schema=dict.fromkeys([*columns, LINE], pl.String)), columns)
    records = list(_records(path, columns))
    raw = pl.DataFrame(records, schema=dict.fromkeys([*columns, LINE], pl.String), orient="row")
    return _typed(path, raw, columns)


def refuse_where(path: Path, table: pl.DataFrame, wrong: pl.Expr, column: str, vi: str, en: str) -> None:
    """Raises a complaint about the first row of `table` for which `wrong` is true.

    In `vi` and `en`, `{column name}` is replaced by what that row holds.
    """
    found = table.filter(wrong).sort(LINE)  # joins before this may have shuffled the lines
    if not found.is_empty():
        row = found.row(0, named=True)
        raise complaint(path, row[LINE], column, vi.format(**row), en.format(**row))


def _records(path: Path, columns: Columns) -> Iterator[list[str]]:
    """Cells in the order of `columns`, then the line number; a blank line is passed over."""
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise PersonError(
            f"Không mở được {path}. Tệp này bắt buộc phải có trong thư mục dữ liệu.",
            f"Cannot open {path}. This file must exist in the data directory.",
        ) from error
    with file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        _check_header(path, header, columns)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                vi = f"dòng có {len(cells)} ô, cần {len(header)}. Kiểm tra dấu phẩy và dấu ngoặc kép."
                en = f"the line has {len(cells)} cells, not {len(header)}. Check commas and quotes."
                raise complaint(path, reader.line_num, header[0], vi, en)
            named = dict(zip(header, cells, strict=True))
            yield [*(named[name].strip() for name in columns), str(reader.line_num)]


def _check_header(path: Path, header: list[str], columns: Columns) -> None:
    for name in header:
        if name not in columns or header.count(name) > 1:
            near = get_close_matches(name, [c for c in columns if c not in header], n=1)
            hint_vi, hint_en = (f" Có phải `{near[0]}`?", f" Did you mean `{near[0]}`?") if near else ("", "")
            vi = f"cột lạ hoặc lặp lại.{hint_vi}"
            raise complaint(path, 1, name, vi, f"an unknown or repeated column.{hint_en}")
    for name in columns:
        if name not in header:
            raise complaint(path, 1, name, "thiếu cột này. Hãy thêm vào.", "this column is missing. Add it.")


def _typed(path: Path, raw: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """`raw` text as the types of `columns`; complains about the first cell that does not fit."""
    raw = raw.with_columns(pl.col(LINE).cast(pl.Int64))
    for name, column in columns.items():
        _check_cells(path, raw, name, column)
    return raw.select(*(_cast(name, column).alias(name) for name, column in columns.items()), LINE)


def _check_cells(path: Path, raw: pl.DataFrame, name: str, column: Column) -> None:
    cell = pl.col(name)
    if column.required:
        vi, en = "ô trống. Ô này bắt buộc phải điền.", "the cell is empty. It must be filled in."
        refuse_where(path, raw, cell == "", name, vi, en)
    if column.values is not None:
        allowed = ", ".join(column.values)
        wrong = (cell != "") & ~cell.is_in(list(column.values))
        vi = f"`{{{name}}}` không được phép. Chọn một trong: {allowed}."
        refuse_where(path, raw, wrong, name, vi, f"`{{{name}}}` is not allowed. Use one of: {allowed}.")
    if column.dtype in _EXPECTED:
        expected_vi, expected_en = _EXPECTED[column.dtype]
        wrong = (cell != "") & _cast(name, column).is_null()
        vi = f"`{{{name}}}` không phải là {expected_vi}."
        refuse_where(path, raw, wrong, name, vi, f"`{{{name}}}` is not {expected_en}.")


def _cast(name: str, column: Column) -> pl.Expr:
    cell = pl.when(pl.col(name) != "").then(pl.col(name))
    if column.dtype is pl.Date:
        return cell.str.to_date("%Y-%m-%d", strict=False)
    if column.dtype is pl.Boolean:
        return cell.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    typed = cell.cast(column.dtype, strict=False)
    return typed if column.empty is None else typed.fill_null(column.empty)
