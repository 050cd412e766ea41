"""Every screen opens for every role in both languages, and nothing that data say is ever markup."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import running
from dashboard.access import ROLES
from dashboard.screens import screens
from dashboard.words import word
from tests.dashboard.as_read import pieces, said
from tests.dashboard.screens_at import started
from tests.dashboard.tiny import write_tiny

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
NASTY = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) **b**"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def opened(home):
    """Opens pages of one dashboard, which asks a snapshot once for what many tests look at."""
    ours = started(home)

    def open_page(at_home=home, **parameters):
        running._RUNNING[:] = [ours if at_home == home else started(at_home)]
        page = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in parameters.items():
            page.query_params[key] = value
        return page.run()

    return open_page


def texts(page):
    """Every piece of HTML of the page."""
    return pieces(page)


def words_of(page):
    return re.sub(r"<[^>]+>", " ", " ".join(texts(page)))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", sorted(screens()))
def test_every_screen_opens(opened, code, lang):
    page = opened(page=code, lang=lang, role="party" if code == "party" else "leader", indicator="DVC08")
    assert not page.exception
    assert word("serve.failed", lang) not in words_of(page)
    assert word("frame.snapshot", lang, id=1) in words_of(page)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_sees_a_failure(opened, role):
    page = opened(role=role)
    assert not page.exception
    assert word("serve.failed", "vi") not in words_of(page)


@pytest.mark.parametrize("code,role", [("party", "leader"), ("overview", "party"), ("hotline", "auditor")])
def test_a_screen_of_another_role_is_not_shown_by_its_address(opened, code, role):
    page = opened(page=code, role=role)
    assert word("frame.no_access", "vi", role=word(f"role.{role}", "vi")) in words_of(page)


def test_navigation_names_the_screens_of_the_role_only(opened):
    leader, party = texts(opened(role="leader")), texts(opened(role="party"))
    assert any("page=public_services" in one for one in leader)
    assert not any("page=public_services" in one for one in party)
    assert any("page=party" in one for one in party)


def test_a_change_in_the_scope_bar_stands_in_the_address(opened):
    page = opened(page="overview")
    page.selectbox(key="scope_compare").select("year").run()
    assert page.query_params["compare"] in ("year", ["year"])
    page.selectbox(key="scope_period").select("2026-09").run()
    assert page.query_params["period"] in ("2026-09", ["2026-09"])


def test_choosing_an_old_district_switches_the_boundaries_in_the_address(opened):
    page = opened(page="overview")
    page.selectbox(key="scope_group").select("district").run()
    assert page.query_params["basis"] in ("before_2025", ["before_2025"])
    assert page.selectbox(key="scope_unit").value in ("794", "795")
    page.selectbox(key="scope_group").select("commune").run()
    assert "basis" not in page.query_params


def test_an_address_shows_its_values_in_the_controls(opened):
    page = opened(period="2026-Q3", unit="27727", compare="year")
    assert page.selectbox(key="scope_period").value == "2026-Q3"
    assert page.selectbox(key="scope_group").value == "commune"
    assert page.selectbox(key="scope_unit").value == "27727"


def chosen(page, keys):
    return {key: page.selectbox(key=f"scope_{key}").value for key in keys}


@pytest.mark.parametrize("parameters", [
    {"period": "2026-09"}, {"period": "2025-Q2", "unit": "794", "basis": "before_2025"}, {"unit": "27727"},
    {"compare": "year"}, {"basis": "as_was", "period": "2025-06"}, {"unit": "STC"},
])  # fmt: skip
def test_what_the_controls_write_into_the_address_opens_the_same_controls(opened, parameters):
    """Every control, forth and back: what an address shows is what its own address shows again."""
    first = opened(page="public_services", **parameters)
    keys = ("period", "group", "unit", "basis", "compare")
    before = chosen(first, keys)
    address = {key: value if isinstance(value, str) else value[0] for key, value in first.query_params.items()}
    again = opened(**address)
    assert chosen(again, keys) == before
    for key, value in parameters.items():
        assert before[key] == value


def test_the_footer_says_that_figures_are_invented(opened):
    assert word("frame.illustrative", "vi") in words_of(opened())


def test_an_old_snapshot_says_so(opened, home, tmp_path):
    both = tmp_path / "both"
    shutil.copytree(home, both)
    write_tiny(both, generation=2)
    page = opened(both, snapshot="1")
    assert word("frame.old_snapshot", "vi", id=1, newest=2) in words_of(page)


def test_a_home_without_a_snapshot_says_what_to_do(opened, tmp_path):
    page = opened(tmp_path)
    assert not page.exception
    assert "pipelines load" in words_of(page)


@pytest.fixture(scope="module")
def nasty_home(tmp_path_factory):
    """A home in which every name is an attack."""
    home = write_tiny(tmp_path_factory.mktemp("nasty"))
    path = home / "snapshots" / "00000001.duckdb"
    with duckdb.connect(str(path)) as db:
        for column in ("name_vi", "short_vi", "definition_vi", "owner_vi"):
            db.execute(f"UPDATE indicator SET {column} = ?", [NASTY])
        db.execute("UPDATE unit SET name_vi = ? || unit_id", [NASTY])
        db.execute("UPDATE source SET name_vi = ?, owner_vi = ?", [NASTY, NASTY])
        db.execute("UPDATE delivery SET file = ?", [NASTY])
        db.execute("UPDATE quarantine SET value = ?, rule = ?", [NASTY, NASTY])
    party = hashlib.sha256((home / "snapshots" / "00000001.party.duckdb").read_bytes()).hexdigest()
    line = f"1 {hashlib.sha256(path.read_bytes()).hexdigest()} {party}\n"
    (home / "CURRENT").write_text(line)
    (home / "PUBLISHED").write_text(line)
    return home


@pytest.mark.parametrize("code", sorted(set(screens()) - {"party"}))
def test_what_data_say_is_never_markup(opened, nasty_home, code):
    page = opened(nasty_home, page=code, indicator="DVC08")
    assert not page.exception and word("serve.failed", "vi") not in words_of(page)
    assert not any("<img src=x" in one for one in texts(page))
    for told in said(page):
        assert "<img src=x" not in json.dumps(told.get("chart", {}))
    # Markdown from data would fetch the picture; our texts never pass through Markdown.
    assert not any("evil.example" in one.value for one in [*page.markdown, *page.caption, *page.header])


def test_a_fault_in_a_screen_costs_the_screen_and_not_the_page(opened, monkeypatch):
    from dataclasses import replace as changed

    def broken(here):
        raise ZeroDivisionError("secret value 42")

    listed = dict(screens()) | {"overview": changed(screens()["overview"], render=broken)}
    monkeypatch.setattr("dashboard.frame.screens", lambda: listed)
    page = opened(page="overview")
    assert word("serve.failed", "vi") in words_of(page)
    assert "secret value" not in words_of(page)
    assert word("frame.snapshot", "vi", id=1) in words_of(page)


def test_desks_without_anything_share_one_line(opened):
    page = opened(page="overview", period="2020-01", lang="en")
    (told,) = re.findall(r"No data in this scope: ([^.]+)\.", words_of(page))
    headings = [text for html in texts(page) for text in re.findall(r"<h2>([^<]+)</h2>", html)]
    assert told and not set(told.split(", ")) & set(headings)
