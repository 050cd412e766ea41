"""The screen of the meeting pack: an address is a pack, what is shown is what will be in it, and only for its roles."""

from __future__ import annotations

import io
import zipfile
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import audit, component, running
from dashboard.pack.compose import may_pack
from dashboard.pack.template import templates
from dashboard.screens import screens
from dashboard.screens.meeting import Choice, choice_of
from tests.dashboard.pack_at import DATA
from tests.dashboard.screens_at import APP, NOW, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

AT = {"page": "meeting", "role": "leader", "period": "2026-10"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


def test_the_preview_has_every_slide_with_its_message(app):
    found = page(app, **AT)
    told = words_of(found)
    assert "16 trang theo thứ tự họp" in told and found.count('class="ioc-page"') == 16
    assert told.index("Kỳ trước không giao việc nào") < told.index("DVC08 ngắn 60,0 %") < told.index("Chưa có bộ trước")
    assert found.count('class="ioc-drawn"') >= 5


def test_template_language_and_classification_stand_in_the_address(app):
    told = words_of(page(app, **AT, tab="weekly.en.draft"))
    assert "Weekly meeting" in told and "Draft, not approved" in told and "DVC08 short" in told
    both = words_of(page(app, **AT, tab="unit.both.internal", unit="27727", lang="en"))
    assert "One unit" in both and "Đức Ward" in both


@pytest.mark.parametrize(("tab", "meant"), [
    ("", Choice("monthly", "vi", "internal")), ("weekly", Choice("weekly", "vi", "internal")),
    ("foo.bar.baz", Choice("monthly", "vi", "internal")), ("unit.both.draft.x", Choice("unit", "both", "draft")),
])  # fmt: skip
def test_what_an_address_cannot_mean_is_the_default(app, tab, meant):
    assert choice_of(here_at(app, tab=tab), templates(DATA)) == meant
    assert choice_of(here_at(app, tab=meant.text()), templates(DATA)) == meant


def test_without_a_period_the_template_takes_its_newest_and_says_so(app):
    told = words_of(page(app, page="meeting", role="leader", tab="weekly"))
    assert "Chưa chọn kỳ: mẫu này lấy Tỉnh Thử · 09/11/2026 – 15/11/2026" in told


@pytest.mark.parametrize("role", ["leader", "analyst", "office", "party", "steward", "operator", "auditor", "wall"])
def test_the_screen_is_there_for_whoever_may_make_packs(app, role):
    scope = here_at(app, role=role).scope
    assert screens()["meeting"].is_for(scope) == may_pack(scope) == (role in ("leader", "analyst", "office", "party"))


def test_the_party_sees_its_published_cells_and_no_value_of_a_hidden_one(app):
    told = words_of(page(app, page="meeting", role="party"))
    assert "2 tổ chức: 2 trong 4 ô phải ẩn" in told and "Số liệu Đảng" in told and "DVC08" not in told


def test_a_name_is_never_markup(app):
    from dashboard.pack.preview import pages
    from tests.dashboard.pack_at import made_at, order
    from tests.dashboard.screens_at import change

    home = write_tiny(app.settings.home.parent / "named")
    change(home, "UPDATE unit SET name_vi = '<b>x</b>' WHERE unit_id = '80'")
    told = pages(made_at(home, order(formats=())).packs[0])
    assert "<b>x</b>" not in told and "<b>x</b>" in unescape(told)


def test_the_button_makes_the_pack_and_hands_it_over_the_counter(app, monkeypatch):
    fetched = []
    monkeypatch.setattr(component, "fetch", fetched.append)
    running._RUNNING[:] = [app]
    run = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in (AT | {"tab": "unit.en.meeting", "unit": "27727"}).items():
        run.query_params[key] = value
    run.run()
    run.button(key="pack_make").click().run()
    assert not run.exception and len(fetched) == 1 and fetched[0].startswith("/export/")
    ticket = fetched[0].rpartition("/")[2]
    session = app.exports._open[ticket].person.session  # the test's browser has no cookie of its own
    parcel = app.exports.redeem(ticket, session, NOW, "127.0.0.1")
    assert parcel is not None and parcel.name.endswith(".zip") and parcel.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(parcel.body)) as archive:
        names = archive.namelist()
        assert names[0] == "manifest.json"
        assert {f"unit-27727-2026-10_en.{kind}" for kind in ("pptx", "xlsx", "pdf")} <= set(names)
    last = list(audit.events(app.settings.home / "audit" / "exports.jsonl"))[-1]
    assert (last["role"], last["question"]["template"], last["snapshot"]) == ("leader", "unit", 1)
