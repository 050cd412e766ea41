"""How many people work at each one-stop counter, told month by month by whoever keeps the staff; never who they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.seats import spans_between

SOURCE: Final = "nhan_su_mot_cua"
# People at an average counter of each level (assumed; nobody publishes it by unit), the fewest and the most.
USUAL: Final = {"commune": 4.5, "district": 9.0, "province": 5.0}
FEWEST, MOST = 2, 14


def write_officers(inbox: Path, world: World) -> None:
    """Two files: the history, and the newest whole month; nothing where no month is over."""
    folder = inbox / SOURCE
    spans = spans_between(world.reforms, world.first, world.until)
    months = {last: _month(world, first, last) for first, last in spans if is_month_end(last)}
    if not months:
        return
    folder.mkdir(parents=True, exist_ok=True)
    *past, newest = months
    for days in (past, [newest]):
        if days:
            sheet = pl.concat([months[day] for day in days])
            write_export(folder / f"nhansu_{days[-1]:%Y%m%d}.csv", sheet.write_csv(separator=";").encode(), days[-1])


def is_month_end(day: date) -> bool:
    """Staff is told for whole months: not where a reform or the end of the demo cuts one off."""
    return date.fromordinal(day.toordinal() + 1).day == 1


def _month(world: World, first: date, last: date) -> pl.DataFrame:
    """A line per counter: bigger units have more people, and now and then somebody comes or goes."""
    counters = pl.concat([world.seats.on(first, level) for level in USUAL])
    usual = pl.col("level").replace_strict(USUAL, return_dtype=pl.Float64)
    size = counters.select(usual * (pl.col("weight") / pl.col("weight").mean().over("level")).sqrt()).to_series()
    change = stream(world.seed, "officers", last.year * 2 + last.month // 7).normal(0.0, 0.4, world.seats.units.height)
    people = np.clip(np.round(size.to_numpy() + change[counters["seat"].to_numpy()]), FEWEST, MOST)
    return counters.select(
        pl.lit(f"{last:%m/%Y}").alias("Tháng"),
        pl.col("code").alias("Mã đơn vị"),
        pl.col("name_vi").alias("Tên đơn vị"),
        pl.Series("Số người tại bộ phận một cửa", people.astype(np.int64)),
    )
