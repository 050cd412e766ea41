"""The wall through bad days in a real browser: silence is told, what is lost comes back, and the place is kept."""

from __future__ import annotations

import json
import signal
import time
from datetime import date
from io import BytesIO

from PIL import Image

from dashboard.wall.qr import drawn
from dashboard.wall.token import Walls
from tests.dashboard.browsing import until, watched
from tests.dashboard.qr_reader import qr_text
from tests.dashboard.test_chromium_wall import (  # noqa: F401 - fixtures
    LOST,
    home,
    look,
    one_page,
    page,
    pytestmark,
    server,
    shown,
    text,
)


def test_a_source_that_has_stopped_is_told_by_the_browser_itself(page, server):  # noqa: F811
    page.route("**/wall.json*", late_source)
    look(page, server)
    until(page, "document.querySelector('[data-put=badge]').textContent === '◆ số liệu cũ'")


def late_source(route):
    answer = route.fetch()
    told = json.loads(answer.body())
    if "sources" not in told:  # the board is still being made; the wall asks again
        route.fulfill(response=answer)
        return
    for one in told["sources"]:
        one["due"] = "2020-01-01"
    route.fulfill(status=200, headers={"Date": answer.headers["date"]}, json=told)


def test_a_wall_that_has_a_board_lets_its_question_be_held(page, server):  # noqa: F811
    look(page, server)
    with page.expect_request(lambda asked: "/wall.json" in asked.url and "if-none-match" in asked.headers) as asked:
        pass
    assert asked.value.headers["prefer"] == "wait=2"


def test_a_wall_is_enrolled_once_and_goes_dark_when_it_is_revoked(page, server, home):  # noqa: F811
    walls = Walls(home)
    _, token = walls.issue("test", 30, date.today(), lambda size: bytes(range(size)))
    page.goto(f"{server.address}/wall/enrol?screen=55&theme=dim#{token}")
    page.locator(".wall-tile").first.wait_for()
    assert token not in page.url and "screen=55" in page.url
    assert token not in str(page.evaluate("[document.cookie, {...sessionStorage}, {...localStorage}, location.href]"))
    walls.file.write_text(walls.file.read_text().replace("revoked = false", "revoked = true"))
    page.locator("[data-put=refused]:has-text('thu hồi')").wait_for()
    assert not page.locator(".wall-tile").first.is_visible()


def test_a_frozen_and_a_killed_server_are_told_and_survived_in_place(page, server):  # noqa: F811
    look(page, server, "every=600&screen=55")
    page.keyboard.press("2")
    begun = time.monotonic()
    server.process.send_signal(signal.SIGSTOP)
    until(page, LOST)
    print(f"told lost after {time.monotonic() - begun:.1f} s")
    assert "◆ mất kết nối 00:" in text(page, "badge") and "hình lúc" in text(page, "note")
    assert shown(page).count() == 2, "the last good picture stays"
    server.process.send_signal(signal.SIGCONT)
    until(page, f"!{LOST}")
    server.stop()
    until(page, LOST)
    server.start()
    until(page, f"!{LOST}")
    # What was published for the test grows old by the real clock: whether that is told is another test's question.
    assert "mất kết nối" not in text(page, "badge") and text(page, "title") == "Ít ô"
    page.reload()
    page.locator(".wall-tile").first.wait_for()
    until(page, "document.querySelector('[data-put=title]').textContent === 'Ít ô'")


def test_a_cut_network_is_told_and_survived(page, server):  # noqa: F811
    look(page, server, "every=600&screen=55")
    page.context.set_offline(True)
    until(page, LOST)
    hatched = page.locator(".wall-tile").first.evaluate("node => getComputedStyle(node).backgroundImage")
    assert "repeating-linear-gradient" in hatched and shown(page).count() == 4
    page.context.set_offline(False)
    until(page, f"!{LOST}")
    assert "mất kết nối" not in text(page, "badge")


# A page two minutes old in the fourth minute of the fresh start; without these two nobody would live to see it.
OLD = """const now = performance.now.bind(performance);
performance.now = () => now() + 130000;
Math.random = () => 0.35;"""


def at_night(route):
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "date": "Sat, 21 Nov 2026 21:03:30 GMT"})


def test_at_night_a_wall_starts_afresh_and_stays_where_it_was(page, server):  # noqa: F811
    page = watched(page.context.new_page(), server.address)  # what is told it before every start cannot be taken back
    look(page, server, "every=600&screen=55")
    page.keyboard.press("2")
    assert text(page, "title") == "Ít ô"
    page.add_init_script(OLD)
    page.route("**/wall.json*", at_night)
    page.reload()
    with page.expect_event("framenavigated"):
        page.wait_for_timeout(100)
    page.unroute("**/wall.json*")
    until(page, "document.querySelector('[data-put=title]')?.textContent === 'Ít ô'")
    page.close()


def test_the_code_on_the_wall_is_read_back_from_its_picture(page, server, home):  # noqa: F811
    page.route("**/wall.json*", with_code)
    look(page, server, "every=600&screen=98")
    picture = Image.open(BytesIO(page.locator(".wall-phone svg").screenshot())).convert("L")
    size = int(page.locator(".wall-phone svg").get_attribute("viewBox").split()[-1]) - 8
    pitch = picture.width / (size + 8)
    middle = lambda at: (at + 4.5) * pitch  # noqa: E731 - four modules of quiet zone on every side
    dark = [[picture.getpixel((middle(x), middle(y))) < 128 for x in range(size)] for y in range(size)]
    assert qr_text(dark) == ADDRESS


ADDRESS = "https://ioc.example/?period=2026-10"


def with_code(route):
    answer = route.fetch()
    told = json.loads(answer.body())
    for one in told["pages"]:
        one["phone"] = {"address": ADDRESS, "caption": "", **drawn(ADDRESS)}
    route.fulfill(status=200, headers={"Date": answer.headers["date"]}, json=told)
