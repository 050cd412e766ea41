"""Departments count their dossiers a second time by hand, and the Provincial Office copies the sums: slips included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import World

DEPARTMENTS: Final = "bao_cao_thang"
SUMMARY: Final = "tong_hop_thang"
MONTHS: Final = 6  # whole months, the newest last
SLIPS: Final = (
    # who tells it, month before the newest whole one, department by size, times what was counted (all assumed)
    (DEPARTMENTS, 0, 1, 1.12),
    (DEPARTMENTS, 2, 3, 1.09),
    (SUMMARY, 0, 2, 10.0),  # a digit too many
)
SLIP: Final = 5  # dossiers; what is told is wrong by more than this however few there were


@dataclass
class MonthlyReports:
    """Counts what departments received, month by month, and writes what two offices make of it."""

    world: World
    inbox: Path
    counted: list[pl.DataFrame] = field(default_factory=list)

    def take(self, last: date, lives: pl.DataFrame) -> None:
        """Add the dossiers that departments received in the part of the period that ends on `last`."""
        if last >= self.world.first:
            counts = lives.group_by("seat").len("value")
            days = pl.lit(last.replace(day=1)).alias("month"), pl.lit(last).alias("until")
            self.counted.append(counts.select(*days, "seat", "value"))

    def write(self) -> None:
        """A file per office and month that is over."""
        if not self.counted:
            return
        parts = pl.concat(self.counted).group_by("month", "seat").agg(pl.sum("value"), pl.max("until"))
        over = parts.filter(pl.col("until") == pl.col("month").dt.month_end())
        months = over["month"].unique().sort(descending=True).head(MONTHS).to_list()
        order = over.group_by("seat").agg(pl.sum("value")).sort("value", "seat", descending=[True, False])["seat"]
        for source in (DEPARTMENTS, SUMMARY):
            for back, month in enumerate(months):
                rows = over.filter(pl.col("month") == month).sort("seat")
                self._write(source, month, self._told(rows, source, back, order))

    def _told(self, rows: pl.DataFrame, source: str, back: int, order: pl.Series) -> pl.DataFrame:
        """What an office writes: the count, or the count with a slip; a dossier more or less at the turn of a month."""
        rng = stream(self.world.seed, "monthly reports", rows["month"][0].toordinal())
        turn = pl.Series(rng.integers(-1, 2, rows.height))
        told = (rows["value"].cast(pl.Int64) + turn).clip(0)
        for teller, when, rank, times in SLIPS:
            if (teller, when) == (source, back) and rank < order.len():
                slipped = (told * times).round().cast(pl.Int64) + SLIP
                told = slipped.zip_with(rows["seat"] == order[rank], told)
        return rows.with_columns(value=told)

    def _write(self, source: str, month: date, rows: pl.DataFrame) -> None:
        folder, units, seat = self.inbox / source, self.world.seats.units, rows["seat"].to_numpy()
        folder.mkdir(parents=True, exist_ok=True)
        last: date = rows["until"][0]
        sheet = rows.select(
            pl.lit(pl.Series(units["code"][seat])).alias("Mã đơn vị"),
            pl.lit(pl.Series(units["name_vi"][seat])).alias("Tên đơn vị"),
            pl.lit("Hồ sơ tiếp nhận").alias("Chỉ tiêu"),
            pl.lit(f"{month:%d/%m/%Y}").alias("Từ ngày"),
            pl.lit(f"{last:%d/%m/%Y}").alias("Đến ngày"),
            pl.col("value").alias("Số liệu"),
        )
        write_export(folder / f"{source}_{last:%Y%m%d}.csv", sheet.write_csv().encode(), last)
