"""The wall's board: pages, sentences with owners, sources with their last day in time, and one board for all."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from dashboard.agreed import log
from dashboard.followup import Actor, Subject, Wanted
from dashboard.running import start
from dashboard.settings import Settings
from dashboard.url import read
from dashboard.wall.board import board
from dashboard.wall.boards import Boards
from dashboard.wall.lines import Line
from dashboard.wall.plan import Plan, load_plan
from dashboard.wall.qr import drawn
from dashboard.wall_route import LOOK, LOOKS, boards_of, routes
from dashboard.words import PersonError
from tests.dashboard.qr_reader import qr_text
from tests.dashboard.screens_at import change, here_at, started
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TWO = """
[[pages]]
id = "first"
name = { vi = "Trang một", en = "Page one" }
desks = ["dvc"]
tiles = ["dossiers_on_time", "no_such_figure", "dossiers_received"]

[[pages]]
id = "second"
name = { vi = "Trang hai", en = "Page two" }
desks = ["dvc"]
tiles = ["tickets_received"]

[[profiles]]
name = "one"
pages = ["first"]

[[profiles]]
name = "both"
pages = ["second", "first"]
every = 30
[[profiles.times]]
from = "22:00"
until = "05:30"
sleep = true

[[events]]
first = 2026-09-02
name = { vi = "Quốc khánh", en = "National Day" }
"""
SIGNAL = """CREATE OR REPLACE TABLE signal AS SELECT 'tickets_received' AS indicator, '80@2025' AS unit,
  DATE '2026-10-01' AS month, 5e0 AS value, 3e0 AS centre, 1e0 AS lower, 4e0 AS upper, TRUE AS locked,
  'outside' AS rule, 'worse' AS direction, NULL::VARCHAR AS assurance, 'high' AS severity"""


def plan_of(folder, text):
    (folder / "operation").mkdir(parents=True, exist_ok=True)
    (folder / "operation" / "wall.toml").write_text(text)
    return load_plan(folder)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """For whoever only looks: a dashboard that has put most of it together before."""
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture
def own(tmp_path):
    return started(write_tiny(tmp_path / "home"))


@pytest.fixture
def plan(tmp_path):
    return plan_of(tmp_path / "data", TWO)


def test_the_shipped_plan_can_be_read_and_names_only_figures_of_the_catalogue(repository):
    import tomllib

    shipped = load_plan(repository / "data")
    known = {name for path in (repository / "data" / "catalogue").glob("*.toml")
             for name in tomllib.loads(path.read_text())}  # fmt: skip
    named = [name for page in shipped.pages for name in page.tiles]
    assert set(named) <= known and len(named) == len(set(named))
    assert all(4 <= len(page.tiles) <= 12 for page in shipped.pages)
    assert "party" not in {desk for page in shipped.pages for desk in page.desks}


@pytest.mark.parametrize("wrong", [
    "pages = 3", '[[pages]]\nid = "x"', '[[profiles]]\nname = "p"\npages = ["nowhere"]',
    TWO.replace("every = 30", "every = 0"), TWO.replace('"22:00"', '"25:00"'), "not toml at all",
    'enrolled_only = "no"',
    TWO.replace("first = 2026-09-02", "first = 2026-09-02\nlast = 2026-09-01"),
])  # fmt: skip
def test_a_mistake_in_the_plan_is_told_with_the_file(tmp_path, wrong):
    with pytest.raises(PersonError) as told:
        plan_of(tmp_path, wrong)
    assert "wall.toml" in told.value.text("vi")


def test_pages_keep_the_order_of_their_tiles_and_leave_out_what_is_not_there(app, plan):
    told = board(here_at(app, role="wall"), plan)
    assert [page["id"] for page in told["pages"]] == ["first", "second"]
    assert [tile["id"] for tile in told["pages"][0]["tiles"]] == ["dossiers_on_time", "dossiers_received"]


def test_without_a_plan_every_desk_is_a_page(app):
    told = board(here_at(app, role="wall"), Plan())
    assert [page["id"] for page in told["pages"]] == ["dvc"]
    assert len(told["pages"][0]["tiles"]) == 12


def test_a_profile_brings_its_times_of_day(app, plan):
    told = board(here_at(app, role="wall"), plan, "both")["profile"]
    assert told["pages"] == ("second", "first") and told["every"] == 30
    assert told["times"] == [{"from": "22:00", "until": "05:30", "pages": ("second", "first"), "every": 30,
                              "sleep": True}]  # fmt: skip
    assert board(here_at(app, role="wall"), plan, "unknown")["profile"]["name"] == "one"


def test_english_and_vietnamese_do_not_mix(app, plan):
    vi, en = (str(board(here_at(app, role="wall", lang=lang), plan)) for lang in ("vi", "en"))
    assert "Trang một" in vi and "Page one" not in vi and "target" not in vi.replace("'target'", "")
    assert "Page one" in en and "mục tiêu" not in en and "gửi" not in en


def test_every_source_says_its_last_day_in_time(app, plan):
    told = {one["name"]: one for one in board(here_at(app, role="wall"), plan)["sources"]}
    assert all(one["due"] is None or one["due"] > "2026" for one in told.values())
    assert {one["fact"] for one in told.values()} == {"dossier", "ticket", "reported_value"}


def test_a_known_event_is_in_its_month_and_in_words(app, plan):
    page = board(here_at(app, role="wall", period="2026-10"), plan)["pages"][0]
    assert "Quốc khánh" in page["events"]
    assert page["tiles"][1]["spark"]["events"] == [11], "September is the last but one of thirteen months"


def test_a_high_signal_calls_for_attention_and_has_an_owner(app, plan, tmp_path):
    root, other = here_at(app, role="wall").unit.unit_id, write_tiny(tmp_path / "other")
    change(other, SIGNAL.replace("80@2025", root),
           "UPDATE indicator SET better = 'lower' WHERE id = 'tickets_received'")  # fmt: skip
    app = started(other)
    page = board(here_at(app, role="wall", period="2026-10"), plan)["pages"][1]
    assert page["attention"]
    assert page["first"]["shape"] == "▼" and "trên mức thường (đến 4)" in page["first"]["text"]
    assert page["first"]["owner"] == "Phụ trách: Văn phòng"
    tile = page["tiles"][0]
    assert (tile["shape"], tile["state"], tile["tone"]) == ("▼", "xấu đi", "worse")


@pytest.mark.parametrize(("rule", "vi", "en"), [
    ("two_of_three", "hai trong ba tháng lệch về một phía", "two months of three off to one side"),
    ("three_months", "ba tháng gộp lại ngoài mức thường", "out of the ordinary over three months together"),
])
def test_every_rule_has_a_sentence_of_its_own(app, plan, tmp_path, rule, vi, en):
    root, other = here_at(app, role="wall").unit.unit_id, write_tiny(tmp_path / "other")
    change(other, SIGNAL.replace("80@2025", root).replace("'outside'", f"'{rule}'"),
           "UPDATE indicator SET better = 'lower' WHERE id = 'tickets_received'")  # fmt: skip
    app = started(other)
    for lang, told in (("vi", vi), ("en", en)):
        first = board(here_at(app, role="wall", period="2026-10", lang=lang), plan)["pages"][1]["first"]
        assert first["text"].endswith(told) and first["brief"] != first["text"]


def test_a_count_outside_its_limits_is_not_called_usual(app, plan, tmp_path):
    root, other = here_at(app, role="wall").unit.unit_id, write_tiny(tmp_path / "other")
    change(other, SIGNAL.replace("80@2025", root).replace("'worse'", "'context'").replace("'high'", "'low'"))
    page = board(here_at(started(other), role="wall", period="2026-10"), plan)["pages"][1]
    tile = page["tiles"][0]
    assert (tile["shape"], tile["state"], tile["tone"]) == ("◇", "khác thường", "") and not page["attention"]


@pytest.mark.parametrize("month", ["2026-09", "2026-10", "2026-11"])
def test_a_unit_with_a_short_word_is_written_out_once(app, tmp_path, month):
    text = TWO.replace('"tickets_received"', '"dossier_hours"')
    tile = board(here_at(app, role="wall", period=month), plan_of(tmp_path / "hours", text))["pages"][1]["tiles"][0]
    assert tile["unit"] == "giờ"
    assert sum(part.count("giờ làm việc") for part in [*tile["against"], *tile["foot"]]) == 1


def test_calm_and_not_knowing_are_two_sentences(app, plan):
    calm = board(here_at(app, role="wall", period="2026-10"), plan)["pages"][1]["first"]
    blind = board(here_at(app, role="wall", period="2020-01"), plan)["pages"][1]["first"]
    assert calm == Line("●", "", *["Không có gì ngoài mức thường"] * 2, "").as_json()
    assert blind["shape"] == "–" and "Chưa có số liệu" in blind["text"]


def test_no_party_figure_and_no_row_is_ever_on_a_wall(app, plan):
    told = str(board(here_at(app, role="wall"), plan))
    assert "DNG" not in told and "party" not in told


def test_rooms_and_screens_share_one_board(own):
    web = Web(Starlette(routes=routes(own, boards_of(own))))
    tags = {web.get(f"/wall.json?wall=1&room={room}&screen={screen}").headers["etag"]
            for room, screen in ((3, 55), (5, 75), (20, 200))}  # fmt: skip
    assert len(tags) == 1


def test_nobody_waits_for_a_board_that_was_warmed(own, monkeypatch):
    boards = boards_of(own)
    boards.warm()
    monkeypatch.setattr(boards, "made", None)
    for address in ("", "lang=vi&theme=light", "lang=en&theme=dim&room=8", "theme=dim&screen=98", "lang=en"):
        assert Web(Starlette(routes=routes(own, boards))).get(f"/wall.json?wall=1&{address}").status_code == 200


def test_what_was_asked_for_is_made_anew_for_a_new_snapshot(own, plan):
    boards, view = Boards(own, plan), read({"role": "wall", "period": "2026-09"})
    boards.made(view, "both")
    write_tiny(own.settings.home, generation=2)
    boards.warm()
    found = boards.ready(view, "both")
    assert found is not None and found.of[0] == 2


@pytest.mark.parametrize("decided,invented,address,shown", [
    ("", True, "127.0.0.1", True), ("", False, "127.0.0.1", False), ("", True, "0.0.0.0", False),
    ("enrolled_only = true", True, "127.0.0.1", False), ("enrolled_only = false", False, "0.0.0.0", True),
])  # fmt: skip
def test_a_wall_without_a_token_is_open_by_decision_or_where_nothing_is_to_be_protected(
    tmp_path, decided, invented, address, shown
):
    home, data = write_tiny(tmp_path / "home"), tmp_path / "data"
    change(home, f"UPDATE publication SET illustrative = {invented}")
    plan_of(data, f"{decided}\n{TWO}")
    app = start(Settings(home, lambda: NOW, address=address, data=data))
    answer = Web(Starlette(routes=routes(app, boards_of(app)))).get("/wall.json")
    assert answer.status_code == (200 if shown else 403)
    assert shown or set(answer.json()) == {"error"}


def test_the_shipped_plan_leaves_the_door_to_be_judged(repository):
    assert load_plan(repository / "data").enrolled_only is None


def test_an_unchanged_board_is_made_once_for_everybody(own, plan, monkeypatch):
    made = []
    monkeypatch.setattr("dashboard.wall.boards.board", lambda *given: made.append(given) or {})
    boards, view = Boards(own, plan), read({"role": "wall"})
    asking = [threading.Thread(target=boards.made, args=(view, "")) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(made) == 1 and boards.ready(view, "") is boards.made(view, "")


def test_the_old_board_stands_until_the_new_one_is_made(own, plan):
    boards, view = Boards(own, plan), read({"role": "wall"})
    first = boards.made(view, "")
    write_tiny(own.settings.home, generation=2)
    assert boards.ready(view, "") is first and first.of != boards.now()
    newest = boards.made(view, "")
    assert newest.of[0] == 2 and boards.ready(view, "") is newest


@pytest.mark.parametrize(("writer", "seconds", "soon"), [
    ("pid 7\n", 5, True), ("", 5, False), (None, 0, False), ("killed an hour ago\n", 3600, False)])
def test_walls_ask_more_often_while_a_load_is_under_way(own, writer, seconds, soon):
    lock = own.settings.home / "lock"
    if writer is not None:
        lock.write_text(writer)
        os.utime(lock, (NOW.timestamp() - seconds,) * 2)
    web = Web(Starlette(routes=routes(own, boards_of(own))))
    answer = web.get("/wall.json")
    assert ("retry-after" in answer.headers) is soon
    again = web.get("/wall.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, "retry-after" in again.headers) == (304, soon)


@pytest.mark.parametrize(("writer", "prefer", "comes_at", "looks", "status"), [
    ("pid 7\n", "wait=2", 2, 2, 200), ("pid 7\n", "wait=2", 99, LOOKS, 304), ("pid 7\n", "", 1, 0, 304),
    ("", "wait=2", 1, 0, 304)])
def test_who_prefers_to_wait_is_held_while_newer_numbers_are_on_their_way(
    app, monkeypatch, writer, prefer, comes_at, looks, status
):
    """Nobody is held for nothing, nobody for long, and who is held is told the moment that there is a new board."""
    boards, waited = boards_of(app), []

    async def sleep(seconds):
        waited.append(seconds)
        if len(waited) == comes_at:
            write_tiny(app.settings.home, generation=2)
            boards.made(read({"role": "wall"}), "")

    lock = app.settings.home / "lock"
    lock.write_text(writer)
    os.utime(lock, (NOW.timestamp(),) * 2)
    web = Web(Starlette(routes=routes(app, boards)))
    tag = web.get("/wall.json?role=wall").headers["etag"]
    monkeypatch.setattr("dashboard.wall_route.asyncio", SimpleNamespace(sleep=sleep))
    answer = web.get("/wall.json?role=wall", headers={"If-None-Match": tag, "Prefer": prefer})
    assert (answer.status_code, waited) == (status, [LOOK] * looks)
    assert (answer.headers["etag"] != tag) is (status == 200)


def test_a_board_that_is_asked_for_is_made_before_those_that_might_be(own, plan, monkeypatch):
    boards, asked = Boards(own, plan), read({"lang": "en", "theme": "light", "role": "wall"})
    boards.made(asked, "both")
    write_tiny(own.settings.home, generation=2)
    made = []
    monkeypatch.setattr(boards, "made", lambda view, profile: made.append((view, profile)))
    boards.warm()
    assert made[0] == (asked, "both") and len(made) == 1 + 2 * 2 * 2


def test_who_asks_while_a_first_board_is_made_holds_no_thread(own, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(*given):
        begun.set()
        go_on.wait(60)
        return {}

    monkeypatch.setattr("dashboard.wall.boards.board", slow)
    web = Web(Starlette(routes=routes(own, boards_of(own))))
    first = threading.Thread(target=web.get, args=("/wall.json",))
    first.start()
    assert begun.wait(60)
    answer = web.get("/wall.json")
    go_on.set()
    first.join()
    assert answer.status_code == 202 and answer.headers["retry-after"] == "1"  # no fault: a browser logs those
    assert web.get("/wall.json").status_code == 200


def test_no_code_is_drawn_without_a_public_address(app, plan):
    assert board(here_at(app, role="wall"), plan)["pages"][0]["phone"] is None


@pytest.mark.parametrize("public,drawn", [
    ("https://ioc.example", True), ("https://ioc.example/", True), ("javascript:alert(1)", False),
    ("ioc.example", False),
])  # fmt: skip
def test_the_code_carries_the_page_and_nothing_about_the_wall(tmp_path, plan, public, drawn):
    other = write_tiny(tmp_path / "other")
    change(other, f"UPDATE publication SET place = json_merge_patch(place, '{{\"public_address\": \"{public}\"}}')")
    told = board(here_at(started(other), role="wall", period="2026-10", theme="dim"), plan)["pages"][0]["phone"]
    assert (told is not None) is drawn
    if told:
        assert told["address"] == "https://ioc.example/?period=2026-10"
        assert told["size"] >= 21 and told["path"].startswith("M0 0h1v1h-1z")


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-./?=&", min_size=1, max_size=30))
def test_what_is_drawn_reads_as_the_address_that_it_carries(path):
    address = f"https://x.vn/{path}"[:42]
    told = drawn(address)
    dark = {tuple(int(part) for part in one.split("h")[0].split()) for one in str(told["path"]).split("M")[1:]}
    size = int(str(told["size"]))
    assert qr_text([[(x, y) in dark for x in range(size)] for y in range(size)]) == address


def test_a_line_says_since_when_and_by_when(app, plan, tmp_path):
    root, other = here_at(app, role="wall").unit.unit_id, write_tiny(tmp_path / "other")
    change(other, SIGNAL.replace("80@2025", root), "ALTER TABLE signal ADD COLUMN since DATE",
           "UPDATE signal SET since = DATE '2026-08-01'",
           "UPDATE indicator SET better = 'lower' WHERE id = 'tickets_received'")  # fmt: skip
    here = here_at(started(other), role="wall", period="2026-10")
    boards = Boards(here.running, plan)
    assert first_line(boards)["open"] == "3 tháng liền, từ T8/26"
    about = Subject("tickets_received", root, "2026-10", 1)
    leader = Actor(here_at(here.running, role="leader").scope, here.places.parents, NOW)
    log(here).agree(Wanted(about, "Nguyễn Văn A", date(2026, 11, 30), "Gọi từng đơn vị"), leader, "1")
    told = first_line(boards)
    assert told["open"] == "3 tháng liền, từ T8/26 · đã giao, hạn 30/11/2026"
    assert "Nguyễn" not in str(told) and "Gọi" not in str(told), "what somebody typed never comes on a wall"


def first_line(boards):
    told = orjson.loads(boards.made(read({"role": "wall", "period": "2026-10"}), "both").body)
    return told["pages"][0]["first"]


def test_a_new_signal_is_new(app, plan, tmp_path):
    root, other = here_at(app, role="wall").unit.unit_id, write_tiny(tmp_path / "other")
    change(other, SIGNAL.replace("80@2025", root), "ALTER TABLE signal ADD COLUMN since DATE",
           "UPDATE signal SET since = month",
           "UPDATE indicator SET better = 'lower' WHERE id = 'tickets_received'")  # fmt: skip
    assert first_line(Boards(started(other), plan))["open"] == "mới từ T10/26"
