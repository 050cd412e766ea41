"""The catalogue as this snapshot published it: a label can never disagree with its number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import Any

from dashboard.snapshot import Snapshot
from dashboard.words import PersonError


@dataclass(frozen=True)
class Indicator:
    """One entry, with `legal` and `spec` parsed; texts come in pairs `…_vi`, `…_en`."""

    id: str
    code: str
    desk: str
    position: int
    kind: str
    fact: str | None
    day: str | None
    measure: str
    better: str
    adds: bool
    minimum_n: int
    rhythm: str
    clearance: str
    sensitive: bool
    owner_vi: str
    owner_en: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    definition_vi: str
    definition_en: str
    target_value: float | None
    target_from: date | None
    target_basis: str | None
    target_document: str | None
    target_checked: bool | None
    legal: tuple[Mapping[str, Any], ...]
    spec: Mapping[str, Any]
    sql_numerator: str | None
    sql_denominator: str | None

    def text(self, name: str, lang: str) -> str:
        """The Vietnamese or English text of `name`, `short`, `definition` or `owner`."""
        return str(getattr(self, f"{name}_{lang}") or "")

    def __hash__(self) -> int:
        return hash(self.id)


def indicators(snapshot: Snapshot) -> dict[str, Indicator]:
    """All entries by id, in the order of the catalogue."""
    return snapshot.remember("indicators", lambda: _load(snapshot))


def _load(snapshot: Snapshot) -> dict[str, Indicator]:
    columns = [field.name for field in fields(Indicator)]
    listed = ", ".join(columns)
    found = snapshot.rows(f"SELECT {listed} FROM indicator ORDER BY position, code")
    return {row[0]: _entry(dict(zip(columns, row, strict=True))) for row in found}


def _entry(values: dict[str, Any]) -> Indicator:
    values["legal"] = tuple(json.loads(values["legal"] or "[]"))
    values["spec"] = json.loads(values["spec"] or "{}")
    values["minimum_n"] = values["minimum_n"] or 0
    values["adds"] = bool(values["adds"])
    values["sensitive"] = bool(values["sensitive"])
    return Indicator(**values)


def find_indicator(snapshot: Snapshot, name: str) -> Indicator:
    """The entry of an id or a code, in any case. Raises PersonError that names the nearest one."""
    known = indicators(snapshot)
    if name in known:
        return known[name]
    names = {text.casefold(): entry for entry in known.values() for text in (entry.id, entry.code)}
    if name.casefold() in names:
        return names[name.casefold()]
    near = get_close_matches(name.casefold(), names, n=1)
    if near:
        raise PersonError("query.no_indicator_near", name=name, near=names[near[0]].code)
    raise PersonError("query.no_indicator", name=name)
