"""Which letters the bytes stand for is decided once, before anyone reads them, or the file is refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pipelines.errors import Reason, Rejected
from pipelines.read.format import FileFormat
from pipelines.read.legacy import DECODERS, from_tcvn3, from_vni
from pipelines.read.mojibake import kind_of

HEAD: Final = 4096
SAMPLE: Final = 256 << 10
BLOCK: Final = 4 << 20
WIDE_MARKS: Final = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32"}
UTF16_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
VIETNAMESE: Final = re.compile("[\u1ea0-\u1ef9àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ]")
REPAIRS: Final[dict[str, Callable[[str], str]]] = {"tcvn3": from_tcvn3, "vni": from_vni}


def as_utf8(path: Path, form: FileFormat, scratch: Path) -> tuple[Path, list[Reason]]:
    """A path with the same text in UTF-8 and LF or CRLF line ends, and what was done to get it.

    The file itself where it already is that; raises Rejected where the encoding is unknown, undeclared or
    the text ends in the middle of something.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    _refuse_wide(sample[:HEAD].rstrip(b"\0"))
    for mark, name in UTF16_MARKS.items():
        if sample.startswith(mark):
            return _rewritten(path, scratch, _utf16_lines(path, name)), [_transcoded(name)]
    _refuse_nul_tail(path)
    sample = _first_letters(path)
    if not _is_utf8(sample):
        return _from_legacy(path, sample, form, scratch)
    kind = kind_of(sample.decode("utf-8", "ignore"))
    if kind in form.encodings:
        lines = (REPAIRS[kind](line.decode("utf-8")).encode() for line in _lines(path))
        return _rewritten(path, scratch, lines), [_transcoded(kind)]
    if b"\r" in sample and b"\n" not in sample:
        return _rewritten(path, scratch, _old_mac_lines(path)), [Reason("line_ends_replaced")]
    return path, []


def refuse_bad_utf8(path: Path) -> None:
    """Raise Rejected with the line of the first byte that is no UTF-8, if there is one."""
    line = 1
    for block in _lines(path):
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as wrong:
            if wrong.reason == "unexpected end of data" and wrong.end == len(block):
                raise Rejected(Reason("cut_inside_letter")) from wrong
            raise Rejected(
                Reason("encoding_unknown", {"line": line + block.count(b"\n", 0, wrong.start)})
            ) from wrong
        line += block.count(b"\n")


def refuse_cut_letter(tail: bytes) -> None:
    """Raise Rejected where `tail`, the end of a file, ends before its last letter does."""
    try:
        tail[-8:].lstrip(bytes(range(0x80, 0xC0))).decode("utf-8")
    except UnicodeDecodeError as wrong:
        if wrong.reason == "unexpected end of data":
            raise Rejected(Reason("cut_inside_letter")) from wrong


def _transcoded(name: str) -> Reason:
    return Reason("transcoded", {"encoding": name.upper()})


def _first_letters(path: Path) -> bytes:
    """The first part of the file that shows how letters beyond ASCII are written; the head if none does."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        block = head
        while block and block.isascii():
            block = file.read(SAMPLE)
    return block.lstrip(bytes(range(0x80, 0xC0))) if block and block is not head else head


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_wide(sample: bytes) -> None:
    if any(sample.startswith(mark) for mark in WIDE_MARKS):
        raise Rejected(Reason("encoding_wide", {"encoding": "UTF-32"}))
    share = sample.count(0) / max(len(sample), 1)
    if share > 0.6 or (share > 0.25 and not sample.startswith(tuple(UTF16_MARKS))):
        name = "UTF-32" if share > 0.6 else "UTF-16"
        raise Rejected(Reason("encoding_wide", {"encoding": name}))


def _refuse_nul_tail(path: Path) -> None:
    """Copies that broke off are filled with NUL bytes by some file systems."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - HEAD))
        tail = file.read()
    if tail.endswith(b"\0"):
        raise Rejected(Reason("cut_off_nul", {"count": len(tail) - len(tail.rstrip(b"\0"))}))


def _from_legacy(path: Path, sample: bytes, form: FileFormat, scratch: Path) -> tuple[Path, list[Reason]]:
    scores = {name: _score(sample, DECODERS[name]) for name in form.encodings}
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] <= 0:
        refuse_bad_utf8(path)
        return path, []
    try:
        lines = (DECODERS[best](line).encode() for line in _lines(path))
        return _rewritten(path, scratch, lines), [_transcoded(best)]
    except UnicodeDecodeError as wrong:
        raise Rejected(Reason("encoding_not_as_declared", {"encoding": best.upper()})) from wrong


def _score(sample: bytes, decode: Callable[[bytes], str]) -> int:
    """Vietnamese letters less foreign ones; negative where the bytes cannot be this encoding."""
    try:
        text = decode(sample)
    except UnicodeDecodeError:
        return -1
    foreign = sum(1 for letter in text if letter > "\x7f" and not VIETNAMESE.match(letter))
    return max(0, len(VIETNAMESE.findall(text)) - 4 * foreign)


def _lines(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines, so that no letter is cut between two blocks."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            whole, newline, tail = (rest + block).rpartition(b"\n")
            yield whole + newline
            rest = tail
    yield rest


def _utf16_lines(path: Path, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        file.seek(2)
        try:
            while block := file.read(BLOCK):
                yield decoder.decode(block).encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError as wrong:
            raise Rejected(Reason("cut_inside_letter")) from wrong


def _old_mac_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if block.endswith(b"\r"):
                block += file.read(1)
            yield block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _rewritten(path: Path, scratch: Path, blocks: Iterator[bytes]) -> Path:
    copy = scratch / f"{path.stem}.utf8"
    with copy.open("wb") as file:
        file.writelines(blocks)
    return copy
