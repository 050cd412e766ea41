"""The catalogue to look things up in: any indicator by a word of it, with its number and how that came about."""

from __future__ import annotations

import streamlit as st

from dashboard import directory, search
from dashboard.access import PARTY, STATE
from dashboard.block import Block, exports, heading, title
from dashboard.figure import Figure
from dashboard.fold import said
from dashboard.here import Here
from dashboard.scope_bar import go
from dashboard.screens.screen import Screen
from dashboard.table import as_html


def render(here: Here) -> None:
    """The search, then what was found; without a search everything, desk by desk."""
    title(here, here.word("page.indicators"))
    _search(here)
    shown = directory.figures(here, directory.listed(here))
    if not shown:
        st.html(said(here.word("directory.none", find=here.view.find, n=here.format.count(len(here.indicators)))))
    elif here.view.find:
        _part(here, here.word("directory.found", n=here.format.count(len(shown)), find=here.view.find), shown, "found")
    else:
        st.html(said(here.word("directory.told", n=here.format.count(len(shown)))))
        for at, (owner, own) in enumerate(directory.by_owner(shown, here.lang).items()):
            _part(here, owner, own, f"desk{at}")


def _search(here: Here) -> None:
    """What is typed goes into the address as it is searched for: small letters without diacritics."""
    st.session_state["find"] = here.view.find
    st.text_input(
        here.word("directory.search"), key="find", max_chars=search.LONGEST, on_change=lambda: go(
            here.view, {"find": search.folded(str(st.session_state["find"]))})
    )  # fmt: skip


def _part(here: Here, name: str, shown: list[Figure], key: str) -> None:
    told = directory.as_table(here, shown, with_owner=key == "found")
    with st.container(key=f"card_{key}"):
        heading(name)
        st.html(as_html(told, [directory.address(here, one) for one in shown]))
        exports(here, Block(f"indicators_{key}", name, "", {}, told, tuple(one.indicator for one in shown), native=""))


SCREEN = Screen("indicators", 75, render, lambda scope: scope.answers(STATE) or scope.answers(PARTY))
