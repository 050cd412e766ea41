"""The file doctor: what would become of this file, and where exactly is it wrong?"""

from __future__ import annotations

import html
import secrets
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.access import CHECK, Scope
from dashboard.block import heading, title
from dashboard.examined import Examined, examined, findings_table
from dashboard.exchange import MOST_BYTES, Exchange, Upload
from dashboard.fold import said
from dashboard.here import Here
from dashboard.query.filings import senders
from dashboard.screens.screen import Screen
from dashboard.session import COOKIE
from dashboard.table import as_html
from dashboard.words import PersonError

PATIENCE: Final = timedelta(seconds=15)
_ASKED: Final = "doctor_asked"


def render(here: Here) -> None:
    """A form, and below it what the pipelines answered."""
    title(here, here.word("page.doctor"))
    st.html(said(here.word("doctor.lead", most=MOST_BYTES >> 20)))
    _form(here)
    if _ASKED in st.session_state:
        _waited(here)


def _form(here: Here) -> None:
    names = {one.source: one.name(here.lang) for one in senders(here.snapshot, here.scope)}
    with st.form("doctor", border=False):
        file = st.file_uploader(here.word("doctor.file"), key="doctor_file")
        source = st.selectbox(
            here.word("doctor.source"), ["", *names],
            format_func=lambda code: names.get(code, here.word("doctor.guess")), key="doctor_source",
        )  # fmt: skip
        sent = st.form_submit_button(here.word("doctor.ask"))
    if sent and file is None:
        st.html(said(here.word("doctor.no_file")))
    elif sent and file is not None:
        _ask(here, Upload(file.name, file.getvalue(), source or ""))


def _ask(here: Here, upload: Upload) -> None:
    number = secrets.token_hex(16)
    if old := st.session_state.pop(_ASKED, None):
        _exchange(here).withdraw(old[0])
    try:
        _exchange(here).ask(upload, here.scope.clearances, st.context.cookies.get(COOKIE, ""), number)
    except PersonError as error:
        st.html(said(error.text(here.lang)))
        return
    st.session_state[_ASKED] = (number, here.running.settings.now())


def _exchange(here: Here) -> Exchange:
    return Exchange(here.running.settings.home / "exchange")


def _waited(here: Here) -> None:
    """Looks every second until there is an answer; an answer stays until the next question."""
    number, at = st.session_state[_ASKED]
    answer = _exchange(here).answer(number)
    if answer is not None:
        show(here, examined(answer), number)
    else:
        st.fragment(lambda: _wait(here, number, at), run_every=1.0)()


def _wait(here: Here, number: str, at: datetime) -> None:
    exchange = _exchange(here)
    if exchange.answer(number) is not None:
        st.rerun()
    if exchange.is_seen(number):
        st.html(said(here.word("doctor.reading")))
    elif here.running.settings.now() - at < PATIENCE:
        st.html(said(here.word("doctor.waiting")))
    else:
        exchange.withdraw(number)  # nobody will fetch it, and it may be personal
        st.html(f'<div class="ioc"><div class="ioc-band" role="status">{here.word("doctor.not_running")}</div></div>')


def show(here: Here, told: Examined, number: str) -> None:
    """Verdict, reasons, first faults, and the way to the annotated copy."""
    with st.container(key="card_doctor"):
        heading(here.word(f"doctor.verdict_{told.kind}"), told.sentence[here.lang])
        reasons = "".join(f"<li>{html.escape(one[here.lang])}</li>" for one in told.reasons)
        if reasons:
            st.html(f'<div class="ioc"><ul>{reasons}</ul></div>')
        elif told.kind == "loaded":
            st.html(said(here.word("doctor.no_reasons")))
        if told.findings:
            st.html(as_html(findings_table(here, told)))
            if told.more:
                st.html(said(here.word("doctor.more", n=here.format.count(told.more)), small=True))
        if told.annotated:
            link = f'<a class="ioc-link" href="export/doctor/{number}" download>{here.word("doctor.copy")}</a>'
            st.html(f'<div class="ioc">{link}</div>')
        st.html(said(here.word("doctor.nothing_loaded"), small=True))


def is_for(scope: Scope) -> bool:
    """Whoever looks after what agencies send."""
    return scope.may(CHECK)


SCREEN = Screen("doctor", 85, render, is_for, scoped=False)
