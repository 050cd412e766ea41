"""Documents that come and go, counted by unit and month, and the meetings that were held on screens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.economy import month_end, whole_months
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import Floats, Ints
from pipelines.demo.statistics_sheet import root_code
from pipelines.reference import Reference

DOCUMENTS: Final = "van_ban_thang"
MEETINGS: Final = "hop_truc_tuyen"
# Long An, first half of 2024: 102,633 documents sent electronically, all of them at province and district, 99.99 % at
# communes. 200,000 a year in the merged province; what comes in and by when it must be handled is assumed.
OUTGOING: Final = 200_000 / 12
INCOMING_PER_OUTGOING: Final = 2.3
ELECTRONIC: Final = (0.9985, 0.9999)
SIGNED: Final = (0.93, 0.985)
WITH_DEADLINE: Final = 0.55
ON_TIME: Final = (0.90, 0.955)
HABIT: Final = 0.05
BUSY: Final = {"province": 9.0, "district": 6.0, "commune": 1.0}  # documents of a unit of each level, against a commune
SILENT: Final = 2  # units that have not sent the newest month
SESSIONS: Final = (14, 27)  # online meetings a month (assumed); video rooms in every commune since 2024
NAMES: Final = {
    "code": "Mã đơn vị", "name_vi": "Tên đơn vị", "incoming": "Văn bản đến", "outgoing": "Văn bản đi",
    "electronic": "Gửi điện tử", "signed": "Ký số", "due": "Đến hạn xử lý", "on_time": "Xử lý đúng hạn",
}  # fmt: skip


def write_documents(inbox: Path, world: World, reference: Reference) -> None:
    """Documents in two files, meetings in one; nothing where no month is over."""
    months = whole_months(world.first, world.until)
    counted = {month: count_documents(world, month) for month in months}
    for told in filter(None, (months[:-1], months[-1:])):
        rows = pl.concat([_sheet(counted[month], month) for month in told])
        if rows.height:
            (inbox / DOCUMENTS).mkdir(parents=True, exist_ok=True)
            last = month_end(told[-1])
            rows = _slipped(rows) if len(told) > 1 else rows.head(rows.height - SILENT)
            write_export(inbox / DOCUMENTS / f"vanban_{last:%Y%m%d}.csv", rows.write_csv().encode(), last)
    root = root_code(reference)
    if root is not None and months:
        _write_meetings(inbox, world, root, months)


def count_documents(world: World, month: date) -> pl.DataFrame:
    """code, name_vi, incoming, outgoing, electronic, signed, due, on_time: a line per unit of the month."""
    units = pl.concat([world.seats.on(month_end(month), level) for level in BUSY])
    rng = stream(world.seed, "documents", month.toordinal())
    busy = units["level"].replace_strict(BUSY, return_dtype=pl.Float64).to_numpy()
    size = busy * np.sqrt(units["weight"].to_numpy() / max(float(units["weight"].mean() or 1.0), 1e-9))  # type: ignore[arg-type]
    outgoing: Ints = rng.poisson(OUTGOING * size / size.sum()) if units.height else np.zeros(0, dtype=np.int64)
    incoming: Ints = rng.poisson(outgoing * INCOMING_PER_OUTGOING)
    due = rng.binomial(incoming, WITH_DEADLINE)
    habit: Floats = stream(world.seed, "document habits").normal(0.0, HABIT, world.seats.units.height)
    share = np.clip(world.between(month, ON_TIME) + habit[units["seat"].to_numpy()], 0.5, 0.999)
    return units.select("code", "name_vi").with_columns(
        incoming=pl.Series(incoming),
        outgoing=pl.Series(outgoing),
        electronic=pl.Series(rng.binomial(outgoing, world.between(month, ELECTRONIC))),
        signed=pl.Series(rng.binomial(outgoing, world.between(month, SIGNED))),
        due=pl.Series(due),
        on_time=pl.Series(rng.binomial(due, share)),
    )


def _sheet(rows: pl.DataFrame, month: date) -> pl.DataFrame:
    days = (pl.lit(f"{month:%d/%m/%Y}").alias("Từ ngày"), pl.lit(f"{month_end(month):%d/%m/%Y}").alias("Đến ngày"))
    return rows.select(*days, *(pl.col(name).alias(told) for name, told in NAMES.items()))


def _slipped(rows: pl.DataFrame) -> pl.DataFrame:
    """The last line says that more documents were signed than sent: it will be set aside."""
    is_last = pl.int_range(pl.len()) == pl.len() - 1
    slipped = pl.when(is_last).then(pl.col("Văn bản đi") + 7).otherwise("Ký số")
    return rows.with_columns(slipped.alias("Ký số"))


def _write_meetings(inbox: Path, world: World, root: str, months: list[date]) -> None:
    """Sessions of a month and the rooms that took part in them, the whole history in one file."""
    lines = []
    for month in months:
        rng = stream(world.seed, "meetings", month.toordinal())
        sessions = int(rng.integers(*SESSIONS))
        rooms = int(rng.binomial(sessions * (world.seats.on(month, "commune").height + 20), 0.55))
        days = (f"{month:%d/%m/%Y}", f"{month_end(month):%d/%m/%Y}")
        lines += [(root, "Số cuộc họp trực tuyến", *days, sessions), (root, "Số điểm cầu tham dự", *days, rooms)]
    sheet = pl.DataFrame(lines, schema=["Mã tỉnh", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Số liệu"], orient="row")
    (inbox / MEETINGS).mkdir(parents=True, exist_ok=True)
    last = month_end(months[-1])
    write_export(inbox / MEETINGS / f"hop_{last:%Y%m%d}.csv", sheet.write_csv().encode(), last)
