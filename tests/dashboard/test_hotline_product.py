"""The hotline's whole way with the product's mappings and catalogue: twelve tickets, four lines of contacts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.__main__ import main
from dashboard.running import Running
from pipelines.home import open_home
from pipelines.progress import silent
from pipelines.rulebook import read_rulebook
from pipelines.run import Circumstances, load_once
from tests.dashboard.screens_at import page, started, words_of
from tests.pipelines.installation import CODE, REPOSITORY

PLACE, DESK = "25456", "SNNMT"
CONTACTS = """Ngày,Đơn vị trực,Kênh,Số lượt,Trong đó thành phản ánh
05/10/2026,Sở Khoa học và Công nghệ,Trợ lý ảo,70,2
05/10/2026,Sở Khoa học và Công nghệ,Điện thoại,30,10
06/10/2026,Sở Khoa học và Công nghệ,Điện thoại,20,
07/10/2026,Sở Khoa học và Công nghệ,Điện thoại,1,2
"""


def ticket(number: int, topic: str, **more: Any) -> dict[str, Any]:
    """A ticket of 5 October: forwarded unless it says otherwise, closed on the 7th, by telephone."""
    clock = "2026-10-{}T{}:00:00+07:00"
    times = {"gui": clock.format("05", "08"), "chuyen": clock.format("05", "09"), "tra_loi_dau": None,
             "han": "2026-10-12", "dong_lan_dau": clock.format("07", "10"), "dong": clock.format("07", "10"),
             "mo_lai": None, "cap_nhat": clock.format("20", "08")}  # fmt: skip
    record = {
        "ma_phan_anh": f"MAU-1022-{number:06d}", "kenh": "dien_thoai",
        "linh_vuc": {"ma": topic.partition("-")[0], "ten": "x"}, "chuyen_muc": {"ma": topic, "ten": "x"},
        "muc_do": "thuong", "noi_dung": "x", "nguoi_phan_anh": {"ho_ten": "x", "dien_thoai": "0"},
        "dia_ban": {"ma_xa": PLACE, "ten_xa": "x"}, "trang_thai": "da_cong_khai",
        "xu_ly": {"don_vi_nhan": DESK, "don_vi_hien_tai": DESK, "ngay_doi_don_vi": None, "so_lan_chuyen": 0},
        "danh_gia": None, "da_cong_khai": True, "mo_lai": False, "phan_anh_lai": False, "dung_han": True,
    }  # fmt: skip
    times |= {key: value for key, value in more.items() if key in times}
    return record | {key: value for key, value in more.items() if key not in times} | {"thoi_gian": times}


NOBODY = {"don_vi_nhan": None, "don_vi_hien_tai": None, "ngay_doi_don_vi": None, "so_lan_chuyen": 0}
TICKETS = [
    *(ticket(number, "environment-waste") for number in range(6)),
    *(ticket(number, "traffic-pothole") for number in range(6, 10)),
    # Reopened after five days and closed again; and one that nobody has taken yet.
    ticket(10, "traffic-signs", mo_lai="2026-10-12T08:00:00+07:00", dong="2026-10-15T08:00:00+07:00"),
    ticket(11, "traffic-signs", xu_ly=NOBODY, trang_thai="moi", da_cong_khai=False, dung_han=None, chuyen=None,
           dong_lan_dau=None, dong=None, han=None),
]  # fmt: skip
TICKETS[10] = TICKETS[10] | {"mo_lai": True}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = open_home(tmp_path_factory.mktemp("hotline"))
    document = {"he_thong": "1022", "ngay_xuat": "2026-10-31", "minh_hoa": True, "data": TICKETS}
    files = {"tong_dai_1022/phananh_20261031.json": json.dumps(document), "lien_he_1022/lienhe_20261031.csv": CONTACTS}
    for name, text in files.items():
        (one.inbox / name).parent.mkdir(parents=True)
        (one.inbox / name).write_text(text, encoding="utf-8")
    book = read_rulebook(REPOSITORY / "data", REPOSITORY / "data", CODE)
    moment = datetime(2026, 11, 2, 3, tzinfo=UTC)
    report = load_once(Circumstances(one, book, lambda: moment, lambda _: None, silent, "test"))
    assert {file.source: file.rows_loaded for file in report.files} == {"lien_he_1022": 3, "tong_dai_1022": 12}
    return one.root


@pytest.fixture(scope="module")
def app(home: Path) -> Running:
    return started(home)


def value(home: Path, capsys: pytest.CaptureFixture[str], code: str, *more: str) -> dict[str, Any]:
    assert main(["value", code, "--home", str(home), "--period", "2026-10", "--json", *more]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_contacts_are_counted_apart_from_tickets(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert value(home, capsys, "PA02")["value"] == 120  # the line with more tickets than contacts is set aside
    assert value(home, capsys, "PA02", "--slice", "channel=phone")["value"] == 50
    share = value(home, capsys, "PA39")
    assert (share["numerator"], share["denominator"]) == (12, 100)  # a day without that count is not a day of none
    assert value(home, capsys, "PA01")["value"] == 12


def test_topics_have_two_levels_and_the_lower_adds_up_to_the_upper(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upper = value(home, capsys, "PA01", "--slice", "category_top=traffic")["value"]
    lower = [value(home, capsys, "PA01", "--slice", f"category={one}", "--slice", "category_top=traffic")["value"]
             for one in ("traffic-pothole", "traffic-signs")]  # fmt: skip
    assert (upper, lower) == (6, [4, 2])


def test_reopened_within_thirty_days_of_the_first_closing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = value(home, capsys, "PA11")
    assert (told["numerator"], told["denominator"]) == (1, 11)


def test_the_desk_nobody_and_the_whole(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [value(home, capsys, "PA01", "--unit", unit)["value"] for unit in (DESK, "UNASSIGNED")]
    assert parts == [11, 1]
    assert sum(parts) == value(home, capsys, "PA01")["value"]
    assert value(home, capsys, "PA03")["value"] == 1


def test_the_page_shows_all_of_it(app: Running) -> None:
    text = words_of(page(app, page="hotline", period="2026-10", role="leader"))
    assert "Bao nhiêu người liên hệ với tổng đài?" in text and "không cộng và không vẽ chung với phản ánh" in text
    assert "12 phản ánh tiếp nhận trong kỳ, mỗi phản ánh ở đúng một trong 2 trạng thái" in text
    assert "cộng các đơn vị và phần chưa phân công được 12, đúng bằng tổng" in text
    assert "1 cặp địa bàn và chủ đề có từ 5 phản ánh trở lên" in text and "Rác thải không thu gom 6" in text
    assert "Ổ gà, hư hỏng mặt đường 4" not in text  # four are not told
    address = {"page": "hotline", "period": "2026-10", "slice": "category_top=traffic", "lang": "en"}
    assert "What is “Traffic” made of?" in words_of(page(app, role="leader", **address))
