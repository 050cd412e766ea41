"""The provincial centre keeps a log of every step, by number of the dossier; one-stop systems seldom share it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import NEVER, evening
from pipelines.demo.people import invented_people
from pipelines.demo.steps import EXAMINE, HOLDERS, ISSUE, PROPOSE, RECEIVE, SIGN, STEPS

SOURCE: Final = "nhat_ky_tinh"
MONTHS: Final = 13  # for which the log was kept
ASK, ANSWER, BACK, HAND_OUT = "Yêu cầu bổ sung", "Nhận bổ sung", "Trả lại thẩm định", "Trả kết quả"
# Moment of a life -> what was done then, and by whom.
EVENTS: Final = {
    "received": (STEPS[RECEIVE], HOLDERS[RECEIVE]),
    "asked_1": (ASK, HOLDERS[EXAMINE]),
    "over_1": (ANSWER, HOLDERS[RECEIVE]),
    "asked_2": (ASK, HOLDERS[EXAMINE]),
    "over_2": (ANSWER, HOLDERS[RECEIVE]),
    "examined": (STEPS[EXAMINE], HOLDERS[EXAMINE]),
    "proposed": (STEPS[PROPOSE], HOLDERS[PROPOSE]),
    "sent_back": (BACK, HOLDERS[SIGN]),
    "examined_2": (STEPS[EXAMINE], HOLDERS[EXAMINE]),
    "proposed_2": (STEPS[PROPOSE], HOLDERS[PROPOSE]),
    "signed": (STEPS[SIGN], HOLDERS[SIGN]),
    "ended": (STEPS[ISSUE], HOLDERS[ISSUE]),
    "returned": (HAND_OUT, HOLDERS[RECEIVE]),
}


@dataclass
class StepLog:
    """Collects the steps of dossiers and writes them in two files: the history, and what the newest month brought."""

    world: World
    inbox: Path
    kept: list[pl.DataFrame] = field(default_factory=list)

    def take(self, lives: pl.DataFrame) -> None:
        """Add the steps of dossiers (`lives` with inner steps) received since the log began."""
        since = evening(self._first() - timedelta(days=1))
        steps = events(lives.filter(pl.col("received") > since))
        self.kept.append(steps.filter(pl.col("at") <= evening(self.world.until)))

    def write(self) -> None:
        """Write both files; nothing where no step was taken."""
        steps = pl.concat(self.kept).sort("at", "case", maintain_order=True) if self.kept else pl.DataFrame()
        if steps.is_empty():
            return
        folder = self.inbox / SOURCE
        folder.mkdir(parents=True, exist_ok=True)
        turn = self.world.until.replace(day=1) - timedelta(days=1)
        for day, rows in ((turn, pl.col("at") <= evening(turn)), (self.world.until, pl.col("at") > evening(turn))):
            part = steps.filter(rows)
            if part.height:
                text = _sheet(self.world, part).write_csv(separator=";")
                write_export(folder / f"nhatky_{day:%Y%m%d}.csv", text.encode(), day)

    def _first(self) -> date:
        months = self.world.until.year * 12 + self.world.until.month - MONTHS
        return date(months // 12, months % 12 + 1, 1)


def events(lives: pl.DataFrame) -> pl.DataFrame:
    """case, received, seat, at (epoch seconds), step, holder: a row for every step that comes."""
    rows = [
        lives.filter(pl.col(moment) < NEVER).select(
            "case", "received", _seat(moment).alias("seat"), at=moment, step=pl.lit(step), holder=pl.lit(holder)
        )
        for moment, (step, holder) in EVENTS.items()
    ]
    return pl.concat(rows)


def _seat(moment: str) -> pl.Expr:
    """Who had the dossier at that moment."""
    return pl.when(pl.col("moved") <= pl.col(moment)).then("next_seat").otherwise("seat")


def _sheet(world: World, steps: pl.DataFrame) -> pl.DataFrame:
    """The log as the centre exports it; who took a step is in it, and must get no further."""
    names = world.seats.units["name_vi"]
    moment = (pl.col("at") * 1_000_000).cast(pl.Datetime("us"))
    received = (pl.col("received") * 1_000_000).cast(pl.Datetime("us"))
    person = invented_people(pl.col("case"))
    return steps.with_columns(unit=names[steps["seat"].to_numpy()]).select(
        pl.format("MAU-{}-{}", received.dt.strftime("%y%m%d"), "case").alias("Số hồ sơ"),
        pl.col("step").alias("Bước xử lý"),
        moment.dt.strftime("%d/%m/%Y %H:%M:%S").alias("Hoàn thành lúc"),
        pl.col("unit").alias("Cơ quan"),
        pl.col("holder").alias("Chức danh"),
        person["name"].alias("Người xử lý"),
    )
