"""The demo's register, portal counters, staff list and step logs agree with its dossiers and name nobody."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import write_demo
from pipelines.demo.announcements import ANNOUNCED_LATE, PUBLISHED_LATE
from pipelines.demo.calibration import DEPARTMENTS
from pipelines.demo.officers import FEWEST, MOST
from pipelines.facts import FACTS
from pipelines.reference import Reference, load_reference

UNTIL = date(2026, 11, 22)
PAGES = ("Bắt đầu khai", "Khai xong biểu mẫu", "Đính kèm đủ giấy tờ", "Nộp thành công")


@pytest.fixture(scope="module")
def reference(product_data: Path) -> Reference:
    return load_reference(product_data)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    folder = tmp_path_factory.mktemp("services") / "inbox"
    write_demo(folder, 12_000, 7, UNTIL, reference, lambda name, share: None)
    return folder


def read(inbox: Path, source: str, separator: str = ",") -> pl.DataFrame:
    files = sorted((inbox / source).glob("*.csv"))
    return pl.concat(pl.read_csv(path, separator=separator, infer_schema=False) for path in files)


def test_the_portal_counts_every_online_dossier_once_and_more_that_never_arrived(inbox: Path) -> None:
    told = read(inbox, "cong_dvc").with_columns(pl.col(PAGES).cast(pl.Int64))
    for early, late in pairwise(PAGES):
        assert told.filter(pl.col(early) < pl.col(late)).is_empty()
    months = told.group_by(pl.col("Đến ngày").str.tail(7).alias("month")).agg(pl.col("Nộp thành công").sum())
    # The files of dossiers hold some of them twice, spoiled or late; October of the communes' system is as good as any.
    files = sorted((inbox / "mot_cua_xa").glob("hoso_xa_????????.csv"))
    sent = [pl.read_csv(path, separator=";", infer_schema=False, truncate_ragged_lines=True) for path in files]
    october = pl.concat(one.select("MaHoSo", "KenhThucHien", "NgayTiepNhan") for one in sent).filter(
        pl.col("NgayTiepNhan").str.starts_with("202610"), pl.col("KenhThucHien") == "2")
    counted = dict(months.iter_rows())["10/2026"]
    assert october["MaHoSo"].n_unique() == pytest.approx(counted, rel=0.06)
    assert not told.select("Mã đơn vị", "Đến ngày").is_duplicated().any()


def test_fewer_give_up_than_three_years_ago(inbox: Path) -> None:
    told = read(inbox, "cong_dvc").with_columns(pl.col(PAGES).cast(pl.Int64))
    year = told.group_by(pl.col("Đến ngày").str.tail(4).alias("year")).agg(pl.col(PAGES).sum()).sort("year")
    given_up = year.select(1 - pl.col(PAGES[-1]) / pl.col(PAGES[0])).to_series().to_list()
    assert given_up == sorted(given_up, reverse=True) and 0.2 < given_up[-1] < given_up[0] < 0.45


def test_the_register_is_nearly_always_in_time(inbox: Path, reference: Reference) -> None:
    told = read(inbox, "so_cong_bo").unique(["Mã thủ tục", "Ngày quyết định"], keep="last", maintain_order=True)
    agencies = dict(reference.procedures.select("procedure_code", "agency").iter_rows())
    assert all(agencies[code] == agency for code, agency in told.select("Mã thủ tục", "Cơ quan trình").iter_rows())
    days = {name: pl.col(name).str.to_date("%d/%m/%Y") for name in told.columns if name.startswith("Ngày")}
    rows = told.with_columns(**days).rename({
        "Mã thủ tục": "procedure_code", "Ngày quyết định": "decided_on", "Ngày văn bản có hiệu lực": "effective_on",
        "Ngày công khai": "published_on"}).with_columns(version_at=pl.lit(UNTIL).cast(pl.Datetime))  # fmt: skip
    found = FACTS["announcement"].derive(rows.lazy(), reference).collect()
    assert found["announced_in_time"].mean() == pytest.approx(1 - ANNOUNCED_LATE, abs=0.012)
    assert found["published_in_time"].drop_nulls().mean() == pytest.approx(1 - PUBLISHED_LATE, abs=0.015)
    assert found["decided_on"].max() <= UNTIL


def test_staff_is_told_for_whole_months_by_counter_and_without_a_name(inbox: Path) -> None:
    told = read(inbox, "nhan_su_mot_cua", ";")
    assert not any(word in "".join(told.columns) for word in ("Họ", "người xử lý", "Người Dân"))
    people = told["Số người tại bộ phận một cửa"].cast(pl.Int64)
    assert people.min() == FEWEST and people.max() <= MOST
    assert "11/2026" not in told["Tháng"].to_list() and told["Tháng"].n_unique() == 35
    assert not told.select("Tháng", "Mã đơn vị").is_duplicated().any()


@pytest.mark.parametrize(("log", "dossiers", "number"), [
    ("nhat_ky_tinh", ("mot_cua_tinh", ","), "Số hồ sơ"), ("nhat_ky_xa", ("mot_cua_xa", ";"), "MaHoSo")])  # fmt: skip
def test_a_log_speaks_of_known_dossiers_and_takes_up_between_two_steps(
    inbox: Path, log: str, dossiers: tuple[str, str], number: str
) -> None:
    steps = read(inbox, log, ";")
    known = {code for path in (inbox / dossiers[0]).glob("*_????????.csv") for code in pl.read_csv(
        path, separator=dossiers[1], infer_schema=False, truncate_ragged_lines=True)[number]}  # fmt: skip
    cases = steps["Số hồ sơ"].unique()
    assert cases.is_in(list(known)).mean() > 0.99
    moments = {name: pl.col(name).str.to_datetime("%d/%m/%Y %H:%M:%S")
               for name in ("Nhận xử lý lúc", "Hoàn thành lúc")}  # fmt: skip
    rows = steps.with_columns(**moments).sort("Số hồ sơ", "Hoàn thành lúc", maintain_order=True).with_columns(
        before=pl.col("Hoàn thành lúc").shift(1).over("Số hồ sơ"))
    taken = rows.filter(pl.col("Nhận xử lý lúc").is_not_null())
    assert taken.height > 0.4 * rows.height
    assert taken.filter(pl.col("Nhận xử lý lúc") > pl.col("Hoàn thành lúc")).is_empty()
    assert taken.filter(pl.col("Nhận xử lý lúc").dt.date() < pl.col("before").dt.date()).is_empty()
    assert set(taken["Bước xử lý"]) == {"Thẩm định", "Trình duyệt", "Ký duyệt", "Ban hành kết quả"}


def test_the_list_of_procedures_and_the_demo_mean_the_same_departments(reference: Reference) -> None:
    tied = reference.procedures.filter(pl.col("agency").is_not_null())
    assert all(DEPARTMENTS[field] == agency for field, agency in tied.select("field", "agency").iter_rows())
    assert tied.height == reference.procedures.filter(pl.col("level") == "province").height
