"""The profile on a screen says what its page says, and its page leaves through the audited counter only."""

from __future__ import annotations

import hashlib
import re
import shutil
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import audit, profile, profile_blocks, running
from dashboard.figure import BETTER, WORSE
from dashboard.look import palette
from dashboard.paper.one_pager import one_pager
from dashboard.spine import Row
from dashboard.spine_picture import HEIGHT, WIDTH, picture
from dashboard.words import word
from tests.dashboard.screens_at import APP, NOW, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(("unit", "lang"), [("27727", "vi"), ("794", "en"), ("STC", "vi")])
def test_the_screen_says_what_the_page_says(app, unit, lang):
    here = here_at(app, unit=unit, lang=lang)
    told, shown = profile.profile(here), words_of(page(app, page="unit", unit=unit, lang=lang))
    for text in (told.origin, told.strong, told.weak, *(row.figure.text for row in told.rows),
                 *(one.text for one in told.counts), *(text for _, text in told.quality)):  # fmt: skip
        assert re.sub(r"[\s\u202f]+", " ", text) in shown, text


def test_every_row_opens_its_explanation_and_a_name_is_never_markup(app):
    here = here_at(app, unit="27727")
    rows = profile.profile(here).rows
    told = profile_blocks.as_html(here, rows)
    assert told.count("page=explain") == len(rows)
    assert told.count("<img src=\"data:image/svg+xml,") == len(rows)


@pytest.mark.parametrize(("role", "there"), [("leader", True), ("analyst", True), ("office", False)])
def test_the_button_is_for_those_who_may_export(app, role, there):
    assert (word("profile.pdf", "vi") in buttons(app, role)) is there


def opened(app, role):
    running._RUNNING[:] = [app]
    run = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in {"page": "unit", "unit": "27727", "role": role}.items():
        run.query_params[key] = value
    return run.run()


def buttons(app, role):
    return [button.label for button in opened(app, role).button]


def test_the_page_leaves_with_its_line_in_the_audit_and_only_once(app):
    opened(app, "leader").button(key="profile_pdf").click().run()
    ((ticket, issued),) = app.exports._open.items()
    session = issued.person.session
    parcel = app.exports.redeem(ticket, session, NOW, "127.0.0.1")
    assert parcel.media_type == "application/pdf" and re.fullmatch(r"profile-27727-2026-10-1-\w{8}\.pdf", parcel.name)
    assert parcel.body == one_pager(here_at(app, unit="27727", role="leader"))
    (event,) = audit.events(app.settings.home / "audit" / "exports.jsonl")
    assert event["sha256"] == hashlib.sha256(parcel.body).hexdigest()
    assert event["question"] == {"object": "profile", "period": "2026-10", "unit": "27727", "basis": "today"}
    assert app.exports.redeem(ticket, session, NOW, "127.0.0.1") is None
    shutil.rmtree(app.settings.home / "audit")


def test_a_role_that_may_not_export_gets_no_ticket_whatever_it_calls(app, monkeypatch):
    monkeypatch.setattr(profile_blocks.component, "fetch", lambda path: pytest.fail("a ticket was handed over"))
    profile_blocks.hand_over_page(here_at(app, unit="27727", role="office"))
    assert not app.exports._open


def test_the_file_of_the_scale_has_real_values_and_empty_cells_for_what_is_not_shown(app):
    here = here_at(app, unit="27694@2025")
    rows = profile.profile(here).rows
    made = profile_blocks.table(here, rows)
    assert [line[0] for line in made.texts] == [row.figure.indicator.code for row in rows]
    for line, row in zip(made.cells, rows, strict=True):
        assert line[2] == (row.figure.plot if made.columns[2].kind == "share" else row.figure.text)


COLOURS = palette("light")


def drawn(**places):
    figure = object()
    return unquote(picture(Row(figure, figure, **places), COLOURS))  # type: ignore[arg-type]


def test_shape_says_what_colour_says():
    better, worse, none = (drawn(dot=0.7, interval=(0.6, 0.8), against=side) for side in (BETTER, WORSE, ""))
    assert COLOURS.better in better and "<circle" not in better
    assert COLOURS.worse in worse and "<circle" not in worse
    assert "<circle" in none and COLOURS.better not in none
    tips = [float(re.search(r"L([\d.]+) ", one)[1]) for one in (better, worse)]
    middle = 6 + 0.7 * (WIDTH - 12)
    assert tips[0] > middle > tips[1]


def test_what_is_not_known_is_not_drawn_and_marks_at_the_ends_are_whole():
    assert "<circle" not in drawn() and "<rect" not in drawn()
    for place in (0.0, 1.0):
        x = float(re.search(r"<circle cx='([\d.]+)'", drawn(dot=place))[1])
        assert 4 <= x <= WIDTH - 4
    assert f"viewBox='0 0 {WIDTH} {HEIGHT}'" in drawn()
