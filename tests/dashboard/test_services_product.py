"""A register, a portal's counters and a staff list, with the product's own mappings and catalogue, reckoned by hand."""

from __future__ import annotations

import csv
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.__main__ import main
from dashboard.lacking import lacking_table
from dashboard.query import Question
from dashboard.query.answers import answer
from dashboard.running import Running
from dashboard.scorecard import scorecard
from dashboard.simulation import simulate
from pipelines.home import open_home
from pipelines.progress import silent
from pipelines.rulebook import read_rulebook
from pipelines.run import Circumstances, load_once
from tests.dashboard.screens_at import here_at, page, started, words_of
from tests.pipelines.installation import CODE, REPOSITORY

TAN_NINH, BINH_MINH = "25459", "25480"  # two wards of today, of one former district
WARD = "25459@2025"
DISTRICT = "703"
MONTH = {"period": "2026-10"}
with (REPOSITORY / "data" / "reference" / "procedures.csv").open(encoding="utf-8") as _file:
    LISTED = list(csv.DictReader(_file))
PROCEDURES = [row for row in LISTED if not row["valid_to"]]
SHARED = [row for row in PROCEDURES if row["level"] == "commune"]
ONLINE = [row for row in SHARED if row["online_level"] != "none"]
# Each ward gets a dossier of each of six procedures, twice; four of them are the same in both.
CODES = [row["procedure_code"] for row in ONLINE]
ASKED = {TAN_NINH: CODES[:6], BINH_MINH: CODES[2:8]}

REGISTER = """Mã thủ tục,Tên thủ tục,Cơ quan trình,Ngày quyết định,Ngày văn bản có hiệu lực,Ngày công khai
P1,x,STP,05/10/2026,12/10/2026,12/10/2026
P1,x,STP,19/10/2026,23/10/2026,20/10/2026
P2,x,STP,06/10/2026,30/10/2026,14/10/2026
P3,x,SNV,06/10/2026,,07/10/2026
P4,x,SNV,12/10/2026,30/10/2026,
"""
PORTAL = f"""Mã đơn vị,Tên đơn vị,Đến ngày,Bắt đầu khai,Khai xong biểu mẫu,Đính kèm đủ giấy tờ,Nộp thành công,Bản sao điện tử đã chứng thực
{TAN_NINH},x,31/10/2026,100,80,60,50,3
{BINH_MINH},x,31/10/2026,60,60,50,46,0
STP,x,31/10/2026,40,38,35,34,
STP,x,30/10/2026,40,38,35,39,
"""  # noqa: E501
STAFF = f"""Tháng;Mã đơn vị;Tên đơn vị;Số người tại bộ phận một cửa
10/2026;{TAN_NINH};x;2
10/2026;{BINH_MINH};x;5
"""


def dossiers() -> str:
    """The communes' system: every column that its mapping names, empty where nothing is to be said."""
    mapping = tomllib.loads((REPOSITORY / "data" / "mappings" / "mot_cua_xa.toml").read_text(encoding="utf-8"))
    said = [one if isinstance(one, str) else one.get("column") for one in mapping["columns"].values()]
    heads = [*dict.fromkeys(name for name in said if name), *mapping["ignore"]["columns"]]
    rows = [
        {"MaHoSo": f"{ward}-{turn}-{code}", "MaTTHC": code, "CapThucHien": "3", "KenhThucHien": "2",
         "LoaiDoiTuong": "0", "DonViTiepNhan": ward, "NgayTiepNhan": "20261005080000", "NgayHenTra": "20261012",
         "NgayKetThucXuLy": "20261008090000", "TrangThaiHoSo": "9", "NgayCapNhat": "20261031080000",
         "DuocLayTuKhoDMQG": str(turn), "TaiKhoanDuocXacThucVoiVNeID": "1"}
        for ward, codes in ASKED.items() for turn in (0, 1) for code in codes
    ]  # fmt: skip
    return "\n".join(";".join(cells) for cells in [heads, *([row.get(name, "") for name in heads] for row in rows)])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = open_home(tmp_path_factory.mktemp("services"))
    files = {"so_cong_bo/so_20261031.csv": REGISTER, "cong_dvc/cong_20261031.csv": PORTAL,
             "nhan_su_mot_cua/ns_20261031.csv": STAFF, "mot_cua_xa/hoso_20261031.csv": dossiers()}  # fmt: skip
    for name, text in files.items():
        (one.inbox / name).parent.mkdir(parents=True)
        (one.inbox / name).write_text(text, encoding="utf-8")
    book = read_rulebook(REPOSITORY / "data", REPOSITORY / "data", CODE)
    moment = datetime(2026, 11, 2, 3, tzinfo=UTC)
    report = load_once(Circumstances(one, book, lambda: moment, lambda _: None, silent, "test"))
    loaded = {file.source: (file.rows_loaded, file.rows_quarantined) for file in report.files}
    # The line on which more filings were completed than had their papers attached is set aside.
    assert loaded == {"so_cong_bo": (5, 0), "cong_dvc": (3, 1), "nhan_su_mot_cua": (2, 0), "mot_cua_xa": (24, 0)}
    return one.root


@pytest.fixture(scope="module")
def app(home: Path) -> Running:
    return started(home)


def value(home: Path, capsys: pytest.CaptureFixture[str], code: str, unit: str = "", *more: str) -> dict[str, Any]:
    asked = ["value", code, "--home", str(home), "--period", "2026-10", "--json", *more]
    assert main([*asked, *(["--unit", unit] if unit else [])]) == 0
    return dict(json.loads(capsys.readouterr().out))


def fraction(told: dict[str, Any]) -> tuple[float, float]:
    return told["numerator"], told["denominator"]


def test_late_once_is_late_for_the_period_and_each_procedure_counts_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # P1: 5 days ahead, then 4; P2: in time; P3 names no law; P4: in time.
    assert fraction(value(home, capsys, "DVC61")) == (2, 3)
    assert fraction(value(home, capsys, "DVC61", "STP")) == (1, 2)
    # P2 took six days, P4 is still not published when its five days are over.
    assert fraction(value(home, capsys, "DVC62")) == (2, 4)
    assert value(home, capsys, "DVC61", "", "--period", "2026-09")["value"] is None


def test_the_pages_of_a_filing_add_up_over_units(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [value(home, capsys, code)["value"] for code in ("DVC46", "DVC46B", "DVC46C", "DVC47")]
    assert pages == [200, 178, 145, 130]
    assert fraction(value(home, capsys, "DVC48")) == (70, 200)
    assert fraction(value(home, capsys, "DVC48", WARD)) == (50, 100)


def test_whoever_certifies_copies_is_counted_among_those_who_may(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fraction(value(home, capsys, "DVC69")) == (1, 2)
    assert [value(home, capsys, "DVC69", unit)["value"] for unit in (WARD, "25480@2025", "STP")] == [1.0, 0.0, None]


def test_the_load_of_a_counter_with_two_people_is_not_shown(
    home: Path, app: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert value(home, capsys, "DVC28", "25480@2025")["value"] == 12 / 5
    assert value(home, capsys, "DVC28")["value"] == 24 / 7
    told = value(home, capsys, "DVC28", WARD)
    assert (told["status"], told["n"]) == ("too_few", 2)
    shown = words_of(page(app, page="explain", indicator="DVC28", unit=WARD, **MONTH))
    assert "6,0" not in shown.split("12 / 2")[0]  # 12 dossiers over 2 people would be 6.0 each


def test_a_ward_is_measured_against_the_list_that_all_wards_share(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fraction(value(home, capsys, "DVC05")) == (
        len([row for row in PROCEDURES if row["online_level"] != "none"]), len(PROCEDURES))
    assert fraction(value(home, capsys, "DVC05", WARD)) == (len(ONLINE), len(SHARED))
    own = [row for row in PROCEDURES if row["agency"] == "STP"]
    online, whole = ([r for r in own if r["online_level"] != "none"], [r for r in own if r["parts"] == "7"])
    assert fraction(value(home, capsys, "DVC05", "STP")) == (len(online), len(own))
    assert fraction(value(home, capsys, "DVC63", "STP")) == (len(whole), len(own))
    assert value(home, capsys, "DVC05", "TTRA")["value"] is None  # an agency without procedures shares nobody's list
    # Six procedures in either ward, four of them the same: eight for the former district and for the province.
    assert fraction(value(home, capsys, "DVC64", WARD)) == (6, len(ONLINE))
    assert fraction(value(home, capsys, "DVC64", DISTRICT, "--basis", "before_2025")) == (8, len(ONLINE))
    assert value(home, capsys, "DVC64")["numerator"] == 8


def test_the_procedures_of_departments_and_of_the_place_are_the_whole_list(app: Running) -> None:
    here = here_at(app, **MONTH)

    def asked(unit: str) -> float:
        question = Question("procedures_all", here.period, unit, "today")
        return answer(here.snapshot, here.scope, question, today=here.today).value or 0.0

    tied = sum(asked(code) for code in {row["agency"] for row in PROCEDURES if row["agency"]})
    assert tied == len([row for row in PROCEDURES if row["agency"]]) > 0
    assert asked("80") == len(PROCEDURES) == tied + len(SHARED)


@pytest.mark.parametrize("day", ["2025-06-29", "2025-06-30", "2025-07-01"])
def test_a_list_holds_to_its_last_day_and_the_next_one_takes_over(app: Running, day: str) -> None:
    here = here_at(app, period=day)
    question = Question("procedures_all", here.period, "80", "today")
    in_force = [row for row in LISTED if row["valid_from"] <= day <= (row["valid_to"] or "9")]
    assert answer(here.snapshot, here.scope, question, today=here.today).value == len(in_force) > 0


def test_population_and_personal_store_come_from_the_dossiers(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fraction(value(home, capsys, "DVC70")) == (12, 24)
    people = [row for row in SHARED if row["subject"] != "firm"]
    used = [row for row in people if row["procedure_code"] in ASKED[TAN_NINH]]
    assert fraction(value(home, capsys, "DVC71", WARD)) == (len(used), len(people))


def rows_of(app: Running, **address: str) -> dict[str, tuple[object, ...]]:
    here = here_at(app, page="score", **address)
    card = scorecard(here)
    assert card is not None
    found = lacking_table(here, [item for item in card.items if not item.is_known])
    return {str(name).split(" ")[0]: tuple(rest) for name, *rest in found.texts}


def test_what_is_missing_says_how_much_why_and_who_would_send_it(app: Running) -> None:
    province = rows_of(app, **MONTH)
    assert not {"1.1", "1.2", "1.3", "4.2b", "4.4", "4.5a", "3.1", "3.2"} & set(province)
    silent_item = rows_of(app, period="2026-09")["1.1"]
    assert silent_item[:2] == ("6,00", "Đã có tệp, nhưng đơn vị này trong kỳ không có trường hợp nào ghi nhận.")
    assert "phòng Kiểm soát thủ tục hành chính" in str(silent_item[2]) and "(so_cong_bo)" in str(silent_item[3])
    ward = rows_of(app, unit=WARD, **MONTH)
    assert {"1.1", "1.2", "1.3"} <= set(ward) and not {"3.1", "3.2", "4.2b", "4.4"} & set(ward)
    assert "procedures.csv" in str(ward["1.3"][1])
    told = words_of(page(app, page="score", unit=WARD, **MONTH))
    assert "Điểm nào chưa tính được, và ai gửi được số liệu?" in told and "(so_cong_bo)" in told
    assert "Which points cannot be reckoned" in words_of(page(app, page="score", lang="en", unit=WARD, **MONTH))


@pytest.mark.parametrize("unit", ["", WARD, "25480@2025", "STP", "SNV", "TTRA"])
@pytest.mark.parametrize("period", ["2026-10", "2026-Q4", "2026-09"])
def test_untouched_a_simulation_is_the_score_of_every_unit(app: Running, unit: str, period: str) -> None:
    card = scorecard(here_at(app, page="score", period=period, unit=unit))
    assert card is not None
    if card.total.plot is not None:
        assert simulate(card, {}).total == card.total.answer.value
    if unit == WARD and period == "2026-10":
        known = {item.code: item.points.plot for item in card.items if item.is_known}
        assert known["3.1"] == 2.0 and known["3.2"] == pytest.approx(4 * 6 / len(ONLINE))


def test_the_days_screen_draws_the_way_through_the_portal(app: Running) -> None:
    told = words_of(page(app, page="days", **MONTH))
    assert "200 lần bắt đầu khai, 130 lần nộp thành công: 70 lần bỏ dở (35,0 %)" in told
    assert "nhiều nhất giữa «Khai xong biểu mẫu» và «Đính kèm đủ» (33)" in told
    # A month that the portal has not told is no month without filings.
    before = words_of(page(app, page="days", period="2026-03"))
    assert "Chưa có nguồn: cổng dịch vụ công chưa gửi bộ đếm" in before and "35,0 %" not in before
