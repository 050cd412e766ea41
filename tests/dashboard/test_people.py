"""Nobody is who they say they are: a name counts beside the proxy's secret, and a right only while it is written."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from dashboard import audit, reception
from dashboard.__main__ import main
from dashboard.access import ROLES, Scope, scope_of
from dashboard.here import Here, arrive
from dashboard.people import FILE, NOT_FOR_PEOPLE, Entrance, People, read_people
from dashboard.query import REFUSED, answer
from dashboard.running import Running, start
from dashboard.screens import screens
from dashboard.serve import refuse_open_door
from dashboard.settings import Settings
from dashboard.url import read
from dashboard.words import PersonError, word
from tests.dashboard.screens_at import NOW, change, page, words_of
from tests.dashboard.tiny import write_tiny

SECRET = "c0ffee" * 8
DAY = date(2026, 11, 22)
PROXY = f"""door = "proxy"
[proxy]
person = "X-Auth-Request-Email"
groups = "X-Auth-Request-Groups"
secret = "X-Ioc-Door"
secret_sha256 = "{hashlib.sha256(SECRET.encode()).hexdigest()}"
address = "X-Forwarded-For"
sign_out = "/oauth2/sign_out"
"""
LAN = '[[grant]]\nperson = "lan@tinh.vn"\nrole = "leader"\nwhy = "Phó Chủ tịch"\n'
HUNG = '[[grant]]\nperson = "hung@tinh.vn"\nrole = "leader"\nunits = ["27727"]\nwhy = "Chủ tịch xã"\n'
STAFF = '[[grant]]\ngroup = "ioc-analysts"\nrole = "analyst"\nuntil = 2026-11-22\nwhy = "Tổ phân tích"\n'


def _leader() -> Scope:
    return scope_of(ROLES["leader"], {"territory": ("80",)}, "")


def write(data: Path, text: str) -> Path:
    (data / "operation").mkdir(parents=True, exist_ok=True)
    (data / FILE).write_text(text, encoding="utf-8")
    return data


def headers(person: str = "", groups: str = "", secret: str = SECRET) -> dict[str, str]:
    told = {"x-auth-request-email": person, "x-auth-request-groups": groups, "x-ioc-door": secret}
    return {name: value for name, value in told.items() if value}


@pytest.fixture
def app(tmp_path: Path) -> Running:
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", PROXY + LAN + HUNG + STAFF)
    return start(Settings(home, lambda: NOW, data=data))


def come(app: Running, told: dict[str, str], **address: str) -> Here:
    return arrive(app, read(address), app.entrance.people().visitor(told, DAY))


def page_of(monkeypatch: pytest.MonkeyPatch, app: Running, told: dict[str, str], **address: str) -> str:
    monkeypatch.setattr(reception, "headers", lambda: told)
    return words_of(page(app, **address))


@pytest.mark.parametrize("told", [
    {}, headers(), headers("lan@tinh.vn", secret=""), headers("lan@tinh.vn", secret="c0ffee"),
    headers("nobody@tinh.vn", "ioc-others"), headers("x" * 201, "ioc-analysts"), headers("", "ioc-analysts"),
    {**headers(), "remote-user": "lan@tinh.vn"},
])  # fmt: skip
@pytest.mark.parametrize("role", ["", "leader", "party", "auditor", "wall", "state"])
def test_whoever_the_proxy_has_not_named_is_answered_nothing(app: Running, told: dict[str, str], role: str) -> None:
    here = come(app, told, role=role)
    assert (here.scope.role, here.scope.verbs, here.scope.units) == ("nobody", frozenset(), ())
    found = answer(here.snapshot, here.scope, here.question("dossiers_received"), today=DAY)
    assert found.status == REFUSED


@pytest.mark.parametrize("typed", ["party", "auditor", "analyst", "wall", "state", "god", ""])
def test_the_address_gives_nobody_a_role_that_they_were_not_given(app: Running, typed: str) -> None:
    here = come(app, headers("Lan@Tinh.vn"), role=typed)
    assert (here.scope.role, here.scope.person, here.snapshot.clearance) == ("leader", "lan@tinh.vn", "state")
    assert "Phó Chủ tịch" in here.scope.reason and here.scope.who == "lan@tinh.vn"


def test_a_name_without_regard_to_capitals_and_a_group_among_others(app: Running) -> None:
    here = come(app, headers("Mai@tinh.vn", "everyone, IOC-Analysts"))
    assert (here.scope.role, here.scope.person) == ("analyst", "mai@tinh.vn")
    both = come(app, headers("lan@tinh.vn", "ioc-analysts"), role="analyst")
    assert both.scope.role == "analyst" and both.visitor is not None and both.visitor.roles == ("leader", "analyst")
    assert come(app, headers("lan@tinh.vn", "ioc-analysts")).scope.role == "leader", "their own right comes first"


def test_a_right_ends_with_its_last_day(app: Running) -> None:
    people, told = app.entrance.people(), headers("mai@tinh.vn", "ioc-analysts")
    assert [one.role for one in people.visitor(told, date(2026, 11, 22)).grants] == ["analyst"]  # type: ignore[union-attr]
    assert people.visitor(told, date(2026, 11, 23)).grants == ()  # type: ignore[union-attr]


def test_who_was_given_a_commune_is_answered_for_that_commune_alone(app: Running) -> None:
    here = come(app, headers("hung@tinh.vn"))
    assert (here.scope.units, here.unit.unit_id) == (("27727",), "27727")
    own, other = (answer(here.snapshot, here.scope, here.question("dossiers_received", unit=unit), today=DAY)
                  for unit in ("27727", "80"))  # fmt: skip
    assert own.status != REFUSED and own.value
    assert other.status == REFUSED and other.value is None
    asked = come(app, headers("hung@tinh.vn"), unit="80")
    assert (asked.unit.unit_id, asked.notes) == ("27727", ("frame.not_yours",))


def test_a_unit_that_there_never_was_gives_nothing(tmp_path: Path) -> None:
    """Rather nothing than, by a slip of the pen, everything."""
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", PROXY + HUNG.replace("27727", "99999"))
    here = come(start(Settings(home, lambda: NOW, data=data)), headers("hung@tinh.vn"))
    assert here.scope.units == ()
    assert answer(here.snapshot, here.scope, here.question("dossiers_received"), today=DAY).status == REFUSED


def test_a_right_taken_back_is_gone_with_the_next_click(app: Running) -> None:
    assert come(app, headers("lan@tinh.vn")).scope.role == "leader"
    assert app.settings.data is not None
    write(app.settings.data, PROXY + HUNG)
    assert come(app, headers("lan@tinh.vn")).scope.role == "nobody"


def test_while_the_file_is_wrong_nobody_comes_in(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.settings.data is not None
    write(app.settings.data, PROXY + LAN.replace("role", "rolle"))
    found = page_of(monkeypatch, app, headers("lan@tinh.vn"))
    assert "operation/people.toml có chỗ không đúng: rolle?" in found
    assert "hồ sơ" not in found.lower()
    write(app.settings.data, PROXY + LAN)
    assert "lan@tinh.vn" in page_of(monkeypatch, app, headers("lan@tinh.vn"))


@pytest.mark.parametrize("text", [
    'door = "proxi"', "door = 1", 'dor = "demo"', "", "door = ", 'door = "proxy"',
    PROXY.replace("c", "g"), PROXY.replace('"X-Ioc-Door"', '"X-Auth-Request-Email"'),
    PROXY.replace(hashlib.sha256(SECRET.encode()).hexdigest(), hashlib.sha256(b"").hexdigest()),
    PROXY.replace('person = "X-Auth-Request-Email"\n', ""), PROXY.replace("sign_out", "signout"),
    PROXY + LAN.replace("leader", "wall"), PROXY + LAN.replace("leader", "god"),
    PROXY + LAN.replace("Phó Chủ tịch", " "), PROXY + LAN.replace('why = "Phó Chủ tịch"\n', ""),
    PROXY + LAN + 'group = "all"\n', PROXY + LAN + 'units = "27727"\n', PROXY + LAN + "units = [27727]\n",
    PROXY + LAN + 'until = "2027-01-01"\n', PROXY + LAN + "until = 2027-01-01T00:00:00\n",
    PROXY + '[[grant]]\nrole = "leader"\nwhy = "?"\n', PROXY + LAN + 'unit = ["27727"]\n',
])  # fmt: skip
def test_a_slip_in_the_file_is_named_and_opens_no_door(tmp_path: Path, text: str) -> None:
    with pytest.raises(PersonError) as told:
        read_people(write(tmp_path, text))
    assert told.value.key == "people.wrong" and str(FILE) in told.value.text("vi")


def test_without_the_file_it_is_the_demo_and_the_sample_is_one_too(tmp_path: Path) -> None:
    assert read_people(tmp_path) == People() == read_people(Path(__file__).parents[2] / "data")
    assert Entrance(tmp_path).people().visitor(headers("lan@tinh.vn"), DAY) is None


@pytest.mark.parametrize("role", sorted(set(ROLES) - NOT_FOR_PEOPLE))
def test_every_role_can_be_given_and_is_that_of_the_matrix(tmp_path: Path, role: str) -> None:
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", PROXY + LAN.replace("leader", role))
    here = come(start(Settings(home, lambda: NOW, data=data)), headers("lan@tinh.vn"))
    assert (here.scope.role, here.scope.verbs) == (role, ROLES[role].verbs)
    assert here.snapshot.clearance == ("party" if role == "party" else "state")


def test_the_page_names_who_is_signed_in_and_the_way_out(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    found = page_of(monkeypatch, app, headers("lan@tinh.vn"), lang="en")
    assert "lan@tinh.vn Leader Sign out" in found and "Role (demo)" not in found
    assert "lan@tinh.vn, role “Leader”: Phó Chủ tịch" in found, "below every page"


@pytest.mark.parametrize(("told", "key"), [({}, "people.nobody"), (headers("ai@do.vn"), "people.not_granted")])
def test_who_sees_nothing_is_told_why(app: Running, monkeypatch: pytest.MonkeyPatch, told: dict[str, str],
                                      key: str) -> None:  # fmt: skip
    found = page_of(monkeypatch, app, told)
    assert words_of(word(key, "vi", person="ai@do.vn")) in found
    assert "137" not in found and "ioc-tile" not in found


def test_who_came_in_is_written_down_once(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of(monkeypatch, app, headers("hung@tinh.vn") | {"x-forwarded-for": "10.1.2.3"})
    page_of(monkeypatch, app, headers("ai@do.vn"))
    page_of(monkeypatch, app, {})
    file = app.settings.home / "audit" / "entries.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(one["user"], one["role"], one["units"], one["client"]) for one in lines] == [
        ("hung@tinh.vn", "leader", ["27727"], "10.1.2.3"), ("ai@do.vn", "nobody", [], "")]
    assert audit.broken_at(file) is None


def test_real_numbers_are_not_shown_to_whoever_comes(tmp_path: Path) -> None:
    data = write(tmp_path / "data", 'door = "demo"')
    refuse_open_door(start(Settings(write_tiny(tmp_path / "invented"), lambda: NOW, data=data)))
    home = write_tiny(tmp_path / "home")
    change(home, "UPDATE publication SET illustrative = false")
    real = start(Settings(home, lambda: NOW, data=data))
    with pytest.raises(PersonError) as told:
        refuse_open_door(real)
    assert told.value.key == "serve.open_numbers"
    for decided in ('door = "open"', PROXY):
        write(data, decided)
        refuse_open_door(real)


def test_an_address_that_others_reach_needs_a_door(tmp_path: Path) -> None:
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", 'door = "open"')
    reached = start(Settings(home, lambda: NOW, address="0.0.0.0", data=data))
    with pytest.raises(PersonError):
        refuse_open_door(reached)
    write(data, PROXY)
    refuse_open_door(reached)


def test_the_list_of_people_is_read_out_and_a_wrong_unit_named(tmp_path: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    home, data = write_tiny(tmp_path / "home"), write(tmp_path / "data", PROXY + LAN + HUNG + STAFF)
    command = ["people", "--home", str(home), "--data", str(data), "--lang", "en"]
    assert main(command) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Door: a proxy")
    assert told[1] == "lan@tinh.vn: Leader · the whole place · Phó Chủ tịch"
    assert "27727" in told[2] and told[3].startswith("group ioc-analysts: Analyst")
    write(data, PROXY + HUNG.replace("27727", "99999"))
    assert main(command) == 2
    assert "99999" in capsys.readouterr().err


@pytest.mark.parametrize("screen", [one.code for one in screens().values() if one.is_for(_leader())])
@pytest.mark.parametrize("asked", ["", "80", "794"])
def test_every_screen_serves_somebody_of_one_commune(app: Running, monkeypatch: pytest.MonkeyPatch, screen: str,
                                                     asked: str) -> None:  # fmt: skip
    """What lies outside of it is refused number by number; no page falls over it, and none shows it."""
    found = page_of(monkeypatch, app, headers("hung@tinh.vn"), page=screen, unit=asked)
    assert "hung@tinh.vn" in found
    assert (words_of(word("frame.not_yours", "vi")) in found) == bool(asked)
