"""A table that people take into a meeting leaves as a workbook, as text, as a picture, and as pages to print."""

from __future__ import annotations

from functools import partial

from dashboard.block import Block, exports, scope_lines
from dashboard.here import Here
from dashboard.paper.sheet import as_sheet


def carried_out(here: Here, shown: Block) -> None:
    """The file buttons of a block that is a table, and one for paper where it has rows."""
    exports(here, shown, partial(paper, here, shown) if shown.table.texts else None)


def paper(here: Here, shown: Block) -> bytes:
    """The pages of a block: its sentence, every row as its reader sees it, and what it is of."""
    mark = here.word("frame.illustrative") if here.snapshot.publication.illustrative else ""
    made_at = here.running.settings.now()
    return as_sheet(shown.title, shown.summary, shown.table, scope_lines(here), mark, here.lang, made_at)
