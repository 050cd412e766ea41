"""Text as every later step may rely on it: composed, without odd blanks, with the Vietnamese Đ."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

BLANKS: Final = "[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x0b\x0c]"
NOTHINGS: Final = "[\u00ad\u200b-\u200d\u2060\ufeff]"
# Rows whose text breaks one of these rules cannot be trusted; the names are codes of `reasons.REASONS`.
RULES: Final[dict[str, str]] = {
    "has_no_nul": "\x00",
    "has_no_direction_marks": "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]",
    "has_no_lost_letters": "\ufffd",
    "has_no_control_characters": "[\x01-\x08\x0e-\x1f\x7f-\x9f]",
}
# Whatever is neither ASCII nor a Vietnamese letter nor the punctuation of print deserves the costly looks.
UNUSUAL: Final = (
    "[^\t\n\r -~àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9\u2013\u2014\u2018-\u201f\u2026]"
    "|[aeAE][áàãâÁÀÃÂ]|[aA][éèúêÉÈÚÊ]|[aeuyAEUY][ùõÙÕ]|[oO][âùõÂÙÕ]"  # pairs of VNI
)
ANY_RULE: Final = "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]"


@dataclass
class Doubts:
    """Which costly looks at the text are worth it; the byte scan clears most of them for most files."""

    blanks: bool = False
    compose: bool = False
    letters: bool = False
    controls: bool = False
    legacy: bool = False
    long: bool = False
    ends: bool = False

    @classmethod
    def every(cls) -> Self:
        """For formats whose bytes nobody scanned."""
        return cls(True, True, True, True, True, True, True)

    @property
    def any_text(self) -> bool:
        """Whether there may be letters that are not those of Vietnamese."""
        return self.repairs or self.controls or self.legacy

    @property
    def repairs(self) -> bool:
        """Whether any value may have to be rewritten."""
        return self.blanks or self.compose or self.letters


def repaired(column: pl.Expr, doubts: Doubts) -> pl.Expr:
    """`column` in NFC, odd blanks made plain, Icelandic Ð made Vietnamese; ends are not stripped here."""
    if doubts.compose:
        column = column.str.normalize("NFC")
    if doubts.blanks:
        column = column.str.replace_all(BLANKS, " ").str.replace_all(NOTHINGS, "")
    if doubts.letters:
        column = column.str.replace_all("Ð", "Đ", literal=True).str.replace_all("ð", "đ", literal=True)
    return column


def repaired_text(text: str) -> str:
    """The same for one Python string, ends stripped and inner blanks single: for headers and names."""
    text = re.sub(NOTHINGS, "", re.sub(BLANKS, " ", unicodedata.normalize("NFC", text)))
    return " ".join(text.replace("Ð", "Đ").replace("ð", "đ").split())


def folded(text: str) -> str:
    """The form in which two spellings of one header or one label are equal."""
    return repaired_text(text).casefold()
