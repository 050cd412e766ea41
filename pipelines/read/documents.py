"""JSON is read one record at a time, every number as the digits that were sent."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from pipelines.errors import Reason, Rejected
from pipelines.read.chunks import Chunks
from pipelines.read.encoding import UTF16_MARKS
from pipelines.read.format import FileFormat, Limits
from pipelines.read.records import DECODER, ESCAPED, DoubledKeyError, Records, refuse

SPACE: Final = re.compile(r"[ \t\r\n]*")


def read_json(path: Path, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    """The records at `form.records` of one document; `_line` is the record's number, from 1."""
    text = _text(path, limits)
    records = Records(form, limits, scratch)
    records.has_halves = bool(ESCAPED.search(text))
    try:
        end = _descend(text, _skip(text, 0), [part for part in (form.records or "").split(".") if part], records)
    except RecursionError as wrong:
        raise Rejected(Reason("json_too_deep", {"limit": limits.depth})) from wrong
    except (ValueError, IndexError) as wrong:
        refuse(wrong, text)
    if end != len(text):
        raise Rejected(Reason("json_several_documents"))
    if not records.found:
        raise Rejected(Reason("json_records_missing", {"path": form.records or "[…]"}))
    return records.finish()


def read_ndjson(path: Path, form: FileFormat, limits: Limits, scratch: Path) -> Chunks:
    """One record a line; a line that is no record is broken, a last line that breaks off refuses the file."""
    records = Records(form, limits, scratch)
    with path.open("rb") as file:
        for number, raw in enumerate(_lines(file, limits.field * 64), 1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if line.strip():
                records.line(number, line)
            else:
                records.chunks_skipped += 1
    return records.finish()


def _lines(file: IO[bytes], longest: int) -> Iterator[bytes]:
    """Lines with their ends; of one beyond all measure only the head, which is no JSON."""
    while line := file.readline(longest):
        rest = line
        while len(rest) == longest and not rest.endswith(b"\n"):
            rest = file.readline(longest)
        yield line if rest is line else line[:1] + b"\n"


def _text(path: Path, limits: Limits) -> str:
    if path.stat().st_size > limits.document:
        raise Rejected(Reason("document_too_large", {"limit": limits.document >> 20}))
    data = path.read_bytes()
    name = next((name for mark, name in UTF16_MARKS.items() if data.startswith(mark)), "utf-8")
    if data.endswith(b"\0") and name == "utf-8":
        raise Rejected(Reason("cut_off_nul", {"count": len(data) - len(data.rstrip(b"\0"))}))
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Rejected(Reason("encoding_unknown", {"line": line})) from wrong


def _skip(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


def _descend(text: str, place: int, path: list[str], records: Records) -> int:
    """Walk to the list at `path`, feed its members to `records`; the place behind the whole value."""
    if not path and text[place] == "[":
        return _skip(text, _members(text, place, records))
    if text[place] != "{":
        _, end = DECODER.raw_decode(text, place)
        return _skip(text, end)
    seen: set[str] = set()
    place = _skip(text, place + 1)
    while text[place] != "}":
        key, place = json.decoder.scanstring(_quoted(text, place), place + 1)  # type: ignore[attr-defined]
        if key in seen:
            raise DoubledKeyError(key)
        seen.add(key)
        place = _skip(text, _expect(text, place, ":"))
        if path and key == path[0]:
            place = _descend(text, place, path[1:], records)
        else:
            _, place = DECODER.raw_decode(text, place)
        place = _next(text, place, "}")
    return _skip(text, place + 1)


def _members(text: str, place: int, records: Records) -> int:
    records.found = True
    place, number = _skip(text, place + 1), 0
    while text[place] != "]":
        value, place = DECODER.raw_decode(text, place)
        number += 1
        records.take(number, value)
        place = _next(text, place, "]")
    return place + 1


def _quoted(text: str, place: int) -> str:
    if text[place] != '"':
        raise json.JSONDecodeError("Expecting a key", text, place)
    return text


def _expect(text: str, place: int, mark: str) -> int:
    place = _skip(text, place)
    if text[place] != mark:
        raise json.JSONDecodeError(f"Expecting {mark}", text, place)
    return place + 1


def _next(text: str, place: int, end: str) -> int:
    """The place of the next member, or of `end`."""
    place = _skip(text, place)
    if text[place] == end:
        return place
    place = _skip(text, _expect(text, place, ","))
    if text[place] == end:
        raise json.JSONDecodeError("Expecting a value", text, place)
    return place


