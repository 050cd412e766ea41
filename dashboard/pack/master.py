"""The master of the slides: the place's name, our colours as a theme, and two layouts that people can go on using."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from dashboard.look import FONT, palette
from dashboard.pack.content import Pack

WIDE, HIGH = 13.333, 7.5
LEFT, TEXT_WIDE = 0.6, 12.13
TITLE_BOX: Final = (LEFT, 0.35, TEXT_WIDE, 1.0)
SUMMARY_BOX: Final = (LEFT, 1.38, TEXT_WIDE, 0.75)
BODY_BOX: Final = (LEFT, 2.2, TEXT_WIDE, 4.3)
SOURCE_BOX: Final = (LEFT, 6.55, TEXT_WIDE, 0.42)
FOOTER_BOX: Final = (LEFT, 7.03, 11.0, 0.3)
NUMBER_BOX: Final = (11.7, 7.03, 1.03, 0.3)
PLACE, SUMMARY, SOURCE = 13, 14, 15
"""Numbers of our own placeholders: the place on the title page, the sentence and the source on every other."""
COVER, MESSAGE = 0, 1
_P: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SPACES: Final = f'xmlns:p="{_P}" xmlns:a="{_A}"'


def blank(pack: Pack) -> Any:
    """A presentation without slides: 16:9, our theme, a title layout and a layout for one message."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    _theme(deck, pack)
    cover, message = deck.slide_layouts[0], deck.slide_layouts[5]
    for layout in list(deck.slide_layouts):
        if layout not in (cover, message):
            deck.slide_layouts.remove(layout)
    _master(deck.slide_master)
    cover.name, message.name = pack.labels["layout_cover"], pack.labels["layout_message"]
    _cover(cover)
    _message(message)
    return deck


def _theme(deck: Any, pack: Pack) -> None:
    """Colours and fonts as a theme: whoever changes them there changes every slide and chart."""
    part = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = part.blob.decode("utf-8")
    look = palette("light")
    colours = {
        "dk1": look.text, "lt1": look.surface, "dk2": look.secondary, "lt2": look.background, "accent1": look.better,
        "accent2": look.second, "accent3": look.third, "accent4": look.secondary, "accent5": look.worse,
        "accent6": look.line, "hlink": look.better, "folHlink": look.third,
    }  # fmt: skip
    scheme = "".join(f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>' for name, colour in colours.items())
    name = _escaped(pack.place)
    text = re.sub(r"<a:clrScheme .*?</a:clrScheme>", f'<a:clrScheme name="{name}">{scheme}</a:clrScheme>', text)
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    # The list of fonts by script goes: it sets Vietnamese headings in Times New Roman.
    fonts = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    text = re.sub(r"<a:fontScheme .*?</a:fontScheme>", f'<a:fontScheme name="{FONT}">{fonts}</a:fontScheme>', text)
    part._blob = text.replace('name="Office Theme"', f'name="{name}"').encode("utf-8")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _master(master: Any) -> None:
    boxes = {"title": TITLE_BOX, "body": BODY_BOX, "ftr": FOOTER_BOX, "sldNum": NUMBER_BOX}
    for shape in list(master.placeholders):
        kind = shape.element.find(f".//{{{_P}}}ph").get("type", "body")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
            continue
        place(shape, boxes[kind])
    _bar(master)
    style = master.element.find(f".//{{{_P}}}titleStyle/{{{_A}}}lvl1pPr")
    style.set("algn", "l")
    run = style.find(f"{{{_A}}}defRPr")
    run.set("sz", "2600")
    run.set("b", "1")
    for name, align in (("ftr", "l"), ("sldNum", "r")):
        _small(master, name, align)


def _bar(master: Any) -> None:
    """One quiet line of the place's colour across the top of every slide."""
    master.shapes._spTree.insert(2, parse_xml(
        f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="90" name="bar"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(WIDE)}" cy="{Inches(0.1)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"))  # fmt: skip


def _small(owner: Any, kind: str, align: str) -> None:
    """Footer and page number: ten points, quiet, at their edge."""
    for shape in owner.placeholders:
        if shape.element.find(f".//{{{_P}}}ph").get("type") == kind:
            style = shape.element.find(f".//{{{_A}}}lstStyle")
            for child in list(style):
                style.remove(child)
            style.append(parse_xml(_level(10, "tx2", align)))


def _level(size: int, colour: str, align: str = "l", bold: bool = False) -> str:
    return (
        f'<a:lvl1pPr {_SPACES} marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        "</a:defRPr></a:lvl1pPr>"
    )


def _cover(layout: Any) -> None:
    boxes = {"ctrTitle": (0.9, 2.2, 11.5, 1.2), "subTitle": (0.9, 3.55, 11.5, 2.6)}
    for shape in list(layout.placeholders):
        kind = shape.element.find(f".//{{{_P}}}ph").get("type")
        if kind in boxes:
            place(shape, boxes[kind])
            style = shape.element.find(f".//{{{_A}}}lstStyle")
            for child in list(style):
                style.remove(child)
            told = _level(40, "tx1", bold=True) if kind == "ctrTitle" else _level(18, "tx2")
            style.append(parse_xml(told))
        else:
            _settle(shape, kind)
    layout.shapes._spTree.append(_placeholder(PLACE, "place", (0.9, 1.55, 11.5, 0.6), 20, "accent1", bold=True))


def _message(layout: Any) -> None:
    for shape in list(layout.placeholders):
        _settle(shape, shape.element.find(f".//{{{_P}}}ph").get("type"))
    tree = layout.shapes._spTree
    tree.append(_placeholder(SUMMARY, "summary", SUMMARY_BOX, 14, "tx2"))
    tree.append(_placeholder(SOURCE, "source", SOURCE_BOX, 10, "tx2"))


def _settle(shape: Any, kind: str) -> None:
    """Footer and page number stand where the master has them; dates are part of the text and need no place."""
    if kind == "dt":
        shape.element.getparent().remove(shape.element)
    elif kind in ("ftr", "sldNum", "title"):
        for old in shape.element.findall(f".//{{{_A}}}xfrm"):
            old.getparent().remove(old)


def _placeholder(number: int, name: str, box: tuple[float, ...], size: int, colour: str, bold: bool = False) -> Any:
    left, top, wide, high = (Inches(side) for side in box)
    style = _level(size, colour, bold=bold)
    return parse_xml(
        f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="{100 + number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph type="body" sz="quarter" idx="{number}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm></p:spPr><p:txBody>'
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:normAutofit/></a:bodyPr><a:lstStyle>{style}'
        "</a:lstStyle><a:p/></p:txBody></p:sp>")  # fmt: skip


def place(shape: Any, box: tuple[float, ...]) -> None:
    """Put a shape into a box of inches: left, top, width, height; texts without inner margins."""
    shape.left, shape.top, shape.width, shape.height = (Inches(side) for side in box)
    body = shape.element.find(f".//{{{_A}}}bodyPr")
    if body is not None:
        for side in ("lIns", "tIns", "rIns", "bIns"):
            body.set(side, str(Pt(0)))


def signed(deck: Any, pack: Pack, stamp: datetime) -> None:
    """The file's own properties: what it is, of whom, and when it was made."""
    core = deck.core_properties
    core.title, core.author, core.last_modified_by = f"{pack.title} · {pack.lines[0]}", pack.place, pack.place
    core.subject, core.language, core.revision = pack.classification, pack.lang, 1
    core.created = core.modified = core.last_printed = stamp
