"""The server speaks to this machine only, is healthy when a number can be read, and hands a wall its JSON."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.export import COUNT, Column, Document, Order, Person
from dashboard.export.counter import MOST_BYTES
from dashboard.guard import Guard
from dashboard.running import start
from dashboard.serve import application, hosts, is_loopback, options, public_host, refuse_open_door, routes
from dashboard.session import COOKIE
from dashboard.settings import Settings
from dashboard.wall_route import boards_of
from dashboard.warm import warm
from dashboard.words import PersonError
from tests.dashboard.screens_at import change
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DOCUMENT = Document("x", "X", (Column("a", COUNT),), ((1,),), (), snapshot=1)


@pytest.fixture
def running(tmp_path):
    return start(Settings(write_tiny(tmp_path), lambda: NOW))


@pytest.fixture
def web(running):
    doors = [Middleware(Guard, hosts=frozenset({"localhost"}))]
    return Web(Starlette(routes=routes(running, boards_of(running)), middleware=doors))


@pytest.mark.parametrize("address,here", [
    ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
    ("0.0.0.0", False), ("192.168.1.5", False), ("::", False), ("ioc.example", False), ("", False),
])  # fmt: skip
def test_only_this_machine_is_this_machine(address, here):
    assert is_loopback(address) is here


def test_the_demo_is_not_shown_to_a_network_unless_somebody_says_so(running):
    def at(**settings):
        return replace(running, settings=replace(running.settings, **settings))

    with pytest.raises(PersonError) as refused:
        refuse_open_door(at(address="0.0.0.0"))
    assert "0.0.0.0" in refused.value.text("vi") and "--allow-network" in refused.value.text("en")
    refuse_open_door(at(address="0.0.0.0", allow_network=True))
    refuse_open_door(at(address="127.0.0.1"))


def test_streamlit_keeps_its_doors_shut(tmp_path):
    found = options(Settings(tmp_path, lambda: NOW, port=9000))
    assert found["client.showErrorDetails"] == "none"
    assert found["browser.gatherUsageStats"] is False
    assert found["client.disableDataExport"] is True
    assert found["server.enableStaticServing"] is False
    assert found["server.address"] == "127.0.0.1" and found["server.port"] == 9000
    assert "server.enableAgentApi" not in found, "off by default, and never on"


def test_the_application_can_be_built(running):
    assert application(running).script_path.name == "app.py"


def test_a_proxy_reaches_it_under_the_address_that_the_place_names(tmp_path):
    assert hosts(start(Settings(write_tiny(tmp_path / "unnamed"), lambda: NOW))) == {"127.0.0.1", "localhost", "[::1]"}
    home = write_tiny(tmp_path / "named")
    change(home, "UPDATE publication SET place = json_merge_patch(place, '{\"public_address\": \"https://ioc.example/\"}')")
    running = start(Settings(home, lambda: NOW))
    assert hosts(running) == {"127.0.0.1", "localhost", "[::1]", "ioc.example"}
    assert hosts(start(Settings(home, lambda: NOW, address="0.0.0.0"))) == frozenset()
    found = options(running.settings, public_host(running))
    assert found["browser.serverAddress"] == "ioc.example", "its own sessions come from there"


def test_health_reads_a_figure(web):
    answer = web.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "ok" and told["snapshot"] == 1 and told["figure"]["indicator"]
    assert "value" not in str(told)


def test_health_is_broken_when_nothing_can_be_read(tmp_path):
    broken = start(Settings(tmp_path, lambda: NOW))
    answer = Web(Starlette(routes=routes(broken, boards_of(broken)))).get("/healthz")
    assert answer.status_code == 503 and answer.json() == {"status": "broken", "reason": "snapshot.none"}


def test_the_page_is_in_the_readers_language_and_theme(web):
    page = web.get("/?lang=en&theme=dim").text
    assert '<html lang="en" data-theme="dim">' in page
    assert "Test Province" in page
    assert "openapi" not in page and "<noscript>This page" in page


def test_the_page_names_no_outside_address(web):
    import re

    for path in ("/", "/?wall=1"):
        found = re.findall(r"""(?:src|href)=["'](https?:|//)""", web.get(path).text)
        assert found == []


def test_a_browser_is_named_once_and_scripts_cannot_read_it(web):
    first = web.get("/").headers["set-cookie"]
    assert "HttpOnly" in first and "SameSite=strict" in first
    assert "set-cookie" not in web.get("/").headers


def test_the_wall_is_answered_with_a_tag_and_then_with_nothing(web):
    first = web.get("/wall.json")
    assert first.status_code == 200
    again = web.get("/wall.json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_another_snapshot_has_another_tag(web, running):
    first = web.get("/wall.json").headers["etag"]
    write_tiny(running.settings.home, generation=2)
    for _ in range(600):  # the old board stands until the new one is made
        if web.get("/wall.json").headers["etag"] != first:
            return
        time.sleep(0.1)
    raise AssertionError("the new snapshot never came")


def test_another_view_of_the_wall_has_another_tag(web):
    assert web.get("/wall.json?period=2026-09").headers["etag"] != web.get("/wall.json").headers["etag"]


def test_the_wall_shows_figures_in_words_and_no_party(web):
    told = web.get("/wall.json?role=party&lang=vi").json()
    assert all(1 <= len(page["tiles"]) <= 12 for page in told["pages"]) and told["pages"]
    assert told["place"] == "Tỉnh Thử" and told["mark"]
    assert "DNG01" not in str(told)


def test_the_wall_of_a_broken_home_says_so(tmp_path):
    broken = start(Settings(tmp_path, lambda: NOW))
    answer = Web(Starlette(routes=routes(broken, boards_of(broken)))).get("/wall.json")
    assert answer.status_code == 503 and "pipelines load" in answer.json()["error"]


def test_the_walls_page_has_no_control(web):
    page = web.get("/?wall=1").text
    assert "wall.js" in page
    assert "<button" not in page and "<input" not in page and "<select" not in page


def ticket(running, session="me", now=NOW):
    return running.exports.issue(Order(DOCUMENT, "csv"), Person(session, "demo", "leader"), now)


def test_an_export_is_served_once_to_its_browser(web, running):
    web.cookies.set(COOKIE, "me")
    path = f"/export/{ticket(running)}"
    first = web.get(path)
    assert first.status_code == 200 and first.headers["cache-control"] == "no-store"
    assert first.headers["content-disposition"].startswith('attachment; filename="x-1-')
    assert web.get(path).status_code == 404


@pytest.mark.parametrize("session,late", [("somebody else", 0), ("me", 61)])
def test_an_export_is_nobody_elses_and_does_not_wait(web, running, session, late):
    web.cookies.set(COOKIE, session)
    issued = ticket(running, now=NOW - timedelta(seconds=late))
    assert web.get(f"/export/{issued}").status_code == 404


def test_a_picture_is_shown_at_the_counter_and_gets_its_name_there(web, running):
    web.cookies.set(COOKIE, "me")
    issued = running.exports.issue(Order(DOCUMENT, "svg"), Person("me", "demo", "leader"), NOW)
    told = web.post(f"/export/{issued}", content=b"<svg></svg>")
    assert told.status_code == 200 and told.json()["name"].startswith("x-1-") and told.json()["name"].endswith(".svg")
    assert web.post(f"/export/{issued}", content=b"<svg></svg>").status_code == 404


def test_a_picture_without_end_is_not_read_to_its_end(web, running):
    web.cookies.set(COOKIE, "me")
    issued = running.exports.issue(Order(DOCUMENT, "svg"), Person("me", "demo", "leader"), NOW)
    assert web.post(f"/export/{issued}", content=b"<svg" + bytes(MOST_BYTES)).status_code == 404


def test_a_guessed_ticket_is_not_found(web):
    assert web.get("/export/" + "0" * 32).status_code == 404


def test_warming_asks_once_per_snapshot(running):
    boards = boards_of(running)
    assert warm(running, boards, 0) == 1
    assert warm(running, boards, 1) == 1
    write_tiny(running.settings.home, generation=2)
    assert warm(running, boards, 1) == 2
