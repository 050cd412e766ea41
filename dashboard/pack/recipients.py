"""Recipient groups are data: who gets which template, about which units, in which language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dashboard.pack.manifest import FORMATS, Order
from dashboard.pack.template import Template, find_template
from dashboard.periods import on
from dashboard.query import COMMUNES, TODAY, of_kinds
from dashboard.query.units import Territory
from dashboard.snapshot import Snapshot
from dashboard.words import LANGUAGES, PersonError

FILE: Final = Path("operation/recipients.toml")
BOTH: Final = "both"
ALL: Final = {"communes": COMMUNES, "agencies": ("agency",)}
_KEYS: Final = {"name", "template", "units", "role", "lang", "formats", "period", "basis"}


def languages(text: str) -> tuple[str, ...]:
    """The languages that "vi", "en" or "both" stands for."""
    return LANGUAGES if text == BOTH else (text,)


def orders_of(
    data: Path, name: str, found: Mapping[str, Template], places: Territory, snapshot: Snapshot
) -> list[Order]:
    """An order per unit of a group. Raises PersonError naming the groups there are, or what is wrong with one."""
    groups = _groups(data)
    if name not in groups:
        raise PersonError("pack.no_group", name=name, file=str(FILE), names=", ".join(groups) or "–")
    raw = groups[name]
    strange = sorted(set(raw) - _KEYS)
    lang, formats = str(raw.get("lang", LANGUAGES[0])), tuple(raw.get("formats", FORMATS))
    wrong = [*strange, *(one for one in formats if one not in FORMATS)]
    if lang not in (*LANGUAGES, BOTH):
        wrong.append(lang)
    if wrong or not raw.get("units") or not raw.get("role"):
        raise PersonError("pack.bad_group", file=str(FILE), name=name, what=", ".join(wrong) or "units, role")
    template = find_template(found, str(raw.get("template", "")))
    return [
        Order(template, str(raw["role"]), str(raw.get("period", "")), unit, str(raw.get("basis", "")), languages(lang),
              formats=formats)
        for unit in _units(raw["units"], places, snapshot)
    ]  # fmt: skip


def _groups(data: Path) -> Mapping[str, Mapping[str, Any]]:
    file = data / FILE
    if not file.is_file():
        return {}
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PersonError("pack.bad_group", file=str(FILE), name="–", what=str(error)) from None
    return {str(one.get("name", "")): one for one in raw.get("group", [])}


def _units(raw: list[str], places: Territory, snapshot: Snapshot) -> list[str]:
    found: list[str] = []
    for one in raw:
        if one in ALL:
            period = on(snapshot.publication.data_until)
            found += [unit.unit_id for unit in of_kinds(places, places.root, ALL[one], TODAY, period)]
        else:
            found.append(one)
    return list(dict.fromkeys(found))
