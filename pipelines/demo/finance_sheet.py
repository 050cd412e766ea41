"""The department of finance fills in a workbook: revenue against its estimates, enterprises, foreign investment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import xlsxwriter

from pipelines.demo import economy_figures as known
from pipelines.demo.economy import ESTIMATED, FINAL, PRELIMINARY, Months, month_end, months_of, span, whole_months
from pipelines.demo.export import age_export
from pipelines.demo.filings import World
from pipelines.demo.statistics_sheet import root_code
from pipelines.reference import Reference

SOURCE: Final = "so_tai_chinh_thang"
SHEET: Final = "KTXH"
HEADER_ROW: Final = 6
HEAD: Final = ("STT", "Chỉ tiêu", "Mã tỉnh", "Từ ngày", "Đến ngày", "Số liệu", "Đơn vị tính", "Ghi chú")
MONTHLY: Final = 3
BILLION, USD, PROJECTS, FIRMS = "tỷ đồng", "triệu USD", "dự án", "doanh nghiệp"
FIRMS_TOLD: Final = {
    "new": "Doanh nghiệp thành lập mới", "suspended": "Doanh nghiệp tạm ngừng hoạt động",
    "dissolved": "Doanh nghiệp giải thể", "returned": "Doanh nghiệp quay lại hoạt động",
}  # fmt: skip
Line = tuple[str, date, date, float, str, int]  # indicator, first and last day, value, unit, stage


@dataclass(frozen=True)
class Books:
    """What the department keeps: revenue by kind, its estimates by year, enterprises, foreign investment."""

    revenue: Mapping[str, Months]
    estimates: Mapping[int, float]
    firms: Mapping[str, Months]
    foreign: Mapping[str, Months]

    def of_month(self, month: date, stage: int) -> Iterator[Line]:
        """Every line about one month."""
        yield from self._revenue(month, stage)
        yield from self._firms(month, stage)
        yield from self._foreign(month, stage)

    def _revenue(self, month: date, stage: int) -> Iterator[Line]:
        """Revenue of the month and of the year so far, and the estimates that hold for this year."""
        last, january = month_end(month), month.replace(month=1)
        of_month = {name: round(told.at(month, stage), 1) for name, told in self.revenue.items()}
        so_far = {name: round(told.to_date(month, stage), 1) for name, told in self.revenue.items()}
        yield "Thu ngân sách trong tháng", month, last, sum(of_month.values()), BILLION, stage
        yield "Thu ngân sách lũy kế", january, last, sum(so_far.values()), BILLION, stage
        yield "Thu nội địa lũy kế", january, last, so_far["domestic"], BILLION, stage
        yield "Thu tiền sử dụng đất lũy kế", january, last, so_far["domestic"] * known.LAND_SHARE, BILLION, stage
        yield "Thu xuất nhập khẩu lũy kế", january, last, so_far["customs"], BILLION, stage
        central = self.estimates[month.year]
        yield "Dự toán thu Trung ương giao", january, last, central, BILLION, FINAL
        yield "Dự toán thu HĐND tỉnh giao", january, last, central * known.COUNCIL_OVER_CENTRAL, BILLION, FINAL

    def _firms(self, month: date, stage: int) -> Iterator[Line]:
        last, january = month_end(month), month.replace(month=1)
        new = round(self.firms["new"].at(month, stage))
        yield "Doanh nghiệp thành lập mới trong tháng", month, last, new, FIRMS, stage
        for key, name in FIRMS_TOLD.items():
            yield f"{name} lũy kế", january, last, round(self.firms[key].to_date(month, stage)), FIRMS, stage
        capital = self.firms["capital"].to_date(month, stage)
        yield "Vốn đăng ký doanh nghiệp mới lũy kế", january, last, capital, BILLION, stage

    def _foreign(self, month: date, stage: int) -> Iterator[Line]:
        last, january = month_end(month), month.replace(month=1)
        projects, capital = self.foreign["projects"], self.foreign["capital"]
        yield "Dự án FDI cấp mới lũy kế", january, last, round(projects.to_date(month)), PROJECTS, stage
        yield "Vốn FDI cấp mới lũy kế", january, last, capital.to_date(month), USD, stage
        since = (month.year - known.ANCHOR) * 12 + month.month - 9
        ended = known.FDI_ENDED * since
        in_force = known.FDI_IN_FORCE[0] + _between(projects, month) - ended
        yield "Dự án FDI còn hiệu lực", last, last, round(in_force), PROJECTS, stage
        yield "Vốn FDI còn hiệu lực", last, last, known.FDI_IN_FORCE[1] + _between(capital, month), USD, stage


def _between(flow: Months, month: date) -> float:
    """What came after September of the anchor year and up to `month`; negative for a month before."""
    values = flow.values.ravel()
    turn = (known.ANCHOR - flow.first) * 12 + 9
    at = (month.year - flow.first) * 12 + month.month
    return float(values[turn:at].sum() - values[at:turn].sum())


def keep_books(world: World) -> Books:
    """The books of a demo."""
    kinds = {"revenue": known.REVENUE, "firms": known.ENTERPRISES, "fdi": known.FDI}
    revenue, firms, foreign = ({name: months_of(world, f"{kind} {name}", flow) for name, flow in flows.items()}
                               for kind, flows in kinds.items())  # fmt: skip
    first, years = span(world)
    whole = [sum(float(one.values[at].sum()) for one in revenue.values()) for at in range(years)]
    usual = {first + at: round(came * known.ESTIMATE_OF_RESULT, -1) for at, came in enumerate(whole)}
    return Books(revenue, usual | known.CENTRAL_ESTIMATE, firms, foreign)


def write_finance(inbox: Path, world: World, reference: Reference) -> None:
    """A workbook with the past and one per newest month; nothing for a place whose root is no province."""
    root = root_code(reference)
    months = whole_months(world.first.replace(year=world.first.year - 1, month=1, day=1), world.until)
    if root is None or not months:
        return
    books, folder = keep_books(world), inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    turn = max(len(months) - MONTHLY, 1)
    past = [line for back, month in enumerate(reversed(months[:turn]))
            for line in books.of_month(month, min(back, FINAL))]  # fmt: skip
    _write(folder, root, month_end(months[turn - 1]), past)
    for month, before in zip(months[turn:], months[turn - 1 :], strict=False):
        lines = [*books.of_month(month, ESTIMATED), *books.of_month(before, PRELIMINARY)]
        _write(folder, root, month_end(month), lines)


def _write(folder: Path, root: str, last: date, lines: list[Line]) -> None:
    """One workbook; its first line is typed a second time at the end, as happens."""
    path = folder / f"baocao_taichinh_{last:%Y%m%d}.xlsx"
    notes = ("Ước thực hiện", "Số sơ bộ", "Số chính thức")
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(last.year, last.month, last.day)})
        sheet, bold = book.add_worksheet(SHEET), book.add_format({"bold": True})
        sheet.write(0, 0, "BÁO CÁO TÌNH HÌNH TÀI CHÍNH, ĐẦU TƯ, DOANH NGHIỆP", bold)
        sheet.write(1, 0, f"Tháng {last.month} năm {last.year}")
        sheet.write_row(2, 0, ["Tính đến ngày:", f"{last:%d/%m/%Y}"])
        sheet.write(3, 0, "Số liệu minh họa, không phải số liệu thật")
        sheet.write_row(HEADER_ROW - 1, 0, HEAD, bold)
        for number, (name, first, until, value, unit, stage) in enumerate([*lines, lines[0]], start=1):
            days = (f"{first:%d/%m/%Y}", f"{until:%d/%m/%Y}")
            row = [number, name, root, *days, round(value, 1), unit, notes[stage]]
            sheet.write_row(HEADER_ROW - 1 + number, 0, row)
    age_export(path, last)
