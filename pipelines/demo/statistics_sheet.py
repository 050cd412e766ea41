"""The statistics office tells a month three times: estimated as it ends, preliminary a month on, final after that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo import economy_figures as known
from pipelines.demo.chance import stream
from pipelines.demo.economy import (
    ESTIMATED,
    FINAL,
    PRELIMINARY,
    STAGES,
    Months,
    grdp,
    month_before,
    month_end,
    months_of,
    price_changes,
    prices,
    quarter_end,
    whole_months,
)
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.reference import Reference

SOURCE: Final = "thong_ke_thang"
MONTHLY: Final = 6  # files of single months; what was before lies in the first file
COLUMNS: Final = ("Mã tỉnh", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Giá trị", "Đơn vị tính", "Tính chất")
SLIP: Final = 2  # months before the newest in which a clerk wrote a word where a number belongs
FLOWS: Final = {
    "Kim ngạch xuất khẩu": ("exports", "triệu USD"),
    "Kim ngạch nhập khẩu": ("imports", "triệu USD"),
    "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ": ("retail", "tỷ đồng"),
}
PRICES: Final = {
    "previous": "CPI so với tháng trước", "december": "CPI so với tháng 12 năm trước",
    "year": "CPI so với cùng tháng năm trước", "average": "CPI bình quân so với cùng kỳ năm trước",
}  # fmt: skip
Line = tuple[str, date, date, str, str, int]  # series, first and last day, value, unit, stage


@dataclass(frozen=True)
class Economy:
    """What the office counts: flows by month, industry and prices as indices, GRDP by quarter."""

    flows: dict[str, Months]
    industry: Months
    levels: Months
    grdp: dict[date, float]
    seed: int

    def of_month(self, month: date, stage: int) -> Iterator[Line]:
        """Every line about one month, as told at a stage."""
        last, january = month_end(month), month.replace(month=1)
        for name, (flow, unit) in FLOWS.items():
            yield f"{name} trong tháng", month, last, self.flows[flow].written(month, stage, False), unit, stage
            yield f"{name} lũy kế", january, last, self.flows[flow].written(month, stage, True), unit, stage
        index, year_ago = self.industry, month.replace(year=month.year - 1)
        for name, first, rise in (
            ("IIP tháng so với cùng kỳ", month, index.at(month, stage) / index.at(year_ago)),
            ("IIP lũy kế so với cùng kỳ", january, index.to_date(month, stage) / index.to_date(year_ago)),
        ):
            yield name, first, last, f"{100 * (rise - 1):.2f}", "%", stage
        for key, change in price_changes(self.levels, month).items():
            yield PRICES[key], january if key == "average" else month, last, f"{100 * change:.2f}", "%", stage

    def of_quarter(self, end: date, stage: int) -> Iterator[Line]:
        """GRDP from the beginning of the year to the end of a quarter."""
        error = stream(self.seed, "grdp", end.toordinal()).normal(0.0, known.GRDP_REVISED)
        value = self.grdp[end] * (1 + (1.0, 0.3, 0.0)[stage] * error)
        yield "GRDP giá so sánh lũy kế", date(end.year, 1, 1), end, f"{value:.1f}", "tỷ đồng", stage


def write_statistics(inbox: Path, world: World, reference: Reference) -> None:
    """One file with the past and one per newest month; nothing for a place whose root is no province."""
    root = root_code(reference)
    months = whole_months(world.first.replace(year=world.first.year - 1, month=1, day=1), world.until)
    if root is None or not months:
        return
    economy, folder = count_economy(world), inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    turn = max(len(months) - MONTHLY, 1)
    files = [months[:turn], *([month] for month in months[turn:])]
    for number, told in enumerate(files):
        lines = list(_past(economy, told)) if number == 0 else list(_newest(economy, told[0]))
        text = sheet(root, lines, slips=len(files) - 1 - number == SLIP)
        last = month_end(told[-1])
        write_export(folder / f"thongke_{last:%Y%m%d}.csv", text.encode(), last)


def count_economy(world: World) -> Economy:
    """The economy of a demo."""
    flows = {**known.TRADE, "retail": known.RETAIL}
    counted = {name: months_of(world, name, flow) for name, flow in flows.items()}
    return Economy(counted, months_of(world, "industry", known.INDUSTRY), prices(world), grdp(world), world.seed)


def root_code(reference: Reference) -> str | None:
    """The code of the place, where it is a province."""
    root = reference.units.filter(pl.col("unit_id") == reference.place.root_unit, pl.col("kind") == "province")
    return str(root["code"][0]) if root.height else None


def _past(economy: Economy, months: list[date]) -> Iterator[Line]:
    """All months up to now: the newest still estimated, the one before preliminary; quarters are final after a year."""
    for back, month in enumerate(reversed(months)):
        yield from economy.of_month(month, min(back, FINAL))
    ends = [month_end(month) for month in reversed(months) if month.month % 3 == 0]
    for back, end in enumerate(ends):
        yield from economy.of_quarter(end, (ESTIMATED, *(PRELIMINARY,) * 3, FINAL)[min(back, 4)])


def _newest(economy: Economy, month: date) -> Iterator[Line]:
    """A month for the first time, the one before again, and the third before for good; GRDP when a quarter ends."""
    before = month_before(month)
    yield from economy.of_month(month, ESTIMATED)
    yield from economy.of_month(before, PRELIMINARY)
    yield from economy.of_month(month_before(month_before(before)), FINAL)
    if month.month % 3 == 0:
        yield from economy.of_quarter(month_end(month), ESTIMATED)
        yield from economy.of_quarter(month_end(month_before(month_before(before))), PRELIMINARY)
        yield from economy.of_quarter(quarter_end(month.year - 1, month.month // 3 - 1), FINAL)


def sheet(root: str, lines: list[Line], slips: bool) -> str:
    """The lines as the office writes them: semicolons, points for thousands, a comma before decimals."""
    rows = [(root, name, f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", vietnamese(value), unit, STAGES[stage])
            for name, first, last, value, unit, stage in lines]  # fmt: skip
    if slips:  # what every bureau has sent once: a word for a number, and a period the wrong way round
        rows[0] = (*rows[0][:4], "chưa có số", *rows[0][5:])
        rows[1] = (*rows[1][:2], rows[1][3], rows[1][2], *rows[1][4:])
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row").write_csv(separator=";")


def vietnamese(number: str) -> str:
    """12345.6 as 12.345,6."""
    whole, point, rest = number.removeprefix("-").partition(".")
    return "-" * number.startswith("-") + f"{int(whole):,}".replace(",", ".") + ("," if point else "") + rest
