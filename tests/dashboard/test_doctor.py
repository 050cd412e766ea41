"""The file doctor carries a file through unopened, shows what was answered, and says when nobody answers."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from dashboard import doctor_route, running
from dashboard.access import ROLES, demo_scope
from dashboard.exchange import MOST_BYTES, MOST_WAITING, Exchange, Upload
from dashboard.screens.doctor import PATIENCE, is_for
from dashboard.session import COOKIE
from dashboard.words import PersonError
from tests.dashboard.as_read import pieces
from tests.dashboard.screens_at import APP, NOW, page, started, words_of
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

ID = "0123456789abcdef0123456789abcdef"
ANSWER = {
    "verdict": "loaded_partial", "vi": "một cửa/a.csv: đã nạp một phần", "en": "one/a.csv: loaded in part",
    "reasons": [{"code": "x", "vi": "Sai <b>ngày</b>.", "en": "Wrong <b>day</b>."}],
    "findings": [{"line": 3, "column": "nhan", "value": "![x](y)", "vi": "Ngày sai: 1 dòng, dòng đầu tiên 3.",
                  "en": "Bad day: 1 rows, the first on line 3."}],
    "more": 7, "annotated": True,
}  # fmt: skip


@pytest.fixture
def home(tmp_path):
    home = write_tiny(tmp_path)
    (home / "exchange").mkdir()
    return home


@pytest.fixture
def exchange(home):
    return Exchange(home / "exchange")


def test_the_upload_lies_there_unopened_before_the_question(exchange):
    exchange.ask(Upload("a.csv", b"\x00\xff", "onestop"), {"state"}, "browser", ID)
    upload, asked = exchange.folder / f"{ID}.upload", exchange.folder / f"{ID}.json"
    assert upload.read_bytes() == b"\x00\xff" and stat.S_IMODE(upload.stat().st_mode) & 0o137 == 0
    said = json.loads(asked.read_text())
    assert (said["name"], said["source"], said["clearances"]) == ("a.csv", "onestop", ["state"])
    assert "browser" not in asked.read_text()
    exchange.withdraw(ID)
    assert list(exchange.folder.iterdir()) == []


def test_too_large_too_many_and_no_folder_are_told(exchange, tmp_path):
    with pytest.raises(PersonError) as large:
        exchange.ask(Upload("a.csv", b"x" * (MOST_BYTES + 1)), {"state"}, "b", ID)
    assert "50 MB" in large.value.text("vi")
    for number in range(MOST_WAITING):
        exchange.ask(Upload("a.csv", b"x"), {"state"}, "b", f"{number:032x}")
    with pytest.raises(PersonError) as busy:
        exchange.ask(Upload("a.csv", b"x"), {"state"}, "b", ID)
    assert busy.value.key == "doctor.busy"
    with pytest.raises(PersonError) as nowhere:
        Exchange(tmp_path / "none").ask(Upload("a.csv", b"x"), {"state"}, "b", ID)
    assert nowhere.value.key == "doctor.no_folder"


def shown(home, lang="vi", minutes=0.0):
    """The page of somebody who asked `minutes` ago."""
    app = started(home)
    running._RUNNING[:] = [app]
    run = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in {"page": "doctor", "role": "steward", "lang": lang}.items():
        run.query_params[key] = value
    run.session_state["doctor_asked"] = (ID, NOW - timedelta(minutes=minutes))
    run.run()
    assert not run.exception
    return "\n".join(pieces(run))


@pytest.mark.parametrize(("lang", "verdict", "rule"), [("vi", "chỉ được nạp một phần", "Ngày sai."),
                                                       ("en", "loaded in part", "Bad day.")])  # fmt: skip
def test_the_answer_is_shown_as_text(home, lang, verdict, rule):
    (home / "exchange" / f"{ID}.answer").write_text(json.dumps(ANSWER))
    html = shown(home, lang)
    assert verdict in words_of(html) and rule in words_of(html)
    assert "<b>ngày</b>" not in html and "<b>day</b>" not in html
    assert "![x](y)" in html and f'href="export/doctor/{ID}"' in html


def test_nobody_there_is_said_after_fifteen_seconds_and_the_file_is_taken_away(home, exchange):
    exchange.ask(Upload("a.csv", b"x"), {"state"}, "b", ID)
    assert "Đang chờ" in words_of(shown(home))
    assert "không chạy" in words_of(shown(home, minutes=1))
    assert list(exchange.folder.iterdir()) == []
    assert PATIENCE.total_seconds() == 15


def test_somebody_reading_is_waited_for(home, exchange):
    exchange.ask(Upload("a.csv", b"x"), {"state"}, "b", ID)
    (exchange.folder / f"{ID}.seen").touch()
    assert "Reading the file" in words_of(shown(home, "en", minutes=1))


@pytest.mark.parametrize("text", ["[]", "{}", '{"findings": null, "more": null}'])
def test_an_odd_answer_breaks_nothing(home, text):
    (home / "exchange" / f"{ID}.answer").write_text(text)
    assert words_of(shown(home))


def test_only_stewards_have_it(home):
    app = started(home)
    roots = {"state": "25", "party": "TU"}
    may = {role for role in ROLES if is_for(demo_scope(role, roots, "vi"))}
    assert may == {"steward"}
    assert "Kiểm tra tệp" in words_of(page(app, role="steward", page="doctor"))
    assert "không xem được" in words_of(page(app, role="leader", page="doctor"))


def test_the_copy_goes_to_the_browser_that_asked_and_is_written_down(home, exchange):
    exchange.ask(Upload("a.csv", b"x"), {"state"}, "me", ID)
    (exchange.folder / f"{ID}.xlsx").write_bytes(b"PK")
    client = Web(Starlette(routes=doctor_route.routes(started(home))))
    assert client.get(f"/export/doctor/{ID}").status_code == 404
    assert client.get(f"/export/doctor/{ID}", headers={"cookie": f"{COOKIE}=you"}).status_code == 404
    assert client.get("/export/doctor/..%2fx", headers={"cookie": f"{COOKIE}=me"}).status_code == 404
    found = client.get(f"/export/doctor/{ID}", headers={"cookie": f"{COOKIE}=me"})
    assert (found.status_code, found.content) == (200, b"PK")
    assert (home / "audit" / "exports.jsonl").read_text().count("doctor") == 1
