"""Explain this number: what it means, how it was reckoned, from which files, how good it is, what it has been."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard import lineage, meaning, periods, reckoning
from dashboard.access import AGGREGATES, EXPORT, EXPORT_ROWS, Scope
from dashboard.block import block, hand_over, heading, title
from dashboard.cases_file import cases_file
from dashboard.explain import Explanation, explain
from dashboard.export import TABLES, Document
from dashboard.fold import code, folded, listed, said
from dashboard.here import Here
from dashboard.past import past, past_block
from dashboard.periods import QUARTER, YEAR, Period
from dashboard.query import Indicator, find_indicator
from dashboard.query.question import TODAY
from dashboard.query.rows import LARGEST
from dashboard.screens.screen import Screen
from dashboard.table import as_html
from dashboard.take_along import as_json, asked, citation, document, metadata
from dashboard.tile import against, foot, state, tone
from dashboard.trust import five

TABS: Final = ("definition", "reckoning", "lineage", "quality", "history", "download")
CURRENT: Final = ' aria-current="page"'
_GRAINS: Final = {"quarterly": QUARTER, "yearly": YEAR}


def render(here: Here) -> None:
    """The number, then one of six answers about it; without a number the list of all that can be explained."""
    title(here, here.word("page.explain"))
    if not here.view.indicator:
        _index(here)
        return
    entry = find_indicator(here.snapshot, here.view.indicator)
    here = replace(here, period=period_for(here, entry))
    told = explain(here.snapshot, here.scope, here.question(entry.id), today=here.today, lang=here.lang)
    st.html(head(here, told))
    tab, page, only = tab_of(here.view.tab)
    st.html(tabs(here, tab))
    drawn: dict[str, Callable[[Here, Explanation, int, str], None]] = {
        "definition": _definition, "reckoning": _reckoning, "lineage": _lineage, "quality": _quality,
        "history": _history, "download": _download,
    }  # fmt: skip
    with st.container(key=f"card_explain_{tab}" if tab != "history" else "explain_history"):
        drawn[tab](here, told, page, only)


def tab_of(text: str) -> tuple[str, int, str]:
    """Tab, page and choice of cases of an address such as "lineage.2.out"; what cannot be meant is the first."""
    name, page, only, *_ = [*text.split("."), "", ""]
    known = name if name in TABS else TABS[0]
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    return known, max(1, number), only if only in lineage.ONLY else "all"


def period_for(here: Here, entry: Indicator) -> Period:
    """The period of the address; without one the newest whole period of the indicator's own rhythm."""
    grain = _GRAINS.get(entry.rhythm)
    if here.view.period or grain is None:
        return here.period
    found = periods.holding(here.period.last, grain)
    return found if found.last <= here.snapshot.publication.whole_until else periods.previous(found)


def head(here: Here, told: Explanation) -> str:
    """Name, question in words, and the value with everything that a tile says about it."""
    figure = told.figure
    facts = [against(figure), figure.parts or figure.n, figure.interval, foot(figure)]
    unit = f'<span class="ioc-unit">{html.escape(figure.unit)}</span>' if figure.unit else ""
    quiet = "" if figure.plot is not None else " ioc-quiet"
    return (
        f'<div class="ioc"><h2>{html.escape(figure.name)} · {html.escape(told.entry.code)}</h2>'
        f'<p class="ioc-quiet">{html.escape(asked(here, told))}</p>'
        f'<div class="ioc-answer"><span class="ioc-value{quiet}">{html.escape(figure.value)}{unit}</span>'
        f'<span class="ioc-{tone(figure)}">{html.escape(state(figure))}</span></div>'
        f'<p class="ioc-quiet">{html.escape(" · ".join(part for part in facts if part))}</p>'
        f'<p><a class="ioc-link" href="{html.escape(permanent(here, told))}">{here.word("explained.link")}</a></p>'
        "</div>"
    )


def permanent(here: Here, told: Explanation) -> str:
    """The address that gives this very number for as long as its snapshot is kept."""
    question = told.answer.question
    return here.view.query(
        indicator=told.entry.code, period=question.period.code, snapshot=str(here.snapshot.id),
        unit="" if question.unit == here.places.root else question.unit,
        basis="" if question.basis == TODAY else question.basis,
    )  # fmt: skip


def tabs(here: Here, chosen: str) -> str:
    """Six answers as links, so that each has an address of its own."""
    links = "".join(
        f'<a data-go href="{html.escape(here.view.query(tab=name))}"'
        f"{CURRENT if name == chosen else ''}>{here.word(f'explained.{name}')}</a>"
        for name in TABS
    )
    return f'<nav class="ioc ioc-tabs" aria-label="{here.word("page.explain")}">{links}</nav>'


def _definition(here: Here, told: Explanation, page: int, only: str) -> None:
    heading(here.word("explained.q_definition"))
    st.html(listed(meaning.definition(here, told)))
    heading(here.word("explained.written"))
    st.html(listed(meaning.parts(here, told)))


def _reckoning(here: Here, told: Explanation, page: int, only: str) -> None:
    heading(here.word("explained.q_reckoning"), here.word("explained.formula"))
    st.html(f'<div class="ioc ioc-formula">{html.escape(reckoning.formula(here, told))}</div>')
    st.html(said(reckoning.spread(here, told)))
    parts = reckoning.operands(here, told)
    if parts:
        heading(here.word("explained.parts"))
        st.html(as_html(reckoning.operands_table(here, parts), [one.address for one in parts]))
    st.html(listed(meaning.parts(here, told)))
    st.html(said(here.word("explained.sql_told" if told.sql else "explained.sql_none")))
    for at, sql in enumerate(told.sql, start=1):
        st.html(folded(here.word("explained.sql", at=at, all=len(told.sql)), code(sql)))
    st.html(said(reckoning.versions(here, told), small=True))


def _lineage(here: Here, told: Explanation, page: int, only: str) -> None:
    heading(here.word("explained.q_lineage"), lineage.lead(here, told))
    if not told.lineage:
        return
    st.html(lineage.picture(lineage.steps(here, told)))
    st.html(as_html(lineage.files_table(here, told.lineage[:50])))
    found = lineage.cases(here, told, page, only)
    if found.reason is not None:
        st.html(said(found.reason.text(here.lang)))
        return
    last, count = lineage.pages(found), here.format.count
    if page > last:  # an old address may name a page that is no longer there
        page, found = last, lineage.cases(here, told, last, only)
    at = here.word("explained.rows_told", total=count(found.total), page=count(page), pages=count(last))
    heading(here.word("explained.rows_title"), at)
    if told.entry.kind == "rate":
        st.html(ways(here, [(f"rows_{name}", f"lineage.1.{name}") for name in lineage.ONLY], f"rows_{only}"))
    st.html(as_html(lineage.cases_table(here, told, found)))
    beside = [("rows_before", page - 1)] * (page > 1) + [("rows_next", page + 1)] * (page < last)
    st.html(ways(here, [(name, f"lineage.{to}.{only}") for name, to in beside]))


def ways(here: Here, named: Sequence[tuple[str, str]], chosen: str = "") -> str:
    """Links to other parts of this tab: pages, and which of the cases are listed."""
    links = "".join(
        f'<a class="ioc-link" data-go href="{html.escape(here.view.query(tab=tab))}"'
        f"{CURRENT if name == chosen else ''}>{here.word(f'explained.{name}')}</a>"
        for name, tab in named
    )
    return f'<div class="ioc ioc-pager">{links}</div>'


def _quality(here: Here, told: Explanation, page: int, only: str) -> None:
    heading(here.word("explained.q_quality"))
    st.html(as_html(five(here, told)))


def _history(here: Here, told: Explanation, page: int, only: str) -> None:
    found = past(here, told)
    shown = past_block(here, told, found)
    if sum(one.figure.plot is not None for one in found) > 1:
        block(here, shown)
    else:
        heading(shown.title, shown.summary)
    with st.container(key="card_past_table"):
        st.html(as_html(shown.table))


def _download(here: Here, told: Explanation, page: int, only: str) -> None:
    heading(here.word("explained.q_download"), here.word("explained.get_told"))
    if here.scope.may(EXPORT):
        _files(here, told, "take", document)
    else:
        st.html(said(here.word("explained.get_closed")))
    if here.scope.may(EXPORT_ROWS) and lineage.cases(here, told, 1).total:
        heading(here.word("explained.rows_title"), here.word("explained.rows_file", n=here.format.count(LARGEST)))
        _files(here, told, "cases", cases_file)
    st.html(listed([(here.word("explained.cite"), citation(here, told))]))
    st.html(folded(here.word("explained.meta"), code(as_json(metadata(here, told)))))


def _files(here: Here, told: Explanation, name: str, make: Callable[[Here, Explanation], Document]) -> None:
    """A button per format; a file is made when it is asked for and not before."""
    with st.container(horizontal=True, key=f"files_{name}"):
        for kind in TABLES:
            if st.button(here.word(f"take.{kind}"), key=f"{name}_{kind}"):
                hand_over(here, make(here, told), kind, (told.entry,))


def _index(here: Here) -> None:
    """Everything that can be explained, by owner."""
    st.html(said(here.word("explained.which")))
    owners: dict[str, list[Indicator]] = {}
    for entry in here.indicators.values():
        owners.setdefault(entry.text("owner", here.lang), []).append(entry)
    for owner, entries in owners.items():
        lines = "".join(
            f'<li><a class="ioc-link" data-go href="{html.escape(here.view.query(indicator=one.code, tab=""))}">'
            f"{html.escape(one.text('name', here.lang))}</a> <small>{html.escape(one.code)}</small></li>"
            for one in entries
        )
        st.html(f'<div class="ioc"><h2>{html.escape(owner)}</h2><ul class="ioc-list ioc-index">{lines}</ul></div>')


def is_for(scope: Scope) -> bool:
    """Whoever sees numbers may know where they come from."""
    return bool(scope.clearances) and scope.may(AGGREGATES) and scope.role != "wall"


SCREEN = Screen("explain", 90, render, is_for, listed=False)
