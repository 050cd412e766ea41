"""The economy's whole way with the product's mappings: told, told again, held against the same period, and shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import periods
from dashboard.economy_blocks import investors
from dashboard.query import indicators
from dashboard.query.batch import Ask
from dashboard.query.measure import measure, measure_many
from dashboard.query.senders_of import senders_of
from dashboard.running import Running
from pipelines.report import FileReport
from tests.dashboard.desks import asking, load_files, workbook
from tests.dashboard.screens_at import here_at, page, started, words_of

HEAD = "Mã tỉnh;Chỉ tiêu;Từ ngày;Đến ngày;Giá trị;Đơn vị tính;Tính chất\n"
PAST = HEAD + """80;GRDP giá so sánh lũy kế;01/01/2025;30/06/2025;90.000,0;tỷ đồng;Chính thức
80;GRDP giá so sánh lũy kế;01/01/2025;30/09/2025;140.000,0;tỷ đồng;Chính thức
80;Kim ngạch xuất khẩu lũy kế;01/01/2025;30/09/2025;20.000,0;triệu USD;Chính thức
80;CPI so với tháng trước;01/09/2026;30/09/2026;-0,25;%;Ước tính
"""
SEPTEMBER = HEAD + """80;GRDP giá so sánh lũy kế;01/01/2026;30/09/2026;151.200,0;tỷ đồng;Ước tính
80;Kim ngạch xuất khẩu lũy kế;01/01/2026;30/09/2026;23.000,0;triệu USD;Ước tính
80;Kim ngạch nhập khẩu lũy kế;01/01/2026;30/09/2026;chưa có;triệu USD;Ước tính
"""
OCTOBER = HEAD + """80;GRDP giá so sánh lũy kế;01/01/2026;30/09/2026;154.000,0;tỷ đồng;Sơ bộ
80;Kim ngạch xuất khẩu lũy kế;01/01/2026;31/10/2026;26.000,0;triệu USD;Ước tính
"""
HEADING = ("STT", "Chỉ tiêu", "Mã tỉnh", "Từ ngày", "Đến ngày", "Số liệu", "Đơn vị tính", "Ghi chú")
SPAN = ("80", "01/01/2026", "31/10/2026")
FINANCE = workbook("KTXH", {
    1: ("BÁO CÁO",), 3: ("Tính đến ngày:", "31/10/2026"), 6: HEADING,
    7: (1, "Thu ngân sách lũy kế", *SPAN, 47_300.5, "tỷ đồng", "Ước thực hiện"),
    8: (2, "Dự toán thu HĐND tỉnh giao", *SPAN, 43_000, "tỷ đồng", "Số chính thức"),
})  # fmt: skip
TREASURY = """Mã chủ đầu tư,Tên chủ đầu tư,Từ ngày,Đến ngày,Chỉ tiêu,Số tiền (tỷ đồng)
SXD,Sở Xây dựng,01/01/2026,31/10/2026,Kế hoạch vốn giao,3000
SXD,Sở Xây dựng,01/01/2026,31/10/2026,Giải ngân lũy kế,1500
25459,Phường Tân Ninh,01/01/2026,31/10/2026,Kế hoạch vốn giao,1000
25459,Phường Tân Ninh,01/01/2026,31/10/2026,Giải ngân lũy kế,900
99999,?,01/01/2026,31/10/2026,Giải ngân lũy kế,5
703,Thành phố Tây Ninh,01/01/2025,30/06/2025,Kế hoạch vốn giao,10
25459,Phường Tân Ninh,01/01/2025,31/10/2025,Kế hoạch vốn giao,40
"""
FILES = {
    "thong_ke_thang/thongke_20260831.csv": PAST, "thong_ke_thang/thongke_20260930.csv": SEPTEMBER,
    "thong_ke_thang/thongke_20261031.csv": OCTOBER, "so_tai_chinh_thang/taichinh.xlsx": FINANCE,
    "kho_bac_dau_tu/khobac_20261031.csv": TREASURY}  # fmt: skip
Loaded = tuple[Path, dict[str, FileReport]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_files(tmp_path_factory.mktemp("economy"), FILES)


@pytest.fixture(scope="module")
def app(loaded: Loaded) -> Running:
    return started(loaded[0])


@pytest.fixture
def value(loaded: Loaded, capsys: pytest.CaptureFixture[str]) -> Any:
    return asking(loaded[0], capsys)


def test_good_lines_are_loaded_and_a_word_for_a_number_is_not(loaded: Loaded) -> None:
    counted = {name: (file.rows_loaded, file.rows_quarantined) for name, file in loaded[1].items()}
    assert counted == {"thongke_20260831.csv": (4, 0), "thongke_20260930.csv": (2, 1), "thongke_20261031.csv": (2, 0),
                       "taichinh.xlsx": (2, 0), "khobac_20261031.csv": (6, 1)}  # fmt: skip


def test_growth_is_this_year_over_last_of_the_newest_vintage(value: Any) -> None:
    told = value("KT01")
    assert told["value"] == pytest.approx(0.1)  # 154,000 over 140,000; nine months in both years
    assert (told["numerator"], told["denominator"]) == (14_000, 140_000)


def test_a_growth_without_the_very_same_period_last_year_is_not_told(value: Any) -> None:
    assert value("KT06", period="2026-10")["value"] == 26_000
    assert value("KT06B", period="2026-10")["status"] == "no_data"  # ten months of 2025 were never told, nine were
    assert value("KT06B", period="2026-09")["value"] == pytest.approx(0.15)


def test_percentages_that_a_bureau_writes_become_shares(value: Any) -> None:
    assert value("KT08A", period="2026-09")["value"] == pytest.approx(-0.0025)


def test_revenue_may_exceed_its_estimate(value: Any) -> None:
    told = value("KT03A")
    assert told["value"] == pytest.approx(1.1000, abs=0.0001)
    assert (told["numerator"], told["denominator"]) == (47_300.5, 43_000)


def test_investors_add_up_before_anybody_divides(value: Any) -> None:
    whole = value("KT04")
    assert (whole["numerator"], whole["denominator"], whole["value"]) == (2_400, 4_000, 0.6)
    assert value("KT04", "--unit", "SXD")["value"] == 0.5
    assert value("KT01", "--unit", "25459")["status"] == "no_data"  # growth of the province is nobody else's


def test_whoever_was_abolished_before_the_figure_ends_is_not_missed(value: Any) -> None:
    told = value("KT04B", period="2025-10")
    assert told["value"] == 40  # the district's plan of June is no part of October's
    assert told["coverage"] == {"sent": 1, "expected": 2, "missing": ["SXD"]}


def test_the_page_says_what_was_told_again(app: Running) -> None:
    text = words_of(page(app, page="economy", period="2026-10", role="leader"))
    assert "Số nào đã được công bố lại?" in text
    assert "151.200,0 tỷ đồng 154.000,0 tỷ đồng +2.800,0 tỷ đồng sơ bộ" in text
    assert "9 tháng đầu năm 2026" in text and "Q3/26" in text
    assert "Chủ đầu tư nào giải ngân chậm?" in text
    english = words_of(page(app, page="economy", period="2026-10", role="leader", lang="en"))
    assert "Which figures have been told again?" in english and "Socio-economic" in english
    assert "the first 10 months of 2026" in english


def test_an_explanation_names_the_files_that_told_these_figures_and_no_others(app: Running) -> None:
    def files(code: str) -> str:
        return words_of(page(app, page="explain", indicator=code, period="2026-10", tab="lineage", role="leader"))

    growth = files("KT01")
    assert all(f"thongke_202{month}" in growth for month in ("60831", "60930", "61031"))
    assert "taichinh" not in growth and "khobac" not in growth
    assert "khobac_20261031" in files("KT04") and "thongke" not in files("KT04")
    assert "taichinh.xlsx" in files("KT03A") and "thongke" not in files("KT03A")


def test_figures_asked_for_together_are_those_asked_for_alone(loaded: Loaded) -> None:
    """One query for many figures, and for all that they are held against, changes none of them."""
    together, alone = (started(loaded[0]).snapshots.current() for _ in range(2))
    spans = tuple(periods.run_of(periods.parse("2026-10"), 4))
    for basis, unit in (("today", "80"), ("today", "25459@2025"), ("as_was", "SXD")):
        ask = Ask(spans, (unit,), basis, date(2026, 11, 2))
        entries = [one for one in indicators(together).values() if one.desk == "economy"]
        found = measure_many(together, entries, ask)
        for entry in entries:
            assert found[entry.id].cells == measure(alone, entry, ask).cells, entry.id
    assert sum(cell.value is not None for one in found.values() for cell in one.cells.values()) > 0


def test_only_the_senders_of_a_figure_make_it_old(app: Running) -> None:
    snapshot = app.snapshots.current()
    known = indicators(snapshot)
    assert senders_of(snapshot, known["grdp_growth"]) == {"thong_ke_thang"}
    assert senders_of(snapshot, known["investment_spent_of_plan"]) == {"kho_bac_dau_tu"}
    assert senders_of(snapshot, known["tasks_overdue_age"]) == {"nhiem_vu_giao"}
    assert "mot_cua_xa" in senders_of(snapshot, known["dossiers_on_time"])


def test_investors_are_those_to_whom_this_year_entrusts_anything(app: Running) -> None:
    assert [unit.unit_id for unit in investors(here_at(app, period="2026-10"))] == ["SXD", "25459@2025"]
    # A year earlier the department had no plan, and whoever had one under older boundaries is not set among today's.
    assert [unit.unit_id for unit in investors(here_at(app, period="2025-10"))] == ["25459@2025"]


def test_a_commune_is_shown_what_speaks_of_it_and_told_what_does_not(app: Running) -> None:
    text = words_of(page(app, page="economy", period="2026-10", role="leader", unit="25459@2025"))
    assert "Giải ngân đầu tư 90,0 %" in text and "GRDP tăng nhanh hơn hay chậm lại?" not in text
    assert "Chưa có số nào của đơn vị và kỳ này: Tăng trưởng GRDP, IIP lũy kế, Thu so dự toán, Tăng xuất khẩu" in text
    silent = words_of(page(app, page="economy", period="2026-10", role="leader", unit="SYT"))
    assert "Chủ đầu tư nào giải ngân chậm?" in silent, "a department without a plan sees those that have one"


def test_the_explanation_names_the_same_period_of_the_year_before(app: Running) -> None:
    text = words_of(page(app, page="explain", indicator="KT01", period="2026-10", tab="reckoning", role="leader"))
    assert "cùng kỳ năm trước" in text and "140.000" in text
