"""The portal's own counters: for every filing that arrived, how many were begun, filled in, and given up before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import ONLINE, World
from pipelines.demo.office import Floats, Ints

SOURCE: Final = "cong_dvc"
# Of those who reach a page, the share that reaches the next; first and last month, between them a straight line.
# Nobody publishes how many people give up while filing (assumed): the papers lose more people than the form.
GO_ON: Final = {"papers": (0.94, 0.97), "form": (0.83, 0.88), "begun": (0.80, 0.87)}
UNIT_SPREAD: Final = 0.03
# Communes that certify electronic copies: first and last month (assumed), and how many copies one makes a month.
CERTIFYING: Final = (0.35, 0.78)
COPIES: Final = 4.0


@dataclass
class PortalUse:
    """Counts the dossiers that arrived online, month by month, and writes what the portal would know of them."""

    world: World
    inbox: Path
    counted: dict[date, pl.DataFrame] = field(default_factory=dict)

    def take(self, last: date, lives: pl.DataFrame) -> None:
        """Add the dossiers received in the part of the period that ends on `last`."""
        if last >= self.world.first:
            arrived = lives.filter(pl.col("channel") == ONLINE).group_by("seat").len("submitted").sort("seat")
            self.counted[last] = _with_pages(self.world, last, arrived)

    def write(self) -> None:
        """Two files: the history when the counters were connected, and the newest month; none without a filing."""
        folder = self.inbox / SOURCE
        folder.mkdir(parents=True, exist_ok=True)
        *past, newest = self.counted
        for days in (past, [newest]):
            parts = [self.counted[day] for day in days if self.counted[day].height]
            if parts:
                text = _sheet(self.world, pl.concat(parts)).write_csv()
                write_export(folder / f"congdvc_{days[-1]:%Y%m%d}.csv", text.encode(), days[-1])


def _with_pages(world: World, last: date, arrived: pl.DataFrame) -> pl.DataFrame:
    """day, seat, begun, form, papers, submitted, copies: a line per unit to which anything was filed."""
    rng = stream(world.seed, "portal", last.toordinal())
    seat, reached = arrived["seat"].to_numpy(), arrived["submitted"].to_numpy().astype(np.int64)
    habit: Floats = stream(world.seed, "habit:portal").normal(0.0, UNIT_SPREAD, world.seats.units.height)
    pages = {"submitted": reached}
    for page, ends in GO_ON.items():
        share = np.clip(world.between(last, ends) + habit[seat], 0.4, 0.995)
        reached = reached + rng.poisson(reached * (1 / share - 1))
        pages[page] = reached
    return pl.DataFrame({"day": [last] * len(seat), "seat": seat, **pages, "copies": _copies(world, rng, last, seat)})


def _copies(world: World, rng: np.random.Generator, last: date, seat: Ints) -> pl.Series:
    """Certified electronic copies: each commune begins one day and goes on; nobody else certifies (null)."""
    units = world.seats.units
    offers = stream(world.seed, "habit:copies").random(units.height) < world.between(last, CERTIFYING)
    made = np.where(offers[seat], 1 + rng.poisson(COPIES, len(seat)), 0)
    certifies = (units["level"] == "commune").to_numpy()[seat]
    return pl.select(pl.when(pl.lit(pl.Series(certifies))).then(pl.lit(pl.Series(made)))).to_series()


def _sheet(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    units, seat = world.seats.units, rows["seat"].to_numpy()
    return rows.with_columns(code=units["code"][seat], name=units["name_vi"][seat]).select(
        pl.col("code").alias("Mã đơn vị"),
        pl.col("name").alias("Tên đơn vị"),
        pl.col("day").dt.strftime("%d/%m/%Y").alias("Đến ngày"),
        pl.col("begun").alias("Bắt đầu khai"),
        pl.col("form").alias("Khai xong biểu mẫu"),
        pl.col("papers").alias("Đính kèm đủ giấy tờ"),
        pl.col("submitted").alias("Nộp thành công"),
        pl.col("copies").alias("Bản sao điện tử đã chứng thực"),
    )
