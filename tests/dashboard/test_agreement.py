"""One number has one value: on the screen, in the CSV, in the workbook and on the command line."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import UTC, datetime
from types import SimpleNamespace

import openpyxl
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from dashboard import block
from dashboard.__main__ import main
from dashboard.export import COUNT, Column, Document, Order, Person, as_csv, as_xlsx
from dashboard.export_route import routes
from dashboard.running import start
from dashboard.session import COOKIE
from dashboard.settings import Settings
from tests.dashboard.test_screens import APP, words_of
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MIB = 1 << 20


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture
def page(home, monkeypatch):
    """An opened page and the files that its blocks would hand over, by the name of the block."""
    files: dict[str, Document] = {}
    monkeypatch.setattr(block.component, "draw", lambda *_, **__: SimpleNamespace(export="csv", picked=None))
    monkeypatch.setattr(block, "hand_over", lambda _, document, *__: files.setdefault(document.name, document))

    def opened(screen, **parameters):
        start(Settings(home, lambda: NOW))
        found = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in {"page": screen, "period": "2026-10", "role": "analyst", **parameters}.items():
            found.query_params[key] = value
        return found.run(), files

    return opened


def value(capsys, home, code, *more):
    assert main(["value", code, "--home", str(home), "--period", "2026-10", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def csv_table(document):
    """Header and rows of the file as a program reads them."""
    lines = list(csv.reader(io.StringIO(as_csv(document).decode("utf-8-sig"))))
    header = next(place for place, line in enumerate(lines) if line == [one.name for one in document.columns])
    return [line for line in lines[header + 1 :] if len(line) == len(document.columns)]


def xlsx_table(document):
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(document, NOW))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    names = [one.name for one in document.columns]
    header = next(place for place, row in enumerate(rows) if row[: len(names)] == names)
    return [row[: len(names)] for row in rows[header + 1 :] if row[0] is not None]


@pytest.mark.parametrize("screen,file,code,lang", [
    ("public_services", "course_dossiers_on_time", "DVC08", "vi"),
    ("public_services", "course_dossiers_on_time", "DVC08", "en"),
    ("hotline", "course_tickets_received", "PA01", "vi"),
])  # fmt: skip
def test_screen_files_and_command_say_the_same(capsys, home, page, screen, file, code, lang):
    expected = value(capsys, home, code)
    opened, files = page(screen, lang=lang)
    document = files[file]
    cell = document.rows[-1][1]
    assert cell == expected["value"] is not None
    assert float(csv_table(document)[-1][1]) == pytest.approx(expected["value"], rel=1e-12)
    assert xlsx_table(document)[-1][1] == pytest.approx(expected["value"], rel=1e-12)
    main(["value", code, "--home", str(home), "--period", "2026-10", "--lang", lang])
    told = capsys.readouterr().out.splitlines()[1].split("\u202f")[0].split("\xa0")[0].split()[0]
    assert told in words_of(opened)


def test_every_unit_of_a_table_is_what_the_command_says_of_it(capsys, home, page):
    units = {"Xã An": "27694@2025", "Phường Đức": "27727"}
    files = page("hotline")[1] | page("public_services")[1]
    for name, code in (("map_tickets_received", "PA01"), ("map_dossiers_on_time", "DVC08")):
        rows = files[name].rows
        assert rows
        for row in rows:
            expected = value(capsys, home, code, "--unit", units[row[0]])
            # A share of one or two cases is told to a program, with its status, and not drawn for people.
            assert row[1] == (None if expected["status"] == "too_few" else expected["value"])


def large(secret: int) -> Document:
    """A table of over a mebibyte; two of them differ in one cell in the middle."""
    numbers = random.Random(7)
    rows = [[numbers.randrange(10**12), numbers.randrange(10**12)] for _ in range(60_000)]
    rows[30_000][1] = secret
    return Document("large", "L", (Column("a", COUNT), Column("b", COUNT)), tuple(map(tuple, rows)), (), snapshot=1)


def test_two_people_with_nearly_the_same_large_file_get_their_own_bytes(home, tmp_path):
    running = start(Settings(home, lambda: NOW))
    documents = {"first": large(111_111_111), "second": large(222_222_222)}
    tickets = {
        who: running.exports.issue(Order(one, "csv"), Person(who, "demo", "analyst"), NOW)
        for who, one in documents.items()
    }
    for who in ("second", "first"):
        web = Web(Starlette(routes=routes(running)))
        web.cookies.set(COOKIE, who)
        body = web.get(f"/export/{tickets[who]}").content
        assert len(body) > MIB and body == as_csv(documents[who])
