"""The register of announcements: which procedure was announced by which decision, and when everybody could read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import happens, pick, stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import Ints, epoch_day
from pipelines.demo.seats import spans_between

SOURCE: Final = "so_cong_bo"
PER_MONTH: Final = (14, 34)  # decisions (assumed)
# Tây Ninh had 18 of 18 points for transparency in autumn 2025: nearly everything in time.
ANNOUNCED_LATE: Final = 0.012
PUBLISHED_LATE: Final = 0.018


def write_announcements(inbox: Path, world: World) -> None:
    """Two files: the register up to the month before the last, and the last month; nothing without procedures."""
    spans = spans_between(world.reforms, world.first, world.until)
    parts = [part for first, last in spans if (part := announce(world, first, last)).height]
    if not parts:
        return
    folder = inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    turn = epoch_day(world.until.replace(day=1)) - 1
    register = pl.concat(parts)
    for last, rows in ((turn, pl.col("decided") <= turn), (epoch_day(world.until), pl.col("published") > turn)):
        part = register.filter(rows)
        if part.height:
            day = date.fromordinal(last + date(1970, 1, 1).toordinal())
            write_export(folder / f"socongbo_{day:%Y%m%d}.csv", _sheet(world, part, last).write_csv().encode(), day)


def announce(world: World, first: date, last: date) -> pl.DataFrame:
    """procedure (row), decided, effective, published (epoch days) of one part of the period, by day."""
    offered = world.procedures.with_row_index("row").filter(
        pl.col("agency").is_not_null(),
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= first),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= last),
    )
    rng = stream(world.seed, "announcements", first.toordinal())
    days = _working(world, first, last)
    size = min(int(rng.integers(*PER_MONTH)), offered.height) if days.size else 0
    chosen = rng.choice(offered["row"].to_numpy(), size, replace=False).astype(np.int64)
    number = np.sort(days[pick(rng, np.ones(days.size), size)]) if size else days[:0]
    lead = np.where(happens(rng, ANNOUNCED_LATE, size), rng.integers(0, 5, size), rng.integers(5, 26, size))
    wait = np.where(happens(rng, PUBLISHED_LATE, size), rng.integers(6, 14, size), rng.integers(0, 6, size))
    office = world.office
    return pl.DataFrame({"procedure": chosen, "decided": office.day(number), "effective": office.day(number + lead),
                         "published": office.day(number + wait)})  # fmt: skip


def _working(world: World, first: date, last: date) -> Ints:
    """The numbers of the working days of a part."""
    until = world.office.number(np.array([epoch_day(last)]))[0]
    since = world.office.number(np.array([epoch_day(first) - 1]))[0]
    return np.arange(since + 1, until + 1)


def _sheet(world: World, rows: pl.DataFrame, until: int) -> pl.DataFrame:
    """The register as its keeper sends it on the day `until`: what is still to come is empty."""
    facts = world.procedures.select("procedure_code", "name_vi", "agency")[rows["procedure"].to_numpy()]
    known = pl.when(pl.col("published") <= until).then("published")
    written = {"Ngày quyết định": pl.col("decided"), "Ngày văn bản có hiệu lực": pl.col("effective"),
               "Ngày công khai": known}  # fmt: skip
    return pl.concat([rows, facts], how="horizontal").select(
        pl.col("procedure_code").alias("Mã thủ tục"),
        pl.col("name_vi").alias("Tên thủ tục"),
        pl.col("agency").alias("Cơ quan trình"),
        *(day.cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y").alias(name) for name, day in written.items()),
    )
