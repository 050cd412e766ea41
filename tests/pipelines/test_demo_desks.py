"""Tasks, documents, safety and grassroots of the demo: as published where anything is, with the usual slips."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.demo.documents import write_documents
from pipelines.demo.filings import World
from pipelines.demo.grassroots import TEAMS, write_grassroots
from pipelines.demo.office import epoch_day
from pipelines.demo.safety import report_days, report_months, write_safety
from pipelines.demo.tasks import give_tasks
from pipelines.demo.tasks_sheet import as_known, write_tasks
from pipelines.demo.write import build_world
from pipelines.mapping import load_mappings
from pipelines.reference import Reference
from tests.pipelines.loading import REPOSITORY, shipped

UNTIL = date(2026, 11, 22)
SOURCES = ("nhiem_vu_giao", "van_ban_thang", "hop_truc_tuyen", "an_toan_giao_thong", "vi_pham_giao_thong",
           "an_ninh_trat_tu", "to_cong_nghe_so", "xa_hoi_so")  # fmt: skip


def write(folder: Path, world: World, reference: Reference) -> Path:
    write_tasks(folder, world)
    write_documents(folder, world, reference)
    write_safety(folder, world, reference)
    write_grassroots(folder, world, reference)
    return folder


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(shipped(), 11, UNTIL)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, world: World) -> Path:
    return write(tmp_path_factory.mktemp("desks"), world, shipped())


def read(inbox: Path, source: str, separator: str = ",") -> pl.DataFrame:
    """Everything that a source ever sent."""
    files = sorted((inbox / source).glob("*.csv"))
    assert files
    return pl.concat([pl.read_csv(path, separator=separator, infer_schema=False) for path in files])


def counted(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)


@pytest.mark.parametrize("source", SOURCES)
def test_the_mapping_knows_every_column_and_is_illustrative(inbox: Path, source: str) -> None:
    form = load_mappings(REPOSITORY / "data")[source]
    found = set(read(inbox, source, ";" if source == "nhiem_vu_giao" else ",").columns)
    assert set(form.file.columns) <= found <= set(form.file.known)
    assert form.illustrative and form.clearance == "state"


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(inbox: Path, tmp_path: Path, world: World) -> None:
    again = write(tmp_path / "again", world, shipped())
    for path in again.rglob("*.csv"):
        assert path.read_bytes() == (inbox / path.relative_to(again)).read_bytes()
    other = write(tmp_path / "other", build_world(shipped(), 12, UNTIL), shipped())
    assert (other / "nhiem_vu_giao/nhiemvu_20261122.csv").read_bytes() != (
        inbox / "nhiem_vu_giao/nhiemvu_20261122.csv").read_bytes()  # fmt: skip


def test_a_register_tells_nothing_that_is_still_to_come(world: World) -> None:
    tasks = give_tasks(world)
    day = epoch_day(date(2026, 10, 31))
    known = as_known(tasks, day)
    for name in ("given", "done", "moved", "updated"):
        assert known.filter(pl.col(name) > day).is_empty()
    open_then = known.filter(pl.col("done").is_null())["number"]
    later = as_known(tasks, epoch_day(UNTIL)).filter(pl.col("number").is_in(open_then.implode()))
    assert later["done"].count() > 0, "some of what was open is done by now"


def test_most_tasks_are_done_and_some_are_late(world: World) -> None:
    known = as_known(give_tasks(world), epoch_day(UNTIL)).filter(pl.col("due") < epoch_day(date(2026, 10, 1)))
    on_time = known.filter(pl.col("done") <= pl.col("due")).height / known.height
    assert 0.75 < on_time < 0.92
    assert known["extended"].count() / known.height == pytest.approx(0.12, abs=0.03)


def test_tasks_of_abolished_districts_are_taken_over_by_their_heirs(world: World) -> None:
    tasks = give_tasks(world)
    moved = tasks.filter(pl.col("moved") <= epoch_day(UNTIL))
    assert moved.height > 10 and set(moved["moved"]) == {epoch_day(date(2025, 7, 1))}
    levels = world.seats.units["level"]
    assert set(levels.gather(moved["seat"])) == {"district"} and set(levels.gather(moved["next_seat"])) == {"commune"}


def test_documents_are_as_many_as_a_province_sends(inbox: Path) -> None:
    told = read(inbox, "van_ban_thang").filter(pl.col("Đến ngày").str.ends_with("2025"))
    year = told.select(*(counted(told, name).sum() for name in ("Văn bản đi", "Gửi điện tử")))
    assert year["Văn bản đi"][0] == pytest.approx(200_000, rel=0.02)
    assert year["Gửi điện tử"][0] / year["Văn bản đi"][0] > 0.998


def test_one_unit_signed_more_than_it_sent_and_two_fell_silent(inbox: Path) -> None:
    told = read(inbox, "van_ban_thang")
    assert told.filter(counted(told, "Ký số") > counted(told, "Văn bản đi")).height == 1
    newest, before = (told.filter(pl.col("Từ ngày") == day).height for day in ("01/10/2026", "01/09/2026"))
    assert before - newest == 2


def test_nine_report_months_of_2025_are_the_published_ones(inbox: Path) -> None:
    told = read(inbox, "an_toan_giao_thong")
    ends = [f"14/{month:02d}/2025" for month in range(1, 10)]
    nine = told.filter(pl.col("Đến ngày").is_in(ends) & (pl.col("Từ ngày").str.starts_with("15/")))
    sums = nine.select(counted(nine, name).sum() for name in (
        "Số vụ TNGT", "Số người chết", "Số người bị thương"))  # fmt: skip
    assert [float(one) for one in sums.row(0)] == pytest.approx([437, 334, 176], rel=0.015)
    violations = read(inbox, "vi_pham_giao_thong").filter(pl.col("Đến ngày") == "14/09/2025")
    so_far = dict(violations.filter(pl.col("Chỉ tiêu").str.ends_with("lũy kế")).select("Chỉ tiêu", "Số liệu").rows())
    assert float(so_far["Trường hợp vi phạm lũy kế"]) == pytest.approx(28_774, rel=0.001)
    assert float(so_far["Tiền phạt lũy kế"]) == pytest.approx(80_500, rel=0.001)


def test_report_months_run_from_the_15th_to_the_14th(world: World) -> None:
    assert report_days(date(2026, 1, 1)) == (date(2025, 12, 15), date(2026, 1, 14))
    assert report_months(world)[-1] == date(2026, 11, 1) and report_days(date(2026, 11, 1))[1] <= UNTIL


def test_offences_are_told_of_the_province_alone_and_never_more_solved_than_there_were(inbox: Path) -> None:
    told = read(inbox, "an_ninh_trat_tu")
    assert set(told["Mã tỉnh"]) == {"80"}
    wide = told.with_columns(pl.col("Số vụ").cast(pl.Int64)).pivot("Chỉ tiêu", index="Từ ngày", values="Số vụ")
    share = wide["Trong đó đã khám phá"].sum() / wide["Phạm pháp hình sự"].sum()
    assert 0.82 < share < 0.91
    assert (wide["Trong đó đã khám phá"] <= wide["Phạm pháp hình sự"]).all()


def test_teams_are_as_many_as_published_and_health_fees_as_cashless(inbox: Path) -> None:
    told = read(inbox, "to_cong_nghe_so")
    month = told.filter((pl.col("Từ ngày") == "01/09/2026") & pl.col("Số tổ").is_not_null())
    assert month.select(counted(month, "Số tổ").sum()).item() == pytest.approx(TEAMS, rel=0.03)
    paid = read(inbox, "xa_hoi_so").with_columns(pl.col("Số liệu").cast(pl.Float64))
    first = {row[1]: row[4] for row in paid.filter(pl.col("Từ ngày") == "01/01/2025").rows()}
    assert 0.2 < first["Viện phí không dùng tiền mặt"] / first["Viện phí"] < 0.4
    assert np.isclose(first["Tài khoản ứng dụng"], 540_000, rtol=0.08)
