"""A table that people take into a meeting leaves as a workbook, as text, as a picture, and as pages to print."""

from __future__ import annotations

import streamlit as st

from dashboard.access import EXPORT
from dashboard.block import Block, exports, hand_over, scope_lines
from dashboard.block import document as document_of
from dashboard.here import Here
from dashboard.paper.sheet import as_sheet


def carried_out(here: Here, shown: Block) -> None:
    """The file buttons of a block that is a table, and one for paper; nothing for a role that may not export."""
    exports(here, shown)
    if not here.scope.may(EXPORT) or not shown.table.texts:
        return
    if st.button(here.word("export.pdf"), key=f"{shown.key}_pdf", type="tertiary"):
        hand_over(here, document_of(here, shown), "pdf", shown.entries, body=paper(here, shown))


def paper(here: Here, shown: Block) -> bytes:
    """The pages of a block: its sentence, every row as its reader sees it, and what it is of."""
    mark = here.word("frame.illustrative") if here.snapshot.publication.illustrative else ""
    made_at = here.running.settings.now()
    return as_sheet(shown.title, shown.summary, shown.table, scope_lines(here), mark, here.lang, made_at)
