"""The invented economy lies where the published one lies, and every first estimate is set right later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo.economy import FINAL, grdp, months_of, quarter_end
from pipelines.demo.economy_figures import TRADE
from pipelines.demo.filings import World
from pipelines.demo.finance_sheet import keep_books, write_finance
from pipelines.demo.investment import write_investment
from pipelines.demo.statistics_sheet import vietnamese, write_statistics
from pipelines.demo.write import build_world
from pipelines.reference import Reference
from tests.pipelines.loading import shipped

UNTIL = date(2026, 11, 22)
OCTOBER_2025 = date(2025, 9, 1)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return shipped()


@pytest.fixture(scope="module")
def world(reference: Reference) -> World:
    return build_world(reference, 11, UNTIL)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, world: World, reference: Reference) -> Path:
    folder = tmp_path_factory.mktemp("economy")
    write_statistics(folder, world, reference)
    write_finance(folder, world, reference)
    write_investment(folder, world)
    return folder


@pytest.mark.parametrize(("year", "quarter", "growth"), [
    (2025, 1, 0.0963), (2025, 2, 0.0952), (2025, 3, 0.0952),
])  # fmt: skip
def test_grdp_grows_as_published(world: World, year: int, quarter: int, growth: float) -> None:
    levels = grdp(world)
    assert levels[quarter_end(year, quarter)] / levels[quarter_end(year - 1, quarter)] - 1 == pytest.approx(growth)


def test_grdp_of_2024_grows_by_quarter_as_published(world: World) -> None:
    levels = grdp(world)

    def quarter(year: int, at: int) -> float:
        return levels[quarter_end(year, at)] - (levels[quarter_end(year, at - 1)] if at else 0.0)

    grown = [quarter(2024, at) / quarter(2023, at) - 1 for at in range(4)]
    assert grown == pytest.approx([0.0480, 0.0598, 0.1082, 0.1126])


def test_nine_months_of_2025_are_the_published_ones(world: World) -> None:
    trade = {name: months_of(world, name, flow).to_date(OCTOBER_2025) for name, flow in TRADE.items()}
    assert trade == pytest.approx({"exports": 22_800, "imports": 9_900}, rel=1e-3)
    books = {name: float(value) for name, _, _, value, _, _ in keep_books(world).of_month(OCTOBER_2025, FINAL)}
    assert books["Doanh nghiệp thành lập mới lũy kế"] == pytest.approx(3_211, abs=2)
    assert books["Dự án FDI cấp mới lũy kế"] == pytest.approx(157, abs=1)
    assert (books["Dự án FDI còn hiệu lực"], books["Vốn FDI còn hiệu lực"]) == (1_928, 24_300)
    share = books["Thu ngân sách lũy kế"] / books["Dự toán thu Trung ương giao"]
    assert share == pytest.approx(1.052, abs=0.015)  # 105.2 % of the central estimate on 2 October


def test_investment_is_paid_out_as_published_and_nobody_pays_more_than_he_has(inbox: Path) -> None:
    told = pl.concat([pl.read_csv(path, infer_schema=False) for path in sorted((inbox / "kho_bac_dau_tu").glob("*"))])
    told = told.filter(pl.col("Mã chủ đầu tư") != "99999").unique().with_columns(
        pl.col("Số tiền (tỷ đồng)").cast(pl.Float64).alias("vnd"))  # fmt: skip
    keys = ["Mã chủ đầu tư", "Tên chủ đầu tư", "Từ ngày", "Đến ngày"]
    wide = told.pivot("Chỉ tiêu", index=keys, values="vnd")
    assert wide.filter(pl.col("Giải ngân lũy kế") > pl.col("Kế hoạch vốn giao")).height == 0
    september = wide.filter(pl.col("Đến ngày") == "30/09/2025").select(pl.col("^(Giải|Kế).*$").sum())
    assert september["Giải ngân lũy kế"][0] / september["Kế hoạch vốn giao"][0] == pytest.approx(0.571, abs=0.004)


def statistics(inbox: Path) -> pl.DataFrame:
    """Every line that the statistics office ever wrote, with the file it stood in."""
    files = sorted((inbox / "thong_ke_thang").glob("*.csv"))
    return pl.concat([pl.read_csv(path, separator=";", infer_schema=False).with_columns(file=pl.lit(path.stem))
                      for path in files])  # fmt: skip


def test_a_month_is_told_three_times_and_the_last_time_for_good(inbox: Path) -> None:
    exports = statistics(inbox).filter(pl.col("Chỉ tiêu") == "Kim ngạch xuất khẩu trong tháng")
    june = exports.filter(pl.col("Từ ngày") == "01/06/2026").sort("file")
    assert june["Tính chất"].to_list() == ["Ước tính", "Sơ bộ", "Chính thức"]
    assert june["Giá trị"].n_unique() > 1
    final = exports.filter(pl.col("Tính chất") == "Chính thức")
    assert not final.select("Từ ngày", "Giá trị").unique().select("Từ ngày").is_duplicated().any()


def test_one_month_came_with_the_usual_slips(inbox: Path) -> None:
    told = statistics(inbox)
    assert told.filter(pl.col("Giá trị") == "chưa có số").height == 1
    days = [pl.col(name).str.to_date("%d/%m/%Y") for name in ("Từ ngày", "Đến ngày")]
    assert told.filter(days[0] > days[1]).height == 1


def test_the_same_seed_writes_the_same_bytes(inbox: Path, tmp_path: Path, world: World, reference: Reference) -> None:
    write_statistics(tmp_path, world, reference)
    write_finance(tmp_path, world, reference)
    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (inbox / path.relative_to(tmp_path)).read_bytes()


@pytest.mark.parametrize(("plain", "written"), [
    ("1234567.8", "1.234.567,8"), ("-0.25", "-0,25"), ("381", "381"), ("-1234.5", "-1.234,5"),
])  # fmt: skip
def test_numbers_are_written_as_vietnamese_clerks_write_them(plain: str, written: str) -> None:
    assert vietnamese(plain) == written
