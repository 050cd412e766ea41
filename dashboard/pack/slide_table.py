"""A table on a slide keeps every letter: rows are as high as their text needs, and what does not fit is counted."""

from __future__ import annotations

from typing import Any, Final

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from dashboard.export import TEXT
from dashboard.pack.fit import height, shortened, width
from dashboard.table import Table

SIZE: Final = 12.0
MARGIN: Final = 0.1
"""Inches at each side of a cell."""
ABOVE: Final = 0.04
"""Inches above and below its text."""
LEAST_ROW: Final = 0.3
NARROW, BROAD = 0.9, 5.2
_TALLEST: Final = 0.75
"""Inches of one cell: three lines; a longer text is cut with a mark and stands whole in the workbook."""
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLAIN: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the format's own table style without lines and fills


def add_table(slide: Any, table: Table, box: tuple[float, ...], alt: str) -> int:
    """Draw as many rows as fit a box of inches; returns how many were left out."""
    left, top, wide, high = box
    widths = spread(table, wide)
    heads = tuple(column.name for column in table.columns)
    rows, used = [heads], row_height(heads, widths, bold=True)
    for row in table.texts:
        tall = row_height(row, widths)
        if used + tall > high:
            break
        rows.append(row)
        used += tall
    frame = slide.shapes.add_table(len(rows), len(heads), Inches(left), Inches(top), Inches(wide), Inches(used))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    drawn = frame.table
    drawn._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _PLAIN
    drawn.horz_banding = False
    for at, one in enumerate(widths):
        drawn.columns[at].width = Inches(one)
    for line, row in enumerate(rows):
        drawn.rows[line].height = Inches(row_height(row, widths, bold=line == 0))
        for at, text in enumerate(row):
            told = shortened(text, SIZE, widths[at] - 2 * MARGIN, _TALLEST)
            _cell(drawn.cell(line, at), told, line == 0, table.columns[at].kind != TEXT)
    return len(table.texts) + 1 - len(rows)


def spread(table: Table, wide: float) -> list[float]:
    """Inches per column: what each needs between two bounds, stretched or squeezed to the whole."""
    needs = []
    for at, column in enumerate(table.columns):
        texts = [row[at] for row in table.texts[:40]]
        longest = max((width(text, SIZE) for text in texts), default=0.0)
        head = max((width(word, SIZE, bold=True) for word in column.name.split()), default=0.0)  # a heading may break
        needs.append(min(max(longest, head) + 2 * MARGIN + 0.05, BROAD))
    needs = [max(NARROW, need) for need in needs]
    spare = wide - sum(needs)
    if spare >= 0:
        return [need + spare * need / sum(needs) for need in needs]
    # The broad columns give way first: a name breaks into two lines, a number never.
    loose = [max(0.0, need - 1.6) for need in needs]
    return [need + spare * give / sum(loose) for need, give in zip(needs, loose, strict=True)]


def row_height(row: tuple[str, ...], widths: list[float], bold: bool = False) -> float:
    """Inches that the tallest cell of a row takes, with its margins."""
    tall = max(height(text, SIZE, wide - 2 * MARGIN, bold) for text, wide in zip(row, widths, strict=True))
    return max(LEAST_ROW, min(tall, _TALLEST) + 2 * ABOVE)


def _cell(cell: Any, text: str, is_head: bool, is_number: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(MARGIN)
    cell.margin_top = cell.margin_bottom = Inches(ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.background()
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    if text:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(SIZE), is_head
        run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2 if is_head else MSO_THEME_COLOR.TEXT_1
    # An empty cell is as high as its letters would be: of the format's own 18 points it would push the table down.
    end = parse_xml(f'<a:endParaRPr xmlns:a="{_A}" sz="{round(SIZE * 100)}"/>')
    paragraph._p.append(end)
    weight, colour = (12700, "tx2") if is_head else (6350, "accent6")
    below = f'<a:lnB xmlns:a="{_A}" w="{weight}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(below))
