"""Safety and grassroots on their whole way: report months, no percentage of few, and nothing that is no aggregate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import periods
from dashboard.running import Running
from dashboard.safety_blocks import judge, report_month
from dashboard.twelve_months import over_twelve_months
from pipelines.report import FileReport
from tests.dashboard.desks import asking, load_files
from tests.dashboard.screens_at import here_at, page, started, words_of

HEAD = ("Từ ngày,Đến ngày,Mã đơn vị,Tên đơn vị,Số vụ TNGT,Số người chết,Số người bị thương,Số vụ cháy,"
        "Thiệt hại do cháy (triệu đồng)\n")  # fmt: skip
FIRST = date(2024, 12, 15)


def report(at: int) -> tuple[str, str]:
    """The days of the report month `at` months after that of January 2025, as its sender writes them."""
    first, next_one = (date(FIRST.year + (11 + one) // 12, (11 + one) % 12 + 1, 15) for one in (at, at + 1))
    return f"{first:%d/%m/%Y}", f"{next_one.replace(day=14):%d/%m/%Y}"


def line(at: int, unit: str, *counts: str) -> str:
    return ",".join([*report(at), unit, "x", *counts])


# 22 report months up to 14 October 2026; four accidents a month in one commune, forty in the last.
TRAFFIC = HEAD + "\n".join([
    *(line(at, "25459" if at >= 6 else "703", "40" if at == 21 else "4", "1", "2", "1", "900.5") for at in range(22)),
    "15/12/2025,14/10/2026,25459,x,30000,,,,",  # a sum among months
    line(21, "25471", "0", "1", "", "", ""),  # somebody killed in no accident
]) + "\n"  # fmt: skip
FINES = """Mã tỉnh,Chỉ tiêu,Từ ngày,Đến ngày,Số liệu,Đơn vị tính
80,Trường hợp vi phạm trong tháng,15/09/2026,14/10/2026,3000,trường hợp
80,Trường hợp vi phạm lũy kế,15/12/2025,14/10/2026,33000,trường hợp
80,Trường hợp vi phạm trong tháng,15/09/2025,14/10/2025,2400,trường hợp
80,Trường hợp vi phạm lũy kế,15/12/2024,14/10/2025,30000,trường hợp
80,Tiền phạt trong tháng,15/09/2026,14/10/2026,7500.5,triệu đồng
"""
ORDER = """Mã tỉnh,Chỉ tiêu,Từ ngày,Đến ngày,Số vụ
80,Phạm pháp hình sự,15/06/2026,14/09/2026,200
80,Trong đó đã khám phá,15/06/2026,14/09/2026,170
25459,Phạm pháp hình sự,15/06/2026,14/09/2026,9
"""
ACTIVITY = """Từ ngày,Đến ngày,Mã xã,Tên xã,Mô hình,Số buổi,Số lượt người,Số tổ,Số tổ hoạt động,Chỉ tiêu tập huấn
01/10/2026,31/10/2026,25459,x,Tổ công nghệ số cộng đồng,10,100,20,15,
01/10/2026,31/10/2026,25459,x,CLB Áo xanh tin học,4,40,,,
01/10/2026,31/10/2026,25459,x,Lớp tập huấn,1,30,,,25
01/10/2026,31/10/2026,27694,x,Tổ công nghệ số cộng đồng,2,10,10,10,
01/10/2026,31/10/2026,27694,x,Lớp tập huấn,1,8,,,
01/10/2026,31/10/2026,27727,x,Tổ công nghệ số cộng đồng,1,5,4,5,
01/10/2026,31/10/2026,27727,x,Khác,0,5,,,
"""
SOCIETY = """Mã tỉnh,Chỉ tiêu,Từ ngày,Đến ngày,Số liệu,Đơn vị tính
80,Tài khoản ứng dụng,01/10/2026,31/10/2026,1000,tài khoản
80,Tài khoản hoạt động 30 ngày,01/10/2026,31/10/2026,250,tài khoản
80,Viện phí,01/10/2026,31/10/2026,100,triệu đồng
80,Viện phí không dùng tiền mặt,01/10/2026,31/10/2026,20,triệu đồng
80,Học phí,01/10/2026,31/10/2026,100,triệu đồng
80,Học phí không dùng tiền mặt,01/10/2026,31/10/2026,70,triệu đồng
80,"Phí, lệ phí",01/10/2026,31/10/2026,300,triệu đồng
80,"Phí, lệ phí không dùng tiền mặt",01/10/2026,31/10/2026,210,triệu đồng
"""
FILES = {
    "an_toan_giao_thong/atgt_20261014.csv": TRAFFIC, "an_ninh_trat_tu/antt_20260914.csv": ORDER,
    "vi_pham_giao_thong/vipham_20261014.csv": FINES,
    "to_cong_nghe_so/hoatdong_20261031.csv": ACTIVITY, "xa_hoi_so/xahoiso_20261031.csv": SOCIETY}  # fmt: skip
Loaded = tuple[Path, dict[str, FileReport]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_files(tmp_path_factory.mktemp("safety"), FILES)


@pytest.fixture(scope="module")
def app(loaded: Loaded) -> Running:
    return started(loaded[0])


@pytest.fixture
def value(loaded: Loaded, capsys: pytest.CaptureFixture[str]) -> Any:
    return asking(loaded[0], capsys)


def test_a_sum_among_months_and_an_offence_of_a_commune_are_set_aside(loaded: Loaded) -> None:
    counted = {name: (file.rows_loaded, file.rows_quarantined) for name, file in loaded[1].items()}
    assert counted == {"atgt_20261014.csv": (22, 2), "antt_20260914.csv": (2, 1), "hoatdong_20261031.csv": (5, 2),
                       "xahoiso_20261031.csv": (8, 0), "vipham_20261014.csv": (5, 0)}  # fmt: skip
    told = {name: {reason.code for reason in file.reasons} for name, file in loaded[1].items()}
    assert {"period_is_one_month", "harm_comes_of_an_accident"} <= told["atgt_20261014.csv"]
    assert "unit_is_known" in told["antt_20260914.csv"]
    assert {"parts_do_not_exceed_their_whole", "people_come_to_sessions"} <= told["hoatdong_20261031.csv"]


def test_a_report_month_counts_where_it_ends(value: Any) -> None:
    assert value("GT01")["value"] == 40  # 15 September to 14 October
    assert value("GT01", period="2026-10r")["value"] == 40
    assert value("GT01", period="2026-09")["value"] == 4
    assert value("GT01", period="2026")["value"] == 9 * 4 + 40
    assert value("GT01", "--unit", "25459")["value"] == 40
    assert (value("AN02", period="2026")["value"], value("AN02B", period="2026-Q3")["value"]) == (10, 2_701.5)


def test_what_the_province_alone_is_told_of_is_no_zero_anywhere_else(value: Any) -> None:
    assert (value("GT02")["value"], value("GT02B")["value"]) == (3_000, 7_500.5)
    assert (value("GT02A")["value"], value("GT02D")["value"]) == (0.25, 0.1)
    assert value("GT02", "--unit", "25459")["status"] == "no_data"


def test_a_percentage_of_few_is_not_shown(value: Any) -> None:
    few = value("GT01C", period="2026-09")
    assert (few["status"], few["n"], few["denominator"]) == ("too_few", 4, 4)
    many = value("GT01C", period="2026-01..2026-10")
    assert (many["status"], many["numerator"], many["denominator"]) == ("ok", 36, 40)
    assert many["interval"] is None  # a growth is no share


def test_offences_exist_for_the_province_alone(value: Any) -> None:
    assert value("AN01")["value"] == pytest.approx(0.85)
    assert value("AN01", "--unit", "25459")["status"] == "no_data"


def test_people_helped_are_apart_from_those_trained(value: Any) -> None:
    assert [value(code)["value"] for code in ("CD03", "CD03A", "CD05")] == [150, 16, 38]
    assert value("CD03", "--slice", "model=green_shirt_club")["value"] == 40
    assert [value("CD05A")[key] for key in ("numerator", "denominator")] == [30, 25]  # where a number was set
    assert [value("CD02")[key] for key in ("numerator", "denominator")] == [25, 30]


def test_cashless_shares_are_added_before_they_are_divided(value: Any) -> None:
    assert (value("CD04")["numerator"], value("CD04")["denominator"]) == (300, 500)
    assert value("CD04A")["value"] == 0.2 and value("CD01B")["value"] == 0.25


def test_a_month_is_judged_by_the_twelve_before_it(app: Running) -> None:
    assert judge(here_at(app, period="2026-10"), "traffic_accidents") == (40, 4.0, (0, 10), "above")
    now, mean, _, verdict = judge(here_at(app, period="2026-09"), "traffic_accidents") or (0, 0, (0, 0), "")
    assert (now, mean, verdict) == (4, 4.0, "within")
    assert report_month(here_at(app, period="2026-10")).code == "2026-10r"


def test_a_year_back_ends_with_the_period_of_the_view(app: Running) -> None:
    found, meant = over_twelve_months(here_at(app, period="2026-10")).period, periods.parse("2025-11..2026-10")
    assert (found.first, found.last) == (meant.first, meant.last)
    assert over_twelve_months(here_at(app, period="2025-01..2026-10")).period.first == date(2025, 1, 1)


def test_the_page_of_safety(app: Running) -> None:
    text = words_of(page(app, page="safety", period="2026-10", role="leader"))
    assert "báo cáo tháng 10/2026 (15/09/2026 – 14/10/2026)" in text
    assert "giao thông: 40 (12 tháng trước: trung bình 4,0, khoảng thường thấy 0–10), cao khác thường." in text
    assert "3.000 2.400 +600 (25,0 %) 33.000 30.000 +3.000 (10,0 %)" in text
    assert "85,0 %" in text and "chi tiết vụ án là bí mật nhà nước" in text
    english = words_of(page(app, page="safety", period="2026-10", role="leader", lang="en"))
    assert "unusually many" in english and "Is this month out of the ordinary?" in english


def test_the_page_of_the_grassroots(app: Running) -> None:
    text = words_of(page(app, page="grassroots", period="2026-10", role="leader"))
    assert "Nhiều nhất là Tổ công nghệ số cộng đồng: 110" in text
    assert "60,0 %" in text and "Từng xã, phường hoạt động ra sao?" in text
