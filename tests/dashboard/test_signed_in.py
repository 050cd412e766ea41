"""Nobody gets in by a file that is away, a header that came twice, foreign capitals or somebody else's ticket."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette

from dashboard import audit, export_route, reception
from dashboard.export import Document, Order, Person
from dashboard.people import FILE, Entrance, once, read_people
from dashboard.running import Running, start
from dashboard.session import COOKIE
from dashboard.settings import Settings
from dashboard.wall.plan import load_plan
from dashboard.wall_route import is_open
from dashboard.words import PersonError, word
from tests.dashboard.screens_at import NOW, change, page, words_of
from tests.dashboard.test_people import DAY, LAN, PROXY, headers, write
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

DOCUMENT = Document("due", "Sắp đến hạn", (), (), (), snapshot=1)


@pytest.fixture
def app(tmp_path: Path) -> Running:
    data = write(tmp_path / "data", PROXY + LAN)
    return start(Settings(write_tiny(tmp_path / "home"), lambda: NOW, data=data))


@pytest.mark.parametrize("left", [None, "", 'door = "demo"', 'door = "open"', 'door = "prox', PROXY[:40]])
def test_a_door_that_was_shut_stays_shut(app: Running, monkeypatch: pytest.MonkeyPatch, left: str | None) -> None:
    """While an editor or a copy has the file away, nobody chooses a role of the demo."""
    monkeypatch.setattr(reception, "headers", dict)
    assert app.entrance.people().door == "proxy" and app.settings.data is not None
    if left is None:
        (app.settings.data / FILE).unlink()
    else:
        write(app.settings.data, left)
    for _ in range(2):
        with pytest.raises(PersonError):
            app.entrance.people()
    found = page(app, role="leader")
    assert "operation/people.toml" in found and "ioc-tile" not in found
    write(app.settings.data, PROXY + LAN)
    assert app.entrance.people().visitor(headers("lan@tinh.vn"), DAY).roles == ("leader",)  # type: ignore[union-attr]


def test_real_numbers_that_come_into_force_later_are_not_shown_to_whoever_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "headers", dict)
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", 'door = "demo"')
    change(home, "UPDATE publication SET illustrative = false")
    late = start(Settings(home, lambda: NOW, data=data))  # what `serve` refused had it been so at its start
    found = words_of(page(late, role="leader"))
    assert words_of(word("serve.open_numbers", "vi", file=FILE)) in found and "Tổng quan" not in found
    write(data, 'door = "open"')
    assert "Tổng quan" in words_of(page(late, role="leader"))


def test_a_header_that_came_twice_is_nobodys_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that adds its own beside what the client sent must not hand over the first of both."""
    told = [("X-Auth-Request-Email", "boss@tinh.vn"), ("x-auth-request-email", "lan@tinh.vn"), ("X-Ioc-Door", "s")]
    assert once(told) == {"x-ioc-door": "s"}
    assert once([("X_Auth_Request_Email", "boss@tinh.vn")]) == {"x_auth_request_email": "boss@tinh.vn"}
    given = {"X-Auth-Request-Email": ["a@b", "c@d"], "X-Ioc-Door": ["s"]}

    class Given(dict[str, list[str]]):
        def get_all(self, name: str) -> list[str]:
            return self[name]

    monkeypatch.setattr(reception, "st", SimpleNamespace(context=SimpleNamespace(headers=Given(given))))
    assert reception.headers() == {"x-ioc-door": "s"}


@pytest.mark.parametrize(("named", "comes"), [
    ("strasse@tinh.vn", "straße@tinh.vn"), ("lan@tinh.vn", "ſan@tinh.vn"), ("kim@tinh.vn", "\u212aim@tinh.vn"),
    ("lan@tinh.vn", "lan@tinh.vn\u00a0"), ("lan@tinh.vn", "lan@tính.vn"), ("lan@tinh.vn", "lan@tinh.vn,"),
])  # fmt: skip
def test_two_people_never_fold_into_one(tmp_path: Path, named: str, comes: str) -> None:
    people = read_people(write(tmp_path, PROXY + LAN.replace("lan@tinh.vn", named)))
    sent = once((name, value.encode().decode("latin-1")) for name, value in headers(comes).items())
    assert people.visitor(sent, DAY).grants == ()  # type: ignore[union-attr]
    assert people.visitor(headers(named.upper()), DAY).roles == ("leader",)  # type: ignore[union-attr]


def test_a_group_is_named_as_people_write_it(tmp_path: Path) -> None:
    group = LAN.replace('person = "lan@tinh.vn"', 'group = "Tổ phân tích"')
    people = read_people(write(tmp_path, PROXY + group))
    sent = headers("mai@tinh.vn", "khác, Tổ phân tích")
    as_bytes = once((name, value.encode().decode("latin-1")) for name, value in sent.items())
    assert people.visitor(as_bytes, DAY).roles == ("leader",)  # type: ignore[union-attr]


@pytest.mark.parametrize("groups", [
    "", ",", ",,, ,", "ioc-analystsx", "x" * 60_000, "ioc\x00analysts", "*", "ioc-analysts;x"])  # fmt: skip
def test_groups_that_are_not_named_give_nothing(tmp_path: Path, groups: str) -> None:
    people = read_people(write(tmp_path, PROXY + '[[grant]]\ngroup = "ioc-analysts"\nrole = "leader"\nwhy = "?"\n'))
    assert people.visitor(headers("mai@tinh.vn", groups), DAY).grants == ()  # type: ignore[union-attr]


@pytest.mark.parametrize("text", [
    LAN + 'sources = ["dvc"]\n', LAN.replace("leader", "office") + 'sources = ["dvc"]\n',
    LAN.replace("leader", "steward") + 'desks = ["hotline"]\n', LAN.replace("leader", "party") + 'desks = ["x"]\n',
    LAN.replace("leader", "auditor") + 'units = ["80"]\n', LAN.replace("leader", "operator") + 'units = ["80"]\n',
    LAN.replace('"leader"', '["leader"]'), LAN.replace("[[grant]]", "[grant]"), LAN + 'role = "analyst"\n',
    "grant = [1]\n", 'grant = "x"\n',
])  # fmt: skip
def test_a_limit_that_would_limit_nothing_is_refused(tmp_path: Path, text: str) -> None:
    head = text + PROXY if text.startswith("grant =") else PROXY + text
    with pytest.raises(PersonError):
        read_people(write(tmp_path, head))


def _ticket(app: Running, person: str) -> str:
    return "/export/" + app.exports.issue(Order(DOCUMENT, "csv"), Person("b" * 32, person, "leader"), NOW)


def _ask(app: Running, path: str, told: dict[str, str], browser: str = "b" * 32) -> int:
    web = Web(Starlette(routes=list(export_route.routes(app))))
    if browser:
        web.cookies.set(COOKIE, browser)
    return web.get(path, told).status_code


def test_a_file_leaves_to_whom_it_was_made_for_and_while_they_may(app: Running) -> None:
    mine = headers("lan@tinh.vn")
    assert _ask(app, _ticket(app, "lan@tinh.vn"), mine) == 200
    others = (headers("hung@tinh.vn"), {}, headers("lan@tinh.vn", secret="x"))
    for told, browser in (*((one, "b" * 32) for one in others), (mine, "c" * 32), (mine, "")):
        assert _ask(app, _ticket(app, "lan@tinh.vn"), told, browser) == 404
    waiting = _ticket(app, "lan@tinh.vn")
    assert app.settings.data is not None
    write(app.settings.data, PROXY)
    assert _ask(app, waiting, mine) == 404, "a right taken back takes its tickets along"
    (app.settings.data / FILE).unlink()
    assert _ask(app, _ticket(app, "lan@tinh.vn"), mine) == 404


def test_a_browser_without_a_name_is_not_every_browser_without_a_name(tmp_path: Path) -> None:
    demo = start(Settings(write_tiny(tmp_path / "home"), lambda: NOW, data=write(tmp_path / "data", 'door = "demo"')))
    ticket = demo.exports.issue(Order(DOCUMENT, "csv"), Person("", "", "leader"), NOW + timedelta(seconds=1))
    assert _ask(demo, f"/export/{ticket}", {}, "") == 404


def test_behind_a_proxy_a_wall_needs_its_token(app: Running, repository: Path) -> None:
    plan, shown = load_plan(repository / "data"), app.snapshots.current()
    assert plan.enrolled_only is None and shown.publication.illustrative and app.settings.is_local
    assert not is_open(app, plan, shown)
    assert app.settings.data is not None
    demo = start(Settings(app.settings.home, lambda: NOW, data=write(app.settings.data, 'door = "demo"')))
    assert is_open(demo, plan, shown)


def test_a_name_with_line_breaks_is_one_line_of_the_audit(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    name = 'ai@do.vn\r\n{"action": "enter", "user": "lan@tinh.vn"}\u2028\u0085x'
    monkeypatch.setattr(reception, "headers", lambda: headers(name) | {"x-forwarded-for": "1\n2"})
    page(app)
    file = app.settings.home / "audit" / "entries.jsonl"
    (line,) = file.read_bytes().splitlines()
    assert json.loads(line)["user"].startswith("ai@do.vn") and audit.broken_at(file) is None


def test_a_right_taken_back_between_two_looks_of_one_session(app: Running) -> None:
    entrance = Entrance(app.settings.data or Path())
    assert entrance.people().grants
    write(app.settings.data or Path(), PROXY)
    assert not entrance.people().grants
