"""A JSON record becomes a row of text: nested keys joined by dots, numbers digit by digit, lists counted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, NoReturn

import polars as pl

from pipelines.errors import Reason, Rejected
from pipelines.read import header
from pipelines.read.chunks import LINE, Chunks
from pipelines.read.format import FileFormat, Limits
from pipelines.read.text import Doubts, folded, repaired_text

SURROGATE: Final = re.compile("[\ud800-\udfff]")
ESCAPED: Final = re.compile(r"\\u[dD][89a-fA-F]")  # only escapes can make half a letter
PLAIN: Final = frozenset({str, type(None)})
FLUSH: Final = 50_000


class DoubledKeyError(ValueError):
    """Two values under one key: nobody can know which one was meant."""


class ConstantError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def refuse(wrong: Exception, text: str) -> NoReturn:
    """Turn a parser's complaint into a reason that says where."""
    if isinstance(wrong, DoubledKeyError):
        raise Rejected(Reason("json_key_doubled", {"key": header.listed([str(wrong)])})) from wrong
    if isinstance(wrong, ConstantError):
        raise Rejected(Reason("json_no_number", {"constant": str(wrong)})) from wrong
    place = wrong.pos if isinstance(wrong, json.JSONDecodeError) else len(text)
    if isinstance(wrong, json.JSONDecodeError) and wrong.msg.startswith("Unterminated string"):
        place = len(text)  # the parser names where the string began; it is the end of the file that is missing
    if place >= len(text.rstrip()):
        raise Rejected(Reason("json_cut_off")) from wrong
    raise Rejected(Reason("json_invalid", {"line": text.count("\n", 0, place) + 1})) from wrong


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise DoubledKeyError(next(key for key in keys if keys.count(key) > 1))
    return found


def _constant(name: str) -> NoReturn:
    raise ConstantError(name)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_constant
)


class Records:
    """Flattens records into rows of text; columns are the union of all keys, in order of appearance."""

    def __init__(self, form: FileFormat, limits: Limits, scratch: Path) -> None:
        self.form = form
        self.limits = limits
        self.spelling = {folded(name): name for name in form.known}
        self.names: dict[str, str] = {}
        self.is_list: dict[str, bool] = {}  # by the first record that has the name
        self.rows: list[dict[str, str | None]] = []
        self.lines: list[int] = []
        self.broken: list[tuple[int, str, str | None, str | None]] = []
        self.found = False
        self.has_halves = False
        self.chunks_skipped = 0
        self.chunks = Chunks(scratch, form, limits, [], Doubts.every())

    def line(self, number: int, raw: bytes) -> None:
        """One line of NDJSON."""
        try:
            text = raw.decode("utf-8").strip()
            self.has_halves = bool(ESCAPED.search(text))
            value, end = DECODER.raw_decode(text)
            if end != len(text):
                raise ValueError
        except (DoubledKeyError, ConstantError) as wrong:
            refuse(wrong, "")
        except (ValueError, RecursionError) as wrong:
            if not raw.endswith(b"\n"):
                raise Rejected(Reason("cut_off_row")) from wrong
            self.broken.append((number, "is_valid_json", None, None))
        else:
            self.take(number, value)

    def take(self, number: int, value: object) -> None:
        """One record; what is no object, too deep or no text is broken."""
        row = self._row(value) if isinstance(value, dict) else ""
        if not isinstance(value, dict):
            self.broken.append((number, "is_an_object", None, None))
        elif isinstance(row, str):
            self.broken.append((number, row, None, None))
        elif self.has_halves and any(text and SURROGATE.search(text) for text in row.values()):
            self.broken.append((number, "has_no_lost_letters", None, None))
        else:
            self.rows.append(row)
            self.lines.append(number)
        if len(self.rows) >= FLUSH:
            self._flush()

    def _row(self, value: dict[str, Any]) -> dict[str, str | None] | str:
        """The record as one row, or the rule that it breaks."""
        names = self.names
        if PLAIN.issuperset(map(type, value.values())) and names.keys() >= value.keys():
            row = {names[key]: text for key, text in value.items()}  # by far the most
            return row if len(row) == len(value) else "keys_are_unique"
        row = {}
        return self._flatten(value, "", 1, row) or row

    def _flatten(self, value: dict[str, Any], prefix: str, depth: int, row: dict[str, str | None]) -> str:
        """Fill `row`; the rule that the record breaks, "" where it breaks none."""
        if depth > self.limits.depth:
            raise Rejected(Reason("json_too_deep", {"limit": self.limits.depth}))
        for key, inner in value.items():
            name = f"{prefix}{key}"
            if isinstance(inner, dict):
                if rule := self._flatten(inner, f"{name}.", depth + 1, row):
                    return rule
                continue
            name = self.names.get(name) or self._named(name)
            if name in row:
                return "keys_are_unique"
            # A list is told by its length; where others sent an amount, that would be a wrong amount.
            if inner is not None and self.is_list.setdefault(name, isinstance(inner, list)) < isinstance(inner, list):
                return "kind_stays_the_same"
            row[name] = _as_text(inner)
        return ""

    def _named(self, key: str) -> str:
        name = self.spelling.get(folded(key), repaired_text(key))
        self.names[key] = name
        if len(self.names) > self.limits.columns:
            values = {"count": len(self.names), "limit": self.limits.columns}
            raise Rejected(Reason("too_many_columns", values))
        return name

    def _flush(self) -> None:
        new = [name for name in dict.fromkeys(self.names.values()) if name not in self.chunks.names]
        self.chunks.widen(new)
        self.chunks.add_broken(self.broken)
        if self.rows:
            frame = pl.from_dicts(self.rows, schema=dict.fromkeys(self.chunks.names, pl.String))
            if not self.chunks.names:
                frame = pl.DataFrame({LINE: []}, schema={LINE: pl.Int64})
                self.chunks.skipped += len(self.rows)
            self.chunks.add(frame.with_columns(pl.Series(LINE, self.lines[: frame.height], dtype=pl.Int64)))
        self.rows, self.lines, self.broken = [], [], []

    def finish(self) -> Chunks:
        """All chunks with the same columns; raises Rejected where the columns are not those agreed."""
        self._flush()
        self.chunks.skipped += self.chunks_skipped
        if self.chunks.rows:
            self.chunks.warnings = header.judge_columns(self.chunks.names, self.form)
        self.chunks.even_out()
        return self.chunks


def _as_text(value: object) -> str | None:
    """A scalar as it was written; a list as the number of its members."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(len(value)) if isinstance(value, list) else None
