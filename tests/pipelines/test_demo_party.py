"""What the demo invents of the Party stays near what was published of it, and no part exceeds its whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo.party import quarters
from pipelines.demo.party_sheet import party_rows
from pipelines.demo.write import build_world
from pipelines.reference import load_reference

CARDS, ELIGIBLE = "Thẻ đảng gắn chip đã đổi", "Thuộc diện đổi thẻ gắn chip"
MATCHED, TO_MATCH = "Hồ sơ khớp CSDL dân cư", "Hồ sơ phải đối chiếu CSDL dân cư"
PLANNED, DONE = "Cuộc kiểm tra, giám sát theo kế hoạch", "Cuộc kiểm tra, giám sát đã thực hiện"
HOMES, INSIDE = "TCCSĐ trong DN ngoài nhà nước", "Đảng viên trong DN ngoài nhà nước"
MEMBERS = "Đảng viên cuối kỳ"


@pytest.fixture(scope="module")
def reports(product_data: Path) -> dict[date, pl.DataFrame]:
    """The rows of every quarter by its last day."""
    reference = load_reference(product_data)
    world = build_world(reference, 7, date(2026, 11, 22))
    return {one.last: party_rows(world, one) for one in quarters(world, reference)}


def share(rows: pl.DataFrame, part: str, whole: str = MEMBERS) -> float:
    return float(rows[part].sum()) / float(rows[whole].sum())


def test_nobody_has_a_chip_card_before_there_were_any_and_nearly_all_in_october_2025(
    reports: dict[date, pl.DataFrame],
) -> None:
    """Over 98 % were changed by 3 October 2025."""
    assert reports[date(2024, 12, 31)][CARDS].null_count() == reports[date(2024, 12, 31)].height
    course = [share(rows, CARDS, ELIGIBLE) for last, rows in reports.items() if last >= date(2025, 3, 31)]
    assert course[0] < 0.3 and course[:4] == sorted(course[:4]) and min(course[3:]) > 0.985
    assert 0.975 <= share(reports[date(2025, 9, 30)], CARDS, ELIGIBLE) <= 0.99


def test_records_agree_better_every_year(reports: dict[date, pl.DataFrame]) -> None:
    assert reports[date(2025, 6, 30)][MATCHED].null_count() == reports[date(2025, 6, 30)].height
    assert 0.9 < share(reports[date(2025, 9, 30)], MATCHED) < share(reports[date(2026, 9, 30)], MATCHED) <= 1


def test_firms_are_told_of_once_a_year_with_1_7_percent_of_the_members(reports: dict[date, pl.DataFrame]) -> None:
    """897 of 52,078 members, in 65 organisations, were published of Long An."""
    for last, rows in reports.items():
        assert (rows[INSIDE].null_count() == rows.height) == (last.month != 12)
    rows = reports[date(2025, 12, 31)]
    assert 0.015 < share(rows, INSIDE) < 0.019
    assert 8 < rows[INSIDE].sum() / rows[HOMES].sum() < 14


def test_inspections_follow_the_plan_of_the_quarter(reports: dict[date, pl.DataFrame]) -> None:
    for rows in reports.values():
        assert 0.9 < share(rows, DONE, PLANNED) < 1.05
        assert (rows[PLANNED] > 0).all()


def test_no_part_exceeds_its_whole(reports: dict[date, pl.DataFrame]) -> None:
    pairs = ((CARDS, ELIGIBLE), (ELIGIBLE, MEMBERS), (MATCHED, TO_MATCH), (INSIDE, MEMBERS), (HOMES, "Số TCCSĐ"))
    for rows in reports.values():
        for part, whole in pairs:
            assert (rows[part].fill_null(0) <= rows[whole].fill_null(0)).all(), part
