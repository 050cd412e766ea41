"""Tasks agreed on a screen: what is open and late, and a form that makes a task out of a signal."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import streamlit as st

from dashboard import agreed
from dashboard.access import TASKS
from dashboard.block import heading
from dashboard.figure import Figure
from dashboard.fold import said
from dashboard.followup import LONGEST, Actor, Subject, Task, Wanted
from dashboard.here import Here
from dashboard.words import PersonError

SHOWN: Final = 5
"""Open tasks in the list; the rest is counted, and stands in the meeting pack."""
USUAL: Final = timedelta(days=14)
"""When a task is due unless somebody says otherwise: the next fortnightly meeting."""


def tasks_block(here: Here, signals: Sequence[Figure]) -> None:
    """The open tasks of this unit with a way to close them, and the form; nothing for a role without tasks."""
    if not here.scope.may(TASKS):
        return
    found = agreed.still_open(here)
    with st.container(key="card_tasks"):
        heading(here.word("followup.title"), agreed.told(here, found))
        for one in found[:SHOWN]:
            _task(here, one)
        if len(found) > SHOWN:
            st.html(said(here.word("followup.more", n=here.format.count(len(found) - SHOWN)), small=True))
        done = agreed.lately_done(here)
        if done:
            st.html(said(here.word("followup.done_lately", n=here.format.count(len(done))), small=True))
        with st.expander(here.word("followup.give")):
            _form(here, signals)


def _task(here: Here, one: Task) -> None:
    with st.container(gap=None):
        st.html(line(here, one))
        done = st.button(here.word("followup.done"), key=f"task_{one.number}", type="tertiary")
    if done:
        _try(here, lambda: agreed.log(here).close(one.number, _actor(here)))


def line(here: Here, one: Task) -> str:
    """A task in two lines: what is to be done, then about which number, who and by when."""
    late = one.is_overdue(here.today)
    mark = f'<span class="ioc-worse">{html.escape(agreed.state(here, one))}</span> ' if late else ""
    due = here.word("followup.due_on", day=here.format.date(one.due))
    rest = " · ".join(part for part in (one.owner, due, agreed.about(here, one) if one.note else "") if part)
    what = html.escape(one.note or agreed.about(here, one))
    return f'<div class="ioc ioc-task">{mark}<b>{what}</b><br><small>{html.escape(rest)}</small></div>'


def late_tasks(here: Here) -> list[str]:
    """One line for the list of what is out of the ordinary: how many tasks are overdue, and the oldest of them."""
    late = [one for one in agreed.still_open(here) if one.is_overdue(here.today)]
    if not late:
        return []
    head = html.escape(here.word("followup.late", n=here.format.count(len(late))))
    due = here.word("followup.due_on", day=here.format.date(late[0].due))
    rest = html.escape(f"{late[0].note or agreed.about(here, late[0])} · {late[0].owner} · {due}")
    return [f'<span class="ioc-worse">◆</span> <b>{head}</b><br><small>{rest}</small>']


def _form(here: Here, signals: Sequence[Figure]) -> None:
    if not signals:
        st.html(said(here.word("followup.no_signal")))
        return
    names = [_named(here, one) for one in signals]
    with st.form("followup", border=False, clear_on_submit=True):
        at = st.selectbox(here.word("followup.signal"), range(len(names)), format_func=names.__getitem__)
        note = st.text_input(here.word("followup.note"), max_chars=LONGEST["note"])
        owner = st.text_input(here.word("followup.owner"), max_chars=LONGEST["owner"])
        due = st.date_input(here.word("followup.due"), here.today + USUAL, min_value=here.today, format="DD/MM/YYYY")
        sent = st.form_submit_button(here.word("followup.agree"))
    if sent:
        wanted = Wanted(subject(signals[at]), owner, due, note)
        number = secrets.token_hex(8)
        _try(here, lambda: agreed.log(here).agree(wanted, _actor(here), number))


def subject(figure: Figure) -> Subject:
    """The number that a figure shows, as a task names it."""
    question = figure.answer.question
    return Subject(question.indicator, question.unit, question.period.code, figure.answer.snapshot)


def _named(here: Here, one: Figure) -> str:
    unit = here.name(here.places.units[one.answer.question.unit])
    return f"{one.shape} {one.short} · {unit} · {one.text}"


def _actor(here: Here) -> Actor:
    return Actor(here.scope, here.places.parents, here.running.settings.now())


def _try(here: Here, write: Callable[[], object]) -> None:
    """Write, and draw the page anew; what cannot be written is said where it was asked for."""
    try:
        write()
    except PersonError as error:
        told = html.escape(error.text(here.lang))
        st.html(f'<div class="ioc"><div class="ioc-band" role="status">{told}</div></div>')
        return
    st.rerun()
