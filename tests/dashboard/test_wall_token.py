"""A wall's token opens one profile until one day, can be taken back, and turns a browser into nothing but a wall."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.__main__ import main
from dashboard.guard import Guard
from dashboard.running import start
from dashboard.serve import routes
from dashboard.settings import Settings
from dashboard.wall.door import WallDoor
from dashboard.wall.token import COOKIE, Walls
from dashboard.wall_route import boards_of
from dashboard.words import PersonError
from tests.dashboard.test_wall import TWO
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def numbers(size):
    return bytes(range(size))


@pytest.fixture
def home(tmp_path):
    return write_tiny(tmp_path / "home")


@pytest.fixture
def data(tmp_path):
    (tmp_path / "data" / "operation").mkdir(parents=True)
    (tmp_path / "data" / "operation" / "wall.toml").write_text("enrolled_only = true\n" + TWO)
    return tmp_path / "data"


@pytest.fixture
def app(home, data):
    running = start(Settings(home, lambda: NOW, data=data))
    doors = [Middleware(Guard, hosts=frozenset()), Middleware(WallDoor)]
    return Starlette(routes=routes(running, boards_of(running)), middleware=doors)


def post(app, body):
    async def send():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/wall/enrol", content=body)

    return asyncio.run(send())


def enrolled(app, token):
    web = Web(app)
    web.cookies.set(COOKIE, token)
    return web


def test_a_token_names_its_profile_until_its_last_day(tmp_path):
    walls = Walls(tmp_path)
    grant, token = walls.issue("one", 90, TODAY, numbers)
    assert walls.read(token, TODAY) == grant
    assert walls.read(token, TODAY + timedelta(days=90)) == grant
    assert walls.read(token, TODAY + timedelta(days=91)) is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_no_token_is_for_ever(tmp_path, days):
    with pytest.raises(PersonError):
        Walls(tmp_path).issue("one", days, TODAY, numbers)


def test_the_key_is_nobody_elses_and_the_token_is_not_kept(tmp_path):
    walls = Walls(tmp_path)
    _, token = walls.issue("one", 90, TODAY, numbers)
    assert stat.S_IMODE((tmp_path / "walls").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "walls" / "key").stat().st_mode) == 0o600
    assert token.partition(".")[2] not in walls.file.read_text()


@pytest.mark.parametrize("old,new", [
    ("revoked = false", "revoked = true"), ('profile = "one"', 'profile = "both"'),
    ("until = 2027", "until = 2037"), ("[[walls]]", "[[wals"), ('revoked = false', 'revoked = "no"'),
])  # fmt: skip
def test_a_changed_entry_shuts_the_wall_out_at_once(tmp_path, old, new):
    walls = Walls(tmp_path)
    _, token = walls.issue("one", 90, TODAY, numbers)
    assert walls.read(token, TODAY)
    walls.file.write_text(walls.file.read_text().replace(old, new) + "\n")
    assert walls.read(token, TODAY) is None


@pytest.mark.parametrize("forged", ["", ".", "x", "000102030405", "000102030405.", "000102030405." + "0" * 32, "é.ü"])
def test_a_guess_is_nobody(tmp_path, forged):
    walls = Walls(tmp_path)
    walls.issue("one", 90, TODAY, numbers)
    assert walls.read(forged, TODAY) is None


def test_two_walls_are_revoked_one_by_one(tmp_path):
    walls = Walls(tmp_path)
    _, first = walls.issue("one", 90, TODAY, numbers)
    _, second = walls.issue("both", 30, TODAY, lambda size: bytes([7] * size))
    text = walls.file.read_text()
    walls.file.write_text(text.replace("revoked = false", "revoked = true", 1))
    assert walls.read(first, TODAY) is None and walls.read(second, TODAY)


def test_without_a_token_nothing_is_shown_where_the_plan_says_so(app):
    answer = Web(app).get("/wall.json")
    assert answer.status_code == 403 and set(answer.json()) == {"error"}


def test_enrolling_sets_a_cookie_that_no_script_reads(app, home):
    _, token = Walls(home).issue("both", 90, TODAY, numbers)
    answer = post(app, token)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 200 and answer.json() == {"profile": "both"}
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and f"Max-Age={91 * 86_400}" in cookie
    assert Web(app).get("/wall/enrol").status_code == 200


@pytest.mark.parametrize("body", ["", "nonsense", "x" * 100_000])
def test_a_wrong_token_gets_a_sentence_and_no_cookie(app, body):
    answer = post(app, body)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_an_enrolled_wall_shows_its_profile_and_no_other_view(app, home):
    _, token = Walls(home).issue("both", 90, TODAY, numbers)
    web = enrolled(app, token)
    own = web.get("/wall.json").json()
    assert own["profile"]["name"] == "both"
    asked = web.get("/wall.json?profile=one&role=leader&unit=27694&period=2025-01&slice=channel=online").json()
    assert asked == own


def test_a_revoked_wall_goes_dark_although_its_cookie_lives(app, home):
    walls = Walls(home)
    _, token = walls.issue("both", 90, TODAY, numbers)
    web = enrolled(app, token)
    assert web.get("/wall.json").status_code == 200
    walls.file.write_text(walls.file.read_text().replace("revoked = false", "revoked = true"))
    assert web.get("/wall.json").status_code == 403


@pytest.mark.parametrize("path", ["/export/" + "0" * 32, "/_stcore/health", "/_stcore/stream", "/static/x", "/media/x"])
def test_a_wall_is_not_a_desk(app, path):
    assert enrolled(app, "whatever").get(path).status_code == 403


def test_a_wall_that_asks_for_a_page_is_shown_the_wall(app):
    web = enrolled(app, "whatever")
    answer = web.get("/?page=quality&role=leader")
    assert answer.status_code == 307 and answer.headers["location"] == "/?wall=1"
    assert "wall.js" in web.get("/?wall=1").text


def test_the_command_prints_the_token_alone(home, data, capsys):
    assert main(["wall-token", "--home", str(home), "--data", str(data), "--profile", "one", "--days", "30"]) == 0
    told = capsys.readouterr()
    token = told.out.strip()
    assert "\n" not in token and token not in told.err and "/wall/enrol#" in told.err
    assert Walls(home).read(token, date.today()).profile == "one"


def test_the_command_names_the_profiles_there_are(home, data, capsys):
    assert main(["wall-token", "--home", str(home), "--data", str(data), "--profile", "nobody"]) == 2
    assert "one, both" in capsys.readouterr().err
