"""A pack as A4 pages: what is read before the meeting and filed after it, with its charts as vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboard.format import Formatter
from dashboard.pack.content import Pack, Piece
from dashboard.paper.draw import chart
from dashboard.paper.typeset import Data, broken, frame, listing, pages, rows
from dashboard.words import word

ABOUT: Final = 2
"""Lines of the title page that say what a pack is about; the others stand in the footer's second line anyway."""
ROWS: Final = 40
"""Rows of a table on paper; a longer one says how many more the workbook has."""


def as_pdf(pack: Pack) -> bytes:
    """The pack as a tagged PDF; the same pack gives the same bytes."""
    return pages("document.typ", data_of(pack))


def data_of(pack: Pack) -> Data:
    """Everything the template shows, as plain values."""
    heads = [word(f"export.{name}", pack.lang) for name in ("code", "name", "definition", "formula", "legal")]
    return {
        **frame(pack.title, pack.lang, pack.place, pack.made_at, footer(pack)),
        "place": broken(pack.place),
        "lines": [broken(one) for one in pack.lines],
        "mark": word("frame.illustrative", pack.lang) if pack.illustrative else "",
        "sections": [
            {"title": broken(one.title), "pieces": [_piece(piece, pack.lang) for piece in one.pieces]}
            for one in pack.sections
        ],
        "definitions": rows(heads, pack.definitions),
        "scope": [[broken(label), broken(text)] for label, text in pack.scope],
    }


def footer(pack: Pack) -> list[str]:
    """What stands on each page: what it is about, which snapshot, and who may read it."""
    first = " · ".join(dict.fromkeys(part for part in (pack.place, *pack.lines[:ABOUT]) if part))
    snapshot = word("frame.snapshot", pack.lang, id=pack.snapshot)
    return [first, " · ".join(part for part in (snapshot, pack.data_until, pack.classification) if part)]


def _piece(piece: Piece, lang: str) -> Data:
    rest = len(piece.table.texts) - ROWS
    return {
        "title": broken(piece.title),
        "heading": broken(piece.heading),
        "summary": broken(piece.summary),
        "source": broken(piece.source),
        "svg": chart(piece.plot, lang) if piece.plot is not None else "",
        "alt": piece.summary or piece.title,
        "table": listing(replace(piece.table, texts=piece.table.texts[:ROWS])),
        "rest": word("paper.rest", lang, n=Formatter(lang).count(rest)) if rest > 0 else "",
    }
