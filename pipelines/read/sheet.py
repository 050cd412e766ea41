"""The XML of a sheet is looked through as a stream, for whatever a spreadsheet reader would not tell us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pipelines.errors import Reason, Rejected
from pipelines.read.asof import cell_position, column_number
from pipelines.read.format import Limits

COLUMN: Final = re.compile(rb"\sr=[\"']([A-Z]{2,3})\d")
ROW: Final = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d+)")
CELL: Final = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
FORMULA: Final = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]{1,3}[1-9]\d*)")
MERGE: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)")
# Spreadsheets keep fifteen digits of a number: a longer one has zeros (or noise) where its last digits were.
TOO_LONG: Final = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>(?:<(?:\w+:)?f[ />].{0,9999}?)?<(?:\w+:)?v>"
    rb"-?(?:\d{16,}(?:\.\d*)?|\d+(?:\.\d+)?[eE]\+?(?:1[5-9]|[2-9]\d|\d{3}))<", re.DOTALL
)
LONG_HINT: Final = re.compile(rb"v>-?(?:\d{16}|[\d.]+[eE]\+?\d)")
IS_ERROR: Final = re.compile(rb"\bt=[\"']e[\"']")
IS_TEXT: Final = re.compile(rb"\bt=[\"']str[\"']")
FRACTION: Final = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>(?:<(?:\w+:)?f[ />].{0,9999}?)?<(?:\w+:)?v>-?\d+\.\d+(?:[eE][+-]?\d+)?<", re.DOTALL
)
REACHES_OUT: Final = re.compile(
    rb"\b(?:WEBSERVICE|FILTERXML|RTD|DDE|CALL)\s*\(|cmd\s*\||\|\s*(?:'|&apos;)", re.IGNORECASE
)
OVERLAP: Final = 64 << 10


@dataclass
class Findings:
    """What a sheet holds: `rows` is its last row number, `errors` and `too_long` are (row, column) of bad cells."""

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    hidden: bool = False
    errors: list[tuple[int, int]] = field(default_factory=list)
    too_long: list[tuple[int, int]] = field(default_factory=list)  # numbers that lost digits
    fractions: dict[int, list[int]] = field(default_factory=dict)  # column -> rows of typed fractions
    merged: list[tuple[int, int]] = field(default_factory=list)  # first and last row of merged ranges


def look_through(blocks: Iterable[bytes], limits: Limits, fractions: bool = False) -> Findings:
    """Findings of a sheet's XML; raises Rejected where it cannot be read truly or safely.

    With `fractions` it also says which cells are numbers with decimals, which their text would not tell.
    A single cell in XFD1048576 makes the fast reader ask for half a terabyte: columns are counted here.
    """
    found = Findings()
    for text in _whole_cells(blocks):
        _widths(text, found, limits)
        if b"<f" in text or b":f>" in text or b":f " in text:
            _formulas(text, found)
        if b't="e"' in text or b"t='e'" in text:
            _errors(text, found)
        if LONG_HINT.search(text):
            _too_long(text, found)
        if fractions:
            _fractions(text, found)
        found.hidden |= b'hidden="1"' in text or b'hidden="true"' in text
        if b"mergeCell" in text:
            found.merged.extend((int(one[1]), int(one[3])) for one in MERGE.findall(text))
    if found.rows * found.columns > limits.cells:
        raise Rejected(Reason("sheet_too_large", {"rows": found.rows, "columns": found.columns}))
    return found


def _whole_cells(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks cut behind a cell or a row, so that no cell is torn."""
    rest = b""
    for block in blocks:
        whole = rest + block
        cut = max(whole.rfind(b"</c>"), whole.rfind(b"</row>"), whole.rfind(b":c>"), whole.rfind(b":row>"))
        if cut < 0 and len(whole) < 16 * OVERLAP:
            rest = whole
            continue
        cut = whole.find(b">", cut) + 1 if cut >= 0 else len(whole)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


def _widths(text: bytes, found: Findings, limits: Limits) -> None:
    wide = max((column_number(one.decode()) for one in set(COLUMN.findall(text))), default=0)
    if not found.columns:
        found.columns = len(set(re.findall(rb"\sr=[\"']([A-Z])\d", text[:OVERLAP])))
    found.columns = max(found.columns, wide)
    if found.columns > limits.columns:
        raise Rejected(Reason("too_many_columns", {"count": found.columns, "limit": limits.columns}))
    last = text.rfind(b"<row ")
    numbers = ROW.findall(text[last:] if last >= 0 else text)
    found.rows = max(found.rows, *(int(one) for one in numbers)) if numbers else found.rows


def _formulas(text: bytes, found: Findings) -> None:
    for attributes, inner in CELL.findall(text):
        formula = FORMULA.search(inner)
        if not formula:
            continue
        found.formulas += 1
        if REACHES_OUT.search(formula.group(1) or b""):
            raise Rejected(Reason("formula_reaches_out", {"cell": _name(attributes)}))
        if not VALUE.search(inner) and not IS_TEXT.search(attributes):
            raise Rejected(Reason("formula_without_value", {"cell": _name(attributes)}))


def _name(attributes: bytes) -> str:
    found = REFERENCE.search(attributes)
    return found.group(1).decode() if found else "?"


def _errors(text: bytes, found: Findings) -> None:
    for attributes, _ in CELL.findall(text):
        if IS_ERROR.search(attributes) and (cell := _name(attributes)) != "?":
            found.errors.append(cell_position(cell))


def _too_long(text: bytes, found: Findings) -> None:
    """Two cards of 21 digits, typed as numbers, would be one."""
    for attributes in TOO_LONG.findall(text):
        cell = _name(attributes)
        if cell != "?" and not IS_TEXT.search(attributes):
            found.too_long.append(cell_position(cell))


def _fractions(text: bytes, found: Findings) -> None:
    for attributes in FRACTION.findall(text):
        cell = _name(attributes)
        if cell != "?" and not IS_TEXT.search(attributes):
            row, column = cell_position(cell)
            found.fractions.setdefault(column, []).append(row)
