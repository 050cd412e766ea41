"""Pages are set by Typst from a template and data: text of the data is a value there and never becomes code."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

import typst

from dashboard.export import TEXT
from dashboard.look import palette
from dashboard.paper.vega import folder
from dashboard.table import Table
from dashboard.words import word

Data = dict[str, Any]
TAGGED: Final = "ua-1"
"""PDF/UA-1: tagged, titled, every picture with words; text with letters of no font of ours is tagged only."""
LONGEST: Final = 34
"""Letters without a blank after which a word may be broken: no name pushes a column off the page."""
NARROWEST, WIDEST = 8, 36
"""Letters by which a column of text is given its width, at least and at most."""
_LOCK: Final = threading.Lock()


def pages(template: str, data: Data) -> bytes:
    """The PDF of a template of this folder; the same data give the same bytes."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), "ink": _ink()}
    with _LOCK:  # a compiler serves one page at a time, and keeps its fonts for the next
        compiler = _compiler(template)
        try:
            return _bytes(compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=TAGGED))
        except typst.TypstError:
            return _bytes(compiler.compile(format="pdf", sys_inputs=inputs))


def _bytes(made: object) -> bytes:
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(folder() / template), root=str(folder()), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    """Our own face, and behind it those that Typst brings along, for marks such as ▲ that ours does not have."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder() / "fonts")])


@cache
def _ink() -> str:
    colours = palette("light")
    names = ("text", "secondary", "line", "better", "worse", "background")
    return json.dumps({name: getattr(colours, name) for name in names})


def frame(title: str, lang: str, author: str, made_at: datetime, footer: Sequence[str]) -> Data:
    """What every template needs: title, language, date of the document, footer lines, words of the paper."""
    words = {name: word(f"paper.{name}", lang) for name in ("figure", "table", "definitions", "scope")}
    return {
        "title": broken(title), "lang": lang, "author": author, "footer": [broken(one) for one in footer],
        "date": {"year": made_at.year, "month": made_at.month, "day": made_at.day, "hour": made_at.hour,
                 "minute": made_at.minute, "second": made_at.second},
        "words": {**words, "page": word("paper.page", lang, at="{at}", all="{all}")},
    }  # fmt: skip


def listing(table: Table) -> Data | None:
    """A table as the template wants it, or None where it has no rows."""
    if not table.texts:
        return None
    return {
        "heads": [broken(column.name) for column in table.columns],
        "rows": [[broken(text) for text in row] for row in table.texts],
        "numbers": [column.kind != TEXT for column in table.columns],
        "shares": shares([[column.name for column in table.columns], *table.texts]),
    }


def rows(heads: Sequence[str], texts: Sequence[Sequence[str]]) -> Data:
    """Plain texts as a table."""
    return {"heads": list(heads), "rows": [[broken(text) for text in row] for row in texts],
            "numbers": [False] * len(heads), "shares": shares([heads, *texts])}  # fmt: skip


def shares(texts: Sequence[Sequence[str]]) -> list[int]:
    """How the width of a page is shared between columns of text: by their longest cell, within reason."""
    return [min(WIDEST, max(NARROWEST, *(len(cell) for cell in column))) for column in zip(*texts, strict=True)]


def broken(text: str) -> str:
    """The text with places to break in words that are longer than any real one."""
    return " ".join(
        "\u200b".join(part[at : at + LONGEST] for at in range(0, len(part), LONGEST)) if len(part) > LONGEST else part
        for part in text.split(" ")
    )


