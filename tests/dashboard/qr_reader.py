"""Reads a small QR code back by the rules of ISO/IEC 18004, module by module; it shares nothing with what drew it."""

from __future__ import annotations

from collections.abc import Iterator

MASKS = (
    lambda y, x: (y + x) % 2 == 0, lambda y, x: y % 2 == 0, lambda y, x: x % 3 == 0, lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0, lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0, lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)  # fmt: skip
FORMAT_MASK = 0b101010000010010
IN_TWO = {(29, 0b11): 17, (29, 0b10): 13}
"""Words of data per block where a code of this size and level (Q, H) has two of them; else there is one."""
BYTES = 0b0100


def qr_text(dark: list[list[bool]]) -> str:
    """The text of a code of versions 1 to 3 in byte mode; its modules as rows, dark is True."""
    size = len(dark)
    assert size in (21, 25, 29) and all(len(row) == size for row in dark)
    told = _format(dark)
    mask, half = MASKS[told >> 10 & 0b111], IN_TWO.get((size, told >> 13))
    bits = [dark[y][x] != mask(y, x) for y, x in _path(size) if not _is_function(y, x, size)]
    if half:
        words = [bits[8 * at : 8 * at + 8] for at in range(2 * half)]
        bits = [bit for word in words[::2] + words[1::2] for bit in word]
    assert _number(bits[:4]) == BYTES
    length = _number(bits[4:12])
    return bytes(_number(bits[12 + 8 * at : 20 + 8 * at]) for at in range(length)).decode()


def _format(dark: list[list[bool]]) -> int:
    """The fifteen bits of the format beside the upper left finder, the first one highest."""
    beside = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    return _number([dark[y][x] for y, x in beside]) ^ FORMAT_MASK


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn; the column of the timing pattern is none of them."""
    upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for y in range(size - 1, -1, -1) if upward else range(size):
            yield y, right
            yield y, right - 1
        upward = not upward


def _is_function(y: int, x: int, size: int) -> bool:
    """Finders with separators and format, timing, and the one alignment pattern of versions 2 and 3."""
    corner = (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9)
    aligned = size > 21 and abs(y - (size - 7)) <= 2 and abs(x - (size - 7)) <= 2
    return corner or y == 6 or x == 6 or aligned


def _number(bits: list[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)
