"""A file that bends the rules is read row by row: every row that keeps them is saved, every other is named."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.read.chunks import LINE, Chunks

LONGEST_LINE: Final = 4 << 20
LONGEST_RECORD: Final = 500  # physical lines; a quote that closes later than that was never meant to be open
FLUSH: Final = 50_000
CTRL_Z: Final = "\x1a"
TRIED: Final = 20


def read_rows(path: Path, separator: str, start: int, line: int, chunks: Chunks) -> None:
    """Feed the rows behind byte `start` (physical line `line`) to `chunks`.

    Raises Rejected where most rows do not fit the header: then the header is wrong, not the rows.
    """
    csv.field_size_limit(1 << 30)
    rows = Rows(separator, chunks)
    with path.open("rb") as raw:
        raw.seek(start)
        text = io.TextIOWrapper(raw, encoding="utf-8", errors="strict", newline="")
        try:
            rows.run(Lines(text, line))
        except UnicodeDecodeError as wrong:
            raise Rejected(Reason("encoding_unknown", {"line": line})) from wrong
    rows.finish()


class Lines:
    """Physical lines with their numbers, and the way back when a record turns out to be none."""

    def __init__(self, text: io.TextIOWrapper, line: int) -> None:
        self.text = text
        self.line = line
        self.waiting: list[str] = []

    def take(self) -> str | None:
        """The next line with its end, None after the last; a line beyond all measure is cut."""
        if self.waiting:
            taken = self.waiting.pop()
        else:
            taken = self.text.readline(LONGEST_LINE)
            if len(taken) == LONGEST_LINE and not taken.endswith(("\n", "\r")):
                self._skip_rest()
        if not taken:
            return None
        self.line += 1
        return taken

    def give_back(self, lines: list[str]) -> None:
        """Make `lines` the next ones again."""
        self.waiting.extend(reversed(lines))
        self.line -= len(lines)

    def _skip_rest(self) -> None:
        while (more := self.text.readline(LONGEST_LINE)) and not more.endswith(("\n", "\r")):
            pass


@dataclass
class Rows:
    """Collects good rows by column and bad ones by rule."""

    separator: str
    chunks: Chunks
    columns: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[tuple[int, str, str | None, str | None]] = field(default_factory=list)
    good: int = 0
    bad: int = 0

    def run(self, lines: Lines) -> None:
        """All records of the text."""
        number = lines.line
        while (text := lines.take()) is not None:
            self._record(number, text, lines)
            if len(self.lines) >= FLUSH:
                self._flush()
            number = lines.line

    def finish(self) -> None:
        """Hand over what is left; refuse the file where hardly a row fits its header."""
        self._flush()
        if self.bad > self.good and (self.bad >= TRIED or (self.bad > 1 and not self.good)):
            raise Rejected(Reason("rows_do_not_fit_header", {"bad": self.bad, "good": self.good}))

    def _record(self, number: int, text: str, lines: Lines) -> None:
        if not text.strip(f"\r\n{CTRL_Z}"):
            self._keep(number, [""] * len(self.chunks.names))
            return
        fields = self._fields(number, text, lines)
        if fields is None:
            return
        if len(fields) != len(self.chunks.names) and not self._is_total(fields):
            self._refuse(number, "has_as_many_fields_as_header", f"{len(fields)} / {len(self.chunks.names)}")
            return
        self._keep(number, (fields + [""] * len(self.chunks.names))[: len(self.chunks.names)])

    def _is_total(self, fields: list[str]) -> bool:
        return self.chunks.totals.is_label(next((one for one in fields if one.strip()), ""))

    def _fields(self, number: int, text: str, lines: Lines) -> list[str] | None:
        line = text.rstrip(f"\r\n{CTRL_Z}")
        if '"' not in line:
            return line.split(self.separator)
        fields = self._strict(line)
        if fields is None and is_open(line, self.separator):
            fields = self._several_lines(text, lines)
        if fields is None:
            self._refuse(number, "quotes_are_closed", None)
        return fields

    def _strict(self, text: str) -> list[str] | None:
        """The fields, or None where a quoted field is not closed or goes on behind its closing quote."""
        try:
            return next(csv.reader([text], delimiter=self.separator, strict=True))
        except (csv.Error, StopIteration):
            return None

    def _several_lines(self, text: str, lines: Lines) -> list[str] | None:
        """The record that begins with `text` and ends lines later; None, and nothing taken, if there is none."""
        taken: list[str] = []
        while len(taken) < LONGEST_RECORD and (more := lines.take()) is not None:
            taken.append(more)
            if '"' not in more:
                continue
            whole = "".join((text, *taken)).rstrip("\r\n")
            fields = self._strict(whole)
            if fields and len(fields) == len(self.chunks.names) and not self._swallows([text, *taken]):
                return fields
            if fields or not is_open(whole, self.separator):
                break
        lines.give_back(taken)
        return None

    def _swallows(self, lines: list[str]) -> bool:
        """Whether each line is a full row without the two quotes: then they were forgotten, not the text long."""
        wanted = len(self.chunks.names)
        parts = [line.rstrip("\r\n") for line in lines]
        first, last = parts[0].rfind('"'), parts[-1].find('"')
        alone = [
            parts[0][:first] + parts[0][first + 1 :],
            *parts[1:-1],
            parts[-1][:last] + parts[-1][last + 1 :],
        ]
        return wanted > 2 and all(len(self._strict(one) or ()) == wanted for one in alone)

    def _keep(self, number: int, fields: list[str]) -> None:
        self.columns.append(fields)
        self.lines.append(number)
        self.good += 1

    def _refuse(self, number: int, rule: str, value: str | None) -> None:
        self.broken.append((number, rule, None, value))
        self.bad += 1

    def _flush(self) -> None:
        self.chunks.add_broken(self.broken)
        if self.lines:
            names = self.chunks.names
            columns = dict(zip(names, zip(*self.columns, strict=True), strict=True))
            frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
            self.chunks.add(frame.with_columns(pl.Series(LINE, self.lines, dtype=pl.Int64)))
        self.columns, self.lines, self.broken = [], [], []


def is_open(text: str, separator: str) -> bool:
    """Whether a quoted field of `text` is still open at its end, by the letter of RFC 4180."""
    place = 0
    while True:
        if text.startswith('"', place):
            place = _behind_quoted(text, place)
            if place < 0:
                return True
        place = text.find(separator, place) + 1
        if not place:
            return False


def _behind_quoted(text: str, place: int) -> int:
    """The place behind the field that opens at `place`; -1 where it does not close."""
    place = text.find('"', place + 1)
    while place >= 0 and text.startswith('"', place + 1):
        place = text.find('"', place + 2)
    return place + 1 if place >= 0 else -1


