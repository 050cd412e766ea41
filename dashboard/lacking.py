"""What a score cannot reckon is named one by one: how many points, why, who would send it, and in which folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.block import Block, exports, heading
from dashboard.export import NUMBER, TEXT, Column
from dashboard.here import Here
from dashboard.query.filings import Sender, senders
from dashboard.query.measure import facts_of
from dashboard.score_blocks import label, points
from dashboard.scorecard import Card, Item
from dashboard.table import Table, as_html

LIST: Final = "procedure"  # the one kind of record that no file brings


def lacking_block(here: Here, card: Card) -> None:
    """The items without points, or one sentence where there are none."""
    lacking = [item for item in card.items if not item.is_known]
    with st.container(key="card_score_lacking"):
        if not lacking:
            most = points(here, sum(item.most for item in card.items))
            heading(here.word("score.lacking"), here.word("score.lacking_none", points=most))
            return
        lost = points(here, sum(item.most for item in lacking))
        heading(here.word("score.lacking"), here.word("score.lacking_told", items=len(lacking), points=lost))
        told = lacking_table(here, lacking)
        st.html(as_html(told))
        entries = tuple(item.points.indicator for item in lacking)
        exports(here, Block("score_lacking", here.word("score.lacking"), "", {}, told, entries, native=""))


def lacking_table(here: Here, lacking: Sequence[Item]) -> Table:
    """A row per item: what it is about, its full points, why it is empty, who would send it, in which folder."""
    columns = (
        Column(here.word("score.item"), TEXT), Column(here.word("score.most"), NUMBER),
        Column(here.word("score.why"), TEXT), Column(here.word("score.sender"), TEXT),
        Column(here.word("score.folder"), TEXT),
    )  # fmt: skip
    known = senders(here.snapshot, here.scope)
    cells = [(label(here, item), item.most, *_cause(here, item, known)) for item in lacking]
    texts = [(name, points(here, most), *told) for name, most, *told in cells]
    return Table(columns, tuple(cells), tuple(texts))


def _cause(here: Here, item: Item, known: Sequence[Sender]) -> tuple[str, str, str]:
    """Why, who, where: of the sources that bring what the item counts, those first that have sent nothing."""
    facts = [fact for fact in facts_of(here.snapshot, item.share.indicator) if fact != LIST]
    if not facts:
        return here.word("score.why_list"), here.word("score.list_owner"), ""
    found = [one for one in known if one.fact in facts]
    if not found:
        return here.word("score.why_unmapped"), "", ""
    silent = [one for one in found if one.data_until is None]
    why = here.word("score.why_silent" if silent else "score.why_no_case")
    named = silent or found
    owners = list(dict.fromkeys(one.owner(here.lang) for one in named))
    folders = [f"{one.name(here.lang)} ({one.source})" for one in named]
    return why, "; ".join(owners), "; ".join(folders)
