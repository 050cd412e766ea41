"""A pack is composed from a view and a template: the same functions as the screens, the order of a meeting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from dashboard.access import EXPORT, PACK, PARTY, Scope
from dashboard.block import scope_lines
from dashboard.here import Here
from dashboard.pack import compared, party, pieces, standing
from dashboard.pack.changes import Earlier, changes
from dashboard.pack.content import CHANGES, COMPARE, DESK, DUE, QUALITY, SIGNALS, TASKS, Pack, Piece, Section
from dashboard.pack.template import Chapter, Slide, Template
from dashboard.scope_bar import basis_name, unit_name
from dashboard.words import PersonError

LABELS: Final = (
    "page", "source", "contents", "quality", "chart_data", "notes", "sheet", "message", "low", "high", "more_rows",
    "layout_cover", "layout_message", "not_zero",
)  # fmt: skip
_SHEETS: Final = ("data", "scope", "definitions", "code", "name", "definition", "formula", "legal", "snapshot",
                  "made_at", "class", "place", "period", "basis")  # fmt: skip
CLASSES: Final = ("internal", "meeting", "draft")


def may_pack(scope: Scope) -> bool:
    """Whether a scope may make packs: by its verb, or as the Party's own role for its published tables."""
    return scope.may(PACK) or (scope.answers(PARTY) and scope.may(EXPORT))


def compose(here: Here, template: Template, earlier: Earlier | None, classification: str, made_at: datetime) -> Pack:
    """The whole pack in the language of `here`. Raises PersonError when nothing of it may be seen."""
    sections = tuple(found for chapter in template.chapters if (found := _section(here, chapter, earlier)) is not None)
    if not any(section.kind in (DESK, COMPARE) for section in sections):
        raise PersonError("pack.nothing", name=template.code)
    publication = here.snapshot.publication
    until = here.word("pack.until", day=here.format.date(publication.data_until))
    made = here.word("pack.prepared", at=here.format.moment(made_at), snapshot=here.snapshot.id)
    return Pack(
        name=f"{template.code}-{here.unit.unit_id}-{here.period.code}".replace("..", "_").replace("@", "_"),
        place=str(publication.place.get("name", {}).get(here.lang, "")),
        title=template.name[here.lang],
        lines=(f"{unit_name(here, here.unit)} · {here.format.period(here.period)}", basis_name(here, here.basis), until,
               made),
        scope=_scope(here, classification), lang=here.lang, snapshot=here.snapshot.id, data_until=until,
        made_at=made_at, classification=_class(here, classification), illustrative=publication.illustrative,
        sections=sections,
        labels={name: here.word(f"pack.{name}", **({"n": "{n}"} if name == "more_rows" else {})) for name in LABELS}
        | {name: here.word(f"export.{name}") for name in _SHEETS},
    )  # fmt: skip


def _class(here: Here, classification: str) -> str:
    """What kind of paper this is; what is illustrative says so first."""
    marks = [here.word("frame.illustrative")] if here.snapshot.publication.illustrative else []
    told = [here.word(f"export.{here.snapshot.clearance}_class")]
    own = [here.word(f"pack_screen.{classification}")] if classification != CLASSES[0] else []
    return " · ".join([*marks, *told, *own])


def _scope(here: Here, classification: str) -> tuple[tuple[str, str], ...]:
    """The lines of every export, with the classification of this pack."""
    kind = here.word("export.class")
    return tuple((label, _class(here, classification) if label == kind else text) for label, text in scope_lines(here))


def _section(here: Here, chapter: Chapter, earlier: Earlier | None) -> Section | None:
    if chapter.kind == DESK and here.scope.desks is not None and chapter.desk not in here.scope.desks:
        return None
    found = [piece for piece in _pieces(here, chapter, earlier) if piece is not None]
    title = chapter.name[here.lang] if chapter.name else here.word(f"pack.title_{chapter.kind}")
    return Section(chapter.kind, title, tuple(found)) if found else None


def _pieces(here: Here, chapter: Chapter, earlier: Earlier | None) -> Sequence[Piece | None]:
    if chapter.slides:
        desk = chapter.name[here.lang] if chapter.name else ""
        return [_slide(here, slide, desk) for slide in chapter.slides]
    makers: dict[str, Callable[[], Sequence[Piece | None]]] = {
        TASKS: lambda: [standing.tasks(here)],
        SIGNALS: lambda: [standing.signals(here)],
        DUE: lambda: [standing.due_soon(here)],
        QUALITY: lambda: [standing.coverage(here), standing.sources(here)],
        CHANGES: lambda: [changes(here, earlier)],
    }
    return makers[chapter.kind]()


def _slide(here: Here, slide: Slide, desk: str) -> Piece | None:
    makers: dict[str, Callable[[], Piece | None]] = {
        "figures": lambda: pieces.figures(here, slide, desk),
        "course": lambda: pieces.course(here, slide),
        "slices": lambda: pieces.slices(here, slide),
        "waiting": lambda: compared.waiting(here, slide),
        "groups": lambda: pieces.groups(here, slide),
        "units": lambda: compared.units(here, slide),
        "quarters": lambda: party.quarters(here, slide),
        "cells": lambda: party.cells(here, slide),
    }
    return makers[slide.show]()
