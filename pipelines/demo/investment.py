"""The treasury tells who has spent how much of the public investment entrusted to him, by investor and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import economy_figures as known
from pipelines.demo.chance import stream
from pipelines.demo.economy import month_end, whole_months
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import Floats
from pipelines.demo.volume import per_part

SOURCE: Final = "kho_bac_dau_tu"
PLAN, SPENT = "Kế hoạch vốn giao", "Giải ngân lũy kế"
MILLIONS: Final = 1_000  # a billion
UNEVEN: Final = 0.22  # spread (log) of how far investors have got
SLOW: Final = (0.06, 0.40)  # investors (by rank of size) whose projects stand still
SLOWED: Final = 0.35
INVESTING: Final = {"province": 0.6, "district": 1.0, "commune": 0.75}  # the largest share of a level that invests
UNKNOWN: Final = "99999"


def write_investment(inbox: Path, world: World) -> None:
    """The months of last year and this year up to the last but one, and the newest; nothing without investors."""
    months = whole_months(max(date(world.until.year - 1, 1, 1), world.first.replace(day=1)), world.until)
    if not months:
        return
    folder = inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    for told in filter(None, (months[:-1], months[-1:])):
        rows = [row for month in told for row in _of_month(world, month)]
        if rows:
            rows = [*rows, rows[-1], (UNKNOWN, "?", *rows[-1][2:])]  # once more, and once for nobody
            names = ("Mã chủ đầu tư", "Tên chủ đầu tư", "Từ ngày", "Đến ngày", "Chỉ tiêu", "Số tiền (tỷ đồng)")
            sheet = pl.DataFrame(rows, schema=list(names), orient="row")
            last = month_end(told[-1])
            write_export(folder / f"khobac_{last:%Y%m%d}.csv", sheet.write_csv().encode(), last)


def _of_month(world: World, month: date) -> Iterator[tuple[str, str, str, str, str, float]]:
    """Plan and spending of every investor from January to the end of a month."""
    last, units = month_end(month), investors(world, month_end(month))
    if units.is_empty():
        return
    plan = round(known.INVESTMENT_PLAN.get(month.year, known.INVESTMENT_PLAN[known.ANCHOR]) * MILLIONS)
    plans = per_part(units["share"].to_list(), plan)
    share = known.INVESTMENT_SPENT[month.month - 1]
    spent = per_part(list(np.array(plans) * (1 - (1 - share) ** _pace(world, units))), round(plan * share))
    days = f"{month.replace(month=1):%d/%m/%Y}", f"{last:%d/%m/%Y}"
    for code, name, planned, paid in zip(units["code"], units["name_vi"], plans, spent, strict=True):
        yield code, name, *days, PLAN, planned / MILLIONS
        yield code, name, *days, SPENT, min(paid, planned) / MILLIONS


def investors(world: World, day: date) -> pl.DataFrame:
    """seat, code, name_vi, level and `share` of the plan: the larger units of every level, departments first."""
    found = []
    for level, part in INVESTING.items():
        units = world.seats.on(day, level).sort("weight", "seat", descending=[True, False])
        found.append(units.head(round(units.height * part)))
    units = pl.concat(found)
    is_department, size = pl.col("level") == "province", pl.col("weight").sqrt()
    of_level = pl.when(is_department).then(known.DEPARTMENTS_SHARE).otherwise(1 - known.DEPARTMENTS_SHARE)
    return units.with_columns(share=of_level * size / size.sum().over(is_department))


def _pace(world: World, units: pl.DataFrame) -> Floats:
    """How far each investor has got against the others, the same all year; two stand still."""
    every = stream(world.seed, "investors").lognormal(0.0, UNEVEN, world.seats.units.height)
    pace: Floats = every[units["seat"].to_numpy()]
    for rank in SLOW:
        pace[int(rank * units.height)] = SLOWED
    return pace
