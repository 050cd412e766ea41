"""One pass over the bytes of a delimited file tells whether a fast parser may be believed about it."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.text import Doubts

Bytes = npt.NDArray[np.uint8]
BLOCK: Final = 512 << 10  # fits the cache: twice as fast as megabytes
TAB, LF, CR, SPACE, QUOTE = 9, 10, 13, 32, 34


def _among(*values: int) -> npt.NDArray[np.bool_]:
    """A table to look bytes up in: far faster than to search for each of them."""
    table = np.zeros(256, dtype=np.bool_)
    table[list(values)] = True
    return table


AFTER_C2: Final = _among(0xA0, 0xAD)  # NBSP, soft hyphen
STROKED: Final = _among(0x90, 0xB0)


@dataclass
class Scan:
    """What the pass found: `rows` counts records incl. blank lines; `regular` means RFC 4180 to the letter."""

    rows: int = 0
    regular: bool = True
    ends_with_newline: bool = True
    last_fields: int = 0
    unclosed: bool = False  # a quote is still open at the end
    doubts: Doubts = field(default_factory=Doubts)
    # Record numbers, once for every newline inside quotes.
    extra_lines: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def line_shift(self) -> npt.NDArray[np.int64]:
        """Sorted record numbers, one for each physical line beyond the first of a record."""
        return np.concatenate(self.extra_lines) if self.extra_lines else np.empty(0, dtype=np.int64)


class Scanner:
    """Feeds blocks of whole lines through the checks; `separator` and `fields` come from the header."""

    def __init__(self, separator: int, fields: int, longest: int) -> None:
        self.separator = separator
        self.fields = fields
        self.longest = longest
        self.found = Scan()
        self._inside = 0  # 1 while a quoted field is open at the end of the block before
        self._carried = 0  # separators and bytes of a record that began in an earlier block
        self._carried_bytes = 0
        self._has_returns = False

    def run(self, data: mmap.mmap, start: int) -> Scan:
        """Scan `data` from byte `start` (the first byte after the header) to its end."""
        for block in blocks(data, start):
            self._block(block)
        size = len(data)
        if size > start:
            self.found.ends_with_newline = data[size - 1] == LF
        if not self.found.ends_with_newline:
            self._close_last(data[size - 1])
        if self._inside:
            self.found.regular, self.found.unclosed = False, True
        return self.found

    def _close_last(self, last: int) -> None:
        self.found.rows += 1
        self.found.last_fields = self._carried + 1
        self.found.regular &= self._carried == self.fields - 1 and last != CR

    def _block(self, block: Bytes) -> None:
        self._has_returns = bool((block == CR).any())
        self._look_at_text(block)
        quotes = np.flatnonzero(block == QUOTE)
        separators = block == self.separator
        newlines = block == LF
        self._look_at_ends(block, separators | newlines, len(quotes) > 0)
        if len(quotes) or self._inside:
            self._outside_quotes(block, quotes, separators, newlines)
        ends = np.flatnonzero(newlines)
        self._count(block, separators, ends)
        if self._has_returns:
            self._carriage_returns(block)

    def _count(self, block: Bytes, separators: npt.NDArray[np.bool_], ends: npt.NDArray[np.int64]) -> None:
        if not len(ends):
            self._carried += int(np.count_nonzero(separators))
            self._carried_bytes += len(block)
            self.found.regular &= self._carried_bytes <= self.longest
            return
        starts = np.concatenate(([0], ends[:-1] + 1))
        inner = np.add.reduceat(separators, starts, dtype=np.int32)
        tail = int(np.count_nonzero(separators[ends[-1] + 1 :]))
        inner[-1] -= tail
        inner[0] += self._carried
        lengths = ends - starts
        lengths[0] += self._carried_bytes
        self._judge(block, inner, lengths, ends)
        self.found.rows += len(ends)
        self._carried, self._carried_bytes = tail, len(block) - int(ends[-1]) - 1

    def _judge(
        self,
        block: Bytes,
        inner: npt.NDArray[np.int32],
        lengths: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
    ) -> None:
        self.found.regular &= int(lengths.max()) <= self.longest
        odd = np.flatnonzero(inner != self.fields - 1)
        blank = (lengths[odd] == 0) | ((lengths[odd] == 1) & (block[ends[odd] - 1] == CR))
        self.found.regular &= self.fields > 1 and bool(blank.all())

    def _outside_quotes(
        self,
        block: Bytes,
        quotes: npt.NDArray[np.int64],
        separators: npt.NDArray[np.bool_],
        newlines: npt.NDArray[np.bool_],
    ) -> None:
        """Forget separators and newlines inside quotes; notice quotes where RFC 4180 has none."""
        inside = ((np.cumsum(block == QUOTE, dtype=np.uint8) + self._inside) & 1).astype(bool)
        hidden = np.flatnonzero(newlines & inside)
        if len(hidden):
            records = np.cumsum(newlines & ~inside, dtype=np.int64)[hidden] + self.found.rows
            self.found.extra_lines.append(records)
            self.found.doubts.ends = True
            self.found.regular &= not self._swallows(separators, newlines, hidden)
        separators &= ~inside
        newlines &= ~inside
        opening = (np.arange(len(quotes)) + self._inside) % 2 == 0
        self._quotes_stand_well(block, quotes, opening)
        self._inside = (self._inside + len(quotes)) % 2

    def _swallows(
        self,
        separators: npt.NDArray[np.bool_],
        newlines: npt.NDArray[np.bool_],
        hidden: npt.NDArray[np.int64],
    ) -> bool:
        """Whether two lines that a quote joins are each a full row by themselves: a forgotten quote."""
        ends = np.flatnonzero(newlines)
        counts = np.add.reduceat(separators, np.concatenate(([0], ends[:-1] + 1)), dtype=np.int32)
        full = counts == self.fields - 1
        places = np.searchsorted(ends, hidden)
        return self.fields > 2 and bool((full[places] & full[np.minimum(places + 1, len(full) - 1)]).any())

    def _quotes_stand_well(
        self, block: Bytes, quotes: npt.NDArray[np.int64], opening: npt.NDArray[np.bool_]
    ) -> None:
        before = np.concatenate(([LF], block))[quotes[opening]]
        after = np.concatenate((block, [LF]))[quotes[~opening] + 1]
        self.found.regular &= bool(np.isin(before, (self.separator, LF, CR, QUOTE)).all())
        self.found.regular &= bool(np.isin(after, (self.separator, LF, CR, QUOTE)).all())

    def _carriage_returns(self, block: Bytes) -> None:
        returns = np.flatnonzero(block == CR)
        follows = np.concatenate((block, [LF]))[returns + 1]
        self.found.regular &= bool((follows == LF).all())

    def _look_at_ends(self, block: Bytes, edges: npt.NDArray[np.bool_], quoted: bool) -> None:
        """Whether any value begins or ends with a blank; stripping all values costs a third of the time."""
        if quoted:
            edges |= block == QUOTE
        if self._has_returns:
            edges |= block == CR
        blank = block == SPACE
        self.found.doubts.ends |= bool(
            (blank[1:] & edges[:-1]).any() or (blank[:-1] & edges[1:]).any() or blank[:1].any() or blank[-1:].any()
        )

    def _look_at_text(self, block: Bytes) -> None:
        """Which repairs and checks of text this file cannot do without; a clean file needs none."""
        doubts = self.found.doubts
        plain = sum(int(np.count_nonzero(block == one)) for one in (TAB, LF, CR))
        if int(np.count_nonzero(block < 32)) != plain or np.count_nonzero(block == 127):
            doubts.controls = doubts.blanks = True
        if np.count_nonzero(block >= 128):
            _look_at_letters(block, doubts)


def _look_at_letters(block: Bytes, doubts: Doubts) -> None:
    """Two-byte letters beyond Vietnamese, punctuation beyond dashes: each kind raises its own doubt."""
    if np.count_nonzero((block - np.uint8(0xC7)) <= 0x19) or np.count_nonzero(block >= 0xE3):
        doubts.compose = doubts.blanks = doubts.controls = True
    after_c2 = _following(block, 0xC2)
    if len(after_c2):
        doubts.legacy = True
        doubts.blanks |= bool(AFTER_C2[after_c2].any())
        doubts.controls |= bool((after_c2 < 0xA0).any())
    after_c3 = _following(block, 0xC3)
    doubts.letters |= bool(STROKED[after_c3].any())
    doubts.legacy |= bool(UNVIETNAMESE[after_c3].any())
    after_e2 = _following(block, 0xE2)
    if len(after_e2):
        doubts.blanks = doubts.controls = True
        doubts.compose |= bool((after_e2 != 0x80).any())


UNVIETNAMESE: Final = _among(
    *(byte - 0x40 for byte in range(0xC0, 0x100) if chr(byte) not in "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý")
)


def _following(block: Bytes, lead: int) -> Bytes:
    places = np.flatnonzero(block == lead)
    return block[np.minimum(places + 1, len(block) - 1)]


def blocks(data: mmap.mmap, start: int) -> Iterator[Bytes]:
    """Arrays of about `BLOCK` bytes that end with a newline wherever one is near."""
    size = len(data)
    while start < size:
        end = min(start + BLOCK, size)
        if end < size:
            newline = data.rfind(b"\n", start, end)
            end = newline + 1 if newline >= 0 else end
        yield np.frombuffer(data, dtype=np.uint8, count=end - start, offset=start)
        start = end
