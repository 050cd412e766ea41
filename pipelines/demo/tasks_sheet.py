"""The register of tasks as the provincial office exports it: all that was, and then what has changed since."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import epoch_day
from pipelines.demo.tasks import give_tasks

SOURCE: Final = "nhiem_vu_giao"
ASSIGNERS: Final = {
    "government": "Chính phủ, Thủ tướng", "council": "HĐND tỉnh", "people_committee": "UBND tỉnh",
    "chair": "Chủ tịch UBND tỉnh", "vice_chair": "Phó Chủ tịch UBND tỉnh", "other": "Khác",
}  # fmt: skip
SUBJECTS: Final = {
    "economy": "Kinh tế, ngân sách", "investment": "Đầu tư công, xây dựng", "land": "Đất đai, môi trường",
    "social": "Văn hóa, xã hội", "administration": "Nội vụ, cải cách hành chính", "digital": "Chuyển đổi số",
    "order": "Quốc phòng, an ninh trật tự", "other": "Khác",
}  # fmt: skip


def write_tasks(inbox: Path, world: World) -> None:
    """Two files: the register as it stood when the newest month began, and what has changed in it since."""
    tasks = give_tasks(world)
    turn, until = epoch_day(world.until.replace(day=1)) - 1, epoch_day(world.until)
    folder = inbox / SOURCE
    for since, last in ((None, turn), (turn, until)):
        rows = as_known(tasks, last)
        if since is not None:
            rows = rows.filter(pl.col("updated") > since)
        if rows.height:
            folder.mkdir(parents=True, exist_ok=True)
            day = date.fromordinal(last + date(1970, 1, 1).toordinal())
            sheet = sheet_of(world, rows)
            text = sheet.write_csv(separator=";") + ("" if since else _faults(sheet))
            write_export(folder / f"nhiemvu_{day:%Y%m%d}.csv", text.encode(), day)


def as_known(tasks: pl.DataFrame, until: int) -> pl.DataFrame:
    """The tasks given by an epoch day as they stand on its evening; what is still to come is null."""
    seen = {name: pl.when(pl.col(name) <= until).then(pl.col(name)) for name in ("extended", "done", "moved")}
    known = tasks.filter(pl.col("given") <= until).with_columns(**seen)
    known = known.with_columns(
        due=pl.when(pl.col("extended").is_not_null()).then("due").otherwise("first_due"),
        seat_now=pl.when(pl.col("moved").is_not_null()).then("next_seat").otherwise("seat"),
        updated=pl.max_horizontal("given", "extended", "done", "moved"),
        has_due=pl.col("first_due") < 2**30,
    )
    return known.with_columns(
        pl.when("has_due").then(pl.col(name)).alias(name) for name in ("first_due", "due")
    )


def sheet_of(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in the office's words; what a task is about in full is written and never taken."""
    codes = world.seats.units["code"]
    cancelled = pl.col("cancelled") & pl.col("done").is_not_null()
    status = (pl.when(cancelled).then(pl.lit("Hủy, dừng")).when(pl.col("done").is_not_null())
              .then(pl.lit("Hoàn thành")).otherwise(pl.lit("Đang thực hiện")))  # fmt: skip
    return rows.select(
        pl.format("NV-{}", pl.col("number").cast(pl.String).str.zfill(6)).alias("Số nhiệm vụ"),
        pl.col("assigned_by").replace_strict(ASSIGNERS, return_dtype=pl.String).alias("Cơ quan giao"),
        pl.col("subject").replace_strict(SUBJECTS, return_dtype=pl.String).alias("Lĩnh vực"),
        pl.lit("Nội dung mẫu, không có thật").alias("Nội dung"),
        pl.Series("Đơn vị chủ trì", codes.gather(rows["seat"])),
        pl.Series("Đơn vị hiện nay", codes.gather(rows["seat_now"])),
        _day("moved").alias("Ngày chuyển"),
        _day("given").alias("Ngày giao"),
        _day("first_due").alias("Hạn ban đầu"),
        _day("due").alias("Hạn hiện nay"),
        pl.col("extended").is_not_null().cast(pl.Int64).alias("Số lần gia hạn"),
        _day("done").alias("Ngày hoàn thành"),
        status.alias("Trạng thái"),
        _day("updated").alias("Ngày cập nhật"),
    )


def _day(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y")


def _faults(sheet: pl.DataFrame) -> str:
    """What every register holds once: a unit that nobody knows, a day that does not exist, an end before the start."""
    last = sheet.tail(3)
    number = pl.Series("Số nhiệm vụ", ["NV-SAI-1", "NV-SAI-2", "NV-SAI-3"][: last.height])
    at = pl.int_range(pl.len())
    spoiled = last.with_columns(
        number,
        pl.when(at == 0).then(pl.lit("99999")).otherwise("Đơn vị chủ trì").alias("Đơn vị chủ trì"),
        pl.when(at == 1).then(pl.lit("31/02/2026")).otherwise("Ngày giao").alias("Ngày giao"),
        pl.when(at == 2).then(pl.lit("01/01/2020")).otherwise("Ngày hoàn thành").alias("Ngày hoàn thành"),
    )
    return spoiled.write_csv(separator=";", include_header=False)
