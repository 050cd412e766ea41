"""In a real browser: charts draw and change without flicker, nothing reaches out, and files come out whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard import audit
from dashboard.access import demo_scope
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.look import palette
from dashboard.words import word
from tests.dashboard.browsing import as_new, at_rest, until, window
from tests.dashboard.tiny import write_tiny

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.chromium


def square(left):
    return [[[left, 11.0], [left + 1, 11.0], [left + 1, 12.0], [left, 12.0], [left, 11.0]]]  # counter-clockwise


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    folder = data / "reference" / "boundaries"
    folder.mkdir(parents=True)
    features = [
        {"type": "Feature", "properties": {"unit_id": unit}, "geometry": {"type": "Polygon", "coordinates": square(at)}}
        for unit, at in (("27694@2025", 106.0), ("27727", 107.2))
    ]
    (folder / "communes.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "serve"]
    command += ["--home", str(home), "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}"
        wait_for(base)
        yield base
        process.terminate()


def wait_for(base):
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(base)


@pytest.fixture(scope="module")
def one_page(chromium_path, server):
    with window(chromium_path, server, 1366, 768) as opened:
        yield opened


@pytest.fixture
def page(one_page, server):
    return as_new(one_page, server, 1366, 768)


def course(page, server, **parameters):
    query = "&".join(f"{k}={v}" for k, v in {"page": "public_services", "period": "2026-10", **parameters}.items())
    page.goto(f"{server}/?{query}")
    page.wait_for_selector(".st-key-course_dossiers_on_time .js-plotly-plot .scatterlayer path.js-line")
    return page.locator(".st-key-course_dossiers_on_time")


def test_charts_draw_and_nothing_reaches_out(page, server):
    course(page, server)
    page.wait_for_selector(".st-key-map_dossiers_on_time .choroplethlayer path")
    assert page.locator(".st-key-map_dossiers_on_time .choroplethlayer path").count() >= 2
    assert page.outside == []
    assert page.complaints == []


def test_the_map_stays_within_its_frame(page, server):
    course(page, server)
    page.wait_for_selector(".st-key-map_dossiers_on_time .choroplethlayer path")
    frame = page.locator(".st-key-map_dossiers_on_time .ioc-plot").bounding_box()
    for path in page.locator(".st-key-map_dossiers_on_time .choroplethlayer path").all():
        box = path.bounding_box()
        assert box["width"] < frame["width"] * 0.7, "a ring the wrong way round fills the globe"


def test_a_change_keeps_the_node_and_changes_the_drawing(page, server):
    course(page, server)
    select = "document.querySelector('.st-key-course_dossiers_on_time .js-plotly-plot')"
    page.evaluate(f"window.kept = {select}; window.before = window.kept.data.at(-1).y.join()")
    page.evaluate(
        "(() => { const a = document.createElement('a'); a.dataset.go = ''; "
        "a.href = '?page=public_services&period=2026-06'; document.body.appendChild(a); a.click(); })()"
    )
    until(page, f"{select} && {select}.data.at(-1).y.join() !== window.before")
    assert page.evaluate(f"window.kept === {select} && window.kept.isConnected")
    assert "period=2026-06" in page.url


def test_a_link_of_the_navigation_travels_without_a_reload(page, server):
    course(page, server)
    page.evaluate("window.mark = 1")
    page.locator(".ioc-nav a", has_text="1022").click()
    until(page, "location.search.includes('page=hotline')")
    page.locator(".ioc h1", has_text="1022").wait_for()
    assert page.evaluate("window.mark") == 1


def test_a_click_on_a_unit_opens_it(page, server):
    course(page, server)
    path = page.locator(".st-key-map_dossiers_on_time .choroplethlayer path").first
    path.wait_for()
    path.click(force=True)
    until(page, "location.search.includes('unit=27')")


@pytest.mark.parametrize("theme", ["light", "dim"])
def test_themes_follow_the_address(page, server, theme):
    course(page, server, theme=theme)
    shown = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    red, green, blue = (int(palette(theme).background[i : i + 2], 16) for i in (1, 3, 5))
    assert shown == f"rgb({red}, {green}, {blue})"
    grid = page.evaluate("document.querySelector('.js-plotly-plot').layout.font.color")
    assert grid == palette(theme).text


@pytest.mark.parametrize("lang,separators,word", [("vi", ",.", "Bảng số"), ("en", ".,", "Table")])
def test_numbers_and_words_follow_the_language(page, server, lang, separators, word):
    block = course(page, server, lang=lang)
    assert page.evaluate("document.querySelector('.js-plotly-plot').layout.separators") == separators
    assert block.locator(".ioc-toggle").text_content() == word
    assert page.evaluate("document.documentElement.lang") == lang
    assert "\u202f%" in block.locator(".ytick text").first.text_content()


def test_the_letters_are_ours(page, server):
    course(page, server)
    assert page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"', 'ế ộ ữ')")
    assert page.evaluate("getComputedStyle(document.querySelector('.ytick text')).fontFamily").startswith('"Be Vietnam')


def test_the_table_takes_the_place_of_the_picture(page, server):
    block = course(page, server)
    block.locator(".ioc-toggle").click()
    assert not block.locator(".ioc-plot").is_visible()
    assert block.locator(".ioc-table tbody tr").count() == 13
    block.locator(".ioc-toggle").click()
    assert block.locator(".ioc-plot").is_visible()


@pytest.mark.parametrize("kind,start", [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_picture_is_drawn_in_the_browser_and_leaves_through_the_counter(page, server, home, kind, start):
    block = course(page, server)
    with page.expect_download() as waiting:
        block.locator(f".ioc-{kind}").click()
    body = Path(waiting.value.path()).read_bytes()
    assert body.startswith(start) and waiting.value.suggested_filename.endswith(kind)
    if kind == "svg":
        text = body.decode()
        assert "data:font/woff2;base64" in text and "đúng hạn" in text
        told = " ".join(re.findall(r">([^<>]+)<", text))
        assert "minh họa" in told and "Bản công bố" in told and "Xuất lúc" in told
    event = list(audit.events(home / "audit" / "exports.jsonl"))[-1]
    assert event["export"] in waiting.value.suggested_filename and event["made"] == "browser"
    assert event["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_picture_that_the_counter_refuses_is_not_kept(page, server, home):
    block = course(page, server)
    before = len(list(audit.events(home / "audit" / "exports.jsonl")))
    page.route("**/export/*", lambda route: route.fulfill(status=404))
    kept = []
    page.on("download", lambda one: kept.append(one))
    block.locator(".ioc-png").click()
    block.get_by_text("Chưa lưu được").wait_for()
    page.unroute("**/export/*")
    assert kept == [] and len(list(audit.events(home / "audit" / "exports.jsonl"))) == before


def svg_of(page, button):
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def test_a_chart_shown_as_a_table_is_saved_as_that_table(page, server):
    block = course(page, server)
    block.locator(".ioc-toggle").click()
    drawn = svg_of(page, block.locator(".ioc-svg")).decode()
    written = re.findall(r"<text[^>]*>([^<]+)</text>", drawn)
    shown = [cell for cell in block.locator(".ioc-table td").all_text_contents() if cell]
    assert set(shown) <= set(written) and any("minh họa" in text for text in written)


def test_a_table_without_a_chart_is_saved_as_a_picture_too(page, server, home):
    page.goto(f"{server}/?page=organisations&role=leader&period=2026-10")
    button = page.get_by_role("button", name="Tải hình PNG").first
    button.wait_for()
    assert svg_of(page, button).startswith(b"\x89PNG")
    assert list(audit.events(home / "audit" / "exports.jsonl"))[-1]["format"] == "png"


def test_a_file_leaves_through_the_counter_and_is_written_down(page, server, home):
    block = course(page, server)
    with page.expect_download() as waiting:
        block.locator(".ioc-csv").click()
    body = Path(waiting.value.path()).read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    event = list(audit.events(home / "audit" / "exports.jsonl"))[-1]
    assert event["object"] == "course_dossiers_on_time" and event["export"] in waiting.value.suggested_filename


def test_an_auditor_or_an_office_gets_no_file_buttons(page, server):
    block = course(page, server, role="office")
    assert not block.locator(".ioc-csv").is_visible()


@pytest.mark.parametrize("screen", ["overview", "public_services"])
def test_a_page_opened_on_a_phone_does_not_scroll_sideways(page, server, screen):
    """The matrix asks it of every screen in every width that a window is drawn to."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/?page={screen}&period=2026-10")
    page.locator("footer.ioc-footer").wait_for()
    page.wait_for_timeout(500)
    wide = page.evaluate(
        "[document.scrollingElement.scrollWidth - innerWidth,"
        " (e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))]"
    )
    assert max(wide) <= 1


def test_the_wall_fits_its_screen_and_has_no_control(page, server):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server}/?wall=1")
    page.locator(".wall-tile").first.wait_for()
    assert page.evaluate("[document.scrollingElement.scrollHeight, innerHeight]") == [1080, 1080]
    assert page.locator("button, input, select, a").count() == 0
    assert page.outside == [] and page.complaints == []


def test_the_wall_takes_a_new_snapshot_without_a_new_node(page, server, home):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server}/?wall=1")
    page.locator(".wall-tile").first.wait_for()
    page.evaluate("window.kept = document.querySelector('.wall-tile')")
    with page.expect_response(lambda answer: "wall.json" in answer.url and answer.status == 200, timeout=30_000):
        write_tiny(home, generation=2)
    page.wait_for_timeout(500)
    assert page.evaluate("window.kept === document.querySelector('.wall-tile') && window.kept.isConnected")


def test_a_wall_that_hears_nothing_says_so(page, server):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server}/?wall=1")
    page.locator(".wall-tile").first.wait_for()
    page.route("**/wall.json*", lambda route: route.abort())
    page.wait_for_selector("body.wall-lost", timeout=30_000)
    assert "mất kết nối" in page.locator("[data-put=badge]").text_content()
    page.unroute("**/wall.json*")
    page.wait_for_selector("body:not(.wall-lost)", timeout=30_000)


def test_the_page_of_a_unit_is_downloaded_through_the_counter(page, server, home):
    page.goto(f"{server}/?page=unit&unit=27727&role=leader&period=2026-10")
    at_rest(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=word("profile.pdf", "vi")).click()
    body = Path(waiting.value.path()).read_bytes()
    assert body.startswith(b"%PDF-") and waiting.value.suggested_filename.startswith("profile-27727-2026-10-")
    event = list(audit.events(home / "audit" / "exports.jsonl"))[-1]
    assert (event["format"], event["sha256"]) == ("pdf", hashlib.sha256(body).hexdigest())
    assert page.outside == [] and page.complaints == []


def test_a_task_is_marked_as_done_by_hand(page, server, home):
    log = FollowUp(home / "followup")
    actor = Actor(demo_scope("leader", {"territory": ("80",)}), {"80": None}, datetime(2026, 11, 1, tzinfo=UTC))
    due = date.today() + timedelta(days=30)
    log.agree(Wanted(Subject("dossiers_overdue", "80", "2026-10", 1), "Giám đốc Sở", due, "Rà soát"), actor, "a1")
    page.goto(f"{server}/?page=overview&role=leader&period=2026-10")
    at_rest(page)
    page.get_by_role("button", name=word("followup.done", "vi")).click()
    page.get_by_text(word("followup.done_lately", "vi", n="1")).wait_for()
    assert log.tasks()[0].state == "done"
    assert page.complaints == []
