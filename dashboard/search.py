"""A word is found as people type it: without its diacritics, in any order, in either language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")
LONGEST: Final = 64
"""Letters of a search; more than that is pasted by mistake."""
_BETWEEN: Final = re.compile(r"[^a-z0-9.]+")


def folded(text: str) -> str:
    """Small ASCII letters, digits and single blanks: «Tỷ lệ Đúng hạn (766)» is `ty le dung han 766`."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(_BETWEEN.sub(" ", bare).split())


def found(every: Iterable[T], wanted: str, told: Callable[[T], tuple[str, str, str]]) -> list[T]:
    """Those that are meant by `wanted`; `told` gives a code, a name, and all that says more of each.

    Whose code it is comes first, then who has words of the name that begin with all of it, then where it stands as
    it is in what says more: single words are in every definition. Each in the given order.
    """
    words = folded(wanted).split()
    ranked = [(_rank(words, *map(folded, told(one))), at, one) for at, one in enumerate(every)]
    return [one for rank, _, one in sorted(ranked, key=lambda entry: entry[:2]) if rank < _NOT]


_NOT: Final = 3


def _rank(words: list[str], code: str, name: str, more: str) -> int:
    if words and words == code.split():
        return 0
    if all(f" {word}" in f" {code} {name}" for word in words):
        return 1
    return 2 if f" {' '.join(words)}" in f" {more}" else _NOT
