"""The invented inbox is the same every time, keeps the calendar and the map, and exposes no living person."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.calendar import add_working_days
from pipelines.demo import write_demo
from pipelines.demo.chance import pick_within, stream
from pipelines.demo.dossiers import invent
from pipelines.demo.filings import ONLINE, World
from pipelines.demo.office import evening, open_office
from pipelines.demo.view import changed
from pipelines.demo.volume import per_part
from pipelines.demo.write import build_world
from pipelines.errors import PersonError
from pipelines.mapping import load_mappings
from pipelines.reference import Reference, load_reference

UNTIL = date(2026, 11, 22)
REFORM = date(2025, 7, 1)
ROWS = 6_000


@pytest.fixture(scope="module")
def reference(product_data: Path) -> Reference:
    return load_reference(product_data)


@pytest.fixture(scope="module")
def world(reference: Reference) -> World:
    return build_world(reference, 11, UNTIL)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, reference: Reference, product_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "inbox"
    write_demo(folder, ROWS, 11, UNTIL, reference, lambda name, share: None, product_data / "reference" / "series")
    return folder


@pytest.fixture(scope="module")
def lives(world: World) -> pl.DataFrame:
    return pl.concat(new for _, new in invent(world, 20_000))


@pytest.fixture(scope="module")
def rows(world: World, lives: pl.DataFrame) -> pl.DataFrame:
    """Every dossier as it stands at the end."""
    return changed(lives, 0, evening(UNTIL))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_arguments_give_the_same_bytes(
    inbox: Path, tmp_path: Path, reference: Reference, product_data: Path
) -> None:
    write_demo(tmp_path, ROWS, 11, UNTIL, reference, lambda name, share: None, product_data / "reference" / "series")
    assert digests(tmp_path) == digests(inbox)


def test_another_seed_gives_other_dossiers(inbox: Path, tmp_path: Path, reference: Reference) -> None:
    write_demo(tmp_path, ROWS, 12, UNTIL, reference, lambda name, share: None)
    ours, theirs = digests(inbox), digests(tmp_path)
    assert set(theirs) == {name for name in ours if not name.startswith("published")}
    communes = [name for name in theirs if name.startswith("mot_cua_xa")]
    assert not {ours[name] for name in communes} & {theirs[name] for name in communes}


def test_progress_is_told_and_ends_at_one(tmp_path: Path, reference: Reference) -> None:
    told: list[tuple[str, float]] = []
    write_demo(tmp_path, 400, 1, UNTIL, reference, lambda name, share: told.append((name, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_published_series_are_sent_along_unchanged(inbox: Path, product_data: Path) -> None:
    name = "published_provincial_indices.csv"
    sent = (inbox / "published_indices" / name).read_bytes()
    assert sent == (product_data / "reference" / "series" / name).read_bytes()


def header(path: Path) -> set[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return set(next(csv.reader(file, delimiter=";" if path.parent.name == "mot_cua_xa" else ",")))


@pytest.mark.parametrize("source", ["mot_cua_xa", "mot_cua_tinh"])
def test_the_mapping_knows_every_column_that_its_sender_writes(inbox: Path, product_data: Path, source: str) -> None:
    form = load_mappings(product_data)[source].file
    found = header(sorted((inbox / source).glob("*20260731.csv"))[0])
    assert set(form.columns) <= found <= set(form.known)


def test_people_are_written_and_cannot_exist(inbox: Path) -> None:
    path = sorted((inbox / "mot_cua_xa").glob("*20260731.csv"))[0]
    sheet = pl.read_csv(path, separator=";", infer_schema=False, truncate_ragged_lines=True)
    assert sheet["ChuHoSo"].str.contains("Mẫu").all()
    assert sheet["SoGiayToChuHoSo"].str.starts_with("000").all()
    assert sheet["SoDienThoai"].str.starts_with("0000").all()
    assert sheet["Email"].str.ends_with(".invalid").all()


def test_personal_columns_are_ignored_by_every_mapping(inbox: Path, product_data: Path) -> None:
    mappings = load_mappings(product_data)
    assert {"ChuHoSo", "SoGiayToChuHoSo", "SoDienThoai", "Email"} <= set(mappings["mot_cua_xa"].file.ignored)
    assert {"Người nộp", "Số CCCD", "Điện thoại"} <= set(mappings["mot_cua_tinh"].file.ignored)
    hotline = set(mappings["tong_dai_1022"].file.ignored)
    assert {"noi_dung", "nguoi_phan_anh.ho_ten", "nguoi_phan_anh.dien_thoai"} <= hotline


def test_every_demo_mapping_says_that_it_is_illustrative(product_data: Path) -> None:
    mappings = load_mappings(product_data)
    assert all(mappings[name].illustrative for name in ("mot_cua_xa", "mot_cua_tinh", "tong_dai_1022", "dang_uy"))
    assert mappings["dang_uy"].clearance == "party"


def test_as_many_dossiers_as_asked_for(world: World, lives: pl.DataFrame) -> None:
    inside = lives.filter(pl.col("received") > evening(date(2023, 11, 30)))
    assert inside.height == 20_000
    assert lives["case"].n_unique() == lives.height


def test_deadlines_are_working_days_after_receipt(world: World, rows: pl.DataFrame, reference: Reference) -> None:
    limits = world.procedures["limit_working_days"].gather(rows["procedure"])
    plain = rows.with_columns(limit=limits).filter((pl.col("supplements") == 0) & (pl.col("limit") > 0))
    promised = plain.select(
        due=pl.col("due").dt.date(),
        expected=add_working_days(pl.col("received").dt.date(), pl.col("limit"), reference.calendar),
    )
    assert promised.filter(pl.col("due") != pl.col("expected")).height == 0
    assert promised.height > 18_000


@pytest.mark.parametrize("moment", ["received", "ended"])
def test_offices_work_in_office_hours(rows: pl.DataFrame, reference: Reference, moment: str) -> None:
    stamps = rows.select(stamp=moment, day=pl.col(moment).dt.date(), clock=pl.col(moment).dt.time()).drop_nulls()
    spans = reference.place.office_hours
    inside = pl.any_horizontal(pl.col("clock").is_between(since, until) for since, until in spans)
    working = reference.calendar.filter("is_working").select("day")
    assert stamps.filter(~inside).height == 0
    assert stamps.join(working, on="day", how="anti").height == 0


def test_people_file_online_at_night_and_on_days_off(rows: pl.DataFrame) -> None:
    assert rows.filter(pl.col("submitted") > pl.col("received")).height == 0
    online = rows.filter(pl.col("channel") == ONLINE)
    evenings = online.filter(pl.col("submitted").dt.hour() >= 18).height / online.height
    assert 0.02 < evenings < 0.2
    assert online.filter(pl.col("submitted").dt.weekday() == 7).height > 0
    counter = rows.filter(pl.col("channel") != ONLINE)
    assert counter.filter(pl.col("submitted").dt.date() != pl.col("received").dt.date()).height == 0


def test_moments_stand_in_order(rows: pl.DataFrame) -> None:
    for earlier, later in [("received", "asked_1"), ("asked_1", "over_1"), ("over_1", "ended"), ("ended", "returned")]:
        assert rows.filter(pl.col(earlier) > pl.col(later)).height == 0, (earlier, later)


def valid_on(units: pl.DataFrame, rows: pl.DataFrame, seat: str, day: str) -> pl.DataFrame:
    """Rows whose unit did not exist on that day."""
    found = rows.select(seat=seat, day=pl.col(day).dt.date()).join(units, on="seat")
    begins = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("day"))
    ends = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("day"))
    return found.filter(~(begins & ends))


def test_every_export_names_units_that_existed(world: World, lives: pl.DataFrame) -> None:
    units = world.seats.units
    since = 0
    for last in (date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31), UNTIL):
        export = changed(lives, since, evening(last))
        assert valid_on(units, export, "seat", "received").height == 0
        assert valid_on(units, export, "unit", "updated").height == 0
        since = evening(last)


def test_the_reform_hands_open_dossiers_to_the_heirs(world: World, rows: pl.DataFrame) -> None:
    moved = rows.filter(pl.col("moved").dt.date() == REFORM, pl.col("level") != "province")
    assert moved.height > 50
    assert (moved["received"].dt.date() < REFORM).all()
    heirs = set(world.seats.heirs.select("from", "to").rows())
    assert all(pair in heirs for pair in moved.select("seat", "unit").rows())
    was_open = rows.filter(
        pl.col("level") != "province",
        pl.col("received").dt.date() < REFORM,
        pl.col("ended").is_null() | (pl.col("ended").dt.date() >= REFORM),
    )
    assert was_open.height == moved.height


def test_districts_are_gone_after_the_reform(world: World, rows: pl.DataFrame) -> None:
    late = rows.filter(pl.col("received").dt.date() >= REFORM)
    assert set(late["level"].unique()) == {"commune", "province"}
    assert late.filter(pl.col("level") == "commune")["seat"].n_unique() == 96


def test_later_exports_carry_only_what_changed(lives: pl.DataFrame) -> None:
    first, second = evening(date(2026, 5, 31)), evening(date(2026, 6, 30))
    june = changed(lives, first, second)
    assert june["updated"].min() > pl.select(pl.lit(first * 1_000_000).cast(pl.Datetime("us"))).item()
    again = june.filter(pl.col("received").dt.date() < date(2026, 6, 1))
    assert 0.05 < again.height / june.height < 0.25


def test_a_dossier_waits_without_a_promise_at_communes(inbox: Path) -> None:
    path = sorted((inbox / "mot_cua_xa").glob("*20261122.csv"))[0]
    sheet = pl.read_csv(path, separator=";", infer_schema=False, truncate_ragged_lines=True)
    waiting = sheet.filter(pl.col("TrangThaiHoSo") == "5")
    assert waiting.height > 0
    assert waiting["NgayHenTra"].null_count() == waiting.height
    assert waiting["NgayYeuCauBoSung"].null_count() == 0


def test_a_place_without_hotline_or_party_gets_only_dossiers(tmp_path: Path, reference: Reference) -> None:
    poor = replace(
        reference,
        units=reference.units.filter(pl.col("tree") != "party"),
        categories=reference.categories.clear(),
    )
    write_demo(tmp_path, 400, 1, UNTIL, poor, lambda name, share: None)
    written = {path.name for path in tmp_path.iterdir()}
    assert {"mot_cua_tinh", "mot_cua_xa", "nhat_ky_tinh", "nhat_ky_xa", "cong_dvc", "so_cong_bo"} <= written
    assert written.isdisjoint({"tong_dai_1022", "lien_he_1022", "dang_uy"})


@pytest.mark.parametrize("until", [date(2025, 6, 30), date(2025, 7, 1), date(2024, 1, 3), date(2033, 5, 5)])
def test_any_day_may_be_the_last(tmp_path: Path, reference: Reference, until: date) -> None:
    write_demo(tmp_path, 300, 3, until, reference, lambda name, share: None)
    assert (tmp_path / "mot_cua_xa" / f"hoso_xa_{until:%Y%m%d}.csv").is_file()
    days = [re.findall(r"\d{8}", path.name)[0] for path in tmp_path.rglob("*_*.*")]
    assert max(days) == f"{until:%Y%m%d}"


def test_a_period_without_procedures_is_refused_in_words(tmp_path: Path, reference: Reference) -> None:
    with pytest.raises(PersonError, match="Choose a later --until"):
        write_demo(tmp_path, 300, 3, date(2022, 2, 2), reference, lambda name, share: None)


def test_the_clock_skips_the_lunch_break(reference: Reference) -> None:
    office = open_office(reference.calendar, [(time(7), time(11)), (time(13), time(17))])
    number = office.number(np.array([20_000]))
    seconds = office.moment(number.repeat(3), np.array([0, 4 * 3600, 8 * 3600 - 1])) % 86_400
    assert list(seconds) == [7 * 3600, 13 * 3600, 17 * 3600 - 1]


def test_shares_are_handed_out_to_the_last_one() -> None:
    assert per_part([1.0, 1.0, 1.0], 100) == [34, 33, 33]
    assert sum(per_part([0.3, 2.7, 1.1, 5.0], 12_345)) == 12_345


def test_a_choice_within_a_group_stays_in_it() -> None:
    groups, weights = np.array([2, 2, 5, 5, 5]), np.array([1.0, 0.0, 1.0, 1.0, 2.0])
    chosen = pick_within(stream(1, "test"), groups, weights, np.array([2] * 50 + [5] * 50 + [9]))
    assert set(chosen[:50]) == {0}
    assert set(chosen[50:100]) == {2, 3, 4}
    assert chosen[100] == -1


def test_the_hotline_document_is_nested_json_with_offsets(inbox: Path) -> None:
    document = json.loads(sorted((inbox / "tong_dai_1022").glob("*.json"))[-2].read_text(encoding="utf-8"))
    ticket = document["data"][0]
    assert document["minh_hoa"] is True
    assert ticket["thoi_gian"]["gui"].endswith("+07:00")
    assert "Mẫu" in ticket["nguoi_phan_anh"]["ho_ten"]
