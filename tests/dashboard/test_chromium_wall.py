"""The wall in a real browser: letters large enough for the room, nothing flickers, and no silence is hidden."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dashboard.browsing import as_new, until, window
from tests.dashboard.test_chromium import wait_for
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

ROOT = Path(__file__).parents[2]
LOST = "document.body.classList.contains('wall-lost')"
pytestmark = pytest.mark.chromium

PLAN = """
[[pages]]
id = "many"
name = {{ vi = "Nhiều ô", en = "Many tiles" }}
desks = ["dvc"]
map = "dossiers_on_time"
tiles = {tiles}

[[pages]]
id = "few"
name = {{ vi = "Ít ô", en = "Few tiles" }}
desks = []
tiles = ["tickets_received", "tickets_on_time"]

[[profiles]]
name = "test"
pages = ["many", "few"]
"""
TILES = ["dossiers_received", "dossiers_on_time", "dossiers_open", "dossiers_overdue", "procedures_used",
         "on_time_766", "backlog_change", "tickets_received", "tickets_on_time", "ticket_minutes", "open_age",
         "dossier_hours"]  # fmt: skip
SCREENS = {"55": (1920, 1080, 55, 4), "75": (3840, 2160, 75, 6), "98": (3840, 2160, 98, 9),
           "3x2 of 55": (5760, 2160, 153.6, 12)}  # fmt: skip
# Every text is in a class, as large as its class on this screen, and whole within the place it stands in.
AUDIT = """([millimetres, metres]) => {
  const pitch = millimetres / Math.hypot(innerWidth, innerHeight);
  const least = {room: 5.8 * metres, near: 11.6};
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    const style = getComputedStyle(holder);
    if (!node.textContent.trim() || !holder.getClientRects().length || style.visibility === 'hidden') continue;
    const place = holder.closest('.room, .near');
    if (!place) { found.push(['no class', node.textContent]); continue; }
    const kind = place.classList.contains('room') ? 'room' : 'near';
    const capital = parseFloat(style.fontSize) * 0.7 * pitch;
    if (capital < least[kind] - 0.02) found.push([kind, node.textContent, capital]);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const part = holder.closest('.wall-tile, .wall-figure, .wall-side, .wall-head, .wall-foot');
    const frame = part.getBoundingClientRect();
    if (kind === 'room' && (box.right > frame.right + 1 || box.bottom > frame.bottom + 1))
      found.push(['clipped', node.textContent]);
  }
  return found;
}"""


def write_data(folder):
    (folder / "operation").mkdir(parents=True)
    (folder / "operation" / "wall.toml").write_text(PLAN.format(tiles=json.dumps(TILES)))
    shapes = folder / "reference" / "boundaries"
    shapes.mkdir(parents=True)
    ring = lambda left: [[[left, 11.0], [left + 1, 11.0], [left + 1, 12.0], [left, 12.0], [left, 11.0]]]  # noqa: E731
    features = [
        {"type": "Feature", "properties": {"unit_id": unit}, "geometry": {"type": "Polygon", "coordinates": ring(at)}}
        for unit, at in (("27694@2025", 106.0), ("27727", 107.2))
    ]
    (shapes / "communes.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


class Server:
    """The dashboard as a process of its own, on a port that stays the same when it is started again."""

    def __init__(self, home, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", "dashboard", "serve", "--home", str(home), "--data", str(data),
                        "--port", str(self.port)]  # fmt: skip
        self.home = home
        self.start()

    def start(self):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(self.command, cwd=self.home, env=environment, stdout=subprocess.DEVNULL)
        wait_for(self.address)

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    found = Server(home, write_data(tmp_path_factory.mktemp("data")))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def one_page(chromium_path, server):
    with window(chromium_path, server.address, 1920, 1080) as opened:
        yield opened


@pytest.fixture
def page(one_page, server):
    return as_new(one_page, server.address, 1920, 1080)


def look(page, server, query="", width=1920, height=1080):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server.address}/?wall=1&{query}")
    page.locator(".wall-tile").first.wait_for()
    until(page, "document.fonts.status === 'loaded'")


def text(page, place):
    return page.locator(f"[data-put={place}]").text_content()


def shown(page):
    return page.locator(".wall-tile:not([hidden])")


@pytest.mark.parametrize("theme,lang", [("dim", "vi"), ("light", "en")])
@pytest.mark.parametrize("case", SCREENS)
def test_every_letter_can_be_read_from_where_it_is_meant_to_be(page, server, case, theme, lang):
    width, height, inches, tiles = SCREENS[case]
    look(page, server, f"room=5&screen={inches}&theme={theme}&lang={lang}", width, height)
    assert shown(page).count() == tiles
    assert page.evaluate(AUDIT, [inches * 25.4, 5]) == []
    sizes = page.evaluate("(e => [e.scrollWidth, e.scrollHeight])(document.scrollingElement)")
    assert sizes == [width, height]
    assert page.locator("button, input, select, a").count() == 0
    assert page.outside == [] and page.complaints == []


def test_the_letters_have_the_capital_height_that_the_sizes_assume(page, server):
    look(page, server)
    share = page.evaluate("""async () => {
      const font = "400 1000px 'Be Vietnam Pro'";
      await document.fonts.load(font, 'H');
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = font;
      return pen.measureText('H').actualBoundingBoxAscent / 1000;
    }""")
    assert 0.695 <= share <= 0.75


def test_a_screen_too_small_for_its_room_says_from_where_it_can_be_read(page, server):
    look(page, server, "room=20&screen=32")
    assert "chữ lớn đọc được từ" in text(page, "note")
    assert shown(page).count() >= 1


# Whatever a tick touches outside the clock and the ring; where nothing is touched and nothing moves by itself, no
# pixel can have changed between two pictures either.
STILL = """() => {
  window.touched = [];
  const seen = (records) => records.forEach(({ target }) => {
    const node = target.nodeType === 1 ? target : target.parentElement;
    if (!node?.closest('[data-moves]')) window.touched.push(node?.className ?? '');
  });
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(seen);
  window.watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def settled(page):
    """The picture once two looks in a row saw the same: letters and courses have arrived."""
    moving = [page.locator("[data-moves]")]
    seen = page.screenshot(mask=moving)
    for _ in range(20):
        page.wait_for_timeout(700)
        last, seen = seen, page.screenshot(mask=moving)
        if seen == last:
            return seen
    raise AssertionError("the picture never came to rest")


def test_unchanged_data_changes_no_pixel_for_a_minute(page, server):
    look(page, server, "every=600")
    for _ in range(3):  # a machine too busy to answer, or to finish the first picture, proves nothing
        first = settled(page)
        page.evaluate(STILL)
        page.wait_for_timeout(60_000)  # a dozen questions to the server lie in between
        touched = page.evaluate("window.touched")
        if not touched and page.screenshot(mask=[page.locator("[data-moves]")]) == first:
            assert page.evaluate("document.getAnimations().length") == 0
            return
        until(page, f"!{LOST}")
    raise AssertionError(f"the picture changed in every minute: {touched[:5]}")


# On every frame: a course without its line, a value without its digits, a map without its places is a flash.
FRAMES = """() => {
  window.kept = [...document.querySelectorAll('.wall-tile, .wall-spark path, .wall-map, .wall-map .main-svg')];
  window.frames = window.blank = 0;
  const shown = (name) => [...document.querySelectorAll(`.wall-tile:not([hidden]) .wall-${name}`)];
  const courses = shown('line').filter((one) => one.getAttribute('d'));
  const values = shown('value');
  const look = () => {
    window.frames += 1;
    const full = courses.every((one) => one.getAttribute('d')) && values.every((one) => one.textContent)
      && document.querySelectorAll('.wall-map path').length > 1;
    window.blank += full ? 0 : 1;
    requestAnimationFrame(look);
  };
  look();
}"""


def test_ten_new_snapshots_keep_every_node_and_blank_none(page, server, home):
    look(page, server, "every=600&screen=98&room=2")
    page.locator(".wall-map path").first.wait_for(state="attached")
    page.wait_for_timeout(500)
    page.evaluate(FRAMES)
    seen = set()
    for generation in range(2, 12):
        facts = tiny_facts()
        facts.tickets.extend(facts.tickets[:3] * generation)
        with page.expect_response(lambda answer: "wall.json" in answer.url and answer.status == 200, timeout=60_000):
            write_tiny(home, facts, generation=generation)
        page.wait_for_timeout(300)
        seen.add(page.locator(".wall-tiles").text_content())
    assert len(seen) == 10, "every one of them showed other numbers"
    assert page.evaluate("window.kept.length > 60 && window.kept.every((node) => node.isConnected)")
    assert page.evaluate("window.frames") > 100
    assert page.evaluate("window.blank") == 0


def test_keys_turn_the_pages_and_darken_the_screen(page, server):
    look(page, server, "every=600&screen=55")
    assert text(page, "title").startswith("Nhiều ô 1/")
    page.keyboard.press("ArrowRight")
    assert text(page, "title").startswith("Nhiều ô 2/")
    page.keyboard.press("2")
    assert text(page, "title") == "Ít ô" and shown(page).count() == 2
    page.keyboard.press("ArrowLeft")
    assert text(page, "title").startswith("Nhiều ô")
    page.keyboard.press(" ")
    assert "đang dừng" in text(page, "note")
    page.keyboard.press("b")
    assert not page.locator(".wall-head b").first.is_visible()
    page.keyboard.press("b")
    page.keyboard.press("s")
    assert page.locator(".wall-clock").is_visible() and not page.locator(".wall-first").is_visible()
    page.keyboard.press("s")
    assert page.locator(".wall-first").is_visible()


def test_pages_turn_by_themselves(page, server):
    look(page, server, "every=1&screen=55")
    seen = set()
    for _ in range(200):
        seen.add(text(page, "title"))
        if {"Ít ô"} <= seen and len(seen) >= 3:
            return
        page.wait_for_timeout(200)
    raise AssertionError(seen)


ROUND = """async (root) => {
  const { round, holding } = await import(`${root}/script/wall_turn.js`);
  const page = (id, attention) => ({ id, attention, tiles: [1], map: {} });
  const pages = [page('a', false), page('b', true), page('c', false)];
  const order = round(pages, ['a', 'b', 'c'], { columns: 2, rows: 2, side: true }).map((part) => part.page);
  const profile = { pages: ['a'], every: 45, times: [{ from: '22:00', until: '05:30', sleep: true }] };
  const asleep = ['21:59', '22:00', '00:00', '05:29', '05:30'].map((clock) => holding(profile, clock).sleep);
  const { isNight, late } = await import(`${root}/script/wall_live.js`);
  const night = isNight(new Date('2026-11-21T21:07:00Z'), 'Asia/Ho_Chi_Minh', 7);
  const sources = [{ due: '2026-11-21' }, { due: '2026-11-22' }, { due: null }, { due: null, silent: true }];
  return { order, asleep, night, late: late(sources, '2026-11-22').length };
}"""


def test_attention_comes_twice_and_times_of_day_are_kept(page, server):
    look(page, server)
    root = page.evaluate("document.body.dataset.root")
    found = page.evaluate(ROUND, root)
    assert found["order"] == ["b", "a", "b", "c"]
    assert found["asleep"] == [False, True, True, True, False]
    assert found["night"] is True and found["late"] == 2


SHARED = """async (root) => {
  const { parts } = await import(`${root}/script/wall_turn.js`);
  const size = { columns: 4, rows: 3, side: true };
  const of = (many, chart) => parts({ id: 'a', tiles: Array(many).fill(1), map: chart ? { chart } : {} }, size)
    .map((part) => [part.count, part.columns, part.rows - part.free, part.free]);
  return { six: of(6), eight: of(8), map: of(6, {}), thirteen: of(13), one: of(1), none: of(0) };
}"""


def test_tiles_of_a_page_without_a_map_leave_no_part_of_the_screen_empty(page, server):
    """Tiles, columns, their rows, rows for a map. Of a page in several parts every place stays where it is."""
    look(page, server)
    assert page.evaluate(SHARED, page.evaluate("document.body.dataset.root")) == {
        "six": [[6, 3, 2, 0]], "eight": [[8, 4, 2, 0]], "map": [[6, 4, 2, 1]],
        "thirteen": [[12, 4, 3, 0], [1, 4, 1, 2]], "one": [[1, 1, 1, 0]], "none": [[0, 4, 0, 3]],
    }  # fmt: skip
