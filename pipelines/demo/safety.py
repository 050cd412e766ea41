"""Accidents, fires and offences as published: by place and report month, offences by quarter for the whole province."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import pick, stream
from pipelines.demo.economy import Months, month_before, months_of
from pipelines.demo.economy_figures import Flow
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import Ints
from pipelines.demo.statistics_sheet import root_code
from pipelines.reference import Reference

TRAFFIC: Final = "an_toan_giao_thong"
VIOLATIONS: Final = "vi_pham_giao_thong"
ORDER: Final = "an_ninh_trat_tu"
# Nine months 2025 of the merged province: 437 accidents, 334 deaths, 176 injured, 28,774 violations, fines of 80.5
# billion. Each year is to have 5 to 10 % fewer than the one before. Fires and their damage are assumed.
FLOWS: Final = {
    "accidents": Flow(437, {2023: -0.03, 2024: -0.05, 2025: -0.08, 2026: -0.07}, 0.10, 0.0, 0),
    "deaths": Flow(334, {2023: -0.02, 2024: -0.04, 2025: -0.06, 2026: -0.06}, 0.10, 0.0, 0),
    "injured": Flow(176, {2023: -0.04, 2024: -0.06, 2025: -0.09, 2026: -0.08}, 0.14, 0.0, 0),
    "violations": Flow(28_774, {2023: 0.06, 2024: 0.08, 2025: 0.05, 2026: -0.04}, 0.08, 0.0, 0),
    "fines": Flow(80_500, {2023: 0.10, 2024: 0.12, 2025: 0.15, 2026: -0.02}, 0.09, 0.0, 1),
    "fires": Flow(66, {2023: 0.02, 2024: -0.05, 2025: -0.03, 2026: -0.08}, 0.25, 0.0, 0),
    "damage": Flow(21_000, {2023: 0.10, 2024: -0.10, 2025: 0.05, 2026: -0.05}, 0.60, 0.0, 1),
}
# Offences against social order: 1,389 cases in old Tây Ninh in 2023, so about 1,050 in nine months of the merged
# province (assumed); of 100 about 87 are solved (83.5 and 96.1 were published by two provinces).
OFFENCES: Final = Flow(1_050, {2023: 0.03, 2024: -0.04, 2025: -0.05, 2026: -0.06}, 0.06, 0.0, 0)
SOLVED: Final = (0.845, 0.885)
WORSE: Final = (0.08, 3)  # a commune (by rank of size) where accidents doubled, for so many of the newest months
HEAD: Final = (
    "Từ ngày", "Đến ngày", "Mã đơn vị", "Tên đơn vị", "Số vụ TNGT", "Số người chết", "Số người bị thương",
    "Số vụ cháy", "Thiệt hại do cháy (triệu đồng)",
)  # fmt: skip
Line = tuple[object, ...]


def report_months(world: World) -> list[date]:
    """The months (by their first day) whose report, from the 15th of the month before to the 14th, has been made."""
    months = pl.date_range(world.first.replace(day=1), world.until, "1mo", eager=True).to_list()
    return [month for month in months if month.replace(day=14) <= world.until]


def report_days(month: date) -> tuple[date, date]:
    """First and last day of a report month: it bears the name of the month in which it ends."""
    return month_before(month).replace(day=15), month.replace(day=14)


def write_safety(inbox: Path, world: World, reference: Reference) -> None:
    """Traffic and fires in two files, published offences in one; nothing where no report month is over."""
    root, months = root_code(reference), report_months(world)
    if root is None or not months:
        return
    flows = {name: months_of(world, f"safety {name}", flow) for name, flow in FLOWS.items()}
    for told in filter(None, (months[:-1], months[-1:])):
        lines = [line for month in told for line in _of_month(world, flows, month)]
        if not lines:
            continue
        lines += [_sum_among_months(lines[-1], told[-1])] if len(told) > 1 else []
        last = told[-1].replace(day=14)
        sheet = pl.DataFrame(lines, schema=list(HEAD), orient="row", infer_schema_length=None)
        _write(inbox / TRAFFIC, f"atgt_{last:%Y%m%d}.csv", sheet, last)
    _write_violations(inbox, flows, root, months)
    _write_order(inbox, world, root, months)


def _of_month(world: World, flows: dict[str, Months], month: date) -> Iterator[Line]:
    """A line per place, also where nothing happened."""
    first, last = report_days(month)
    days, units = (f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}"), places(world, last)
    total = {name: round(flows[name].at(month)) for name in ("accidents", "deaths", "injured", "fires")}
    if units.is_empty():
        return
    counted = _shared(world, units, month, total)
    damage = flows["damage"].at(month) / max(total["fires"], 1)
    for code, name, *counts in zip(units["code"], units["name_vi"], *counted, strict=True):
        fires = int(counts[-1])
        yield *days, code, name, *(int(one) for one in counts), round(fires * damage, 1)


def places(world: World, day: date) -> pl.DataFrame:
    """Districts as long as there were any, then communes: whoever was reported by."""
    districts = world.seats.on(day, "district")
    return districts if districts.height else world.seats.on(day, "commune")


def _shared(world: World, units: pl.DataFrame, month: date, total: dict[str, int]) -> list[Ints]:
    """Accidents and fires by the size of a place, and who was hurt by where the accidents were."""
    rng = stream(world.seed, "accidents", month.toordinal())
    weight = np.sqrt(units["weight"].to_numpy())
    fires = np.bincount(pick(rng, weight, total["fires"]), minlength=units.height).astype(np.int64)
    rank, months = WORSE
    if (world.until.year - month.year) * 12 + world.until.month - month.month < months:
        order = np.argsort(-units["weight"].to_numpy(), kind="stable")
        weight[order[int(rank * units.height)]] *= 2.5
    accidents = np.bincount(pick(rng, weight, total["accidents"]), minlength=units.height).astype(np.int64)
    where = accidents.astype(np.float64) if accidents.sum() else weight
    deaths, injured = (np.bincount(pick(rng, where, total[name]), minlength=units.height).astype(np.int64)
                       for name in ("deaths", "injured"))  # fmt: skip
    return [accidents, deaths, injured, fires]


def _sum_among_months(line: Line, month: date) -> Line:
    """What a clerk likes to add at the end: a line for the year so far, which would count everything twice."""
    return (f"{date(month.year - 1, 12, 15):%d/%m/%Y}", *line[1:])


def _write_violations(inbox: Path, flows: dict[str, Months], root: str, months: list[date]) -> None:
    """Violations and fines of the province, in the month and since the report year began, all in one file."""
    lines: list[Line] = []
    for month in months:
        first, last = report_days(month)
        of_month = (f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}")
        to_date = (f"{date(month.year - 1, 12, 15):%d/%m/%Y}", of_month[1])
        for name, told, unit, digits in (("violations", "Trường hợp vi phạm", "trường hợp", 0),
                                         ("fines", "Tiền phạt", "triệu đồng", 1)):  # fmt: skip
            flow = flows[name]
            lines += [(root, f"{told} trong tháng", *of_month, round(flow.at(month), digits), unit),
                      (root, f"{told} lũy kế", *to_date, round(flow.to_date(month), digits), unit)]  # fmt: skip
    head = ["Mã tỉnh", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Số liệu", "Đơn vị tính"]
    sheet = pl.DataFrame(lines, schema=head, orient="row", strict=False)
    _write(inbox / VIOLATIONS, f"vipham_{months[-1].replace(day=14):%Y%m%d}.csv", sheet, months[-1].replace(day=14))


def _write_order(inbox: Path, world: World, root: str, months: list[date]) -> None:
    """Offences and how many were solved, by report quarter and for the whole province only."""
    offences = months_of(world, "safety offences", OFFENCES)
    lines: list[Line] = []
    for at, month in enumerate(months):
        if month.month % 3 == 0 and at >= 2:
            happened = sum(round(offences.at(one)) for one in months[at - 2 : at + 1])
            rng = stream(world.seed, "solved", month.toordinal())
            solved = int(rng.binomial(happened, world.between(month, SOLVED)))
            first, last = report_days(months[at - 2])[0], report_days(month)[1]
            days = (f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}")
            lines += [(root, "Phạm pháp hình sự", *days, happened), (root, "Trong đó đã khám phá", *days, solved)]
    if lines:
        sheet = pl.DataFrame(lines, schema=["Mã tỉnh", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Số vụ"], orient="row")
        last = max(month for month in months if month.month % 3 == 0).replace(day=14)
        _write(inbox / ORDER, f"anttcongbo_{last:%Y%m%d}.csv", sheet, last)


def _write(folder: Path, name: str, sheet: pl.DataFrame, day: date) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_export(folder / name, sheet.write_csv().encode(), day)
