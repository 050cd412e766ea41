"""Whether a text fits its box is measured with the font itself, so that no Vietnamese letter is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from PIL import ImageFont

from dashboard.look import LINE_HEIGHT

POINTS: Final = 72.0
"""Points in an inch."""
_UNITS: Final = 1_000
_FILES: Final = {False: "BeVietnamPro_400Regular.ttf", True: "BeVietnamPro_600SemiBold.ttf"}
_SLACK: Final = 1.03
"""Another program sets the same font a little wider."""


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("dashboard") / "paper" / "fonts" / _FILES[bold]), _UNITS)


@cache
def width(text: str, size: float, bold: bool = False) -> float:
    """Inches that one line of a text takes at `size` points."""
    return float(_font(bold).getlength(text)) / _UNITS * size / POINTS * _SLACK


def lines(text: str, size: float, wide: float, bold: bool = False) -> int:
    """Lines that a text takes in a box `wide` inches wide, broken between words."""
    found, at = 1, 0.0
    blank = width(" ", size, bold)
    for word in text.split():
        long = width(word, size, bold)
        if at and at + blank + long > wide:
            found, at = found + 1, 0.0
        at += long + (blank if at else 0.0)
        if long > wide:  # one word longer than a line is broken inside
            found, at = found + int(long // wide), long % wide
    return found


def height(text: str, size: float, wide: float, bold: bool = False) -> float:
    """Inches that a text takes from its first to its last line."""
    return lines(text, size, wide, bold) * size * LINE_HEIGHT / POINTS


def largest(text: str, sizes: Sequence[float], wide: float, high: float, bold: bool = False) -> float:
    """The largest of `sizes` (descending) at which a text fits a box; the smallest where none does."""
    return next((size for size in sizes if height(text, size, wide, bold) <= high), sizes[-1])


def shortened(text: str, size: float, wide: float, high: float, bold: bool = False) -> str:
    """The text, or as many of its words as fit the box with a mark that more follows."""
    if height(text, size, wide, bold) <= high:
        return text
    words = text.split()
    while words and height(" ".join(words) + " …", size, wide, bold) > high:
        words.pop()
    return " ".join(words) + " …"
