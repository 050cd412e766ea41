"""The filtered rows as a file: every case behind a number, by pseudonym, for who may take rows along."""

from __future__ import annotations

from dashboard.block import definition, scope_lines
from dashboard.explain import Explanation
from dashboard.export import DAY, TEXT, Cell, Column, Document
from dashboard.here import Here
from dashboard.lineage import DAYS, PSEUDONYM, cell, fields
from dashboard.query.rows import LARGEST, rows
from dashboard.words import PersonError

_DATED = ("placed_on", *DAYS)
_SHEETS = ("data", "scope", "definitions", "code", "name", "definition", "formula", "legal")


def cases_file(here: Here, told: Explanation) -> Document:
    """All cases behind a number, the oldest first: as many as one file takes, which it says.

    Raises PersonError with the reason where this reader may not see cases.
    """
    found = rows(here.snapshot, here.scope, told.answer.question, size=LARGEST)
    if found.reason is not None:
        raise PersonError(found.reason.key, 2, **dict(found.reason.values))
    shown = fields(told, found)
    cells = tuple(
        (str(row.get("case_id") or "")[:PSEUDONYM], *(_cell(here, name, row[name]) for name in shown))
        for row in found.frame.iter_rows(named=True)
    )
    taken = here.word("explained.taken", n=here.format.count(len(cells)), total=here.format.count(found.total))
    return Document(
        name=f"cases-{told.entry.code}",
        title=f"{here.word('explained.rows_title')}: {told.figure.name}",
        columns=(Column(here.word("case.case_id")), *(_column(here, name) for name in shown)),
        rows=cells,
        scope=(*scope_lines(here), (here.word("explained.rows_title"), taken)),
        definitions=(definition(here, told.entry),),
        lang=here.lang,
        snapshot=here.snapshot.id,
        labels={name: here.word(f"export.{name}") for name in _SHEETS},
    )


def _column(here: Here, name: str) -> Column:
    return Column(here.word(f"case.{name}"), DAY if name in _DATED else TEXT)


def _cell(here: Here, name: str, value: object) -> Cell:
    """Days stay days; everything else is told as on the screen."""
    return value if name in _DATED else cell(here, name, value)  # type: ignore[return-value]
