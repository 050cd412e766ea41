"""An export is written down before it leaves, leaves once, and says by itself what it is."""

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from dashboard import audit
from dashboard.export import (
    COUNT,
    DAY,
    SHARE,
    TEXT,
    Column,
    Counter,
    Document,
    Order,
    Person,
    as_csv,
    as_xlsx,
)
from dashboard.export.counter import MOST_BYTES
from dashboard.export.xlsx import LONGEST, foot

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ANALYST = Person("browser-1", "demo", "analyst")
DOCUMENT = Document(
    name="on_time",
    title="Tỷ lệ đúng hạn",
    columns=(Column("Đơn vị"), Column("Số hồ sơ", COUNT), Column("Tỷ lệ", SHARE), Column("Ngày", DAY)),
    rows=(
        ("Xã Tân Lập", 40, 0.95, date(2026, 10, 31)),
        ("=1+1", -3, None, None),
        ("@SUM(A1)", 0, 0.0, date(2026, 10, 1)),
    ),
    scope=(("Địa bàn", "Toàn tỉnh"), ("Bản công bố", "12")),
    definitions=(("DVC08", "Đúng hạn", "Định nghĩa", "38 / 40", "02/2017/TT-VPCP"),),
    chart="bar",
    series=(1,),
    snapshot=12,
    labels={"data": "Số liệu", "scope": "Phạm vi", "definitions": "Định nghĩa"},
)


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path / "audit")


def lines(tmp_path):
    return list(audit.events(tmp_path / "audit" / "exports.jsonl"))


def order(form="csv"):
    return Order(DOCUMENT, form, {"indicator": "dossiers_on_time", "period": "2026-10"})


def test_csv_opens_in_a_spreadsheet_with_its_letters_and_its_scope():
    body = as_csv(DOCUMENT)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body[3:].decode())))
    assert rows[0] == ["# Tỷ lệ đúng hạn"] and ["# Bản công bố: 12"] in rows
    assert rows[-3] == ["Xã Tân Lập", "40", "0.95", "2026-10-31"]


def test_no_cell_of_a_csv_is_a_formula():
    body = as_csv(DOCUMENT)[3:].decode()
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[-2] == ["'=1+1", "-3", "", ""], "text is neutralised, a negative number stays a number"
    assert rows[-1][0] == "'@SUM(A1)"


def test_a_workbook_has_real_numbers_days_and_three_sheets():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(DOCUMENT, NOW)))
    assert book.sheetnames == ["Số liệu", "Phạm vi", "Định nghĩa"]
    data = book["Số liệu"]
    assert data["B2"].value == 40 and data["C2"].value == 0.95 and data["C2"].number_format == "0.0%"
    assert data["D2"].value == datetime(2026, 10, 31)
    assert data["C3"].value is None
    assert book["Phạm vi"]["B4"].value == "12"
    assert book["Định nghĩa"]["A2"].value == "DVC08"


def test_no_cell_of_a_workbook_is_a_formula():
    data = openpyxl.load_workbook(io.BytesIO(as_xlsx(DOCUMENT, NOW)))["Số liệu"]
    assert data["A3"].data_type == "s" and data["A3"].value == "'=1+1"
    assert all(cell.data_type != "f" for row in data.iter_rows() for cell in row)


def test_the_chart_of_a_workbook_is_native():
    data = openpyxl.load_workbook(io.BytesIO(as_xlsx(DOCUMENT, NOW)))["Số liệu"]
    assert len(data._charts) == 1


def test_the_same_workbook_twice_is_the_same_bytes():
    assert as_xlsx(DOCUMENT, NOW) == as_xlsx(DOCUMENT, NOW)


def test_a_footer_that_is_too_long_loses_letters_of_the_place_and_no_mark():
    scope = (("Địa bàn", "Ủy ban nhân dân xã " * 12), ("Kỳ", "tháng 10/2026"), ("Tính chất", "Số liệu minh họa"))
    told = foot(Document("x", "x", (Column("a"),), (("1",),), scope))
    assert len(told) == LONGEST and told.endswith("… · tháng 10/2026 · Số liệu minh họa")


def test_a_row_that_does_not_fit_its_columns_is_refused():
    crooked = Document("x", "x", (Column("a"), Column("b", TEXT)), (("1",),), ())
    for write in (as_csv, lambda document: as_xlsx(document, NOW)):
        with pytest.raises(ValueError, match="1 cells under 2 columns"):
            write(crooked)


def test_a_ticket_works_once(counter, tmp_path):
    ticket = counter.issue(order(), ANALYST, NOW)
    assert len(ticket) == 32 and int(ticket, 16) >= 0
    assert counter.redeem(ticket, "browser-1", NOW, "127.0.0.1").body == as_csv(DOCUMENT)
    assert counter.redeem(ticket, "browser-1", NOW, "127.0.0.1") is None
    assert len(lines(tmp_path)) == 1


def test_a_ticket_dies_after_a_minute(counter, tmp_path):
    ticket = counter.issue(order(), ANALYST, NOW)
    assert counter.redeem(ticket, "browser-1", NOW + timedelta(seconds=60), "") is None
    assert lines(tmp_path) == []


def test_a_ticket_is_worth_nothing_to_another_browser_and_is_spent(counter, tmp_path):
    ticket = counter.issue(order(), ANALYST, NOW)
    assert counter.redeem(ticket, "browser-2", NOW, "") is None
    assert counter.redeem(ticket, "browser-1", NOW, "") is None
    assert lines(tmp_path) == []


def test_the_line_is_on_the_disk_before_the_first_byte_leaves(counter, tmp_path):
    ticket = counter.issue(order("xlsx"), ANALYST, NOW)
    parcel = counter.redeem(ticket, "browser-1", NOW, "10.0.0.7")
    (event,) = lines(tmp_path)
    assert event["role"] == "analyst" and event["rows"] == 3 and event["client"] == "10.0.0.7"
    assert event["question"]["indicator"] == "dossiers_on_time" and event["snapshot"] == 12
    assert event["export"] in parcel.name and parcel.name.endswith(".xlsx")
    assert event["sha256"] == hashlib.sha256(parcel.body).hexdigest()


def test_no_line_no_file(tmp_path):
    (tmp_path / "audit").write_text("a file where the folder should be")
    counter = Counter(tmp_path / "audit")
    ticket = counter.issue(order(), ANALYST, NOW)
    with pytest.raises(OSError):
        counter.redeem(ticket, "browser-1", NOW, "")


def test_the_audit_holds_no_value_of_the_data(counter, tmp_path):
    counter.redeem(counter.issue(order(), ANALYST, NOW), "browser-1", NOW, "")
    text = (tmp_path / "audit" / "exports.jsonl").read_text()
    assert "0.95" not in text and "Tân Lập" not in text


def test_a_changed_line_of_the_audit_shows(tmp_path):
    path = tmp_path / "log.jsonl"
    for number in range(3):
        audit.append(path, {"number": number})
    assert audit.broken_at(path) is None
    text = path.read_text().splitlines()
    path.write_text("\n".join([text[0], text[1].replace('"number": 1', '"number": 9'), text[2]]) + "\n")
    assert audit.broken_at(path) == 3
    path.write_text("\n".join([text[0], text[2]]) + "\n")
    assert audit.broken_at(path) == 2


def test_the_first_line_follows_from_nothing(tmp_path):
    path = tmp_path / "log.jsonl"
    audit.append(path, {"a": "ế"})
    assert json.loads(path.read_text())["prev"] == audit.START


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_a_picture_is_written_down_as_the_browser_drew_it(counter, tmp_path):
    parcel = counter.redeem(counter.issue(order("png"), ANALYST, NOW), "browser-1", NOW, "", PICTURE)
    (event,) = lines(tmp_path)
    assert parcel.body == PICTURE and parcel.name.endswith(".png") and event["made"] == "browser"
    assert event["sha256"] == hashlib.sha256(PICTURE).hexdigest()


@pytest.mark.parametrize(
    "kind,brought",
    [
        ("png", None),  # nothing brought: there is nothing to give
        ("csv", PICTURE),  # a table is made here and by nobody else
        ("png", b"<svg></svg>"),
        ("svg", PICTURE),
        ("png", b"MZ"),
        ("png", PICTURE + bytes(MOST_BYTES)),
    ],
)
def test_a_ticket_is_good_for_what_it_says_only(counter, tmp_path, kind, brought):
    ticket = counter.issue(order(kind), ANALYST, NOW)
    assert counter.redeem(ticket, "browser-1", NOW, "", brought) is None
    assert counter.redeem(ticket, "browser-1", NOW, "", PICTURE) is None
    assert lines(tmp_path) == []


def test_an_unknown_format_is_a_bug(counter):
    with pytest.raises(ValueError, match="no export format"):
        counter.issue(order("exe"), ANALYST, NOW)


def test_tickets_do_not_pile_up(counter, monkeypatch):
    monkeypatch.setattr("dashboard.export.counter.MOST_OPEN", 3)
    tickets = [counter.issue(order(), ANALYST, NOW) for _ in range(5)]
    redeemed = [counter.redeem(t, "browser-1", NOW, "") for t in tickets]
    assert [found is not None for found in redeemed] == [False, False, True, True, True]
