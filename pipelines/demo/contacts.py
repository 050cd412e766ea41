"""The hotline's own counters: most people ask something and leave no ticket, so contacts are many times the tickets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import DAY, Floats, Ints, epoch_day

SOURCE: Final = "lien_he_1022"
DESK: Final = "Sở Khoa học và Công nghệ"
# Contacts and tickets differ by 10 to 80 times in the provinces that publish both; the lower end, so nine of ten
# contacts are questions (Quảng Nam, September 2024: 1,382 contacts, of which 10 recommendations).
QUESTIONS_PER_TICKET: Final = 9.0
# The same month by channel: 316 calls, 746 chatbot, 161 Facebook, 106 Zalo, 39 web and app, 14 e-mail.
QUESTIONS: Final = {
    "dien_thoai": 316, "chatbot": 746, "facebook": 161, "zalo": 106, "web": 26, "ung_dung": 13, "email": 14,
}  # fmt: skip
NAMES: Final = {
    "dien_thoai": "Điện thoại", "ung_dung": "Ứng dụng", "web": "Cổng thông tin", "zalo": "Zalo",
    "facebook": "Facebook", "email": "Thư điện tử", "chatbot": "Trợ lý ảo", "khac": "Khác",
}  # fmt: skip


def write_contacts(inbox: Path, world: World, tickets: pl.DataFrame) -> None:
    """Write the counters of every day: `tickets` (received, channel) are among the contacts of their channel.

    Two files: the history when the counters were connected, and the newest month.
    """
    counted = count_contacts(world, tickets)
    if counted.is_empty():
        return
    folder = inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    newest = world.until.replace(day=1)
    for last, rows in ((None, pl.col("day") < newest), (world.until, pl.col("day") >= newest)):
        part = counted.filter(rows)
        if part.height:
            day = last or part["day"].max()
            assert isinstance(day, date)
            write_export(folder / f"lienhe_{day:%Y%m%d}.csv", _sheet(part).write_csv().encode(), day)


def count_contacts(world: World, tickets: pl.DataFrame) -> pl.DataFrame:
    """day, channel, contacts, tickets: a line per day and channel on which anybody came."""
    came = tickets.select(day=(pl.col("received") // DAY).cast(pl.Int32).cast(pl.Date), channel="channel")
    made = came.group_by("day", "channel").len("tickets")
    rng = stream(world.seed, "contacts")
    days = np.arange(epoch_day(world.first), epoch_day(world.until) + 1)
    usual = _per_day(came, days) * QUESTIONS_PER_TICKET
    total = sum(QUESTIONS.values())
    asked = [
        pl.DataFrame({"day": days.astype(np.int32), "channel": channel, "asked": rng.poisson(usual * share / total)})
        for channel, share in QUESTIONS.items()
    ]
    lines = pl.concat(asked).with_columns(pl.col("day").cast(pl.Date))
    both = lines.join(made, on=["day", "channel"], how="full", coalesce=True).fill_null(0)
    both = both.with_columns(contacts=pl.col("asked") + pl.col("tickets").cast(pl.Int64))
    return both.filter(pl.col("contacts") > 0).sort("day", "channel").select("day", "channel", "contacts", "tickets")


def _per_day(came: pl.DataFrame, days: Ints) -> Floats:
    """Tickets that are usual around each day: the mean of four weeks, so that contacts keep a rhythm of their own."""
    daily = came.group_by("day").len("n")
    every = pl.DataFrame({"day": days.astype(np.int32)}).with_columns(pl.col("day").cast(pl.Date))
    smooth = every.join(daily, on="day", how="left", maintain_order="left").select(
        pl.col("n").fill_null(0).rolling_mean(28, min_samples=1)
    )
    return smooth.to_series().to_numpy().astype(np.float64)


def _sheet(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col("day").dt.strftime("%d/%m/%Y").alias("Ngày"),
        pl.lit(DESK).alias("Đơn vị trực"),
        pl.col("channel").replace_strict(NAMES, return_dtype=pl.String).alias("Kênh"),
        pl.col("contacts").alias("Số lượt"),
        pl.col("tickets").alias("Trong đó thành phản ánh"),
    )
