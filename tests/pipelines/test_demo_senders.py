"""Hotline and Party figures lie where the published ones lie, and what goes wrong goes wrong on purpose."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest

from pipelines.demo import hotline_words, write_demo
from pipelines.demo.faults import ROWS as FAULTY
from pipelines.demo.faults import SILENT
from pipelines.demo.party import LONG_AN, MEMBERS, Quarter, quarter_ends, quarters
from pipelines.demo.party_sheet import HEADER_ROW, SHEET, TOTAL
from pipelines.demo.write import build_world
from pipelines.reference import Reference, load_reference

UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def reference(product_data: Path) -> Reference:
    return load_reference(product_data)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    folder = tmp_path_factory.mktemp("senders") / "inbox"
    write_demo(folder, 60_000, 7, UNTIL, reference, lambda name, share: None)
    return folder


@pytest.fixture(scope="module")
def tickets(inbox: Path) -> list[dict[str, Any]]:
    """The newest version of every ticket."""
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted((inbox / "tong_dai_1022").glob("*.json")):
        newest |= {one["ma_phan_anh"]: one for one in json.loads(path.read_text(encoding="utf-8"))["data"]}
    return list(newest.values())


def in_time(ticket: dict[str, Any]) -> bool:
    """Deadlines with a time of day are compared to the second, others by date."""
    closed, due = ticket["thoi_gian"]["dong"], ticket["thoi_gian"]["han"]
    return bool(closed <= due if len(due) > 10 else closed[:10] <= due)


def test_tickets_are_as_many_as_a_province_has(tickets: list[dict[str, Any]]) -> None:
    assert len(tickets) == 3_000
    years = Counter(ticket["thoi_gian"]["gui"][:4] for ticket in tickets)
    assert years["2025"] > years["2024"]


def test_nine_of_ten_tickets_are_answered_in_time(tickets: list[dict[str, Any]]) -> None:
    closed = [ticket for ticket in tickets if ticket["thoi_gian"]["dong"]]
    assert len(closed) > 0.97 * len(tickets)
    assert np.mean([in_time(ticket) for ticket in closed]) == pytest.approx(0.90, abs=0.025)


def test_two_of_five_rate_the_answer(tickets: list[dict[str, Any]]) -> None:
    closed = [ticket for ticket in tickets if ticket["thoi_gian"]["dong"]]
    rated = [ticket["danh_gia"] for ticket in closed if ticket["danh_gia"]]
    assert len(rated) / len(closed) == pytest.approx(hotline_words.RATED, abs=0.03)
    assert rated.count("hai_long") / len(rated) == pytest.approx(hotline_words.SATISFIED, abs=0.04)


@pytest.mark.parametrize(("key", "value", "expected"), [("mo_lai", True, 0.04), ("trang_thai", "tu_choi", 0.04)])
def test_few_are_reopened_or_refused(tickets: list[dict[str, Any]], key: str, value: object, expected: float) -> None:
    assert np.mean([ticket[key] == value for ticket in tickets]) == pytest.approx(expected, abs=0.013)


def test_one_place_complains_about_one_thing_in_the_newest_month(tickets: list[dict[str, Any]]) -> None:
    november = [ticket for ticket in tickets if ticket["thoi_gian"]["gui"] >= "2026-11"]
    cells = Counter((ticket["chuyen_muc"]["ma"], ticket["dia_ban"]["ma_xa"]) for ticket in november)
    (first, most), (_, second) = cells.most_common(2)
    assert first[0] == hotline_words.HOT_SPOT[1]
    assert most >= 2 * second


def test_nobody_answers_for_a_ticket_that_was_not_forwarded(tickets: list[dict[str, Any]]) -> None:
    for ticket in tickets:
        assert (ticket["xu_ly"]["don_vi_nhan"] is None) == (ticket["thoi_gian"]["chuyen"] is None)


@pytest.fixture(scope="module")
def contacts(inbox: Path) -> pl.DataFrame:
    return pl.concat(pl.read_csv(path) for path in sorted((inbox / "lien_he_1022").glob("*.csv")))


def test_contacts_are_ten_times_the_tickets_and_hold_every_one_of_them(
    contacts: pl.DataFrame, tickets: list[dict[str, Any]]
) -> None:
    assert contacts["Trong đó thành phản ánh"].sum() == len(tickets)
    assert contacts["Số lượt"].sum() / len(tickets) == pytest.approx(10, rel=0.03)
    assert contacts.filter(pl.col("Trong đó thành phản ánh") > pl.col("Số lượt")).height == 0
    words = {"dien_thoai": "Điện thoại", "zalo": "Zalo", "khac": "Khác"}
    for code, word in words.items():
        told = contacts.filter(pl.col("Kênh") == word)["Trong đó thành phản ánh"].sum()
        assert told == sum(ticket["kenh"] == code for ticket in tickets)
    assert not contacts.select("Ngày", "Kênh").is_duplicated().any()


def test_questions_come_by_the_channels_that_were_published(contacts: pl.DataFrame) -> None:
    asked = contacts.group_by("Kênh").agg((pl.col("Số lượt") - pl.col("Trong đó thành phản ánh")).sum().alias("n"))
    share = dict(asked.with_columns(pl.col("n") / pl.col("n").sum()).rows())
    assert share["Trợ lý ảo"] == pytest.approx(746 / 1382, abs=0.02)
    assert share["Điện thoại"] == pytest.approx(316 / 1382, abs=0.02)


@pytest.fixture(scope="module")
def steps(inbox: Path) -> pl.DataFrame:
    """The step log, oldest first, with the moment as one."""
    read = [pl.read_csv(path, separator=";") for path in sorted((inbox / "nhat_ky_tinh").glob("*.csv"))]
    at = pl.col("Hoàn thành lúc").str.to_datetime("%d/%m/%Y %H:%M:%S")
    return pl.concat(read).with_columns(at=at).sort("at", maintain_order=True)


def test_every_dossier_of_the_log_begins_with_its_reception_and_keeps_an_order(steps: pl.DataFrame) -> None:
    order = ["Thẩm định", "Trình duyệt", "Ký duyệt", "Ban hành kết quả", "Trả kết quả"]
    for (_, *_), one in steps.group_by("Số hồ sơ", maintain_order=True):
        names = one["Bước xử lý"].to_list()
        assert names[0] == "Tiếp nhận hồ sơ" and names.count("Tiếp nhận hồ sơ") == 1
        last = [names.index(name) for name in order if name in names]
        assert last == sorted(last)
        assert names.count("Thẩm định") <= 1 + names.count("Trả lại thẩm định")
    back = steps.filter(pl.col("Bước xử lý") == "Trả lại thẩm định").height
    assert back / steps.filter(pl.col("Bước xử lý") == "Ký duyệt").height == pytest.approx(0.07, abs=0.03)


def test_the_log_and_the_dossiers_tell_of_the_same_ends(inbox: Path, steps: pl.DataFrame) -> None:
    sent = pl.concat(
        pl.read_csv(path, infer_schema=False).select("Số hồ sơ", "Ngày xử lý xong", "Bước hiện tại", "Cập nhật lúc")
        for path in sorted((inbox / "mot_cua_tinh").glob("motcua_tinh_????????.csv"))[-30:]
    )
    ends = steps.filter(pl.col("Bước xử lý") == "Ban hành kết quả").select("Số hồ sơ", "Hoàn thành lúc")
    both = sent.join(ends, on="Số hồ sơ").filter(pl.col("Ngày xử lý xong").is_not_null())
    assert both.height > 200
    assert both.filter(pl.col("Ngày xử lý xong") == pl.col("Hoàn thành lúc")).height >= 0.99 * both.height
    # Whoever has ended has nothing standing next, and whoever has not, has.
    whole = sent.filter(pl.col("Cập nhật lúc").is_not_null())
    assert whole.filter(pl.col("Ngày xử lý xong").is_null() == pl.col("Bước hiện tại").is_null()).height == 0


@pytest.fixture(scope="module")
def reports(reference: Reference) -> list[Quarter]:
    return quarters(build_world(reference, 7, UNTIL), reference)


def test_quarters_end_inside_the_period() -> None:
    assert quarter_ends(date(2023, 12, 1), date(2024, 9, 30)) == [
        date(2023, 12, 31),
        date(2024, 3, 31),
        date(2024, 6, 30),
        date(2024, 9, 30),
    ]


def test_members_add_up_to_the_published_number(reports: list[Quarter]) -> None:
    eve = next(report for report in reports if report.last == date(2025, 6, 30))
    assert int(eve.members.sum()) == MEMBERS
    start = next(report for report in reports if report.last == date(2023, 12, 31))
    codes = start.units["code"].to_list()
    western = sum(int(n) for code, n in zip(codes, start.members, strict=True) if code[2:] in map(str, range(794, 809)))
    assert western == pytest.approx(LONG_AN - 0.55 * 18_100, rel=0.05)


def test_no_member_is_lost_between_quarters(reports: list[Quarter]) -> None:
    for before, after in pairwise(reports):
        assert int(after.opening.sum()) == int(before.members.sum())
        if set(before.units["unit_id"]) == set(after.units["unit_id"]):
            assert list(after.opening) == list(before.members)
    assert all((report.members > 0).all() for report in reports)


def workbook(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    rows = list(openpyxl.load_workbook(path)[SHEET].iter_rows(values_only=True))
    return [str(cell) for cell in rows[HEADER_ROW - 1]], rows[HEADER_ROW:]


def organisations(path: Path) -> pl.DataFrame:
    head, rows = workbook(path)
    data = [row for row in rows if isinstance(row[0], int)]
    return pl.DataFrame(data, schema=head, orient="row", infer_schema_length=None)


def test_the_stock_equation_holds_in_every_row_that_is_sent(inbox: Path) -> None:
    for path in sorted((inbox / "dang_uy").glob("*.xlsx")):
        rows = organisations(path)
        came = pl.col("Đảng viên đầu kỳ") + pl.col("Kết nạp") + pl.col("Chuyển đến")
        left = pl.col("Chuyển đi") + pl.col("Ra khỏi Đảng") + pl.col("Từ trần")
        assert rows.filter(came - left != pl.col("Đảng viên cuối kỳ")).height == 0


def test_the_total_row_adds_up(inbox: Path) -> None:
    path = inbox / "dang_uy" / "BC_dang_vien_20251231.xlsx"
    head, rows = workbook(path)
    total = dict(zip(head, next(row for row in rows if row[0] == TOTAL), strict=True))
    sent = organisations(path)
    assert total["Đảng viên cuối kỳ"] == sent["Đảng viên cuối kỳ"].sum()
    assert total["Đảng viên HTXSNV"] == sent["Đảng viên HTXSNV"].sum()


def test_ratings_come_once_a_year(inbox: Path) -> None:
    yearly = organisations(inbox / "dang_uy" / "BC_dang_vien_20251231.xlsx")
    assert yearly["Đảng viên xếp loại"].null_count() == 0
    assert organisations(inbox / "dang_uy" / "BC_dang_vien_20260331.xlsx")["Đảng viên xếp loại"].count() == 0
    rated = yearly["Đảng viên xếp loại"].sum()
    best, good = yearly["Đảng viên HTXSNV"].sum() / rated, yearly["Đảng viên HTTNV"].sum() / rated
    assert best < 0.20
    assert 0.70 < good < 0.80
    over = yearly.filter(pl.col("Đảng viên HTXSNV") > 0.25 * pl.col("Đảng viên xếp loại"))
    assert over.height == 2


def test_in_the_newest_quarter_some_reports_are_missing(inbox: Path, reports: list[Quarter]) -> None:
    newest = organisations(inbox / "dang_uy" / "BC_dang_vien_20260930.xlsx")
    assert newest.height == reports[-1].units.height - 2


def commune_lines(inbox: Path) -> list[list[str]]:
    files = sorted((inbox / "mot_cua_xa").glob("hoso_xa_????????.csv"))
    return [line.split(";") for path in files for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_faults_are_few_and_of_every_kind(inbox: Path) -> None:
    lines = commune_lines(inbox)
    width = Counter(len(line) for line in lines).most_common(1)[0][0]
    whole = [line for line in lines if len(line) == width]
    assert len(lines) - len(whole) >= 1
    assert sum(line[16][4:8] == "0231" for line in whole) >= 3
    assert sum(line[12] == "99999" for line in whole) >= 3
    assert sum(bool(line[18]) and line[18][:8] < line[16][:8] for line in whole) >= 3
    twice = sum(count - 1 for count in Counter(map(tuple, whole)).values())
    assert twice >= 3
    assert FAULTY <= 0.003


def test_one_file_lost_a_column_and_one_came_twice(inbox: Path) -> None:
    folder = inbox / "mot_cua_xa"
    draft = (folder / "hoso_xa_20240930_ban_dau.csv").read_text(encoding="utf-8")
    final = (folder / "hoso_xa_20240930.csv").read_text(encoding="utf-8")
    assert "MaHoSo" in final.partition("\n")[0]
    assert "MaHoSo" not in draft.partition("\n")[0]
    again = folder / "hoso_xa_20250331_gui_lai.csv"
    assert again.read_bytes() == (folder / "hoso_xa_20250331.csv").read_bytes()


def test_two_communes_fall_silent(inbox: Path, reference: Reference) -> None:
    lines = [line for line in commune_lines(inbox) if len(line) > 30 and line[-1] >= "20261101"]
    assert 90 <= len({line[13] for line in lines}) <= 96 - len(SILENT)
