"""The meeting pack: choose, look through its slides, take it along; whoever opens the address sees the same pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from dashboard import component
from dashboard.block import heading, title
from dashboard.export import Person
from dashboard.fold import said
from dashboard.here import Here
from dashboard.pack.compose import CLASSES, may_pack
from dashboard.pack.content import Pack
from dashboard.pack.manifest import Order, last_pack
from dashboard.pack.preview import pages
from dashboard.pack.recipients import BOTH, languages
from dashboard.pack.run import FOLDER, contents, hand_over, make, settle
from dashboard.pack.template import Template, data_for, templates
from dashboard.scope_bar import go
from dashboard.screens.screen import Screen
from dashboard.session import COOKIE
from dashboard.words import LANGUAGES, PersonError

USUAL: Final = "monthly"


@dataclass(frozen=True)
class Choice:
    """What the address says of a pack: template, language (vi, en, both), classification."""

    template: str
    lang: str
    classification: str

    def text(self) -> str:
        """As the address holds it."""
        return f"{self.template}.{self.lang}.{self.classification}"


def choice_of(here: Here, found: Mapping[str, Template]) -> Choice:
    """The choice of an address; what cannot be meant is the default."""
    template, lang, kind = [*here.view.tab.split("."), "", "", ""][:3]
    usual = USUAL if USUAL in found else next(iter(found))
    return Choice(
        template if template in found else usual,
        lang if lang in (*LANGUAGES, BOTH) else here.lang,
        kind if kind in CLASSES else CLASSES[0],
    )


def render(here: Here) -> None:
    """Three choices, the button, and every slide of the pack as it will be."""
    title(here, here.word("page.meeting"))
    st.html(said(here.word("pack_screen.lead")))
    try:
        found = templates(data_for(here.running.settings.data))
        if not found:
            raise PersonError("pack.no_template", name=USUAL, names="–")
        chosen = choice_of(here, found)
        _choices(here, chosen, found)
        order = _order(here, chosen, found)
        pack = _preview_of(here, order)
    except PersonError as error:
        st.html(said(error.text(here.lang)))
        return
    with st.container(key="card_pack"):
        if not here.view.period:
            st.html(said(here.word("pack_screen.period_default", period=pack.lines[0])))
        if st.button(here.word("pack_screen.make"), key="pack_make", type="primary"):
            _make(here, order)
    with st.container(key="card_preview"):
        told = here.word("pack_screen.preview_told", n=here.format.count(len(pack.pieces) + 1), snapshot=pack.snapshot)
        heading(here.word("pack_screen.preview"), told)
        st.html(pages(pack))


def _choices(here: Here, chosen: Choice, found: Mapping[str, Template]) -> None:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _pick(here, "template", list(found), lambda code: found[code].name[here.lang], chosen)
    with middle:
        _pick(here, "lang", [*LANGUAGES, BOTH], lambda code: here.word(f"pack_screen.{code}"), chosen)
    with right:
        _pick(here, "classification", list(CLASSES), lambda code: here.word(f"pack_screen.{code}"), chosen)


def _pick(here: Here, name: str, codes: list[str], label: Callable[[str], str], chosen: Choice) -> None:
    """One choice, which stands in the address before the next line of the screen runs."""
    key = f"pack_{name}"
    st.session_state[key] = getattr(chosen, name)

    def changed() -> None:
        go(here.view, {"tab": replace(chosen, **{name: str(st.session_state[key])}).text()})

    word = "language" if name == "lang" else name
    st.selectbox(here.word(f"pack_screen.{word}"), codes, format_func=label, key=key, on_change=changed)


def _order(here: Here, chosen: Choice, found: Mapping[str, Template]) -> Order:
    """The order that the address stands for; its unit and boundaries are those of the scope bar."""
    return Order(
        found[chosen.template], here.scope.role, here.view.period, here.unit.unit_id, here.basis,
        languages(chosen.lang), chosen.classification,
        snapshot=here.snapshot.id,
    )  # fmt: skip


def _preview_of(here: Here, order: Order) -> Pack:
    """The content in the reader's language, or in the pack's own when it has only one; made once a minute."""
    lang = here.lang if here.lang in order.langs else order.langs[0]
    now = here.running.settings.now().replace(second=0, microsecond=0)

    def compose() -> Pack:
        _, settled = settle(here.running, order, lang, here.scope)
        earlier = last_pack(here.running.settings.home / FOLDER, settled, now)
        return contents(here.running, order, now, earlier, lang, here.scope)[1]

    asked = (order.template.code, order.template.text, order.period, order.unit, order.basis, order.classification)
    with st.spinner(here.word("pack_screen.making", what=here.word("pack_screen.preview").lower())):
        return here.snapshot.remember(("pack", here.scope, asked, lang, now), compose)


def _make(here: Here, order: Order) -> None:
    """Make every file, then hand the archive over like every export: the audit first, one ticket, one fetch."""
    bar = st.progress(0.0)

    def progress(at: int, steps: int, what: str) -> None:
        bar.progress((at - 1) / steps, here.word("pack_screen.making", what=what))

    now = here.running.settings.now()
    made = make(here.running, order, now, progress, scope=here.scope)
    bar.empty()
    person = Person(st.context.cookies.get(COOKIE, ""), here.scope.who, here.scope.role)
    # The clock again: a ticket lives for a minute from now, and the pack took its time.
    ticket = hand_over(here.running, made, person, here.running.settings.now())
    component.fetch(f"/export/{ticket}")
    st.html(said(here.word("pack_screen.ready", slides=here.format.count(made.slides))))


SCREEN = Screen("meeting", 70, render, may_pack)
