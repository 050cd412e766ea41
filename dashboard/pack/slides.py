"""The pack as slides: one message per slide, one native chart or table, its source, and its definitions as notes."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any, Final

from pptx.util import Pt

from dashboard.pack import master
from dashboard.pack.archive import settled
from dashboard.pack.chart_data import is_cut
from dashboard.pack.content import Pack, Piece, Section
from dashboard.pack.fit import largest, shortened
from dashboard.pack.slide_chart import add_chart
from dashboard.pack.slide_table import add_table

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLE: Final = (26.0, 24.0, 22.0, 20.0, 18.0)
_SUMMARY: Final = (14.0, 13.0, 12.0, 11.0)
_SOURCE: Final = (10.0, 9.0, 8.0)
_P: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"


def as_pptx(pack: Pack) -> bytes:
    """The slides of a pack; the same pack gives the same bytes."""
    deck = master.blank(pack)
    _cover(deck, pack)
    for section in pack.sections:
        for piece in section.pieces:
            _message(deck, pack, section, piece)
    master.signed(deck, pack, pack.made_at.replace(tzinfo=None))
    memory = io.BytesIO()
    deck.save(memory)
    return settled(memory.getvalue())


def _cover(deck: Any, pack: Pack) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[master.COVER])
    _write(slide.shapes.title, pack.title, 40, pack.lang)
    by_number = {one.placeholder_format.idx: one for one in slide.placeholders}
    _write(by_number[master.PLACE], pack.place, 20, pack.lang)
    _write(by_number[1], "\n".join((*pack.lines, pack.classification)), 18, pack.lang)
    told = "\n".join(f"{label}: {text}" for label, text in pack.scope)
    contents = "\n".join(f"{section.title}: {piece.title}" for section in pack.sections for piece in section.pieces)
    slide.notes_slide.notes_text_frame.text = f"{told}\n\n{pack.labels['contents']}\n{contents}"


def _message(deck: Any, pack: Pack, section: Section, piece: Piece) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[master.MESSAGE])
    boxes = {one.placeholder_format.idx: one for one in slide.placeholders}
    _fitted(slide.shapes.title, piece.title, _TITLE, master.TITLE_BOX, pack.lang, bold=True)
    _fitted(boxes[master.SUMMARY], f"{section.title} · {piece.summary}", _SUMMARY, master.SUMMARY_BOX, pack.lang)
    source = f"{pack.labels['source']}: {piece.source}"
    if piece.plot is not None:
        source = f"{source} · {pack.labels['not_zero']}" if is_cut(piece.plot) else source
        add_chart(slide, piece.plot, master.BODY_BOX, pack.lang, f"{piece.heading}. {piece.summary}")
    elif piece.table.texts:
        left_out = add_table(slide, piece.table, master.BODY_BOX, f"{piece.heading}. {piece.summary}")
        if left_out:
            source = f"{pack.labels['more_rows'].format(n=left_out)} · {source}"
    _fitted(boxes[master.SOURCE], source, _SOURCE, master.SOURCE_BOX, pack.lang)
    _footer(slide, pack)
    slide.notes_slide.notes_text_frame.text = notes(pack, piece)


def notes(pack: Pack, piece: Piece) -> str:
    """What the speaker can read aloud and be asked about: the question, the sentence, the definitions, the source."""
    parts = [piece.heading, piece.summary]
    if piece.definitions:
        parts.append(f"{pack.labels['notes']}:")
    for code, name, definition, formula, legal in piece.definitions:
        parts.append(f"{code} {name}: {definition} [{formula}] {legal}".rstrip())
    return "\n".join([*parts, f"{pack.labels['source']}: {piece.source}"])


def _fitted(
    shape: Any, text: str, sizes: Sequence[float], box: tuple[float, ...], lang: str, bold: bool = False
) -> None:
    """A text at the largest size that fits; what fits at none is cut between words, never between letters."""
    _, _, wide, high = box
    size = largest(text, sizes, wide, high, bold)
    _write(shape, shortened(text, size, wide, high, bold), size, lang)


def _write(shape: Any, text: str, size: float, lang: str) -> None:
    frame = shape.text_frame
    for at, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size = Pt(size)
        run._r.get_or_add_rPr().set("lang", "vi-VN" if lang == "vi" else "en-GB")


def _footer(slide: Any, pack: Pack) -> None:
    """Footer and page number of the layout, which the format wants on every slide again."""
    for shape in slide.slide_layout.placeholders:
        kind = shape.element.find(f".//{{{_P}}}ph").get("type")
        if kind not in ("ftr", "sldNum"):
            continue
        own = copy.deepcopy(shape.element)
        slide.shapes._spTree.append(own)
        if kind == "ftr":
            drawn = next(one for one in slide.placeholders if one.element is own)
            drawn.text_frame.text = ""
            told = " · ".join((pack.place, pack.title, pack.lines[0], pack.classification))
            _write(drawn, shortened(told, 10, master.FOOTER_BOX[2], master.FOOTER_BOX[3]), 10, pack.lang)
