"""The frame around every screen: who, where, when and which boundaries on top; which snapshot below.

It reads the address, lets the role choose the screens, and catches what goes wrong inside one, so that a
fault costs a part of a page and never the page.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Mapping
from urllib.parse import parse_qsl

import streamlit as st

from dashboard import component
from dashboard.access import ROLES, Scope
from dashboard.here import Here, arrive, settled
from dashboard.people import NOT_FOR_PEOPLE
from dashboard.reception import enter, refuse_undecided, shut_out, signed_in, visitor
from dashboard.running import Running, running
from dashboard.scope_bar import go, scope_bar, sentence
from dashboard.screens import screens
from dashboard.screens.screen import Screen
from dashboard.url import THEMES, View, as_parameters, read
from dashboard.words import LANGUAGES, PersonError, keys, word

LOG = logging.getLogger(__name__)
NAMES = {"vi": "Tiếng Việt", "en": "English"}


def show() -> None:
    """Draw everything that the address asks for."""
    st.set_page_config(layout="wide", initial_sidebar_state="auto")
    view = _view(running())
    try:
        here = arrive(running(), view, visitor(running()))
        refuse_undecided(here)
    except PersonError as error:
        st.html(_note(error.text(view.language)))
        return
    if here.visitor is not None:
        enter(here)
    if settled(here) != view:
        st.query_params.from_dict(dict(as_parameters(settled(here))))
    screen = chosen(here)
    with st.sidebar:
        st.html(navigation(here, screen))
        _role(here)
    _notes(here)
    if screen is None:
        st.html(_note(shut_out(here)))
    else:
        _page(here, screen)
    st.html(footer(here))


def _view(app: Running) -> View:
    """The view of the address, or of a link just followed inside the page."""
    before = read(_parameters())
    followed = component.follow_links(before.language, _title(app, before))
    if followed is None:
        return before
    view = read(dict(parse_qsl(followed.lstrip("?"))))
    st.query_params.from_dict(dict(as_parameters(view)))
    return view


def _parameters() -> Mapping[str, str]:
    return {key: str(value) for key, value in st.query_params.to_dict().items()}


def _title(app: Running, view: View) -> str:
    page = view.page if view.page in screens() else next(iter(screens()))
    try:
        place = app.snapshots.current().publication.place["name"][view.language]
    except (PersonError, KeyError):
        return word(f"page.{page}", view.language)
    return f"{word(f'page.{page}', view.language)} · {place}"


def allowed(scope: Scope) -> list[Screen]:
    """The screens a scope may see, in the order of the navigation; none where its units are not to be found."""
    if scope.clearances and not scope.units:
        return []
    return [screen for screen in screens().values() if screen.is_for(scope)]


def chosen(here: Here) -> Screen | None:
    """The screen of the address; without one the first this role may see; None where it may not see it."""
    own = allowed(here.scope)
    if here.view.page in screens():
        return next((screen for screen in own if screen.code == here.view.page), None)
    return next((screen for screen in own if screen.listed), None)


def _page(here: Here, screen: Screen) -> None:
    if screen.scoped:
        scope_bar(here)
        st.html(f'<div class="ioc ioc-quiet ioc-small">{html.escape(sentence(here))}{_slices(here)}</div>')
        _historic(here)
    try:
        screen.render(here)
    except PersonError as error:
        st.html(_note(error.text(here.lang)))
    except Exception:
        # Logged with its trace for the operator; the reader gets a sentence, never the message.
        LOG.exception("screen %s failed", screen.code)
        st.html(_note(here.word("serve.failed")))


def _historic(here: Here) -> None:
    """A unit that no longer exists says on which boundaries its numbers stand."""
    reform = here.reform_day()
    if here.unit.valid_to is not None and reform is not None:
        told = here.word("scope.historic", unit=here.name(here.unit), day=here.format.date(reform))
        st.html(f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(told)}</div></div>')


def _slices(here: Here) -> str:
    """What the page is narrowed to, in words, and the way back to all of it."""
    parts = [
        here.word("scope.slice", by=here.word(f"scope.by_{by}"), value=here.value_name(by, value))
        for by, value in here.question("").slices
        if f"scope.by_{by}" in keys()
    ]
    if not parts:
        return ""
    link = f'<a class="ioc-link" data-go href="{here.view.query(slice="")}">{here.word("scope.no_slice")}</a>'
    return f' · <b>{html.escape(" · ".join(parts))}</b> · {link}'


def _notes(here: Here) -> None:
    for key in here.notes:
        st.html(_note(here.word(key)))
    newest = here.running.snapshots.current()
    if newest.id != here.snapshot.id:
        link = f'<a class="ioc-link" data-go href="{here.view.query(snapshot="")}">{here.word("frame.to_newest")}</a>'
        text = here.word("frame.old_snapshot", id=here.snapshot.id, newest=newest.id)
        st.html(f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(text)} {link}</div></div>')
    trouble = here.running.snapshots.trouble
    if trouble is not None:
        st.html(_note(here.word(trouble.key, generation=trouble.generation)))


def _note(text: str) -> str:
    return f'<div class="ioc"><div class="ioc-band" role="status">{html.escape(text)}</div></div>'


def navigation(here: Here, screen: Screen | None) -> str:
    """The left column: place, screens of this role, language, theme, role of the demo."""
    place = here.snapshot.publication.place.get("name", {}).get(here.lang, "")
    links = [
        f'<a data-go href="{here.view.here(one.code)}"{_current(one is screen, "page")}>'
        f"{here.word(f'page.{one.code}')}</a>"
        for one in allowed(here.scope)
        if one.listed
    ]
    wall = f'<a href="{here.view.query(wall="1", page="")}" target="_blank">{here.word("frame.wall")}</a>'
    return (
        f'<nav class="ioc ioc-nav" aria-label="{here.word("frame.product")}">'
        f'<div class="ioc-place"><b>{html.escape(place)}</b><small>{here.word("frame.product")}</small></div>'
        + "".join(links)
        + (wall if here.scope.answers("state") else "")
        + _switches(here)
        + "</nav>"
    )


def _current(is_current: bool, what: str) -> str:
    return f' aria-current="{what}"' if is_current else ""


def _switches(here: Here) -> str:
    """Language and theme as links; the theme loads the page anew, because Streamlit reads it only then."""
    view = here.view
    lang = [(NAMES[code], view.query(lang="" if code == LANGUAGES[0] else code), code == here.lang, True)
            for code in LANGUAGES]  # fmt: skip
    look = [(here.word(f"frame.{code}"), view.query(theme="" if code == THEMES[0] else code), code == view.look, False)
            for code in THEMES]  # fmt: skip
    return "".join(
        f'<div class="ioc-group">{title}</div><div class="ioc-switch">'
        + "".join(
            f'<a{" data-go" if soft else ""} href="{html.escape(to)}"{_current(on, "true")}>{html.escape(name)}</a>'
            for name, to, on, soft in entries
        )
        + "</div>"
        for title, entries in (
            (here.word("frame.language"), lang),
            (here.word("frame.theme"), look),
        )
    )


def _role(here: Here) -> None:
    """The demo lets anyone try every role; whoever was signed in has those that were given to them."""
    told = here.visitor
    codes = [code for code in ROLES if code not in NOT_FOR_PEOPLE] if told is None else list(told.roles)
    if told is not None:
        st.html(signed_in(here, told))
    if told is not None and len(codes) < 2:
        return
    st.session_state["role"] = here.scope.role if here.scope.role in codes else codes[0]
    st.selectbox(
        here.word("frame.role" if told is None else "people.role"),
        codes,
        key="role",
        format_func=lambda code: here.word(f"role.{code}"),
        on_change=lambda: go(here.view, {"role": str(st.session_state["role"]), "page": "", "unit": "", "basis": ""}),
    )


def footer(here: Here) -> str:
    """What every page says about its numbers: snapshot, until when, made when, and whether they are invented."""
    publication = here.snapshot.publication
    parts = [
        here.word("frame.snapshot", id=here.snapshot.id),
        here.word("frame.data_until", day=here.format.date(publication.data_until)),
        here.word("frame.made_at", time=here.format.moment(here.local(publication.made_at))),
        here.scope.reason,
        here.word("frame.marks"),
    ]
    spans = "".join(f"<span>{html.escape(part)}</span>" for part in parts if part)
    mark = f'<span class="ioc-mark">{here.word("frame.illustrative")}</span>' if publication.illustrative else ""
    return f'<footer class="ioc ioc-footer">{mark}{spans}</footer>'
