"""How far can the numbers be trusted today? Who sends in rhythm, what was set aside, and whose claims hold."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.access import AGGREGATES, QUARANTINE, Scope
from dashboard.block import Block, block, exports, heading, title
from dashboard.fold import code, folded, said
from dashboard.freshness import freshness, lateness, legend, shares, strip_block
from dashboard.here import Here
from dashboard.intake import (
    claims_table,
    claims_told,
    fact_name,
    files_table,
    lawless,
    rows_table,
    rules_table,
)
from dashboard.query.filings import broken_rules, filings, open_senders, senders
from dashboard.query.reconciliation import claims, pairs
from dashboard.reconciled import pairs_table, pairs_told
from dashboard.reminder import held, held_table, reminders
from dashboard.reporting import (
    coverage_table,
    coverages,
    facts,
    league_told,
    sources_table,
    units_league,
    units_table,
)
from dashboard.screens.screen import Screen
from dashboard.table import Table, as_html

_SHOWN: Final = 12  # files shown before the rest is folded away
_OLDER: Final = 200
_NO_LEAGUE: Final = ("reported_value", "procedure")


def render(here: Here) -> None:
    """From the state of today to the question whom to call about it."""
    title(here, here.word("page.quality"))
    if not senders(here.snapshot, here.scope):
        st.html(said(here.word("intake.nothing")))
        return
    st.html(said(lead(here)))
    _waiting(here)
    _freshness(here)
    _reminders(here)
    are_told = bool(open_senders(here.snapshot, here.scope))
    if are_told:
        block(here, strip_block(here))
        st.html(said(f"{here.word('intake.legend')}: {legend(here)}", small=True))
    _coverage(here)
    if are_told:
        _files(here)
        _rules(here)
    _league(here, are_told)
    _claims(here)
    _pairs(here)


def lead(here: Here) -> str:
    """The answer of the page in one sentence."""
    good, every = shares(here)
    if len(open_senders(here.snapshot, here.scope)) < every:
        until = here.format.date(here.snapshot.publication.data_until)
        return here.word("intake.lead_part", good=here.format.count(good), all=here.format.count(every), day=until)
    files = filings(here.snapshot, here.scope)
    rows, held = sum(one.rows_in for one in files), sum(one.rows_quarantined for one in files)
    count = here.format.count
    return here.word(
        "intake.lead", good=count(good), all=count(every),
        day=here.format.date(here.snapshot.publication.data_until), held=count(held), rows=count(rows),
        share=here.format.percent(held / rows if rows else 0.0, 2),
    )  # fmt: skip


def _freshness(here: Here) -> None:
    late = [one.name(here.lang) for one in senders(here.snapshot, here.scope) if lateness(here, one) > 0]
    told = here.word("intake.fresh_late", names=", ".join(late)) if late else here.word("intake.fresh_told")
    _section(here, "fresh", told, freshness(here))


def _waiting(here: Here) -> None:
    """What only a person can let in stands above everything else."""
    files = held(here)
    if files:
        told = here.word("doctor.held_told", n=here.format.count(len(files)))
        with st.container(key="card_waiting"):
            heading(here.word("doctor.held_title"), told)
            st.html(as_html(held_table(here, files)))


def _reminders(here: Here) -> None:
    """A text that can be sent as it is, for every source that is late or has never sent."""
    found = reminders(here)
    if found:
        with st.container(key="card_reminders"):
            heading(here.word("doctor.remind_title"), here.word("doctor.remind_told"))
            for name, text in found:
                st.html(folded(name, code(text)))


def _coverage(here: Here) -> None:
    found = coverages(here)
    if found:
        _section(here, "cover", here.word("intake.cover_told"), coverage_table(here, found))


def _files(here: Here) -> None:
    files = filings(here.snapshot, here.scope)
    told = here.word("intake.files_told", all=here.format.count(len(files)))
    broken = lawless(files)
    if broken:
        told = here.word("intake.files_broken", files=", ".join(broken[:5]))
    with st.container(key="card_files"):
        heading(here.word("intake.files_title"), told)
        st.html(as_html(files_table(here, files[:_SHOWN])))
        older = files[_SHOWN:_OLDER]
        if older:
            more = here.word("intake.files_more", n=here.format.count(len(older)))
            st.html(folded(more, as_html(files_table(here, older))))


def _rules(here: Here) -> None:
    broken = broken_rules(here.snapshot, here.scope)
    count = here.format.count
    told = here.word("intake.rules_told", rows=count(sum(one.rows for one in broken)), rules=count(len(broken)))
    with st.container(key="card_rules"):
        heading(here.word("intake.rules_title"), told if broken else here.word("intake.rules_none"))
        if not broken:
            return
        st.html(as_html(rules_table(here, broken)))
        if not here.scope.may(QUARANTINE):
            st.html(said(here.word("intake.rules_closed"), small=True))
            return
        files = filings(here.snapshot, here.scope)
        for one in broken[:_SHOWN]:
            told = f"{here.word('intake.rules_rows')}: {one.said[here.lang]} ({count(one.rows)})"
            st.html(folded(told, as_html(rows_table(here, one, files))))


def _league(here: Here, with_sources: bool) -> None:
    with st.container(key="card_league"):
        heading(here.word("intake.league_title"), here.word("intake.league_told"))
        if with_sources:
            st.html(as_html(sources_table(here)))
        for fact, rhythm in facts(here).items():
            found = units_league(here, fact, rhythm) if fact not in _NO_LEAGUE else []
            if found:
                gaps = [one for one in found if one.missing and one.steady]
                st.html(said(f"{fact_name(here, fact)}: {league_told(here, found)}"))
                if gaps:
                    st.html(as_html(units_table(here, gaps[:_SHOWN])))


def _claims(here: Here) -> None:
    found = claims(here.snapshot, here.scope, here.period)
    _section(here, "claims", claims_told(here, found), claims_table(here, found))


def _pairs(here: Here) -> None:
    """Both numbers of every disagreement, and whom to ask; those that agree are folded away."""
    found = pairs(here.snapshot, here.scope, _OLDER)
    apart, agreed = [one for one in found if not one.agrees], [one for one in found if one.agrees]
    with st.container(key="card_pairs"):
        heading(here.word("reconcile.title"), pairs_told(here, found))
        if not found:
            return
        if apart:
            st.html(as_html(pairs_table(here, apart)))
        if agreed:
            more = here.word("reconcile.agreeing", n=here.format.count(len(agreed)))
            st.html(folded(more, as_html(pairs_table(here, agreed))))
        exports(here, Block("pairs", here.word("reconcile.title"), "", {}, pairs_table(here, found), (), native=""))


def _section(here: Here, key: str, told: str, table: Table) -> None:
    """A question as heading, a sentence, a table; without rows only the sentence."""
    with st.container(key=f"card_{key}"):
        heading(here.word(f"intake.{key}_title"), told)
        if table.texts:
            st.html(as_html(table))


def is_for(scope: Scope) -> bool:
    """Whoever sees numbers at a desk, and whoever looks after what was set aside."""
    return bool(scope.clearances) and scope.role != "wall" and (scope.may(AGGREGATES) or scope.may(QUARANTINE))


SCREEN = Screen("quality", 80, render, is_for)
