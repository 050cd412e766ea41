"""A row of totals is never data: it is the sender's own check, and we let it check us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.read.text import folded

# What a style of numbers strips first and what its decimal mark is.
STYLES: Final = {"vi": (".", ","), "en": (",", "."), "plain": (" ", ".")}
# Columns whose total row holds an average; so does one of fractions, but never one of whole counts.
AVERAGE: Final = re.compile(r"%|tỷ lệ|tỉ lệ|bình quân|trung bình|rate|ratio|average|mean")
EXACT: Final = pl.Decimal(38, 6)


@dataclass
class Totals:
    """Finds the total row by its first filled cell; below it, sparse rows are signatures, not records."""

    label: str | None
    numbers: str
    found: dict[str, str] = field(default_factory=dict)
    seen: bool = False

    def is_label(self, cell: str) -> bool:
        """Whether a row whose first filled cell is `cell` is the row of totals."""
        return bool(self.label) and folded(cell).startswith(folded(self.label or ""))

    def take(self, frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, int]:
        """`frame` without total rows and signature block, and how many rows these were."""
        if not self.label or not frame.height:
            return frame, 0
        is_total = first_cells(frame, names).str.starts_with(folded(self.label))
        before = pl.Series([self.seen, *(is_total.cum_sum() > 0).to_list()[:-1]])
        sparse = frame.select(filled(names) * 2 <= len(names)).to_series()
        if is_total.any():
            row = frame.filter(is_total).row(0, named=True)
            self.found = self.found or {name: row[name] for name in names if row[name]}
            self.seen = True
        kept = frame.filter(~is_total & ~(before & sparse))
        return kept, frame.height - kept.height


def filled(names: Sequence[str]) -> pl.Expr:
    """How many of the columns hold something."""
    return pl.sum_horizontal((pl.col(name).fill_null("") != "").cast(pl.Int32) for name in names)


def first_cells(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """The first filled cell of every row, folded."""
    cells = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in names]
    first = frame.select(first=pl.coalesce(cells).fill_null(""))["first"]
    return first.map_elements(folded, pl.String)


def as_number(column: pl.Expr, style: str) -> pl.Expr:
    """Text of one style as an exact number; null where it is none."""
    group, mark = STYLES[style]
    plain = column.str.replace_all(group, "", literal=True).str.replace_all(mark, ".", literal=True)
    return plain.cast(EXACT, strict=False)


def check_totals(totals: Totals, columns: Sequence[str], paths: Sequence[Path], lost: int) -> list[Reason]:
    """Warnings; raises Rejected where the sum of a column is not what the sender says it is."""
    if not totals.label or not paths:
        return []
    if not totals.seen:
        return [Reason("total_row_missing", {"label": totals.label})]
    if lost:
        return [Reason("control_totals_unchecked", {"count": lost})]
    data = pl.scan_parquet(list(paths))
    return [
        warning for name in columns if (warning := _check(data, name, totals.found[name], totals.numbers))
    ]


def _check(data: pl.LazyFrame, name: str, said: str, style: str) -> Reason | None:
    total: Decimal | None = pl.select(as_number(pl.lit(said), style)).item()
    if total is None:
        return None
    number = as_number(pl.col(name), style)
    text = pl.col(name).fill_null("") != ""
    rows, wrong, summed, least, most = (
        data.select(
            rows=pl.len(),
            wrong=(text & number.is_null()).sum(),
            summed=number.sum(),
            least=number.min(),
            most=number.max(),
        )
        .collect()
        .row(0)
    )
    if wrong or least is None:
        return None if total == rows else Reason("control_total_unclear", {"column": name})
    if total == rows or abs(total - summed) <= max(Decimal("0.000001"), abs(summed) / 10**9):
        return None
    if least <= total <= most and (AVERAGE.search(folded(name)) or not _is_whole(data, number)):
        return Reason("control_total_unclear", {"column": name})
    values = {"column": name, "said": said, "sum": f"{summed.normalize():f}"}
    raise Rejected(Reason("control_total_differs", values))


def _is_whole(data: pl.LazyFrame, number: pl.Expr) -> bool:
    return bool(data.select((number == number.floor()).all()).collect().item())
