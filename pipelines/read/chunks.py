"""Rows leave the reader in chunks of text with their line; whatever does not fit is counted, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.machine import write_rows
from pipelines.read.format import FileFormat, Limits
from pipelines.read.mojibake import garbled_rows
from pipelines.read.text import ANY_RULE, RULES, UNUSUAL, Doubts, repaired
from pipelines.read.totals import Totals, check_totals

LINE: Final = "_line"
SPREADSHEET_LIMITS: Final = (65_536, 1_048_576)  # where rows once dropped off the bottom unseen
BROKEN: Final = {"line": pl.Int64, "rule": pl.String, "column": pl.String, "value": pl.String}


class Chunks:
    """Takes frames of raw text in file order and writes what is data; `names` are the header's columns."""

    def __init__(
        self, folder: Path, form: FileFormat, limits: Limits, names: Sequence[str], doubts: Doubts
    ) -> None:
        self.folder = folder
        self.limits = limits
        self.names = list(names)
        self.form = form
        self.kept = [name for name in names if self._is_kept(name)]
        self.doubts = doubts
        self.totals = Totals(form.total_row, form.numbers)
        self.paths: list[Path] = []
        self.broken: list[pl.DataFrame] = []
        self.warnings: list[Reason] = []
        self.as_of_text = ""  # what stands in the cell that tells the day
        self.rows = 0
        self.skipped = 0
        self.repaired = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows: `names` as String and `_line`; any number of them."""
        for start in range(0, frame.height, self.limits.chunk):
            self._add(frame.slice(start, self.limits.chunk))

    def add_broken(self, rows: Sequence[tuple[int, str, str | None, str | None]]) -> None:
        """Rows that could not be read as records: (line, rule, column, value)."""
        if rows:
            self.broken.append(pl.DataFrame(list(rows), schema=BROKEN, orient="row"))

    def widen(self, names: Sequence[str]) -> None:
        """Columns that a format without header shows only later."""
        self.names.extend(names)
        self.kept.extend(name for name in names if self._is_kept(name))

    def even_out(self) -> None:
        """Give every chunk all columns, where late ones came after its writing."""
        for path in self.paths:
            frame = pl.read_parquet(path)
            late = [pl.lit(None, dtype=pl.String).alias(one) for one in self.kept if one not in frame.columns]
            if late:
                whole = frame.with_columns(late).select(*self.kept, LINE)
                write_rows(whole, path)

    def _is_kept(self, name: str) -> bool:
        """Columns that nobody asked for never reach the disk again."""
        form = self.form
        return name in form.columns or name in form.optional or not (form.columns or name in form.ignored)

    def result(self) -> dict[str, Any]:
        """What the parent is told; raises Rejected where a control total does not fit."""
        broken = pl.concat(self.broken) if self.broken else pl.DataFrame(schema=BROKEN)
        lost = broken["line"].n_unique()
        totals = self._control_totals(lost)
        path = self.folder / "broken.parquet"
        write_rows(broken, path)
        if self.repaired:
            self.warnings.append(Reason("text_repaired", {"count": self.repaired}))
        rows = self.rows + lost + self.skipped
        if self.form.header_row + rows in SPREADSHEET_LIMITS:
            self.warnings.append(Reason("row_count_at_limit", {"rows": self.form.header_row + rows}))
        if not self.rows and not lost:
            self.warnings.append(Reason("no_rows"))
        return {
            "chunks": [one.name for one in self.paths],
            "columns": self.kept,
            "rows_in": rows,
            "skipped": self.skipped,
            "control_totals": totals,
        }

    def _control_totals(self, lost: int) -> dict[str, str]:
        found = self.totals.found
        columns = [name for name in self.kept if found.get(name)]
        self.warnings.extend(check_totals(self.totals, columns, self.paths, lost))
        return {name: found[name] for name in columns}

    def _add(self, frame: pl.DataFrame) -> None:
        if self.rows + frame.height > self.limits.rows:
            raise Rejected(Reason("too_many_rows", {"limit": self.limits.rows}))
        suspects = self._suspects(frame)
        frame = self._without_garbled(frame, suspects)
        frame = self._repaired(frame, suspects)
        frame = self._without_blank(frame)
        frame, skipped = self.totals.take(frame, self.names)
        self.skipped += skipped
        frame = self._without_broken(frame, suspects).select(*self.kept, LINE)
        if frame.height:
            self._write(frame)

    def _write(self, frame: pl.DataFrame) -> None:
        path = self.folder / f"chunk-{len(self.paths):05d}.parquet"
        write_rows(frame, path)
        self.paths.append(path)
        self.rows += frame.height

    def _suspects(self, frame: pl.DataFrame) -> list[str]:
        """Columns with a letter that Vietnamese does not use; only they are worth repairs and searches."""
        if not self.doubts.any_text:
            return []
        found = frame.select(pl.col(name).str.contains(UNUSUAL).any() for name in self.names).row(0)
        return [name for name, is_suspect in zip(self.names, found, strict=True) if is_suspect]

    def _repaired(self, frame: pl.DataFrame, suspects: Sequence[str]) -> pl.DataFrame:
        if self.doubts.repairs and suspects:
            clean = frame.with_columns(repaired(pl.col(name), self.doubts) for name in suspects)
            self.repaired += sum(int((clean[name] != frame[name]).sum()) for name in suspects)
            frame = clean
        if self.doubts.ends or self.doubts.repairs:
            frame = frame.with_columns(pl.col(name).str.strip_chars() for name in self.names)
        return frame

    def _without_blank(self, frame: pl.DataFrame) -> pl.DataFrame:
        if not frame.height or not self.names or not (frame[self.names[0]].fill_null("") == "").any():
            return frame  # by far the most: what comes first is filled in every row
        blank = pl.all_horizontal(pl.col(name).fill_null("") == "" for name in self.names)
        filled = frame.filter(~blank)
        self.skipped += frame.height - filled.height
        return filled

    def _without_garbled(self, frame: pl.DataFrame, suspects: Sequence[str]) -> pl.DataFrame:
        """Rejected where a column was decoded wrongly throughout; single garbled rows are broken."""
        if not self.doubts.legacy:
            return frame
        bad = garbled_rows(frame, suspects)
        for name, lines in bad.items():
            self.add_broken([(line, "text_is_readable", name, None) for line in lines])
        every = {line for some in bad.values() for line in some}
        return frame.filter(~pl.col(LINE).is_in(list(every))) if every else frame

    def _without_broken(self, frame: pl.DataFrame, suspects: Sequence[str]) -> pl.DataFrame:
        found = [*self._forbidden_letters(frame, suspects), *self._long_values(frame)]
        if not found:
            return frame
        self.broken.extend(found)
        return frame.join(pl.concat(found), left_on=LINE, right_on="line", how="anti", maintain_order="left")

    def _forbidden_letters(self, frame: pl.DataFrame, suspects: Sequence[str]) -> list[pl.DataFrame]:
        if not self.doubts.controls or not suspects:
            return []
        some = frame.filter(pl.any_horizontal(pl.col(one).str.contains(ANY_RULE) for one in suspects))
        return [
            _broken(lines, rule, name)
            for rule, pattern in RULES.items()
            for name in suspects
            if (lines := some.filter(pl.col(name).str.contains(pattern))[LINE]).len()
        ]

    def _long_values(self, frame: pl.DataFrame) -> list[pl.DataFrame]:
        if not self.doubts.long:
            return []
        return [
            _broken(lines, "fields_are_at_most_64_kb", name)
            for name in self.names
            if (lines := frame.filter(pl.col(name).str.len_bytes() > self.limits.field)[LINE]).len()
        ]


def _broken(lines: pl.Series, rule: str, column: str) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    frame = pl.DataFrame({"line": lines})
    return frame.select("line", rule=pl.lit(rule), column=pl.lit(column), value=nothing)

