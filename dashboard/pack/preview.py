"""The slides of a pack as a reader sees them before the file exists: same messages, same order, charts as vectors."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Final

from dashboard.look import css_variables
from dashboard.pack.content import Pack, Piece, Plot
from dashboard.paper.draw import chart
from dashboard.table import Table, as_html

ROWS: Final = 6
"""Rows of a table in the preview of a slide."""


def pages(pack: Pack) -> str:
    """The title page and every slide, numbered, as HTML with every text escaped."""
    cover = (
        f'<li class="ioc-page"><span class="ioc-page-number">1</span><p class="ioc-quiet">{html.escape(pack.place)}</p>'
        f"<h3>{html.escape(pack.title)}</h3>"
        + "".join(f"<p>{html.escape(line)}</p>" for line in (*pack.lines, pack.classification))
        + "</li>"
    )
    told = [
        _page(pack, section.title, piece, number)
        for number, (section, piece) in enumerate(
            ((section, piece) for section in pack.sections for piece in section.pieces), start=2)
    ]  # fmt: skip
    paper = html.escape(css_variables("light"))  # a slide is paper, whatever the theme around it
    return f'<ol class="ioc ioc-pages" style="{paper}">{cover}{"".join(told)}</ol>'


def _page(pack: Pack, section: str, piece: Piece, number: int) -> str:
    if piece.plot is not None:
        alt = html.escape(f"{piece.heading}. {piece.summary}")
        body = f'<div class="ioc-drawn" role="img" aria-label="{alt}">{picture(piece.plot, pack.lang)}</div>'
    else:
        body = as_html(_first(piece.table)) if piece.table.texts else ""
    return (
        f'<li class="ioc-page"><span class="ioc-page-number">{number}</span>'
        f'<p class="ioc-quiet">{html.escape(section)}</p><h3>{html.escape(piece.title)}</h3>'
        f"<p><small>{html.escape(piece.summary)}</small></p>{body}</li>"
    )


def _first(table: Table) -> Table:
    return Table(table.columns, table.cells[:ROWS], table.texts[:ROWS])


@lru_cache(maxsize=200)
def picture(plot: Plot, lang: str) -> str:
    """A chart as an SVG of the page itself, drawn once: an image of its own could not use the page's fonts."""
    drawn = chart(plot, lang)
    return drawn[drawn.index("<svg"):].replace("<svg ", '<svg preserveAspectRatio="xMinYMin meet" ', 1)
