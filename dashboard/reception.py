"""Whoever comes in is known by the proxy's word, written down once, and told why when they see nothing."""

from __future__ import annotations

import html
import logging

import streamlit as st

from dashboard import audit
from dashboard.access import ROLES
from dashboard.here import Here
from dashboard.people import DEMO, FILE, Visitor, once
from dashboard.running import Running
from dashboard.words import PersonError, word

LOG = logging.getLogger(__name__)


def visitor(app: Running) -> Visitor | None:
    """Whom the proxy has signed in, by the headers with which this browser's session was opened."""
    return app.entrance.people().visitor(headers(), app.settings.today())


def headers() -> dict[str, str]:
    """Those that came once, their names in lower case."""
    told = st.context.headers
    return once((name, value) for name in told for value in told.get_all(name))


def refuse_undecided(here: Here) -> None:
    """Raise PersonError where nobody asks who somebody is and real numbers came into force meanwhile: nobody has
    decided that these may be seen by whoever comes.
    """
    people = here.running.entrance.people()
    if people.door == DEMO and not here.snapshot.publication.illustrative:
        raise PersonError("serve.open_numbers", file=str(FILE))


def enter(here: Here) -> None:
    """Write down who came in as what, once per session and role, and who was known and turned away."""
    came = (here.scope.person, here.scope.role, here.scope.units)
    if not here.scope.person or st.session_state.get("entered") == came:
        return
    event = {"utc": here.running.settings.now().isoformat(timespec="seconds"), "action": "enter",
             "user": here.scope.person, "role": here.scope.role, "units": list(here.scope.units),
             "reason": here.scope.reason, "client": here.visitor.client if here.visitor else ""}  # fmt: skip
    try:
        audit.append(here.running.settings.home / "audit" / "entries.jsonl", event)
    except OSError:
        # Nothing leaves this way; whoever only looks is let in, and the operator reads why nobody wrote it down.
        LOG.exception("an entry could not be written down")
        return
    st.session_state["entered"] = came


def shut_out(here: Here) -> str:
    """Why somebody sees no page, in a sentence that says what to do."""
    if here.visitor is not None and here.scope.clearances and not here.scope.units:
        return here.word("people.no_units", person=here.visitor.name)
    if here.visitor is None or here.visitor.roles:
        role = word(f"role.{here.scope.role}", here.lang) if here.scope.role in ROLES else here.scope.role
        return here.word("frame.no_access", role=role)
    return here.word("people.not_granted" if here.visitor.name else "people.nobody", person=here.visitor.name)


def signed_in(here: Here, told: Visitor) -> str:
    """The name by which somebody is known here, their role, and the way out."""
    role = word(f"role.{here.scope.role}", here.lang) if here.scope.role in ROLES else ""
    parts = [f"<b>{html.escape(told.name)}</b>" if told.name else "", html.escape(role)]
    if told.sign_out and told.name:
        parts.append(f'<a class="ioc-link" href="{html.escape(told.sign_out)}">{here.word("people.sign_out")}</a>')
    return f'<div class="ioc ioc-small">{"<br>".join(part for part in parts if part)}</div>'
