"""Where a unit comes from and what became of it, in one sentence with its document, as the snapshot has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dashboard.here import Here
from dashboard.query import COMMUNES, Unit
from dashboard.query.succession import Link, predecessors, successors

NAMED: Final = 9
"""Units named in the sentence; the rest is counted."""


def origin(here: Here, unit: Unit) -> str:
    """What the unit was made of, or what it became; a unit that no reform touched says so."""
    if unit.valid_to is not None:
        return _became(here, unit, [one for one in successors(here.snapshot, unit.unit_id) if _is_like(here, one.new)])
    made_of = [one for one in predecessors(here.snapshot, unit.unit_id) if _is_peer(here, one.old, unit)]
    if not made_of:
        return here.word("profile.unchanged")
    names = [_part(here, one, here.places.units[one.old]) for one in made_of]
    if len(made_of) == 1 and made_of[0].weight >= 1:
        told = here.word("profile.continues", name=names[0])
    else:
        told = here.word("profile.made_of", names=_joined(here, names))
    return " – ".join(part for part in (told, _document(here, unit, made_of, unit.valid_from)) if part)


def _became(here: Here, unit: Unit, links: Sequence[Link]) -> str:
    assert unit.valid_to is not None
    day = here.format.date(unit.valid_to)
    if not links:
        return here.word("profile.ended", day=day)
    names = _joined(here, [_inside(here, here.places.units[one.new]) for one in links])
    document = _document(here, unit, links, unit.valid_to + timedelta(days=1))
    return f"{here.word('profile.became', day=day, names=names)} – {document}"


def _is_peer(here: Here, old: str, unit: Unit) -> bool:
    """Communes are made of communes; the districts above them are carried too, but nobody was made of them."""
    found = here.places.units.get(old)
    return found is not None and (unit.kind not in COMMUNES or found.kind in COMMUNES)


def _is_like(here: Here, new: str) -> bool:
    return new in here.places.units


def _part(here: Here, link: Link, unit: Unit) -> str:
    name = _inside(here, unit)
    return name if link.weight >= 1 else here.word("profile.part_of", name=name)


def _inside(here: Here, unit: Unit) -> str:
    """A name inside a sentence: in Vietnamese the word for the kind of unit is written small there."""
    name = unit.name(here.lang)
    return name[:1].lower() + name[1:] if here.lang == "vi" and unit.tree == "territory" else name


def _joined(here: Here, names: Sequence[str]) -> str:
    rest = len(names) - NAMED
    told = ", ".join(names[:NAMED])
    return here.word("intake.and_more", names=told, n=here.format.count(rest)) if rest > 0 else told


def _document(here: Here, unit: Unit, links: Sequence[Link], day: date | None) -> str:
    """The document and the day; what nobody has checked, or names no document, is marked."""
    documents = list(dict.fromkeys(one.document for one in links if one.document))
    told = ", ".join(documents) or here.word("profile.no_document")
    mark = "" if documents and unit.sure else f" ({here.word('figure.unverified')})"
    return f"{told}{mark}" + (f", {here.format.date(day)}" if day else "")
