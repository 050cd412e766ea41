"""The profile of a unit on a screen: the same content as its page, with the way to that page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import component, numbers, spine
from dashboard.access import EXPORT
from dashboard.block import Block, exports, heading, scope_lines
from dashboard.export import TEXT, Column, Document, Order, Person
from dashboard.figure import Figure
from dashboard.fold import said
from dashboard.here import Here
from dashboard.look import palette
from dashboard.paper.one_pager import one_pager
from dashboard.profile import Profile
from dashboard.session import COOKIE
from dashboard.spine import Row
from dashboard.spine_picture import picture
from dashboard.table import Table, kind_of
from dashboard.tile import address, tiles, tone

NUMBER: Final = ' class="ioc-number"'


def head(here: Here, told: Profile) -> None:
    """Who the unit is: its history, its peers, and the button for its page."""
    near = here.word("profile.peers", names=", ".join(told.peers)) if told.peers else here.word("profile.no_peers")
    st.html(f'<div class="ioc"><p>{html.escape(told.origin)}</p><p class="ioc-quiet">{html.escape(near)}</p></div>')
    if here.scope.may(EXPORT) and st.button(here.word("profile.pdf"), key="profile_pdf", type="tertiary"):
        hand_over_page(here)


def counts(here: Here, told: Profile) -> None:
    """How large the work is, with its months."""
    own = spine.plain(here, here.unit.unit_id)
    shown: list[tuple[Figure, Sequence[Figure]]] = [
        (one, numbers.history(own, one.indicator.id)) for one in told.counts
    ]
    if shown:
        st.html(tiles(here, shown))


def sentences(here: Here, told: Profile) -> None:
    """Strengths and concerns, or that nothing was judged."""
    lines = [("▲", "better", "strong", told.strong), ("▼", "worse", "weak", told.weak)]
    told_lines = [
        f'<p><span class="ioc-{kind}">{shape}</span> <b>{html.escape(here.word(f"profile.{name}"))}:</b> '
        f"{html.escape(text)}</p>"
        for shape, kind, name, text in lines
    ]
    inner = "".join(told_lines) if told.is_judged else f"<p>● {html.escape(told.strong)}</p>"
    st.html(f'<div class="ioc ioc-card">{inner}</div>')


def spine_block(here: Here, told: Profile) -> None:
    """Every number against the province and its peers, each opening its explanation."""
    if not told.rows:
        return
    with st.container(key="card_unit_spine"):
        heading(here.word("profile.against"))
        st.html(as_html(here, told.rows))
        st.html(said(here.word("profile.legend"), small=True))
        entries = tuple(one.figure.indicator for one in told.rows)
        title = f"{here.word('profile.title')} · {told.name}"
        exports(here, Block("unit_spine", title, "", {}, table(here, told.rows), entries, native=""))


def as_html(here: Here, rows: Sequence[Row]) -> str:
    """The rows as a table with a picture each."""
    names = ("indicator", "value", "cases", "whole", "near")
    heads = "".join(
        f"<th{'' if name == 'indicator' else NUMBER}>{html.escape(here.word(f'profile.{name}'))}</th>" for name in names
    )
    scale = f'<th class="ioc-spine">{html.escape(here.word("profile.worse_better"))}</th>'
    body = "".join(_line(here, one) for one in rows)
    return (f'<div class="ioc ioc-scroll"><table><thead><tr>{heads}{scale}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")  # fmt: skip


def _line(here: Here, row: Row) -> str:
    figure = row.figure
    few = figure.plot is None
    mark = f' <span class="ioc-{tone(figure)}">{figure.shape}</span>' if tone(figure) else ""
    n = "" if few or figure.answer.n is None else here.format.count(figure.answer.n)
    value = html.escape(figure.text)
    cells = (f'<span class="ioc-quiet">{value}</span>' if few else f"<b>{value}</b>{mark}", n,
             html.escape(row.whole.text), html.escape(row.peers_text))  # fmt: skip
    name = html.escape(figure.short or figure.name)
    link = f'<a class="ioc-link" data-go href="{html.escape(address(here, figure))}">{name}</a>'
    numbers_ = "".join(f"<td{NUMBER}>{cell}</td>" for cell in cells)
    said_so = html.escape(f"{figure.text} · {row.whole.text}")
    image = f'<img src="{picture(row, palette(here.view.look))}" alt="{said_so}">'
    return f'<tr><td>{link}</td>{numbers_}<td class="ioc-spine">{image}</td></tr>'


def table(here: Here, rows: Sequence[Row]) -> Table:
    """The rows for a file: real values, empty where nothing may be shown."""
    names = ("indicator", "value", "cases", "whole", "near")
    kinds = {kind_of(row.figure.indicator.measure) for row in rows}
    kind = kinds.pop() if len(kinds) == 1 else TEXT
    columns = (Column(here.word("export.code")), *(Column(here.word(f"profile.{name}"), kind if name in (
        "value", "whole") else TEXT) for name in names))  # fmt: skip
    texts = tuple(
        (row.figure.indicator.code, row.figure.name, row.figure.text,
         "" if row.figure.plot is None else here.format.count(row.figure.answer.n), row.whole.text, row.peers_text)
        for row in rows
    )  # fmt: skip
    cells = texts if kind == TEXT else tuple(
        (*text[:2], row.figure.plot, text[3], row.whole.plot, text[5]) for row, text in zip(rows, texts, strict=True)
    )  # fmt: skip
    return Table(columns, cells, texts)


def hand_over_page(here: Here) -> None:
    """Make the page and hand it over the counter: its line in the audit is on the disk before its first byte leaves."""
    if not here.scope.may(EXPORT):
        return
    name = f"profile-{here.unit.code}-{here.period.code.replace('..', '_')}"
    page = Document(name, here.name(here.unit), (), (), scope_lines(here), snapshot=here.snapshot.id)
    question = {"object": "profile", "period": here.period.code, "unit": here.unit.unit_id, "basis": here.basis}
    person = Person(st.context.cookies.get(COOKIE, ""), here.scope.who, here.scope.role)
    order = Order(page, "pdf", question, one_pager(here))
    component.fetch(f"/export/{here.running.exports.issue(order, person, here.running.settings.now())}")
