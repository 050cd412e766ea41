"""Dossiers are invented part by part and exported at the end of each: what changed since the last export, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo.calibration import LEVELS_BEFORE
from pipelines.demo.commune_sheet import SOURCE as COMMUNES
from pipelines.demo.commune_sheet import commune_sheet
from pipelines.demo.department_sheet import SOURCE as DEPARTMENTS
from pipelines.demo.department_sheet import department_sheet
from pipelines.demo.export import write_export
from pipelines.demo.faults import Sheet, file_text, other_files, without_silent
from pipelines.demo.filings import World, file_dossiers, is_served
from pipelines.demo.lives import live
from pipelines.demo.monthly_reports import MonthlyReports
from pipelines.demo.office import evening
from pipelines.demo.portal import PortalUse
from pipelines.demo.seats import spans_between
from pipelines.demo.step_log import CENTRE, StepLog, sharing
from pipelines.demo.step_log import COMMUNES as SOME_COMMUNES
from pipelines.demo.steps import with_steps
from pipelines.demo.story import is_export, months_before
from pipelines.demo.traits import with_traits
from pipelines.demo.view import changed, unfinished
from pipelines.demo.volume import busyness, per_part
from pipelines.errors import PersonError

Progress = Callable[[str, float], None]
WEEK: Final = 7
MONTHLY_SINCE: Final = 5  # months before the newest one
COMMUNE_FORM: Final = Sheet(";", "%Y%m%d%H%M%S", "DonViTiepNhan", "NgayTiepNhan", "NgayKetThucXuLy", "99999")
DEPARTMENT_FORM: Final = Sheet(
    ",",
    "%d/%m/%Y %H:%M:%S",
    "Cơ quan tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày xử lý xong",
    "Ban Quản lý dự án số 9",
    byte_order_mark=True,
)


def write_dossiers(inbox: Path, world: World, rows: int, progress: Progress) -> None:
    """Write both one-stop systems' files; one month is lived before the first, so that it begins with open cases."""
    since = evening(world.first - timedelta(days=1))
    communes = Sender(world, inbox / COMMUNES, "hoso_xa", COMMUNE_FORM, commune_sheet, by_quarter_then_month, since)
    centre = Sender(
        world, inbox / DEPARTMENTS, "motcua_tinh", DEPARTMENT_FORM, department_sheet, ever_more_often, since
    )
    logs = {CENTRE: pl.col("level") == "province", SOME_COMMUNES: pl.col("seat").is_in(sharing(world))}
    kept = {keeper: StepLog(world, inbox, keeper) for keeper in logs}
    reports = MonthlyReports(world, inbox)
    portal, departments = PortalUse(world, inbox), pl.col("level") == "province"
    for last, lives in _ahead(invent(world, rows)):
        communes.take(last, lives.filter(~departments))
        centre.take(last, lives.filter(departments))
        for keeper, theirs in logs.items():
            kept[keeper].take(lives.filter(theirs))
        portal.take(last, lives)
        reports.take(last, lives.filter(departments))
        progress(f"{last:%Y-%m}", max((last - world.first).days, 0) / (world.until - world.first).days)
    for log in kept.values():
        log.write()
    portal.write()
    reports.write()


def _ahead(parts: Iterator[tuple[date, pl.DataFrame]]) -> Iterator[tuple[date, pl.DataFrame]]:
    """The same parts in the same order; the next is being invented while one is written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, parts, None)
            yield part


def invent(world: World, rows: int) -> Iterator[tuple[date, pl.DataFrame]]:
    """The last day and the new dossiers, with their whole lives, of every part of the period."""
    run_up = (world.first - timedelta(days=1)).replace(day=1)
    spans = spans_between(world.reforms, run_up, world.until)
    _refuse_empty(world, [first for first, _ in spans])
    weights = [float(busyness(world.office, *span, world.reforms)[1].sum()) for span in spans]
    counted = [first >= world.first for first, _ in spans]
    inside = sum(weight for weight, counts in zip(weights, counted, strict=True) if counts)
    before = [round(weight / inside * rows) for weight, counts in zip(weights, counted, strict=True) if not counts]
    counts = before + per_part(weights[len(before) :], rows)
    case = 1
    for part, ((first, last), size) in enumerate(zip(spans, counts, strict=True)):
        filings = file_dossiers(world, first, last, size, part)
        lives = with_steps(world, with_traits(world, live(world, filings, first, part), first, part), part)
        yield last, lives.with_columns(case=pl.int_range(case, case + size))
        case += size


def _refuse_empty(world: World, days: list[date]) -> None:
    """Raise PersonError where the reference knows no unit or no procedure for a part of the period."""
    for day in days:
        if not any(is_served(world, day, level) for level in LEVELS_BEFORE):
            raise PersonError(
                f"Không tạo được dữ liệu minh họa: ngày {day:%d/%m/%Y} chưa có đơn vị hoặc thủ tục nào trong"
                " data/reference. Chọn --until muộn hơn hoặc bổ sung danh mục.",
                f"No demo data can be made: data/reference knows no unit or no procedure on {day}."
                " Choose a later --until or complete the lists.",
            )


@dataclass
class Sender:
    """One system's exports: keeps what is not finished, writes what has changed."""

    world: World
    folder: Path
    name: str  # of its files, the day follows
    form: Sheet
    sheet: Callable[[World, pl.DataFrame], pl.DataFrame]
    days: Callable[[date, date], list[date]]  # (last day so far, last day of all) -> days to export
    since: int
    pool: pl.DataFrame | None = None

    def take(self, last: date, lives: pl.DataFrame) -> None:
        """Add the dossiers received up to `last` and write the exports that are due by then."""
        pool = lives if self.pool is None else pl.concat([self.pool, lives])
        for day in self.days(last, self.world.until):
            if evening(day) > self.since:
                self._write(changed(pool, self.since, evening(day)), day)
                self.since = evening(day)
        self.pool = unfinished(pool, self.since)

    def _write(self, rows: pl.DataFrame, day: date) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        encoding = "utf-8-sig" if self.form.byte_order_mark else "utf-8"
        name, sheet = f"{self.name}_{day:%Y%m%d}.csv", self.sheet(self.world, without_silent(self.world, rows))
        text = file_text(self.world, self.form, sheet, day)
        for file, content in {name: text, **other_files(day, self.world.until, name, text)}.items():
            write_export(self.folder / file, content.encode(encoding), day)


def by_quarter_then_month(last: date, until: date) -> list[date]:
    """The commune system exports at the end of every month; what is older came over quarter by quarter."""
    return [last] if is_export(last, until) else []


def ever_more_often(last: date, until: date) -> list[date]:
    """The centre once sent by quarter, in the last half year by month, and now every week."""
    if last == until:
        weeks = (last.replace(day=1) + timedelta(days=WEEK * number - 1) for number in range(1, 5))
        return [*(day for day in weeks if day < last - timedelta(days=WEEK // 2)), last]
    return [last] if last.month % 3 == 0 or months_before(last, until) <= MONTHLY_SINCE else []
