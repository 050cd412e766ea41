"""What a meeting looks at is data: one TOML file per kind of meeting, sections in the order of a meeting."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from dashboard import periods
from dashboard.pack.content import COMPARE, DESK, SECTIONS, TITLE
from dashboard.periods import MONTH, QUARTER, YEAR, Period
from dashboard.running import PRODUCT_DATA
from dashboard.words import LANGUAGES, PersonError

FOLDER: Final = Path("operation/packs")
WEEK: Final = "week"
GRAINS: Final = (WEEK, MONTH, QUARTER, YEAR)
SHOWS: Final = ("figures", "course", "slices", "waiting", "groups", "units", "quarters", "cells")
MOST: Final = 40
"""Slides that one file may ask for: nobody sits through more."""


@dataclass(frozen=True)
class Slide:
    """What one slide shows, of which indicators (ids), and for `slices` by what."""

    show: str
    indicators: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True)
class Chapter:
    """One section of a template: its kind, and for desks code, name and slides."""

    kind: str
    slides: tuple[Slide, ...] = ()
    desk: str = ""
    name: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Template:
    """A kind of meeting; `code` is the stem of its file, `text` the file itself, which a manifest keeps."""

    code: str
    name: Mapping[str, str]
    grain: str
    chapters: tuple[Chapter, ...]
    text: str


def data_for(data: Path | None) -> Path:
    """The data folder whose templates count: the given one where it has any, the product's otherwise."""
    return data if data is not None and (data / FOLDER).is_dir() else PRODUCT_DATA


def templates(data: Path) -> Mapping[str, Template]:
    """Every template of a data folder by its code. Raises PersonError naming file and place of what is wrong."""
    files = sorted((data / FOLDER).glob("*.toml"))
    return {file.stem: read_template(file.stem, file.read_text(encoding="utf-8")) for file in files}


def find_template(found: Mapping[str, Template], code: str) -> Template:
    """The template of this name; raises PersonError naming those there are."""
    if code not in found:
        raise PersonError("pack.no_template", name=code, names=", ".join(found) or "–")
    return found[code]


def read_template(code: str, text: str) -> Template:
    """A template from the text of its file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(code, "toml", str(error)) from None
    _known(code, "template", raw, {"name", "grain", "section"})
    grain = raw.get("grain", MONTH)
    if grain not in GRAINS:
        raise _wrong(code, "grain", f"{grain!r} ({', '.join(GRAINS)})")
    chapters = tuple(_chapter(code, one) for one in raw.get("section", []))
    order = [SECTIONS.index(one.kind) for one in chapters]
    if order != sorted(order):
        raise _wrong(code, "section", " → ".join(one.kind for one in chapters))
    if sum(len(one.slides) for one in chapters) > MOST:
        raise _wrong(code, "slides", f"> {MOST}")
    return Template(code, _name(code, raw.get("name")), grain, chapters, text)


def _chapter(code: str, raw: Mapping[str, Any]) -> Chapter:
    _known(code, "section", raw, {"kind", "desk", "name", "slides"})
    kind = raw.get("kind")
    if kind not in SECTIONS or kind == TITLE:
        raise _wrong(code, "kind", repr(kind))
    slides = tuple(_slide(code, one) for one in raw.get("slides", []))
    if bool(slides) != (kind in (DESK, COMPARE)):
        raise _wrong(code, str(kind), "slides")
    name = _name(code, raw["name"]) if "name" in raw else None
    if kind == DESK and not (name and raw.get("desk")):
        raise _wrong(code, "desk", "name, desk")
    return Chapter(str(kind), slides, str(raw.get("desk", "")), name)


def _slide(code: str, raw: Mapping[str, Any]) -> Slide:
    _known(code, "slides", raw, {"show", "indicators", "by"})
    show, names = raw.get("show"), raw.get("indicators")
    if show not in SHOWS:
        raise _wrong(code, "show", repr(show))
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        raise _wrong(code, "indicators", repr(names))
    if (show == "slices") != bool(raw.get("by")):
        raise _wrong(code, "by", repr(raw.get("by")))
    return Slide(str(show), tuple(names), str(raw.get("by", "")))


def _name(code: str, raw: object) -> Mapping[str, str]:
    if not isinstance(raw, dict) or set(raw) != set(LANGUAGES):
        raise _wrong(code, "name", repr(raw))
    return {lang: str(raw[lang]) for lang in LANGUAGES}


def _known(code: str, where: str, raw: Mapping[str, Any], keys: set[str]) -> None:
    strange = sorted(set(raw) - keys)
    if strange:
        raise _wrong(code, where, ", ".join(strange))


def _wrong(code: str, where: str, what: str) -> PersonError:
    return PersonError("pack.bad_template", file=f"{FOLDER}/{code}.toml", where=where, what=what)


def newest_period(grain: str, whole_until: date) -> Period:
    """The newest week (Monday to Sunday), month, quarter or year of which no more is to be expected."""
    if grain == WEEK:
        sunday = whole_until - timedelta(days=whole_until.isoweekday() % 7)
        return periods.between(sunday - timedelta(days=6), sunday)
    found = periods.holding(whole_until, grain)
    return found if found.last <= whole_until else periods.previous(found)
