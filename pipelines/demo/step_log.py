"""A log of every step, by number of the dossier: the provincial centre keeps one, a few communes share theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.demo.chance import stream
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import NEVER, evening
from pipelines.demo.people import invented_people
from pipelines.demo.steps import EXAMINE, HOLDERS, ISSUE, PROPOSE, RECEIVE, SIGN, STEPS, between

STARTS: Final = ("examined", "proposed", "examined_2", "proposed_2", "signed", "ended")  # somebody takes these up
WAITING: Final = (0.25, 0.75)  # share of the time since the step before in which nobody has taken it up (assumed)
SHARING, FIRST = 8, 3  # of the communes by size, the fourth and every eighth after it share their logs (assumed)
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


@dataclass(frozen=True)
class Keeper:
    """Whose log it is: its source, the months kept, and how it writes a dossier's number and a unit."""

    source: str
    months: int
    number: str
    unit: str
    named: tuple[str, ...]


CENTRE: Final = Keeper("nhat_ky_tinh", 13, "MAU-{}-{}", "name_vi", ("day", "case"))
COMMUNES: Final = Keeper("nhat_ky_xa", 4, "MAU.{}-{}-{}", "code", ("code", "day", "case"))


@dataclass
class StepLog:
    """Collects the steps of dossiers and writes them in two files: the history, and what the newest month brought."""

    world: World
    inbox: Path
    keeper: Keeper
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
        steps = with_starts(self.world, steps)
        folder = self.inbox / self.keeper.source
        folder.mkdir(parents=True, exist_ok=True)
        turn = self.world.until.replace(day=1) - timedelta(days=1)
        for day, rows in ((turn, pl.col("at") <= evening(turn)), (self.world.until, pl.col("at") > evening(turn))):
            part = steps.filter(rows)
            if part.height:
                text = _sheet(self.world, self.keeper, part).write_csv(separator=";")
                write_export(folder / f"nhatky_{day:%Y%m%d}.csv", text.encode(), day)

    def _first(self) -> date:
        months = self.world.until.year * 12 + self.world.until.month - self.keeper.months
        return date(months // 12, months % 12 + 1, 1)


def sharing(world: World) -> list[int]:
    """The communes (seats) that share their log; none of those whose system fell silent is among them."""
    communes = world.seats.on(world.until, "commune").sort("weight", "seat", descending=[True, False])
    return communes["seat"].gather_every(SHARING, FIRST).to_list()


def events(lives: pl.DataFrame) -> pl.DataFrame:
    """case, received, seat, first_seat, at (epoch seconds), started (whether somebody takes it up), step, holder."""
    rows = [
        lives.filter(pl.col(moment) < NEVER).select(
            "case", "received", _seat(moment).alias("seat"), pl.col("seat").alias("first_seat"), at=moment,
            started=pl.lit(moment in STARTS), step=pl.lit(step), holder=pl.lit(holder),
        )
        for moment, (step, holder) in EVENTS.items()
    ]  # fmt: skip
    return pl.concat(rows)


def with_starts(world: World, steps: pl.DataFrame) -> pl.DataFrame:
    """Add `since` (epoch seconds): when each step was taken up after the one before; null where nobody writes that."""
    before = pl.col("at").shift(1).over("case")
    rows = steps.with_columns(before=pl.when("started").then(before))
    known = rows.select(pl.coalesce("before", "at")).to_series().to_numpy()
    low, high = WAITING
    share = low + (high - low) * stream(world.seed, "waiting").random(rows.height)
    at = between(world.office, known, rows["at"].to_numpy(), share)
    return rows.with_columns(since=pl.when(pl.col("before").is_not_null()).then(pl.Series(at)))


def _seat(moment: str) -> pl.Expr:
    """Who had the dossier at that moment."""
    return pl.when(pl.col("moved") <= pl.col(moment)).then("next_seat").otherwise("seat")


def _sheet(world: World, keeper: Keeper, steps: pl.DataFrame) -> pl.DataFrame:
    """The log as its keeper exports it; who took a step is in it, and must get no further."""
    units = world.seats.units
    stamp = {name: (pl.col(name) * 1_000_000).cast(pl.Datetime("us")) for name in ("at", "since", "received")}
    told = steps.with_columns(
        unit=units[keeper.unit][steps["seat"].to_numpy()], code=units["code"][steps["first_seat"].to_numpy()],
        day=stamp["received"].dt.strftime("%y%m%d"),
    )  # fmt: skip
    return told.select(
        pl.format(keeper.number, *keeper.named).alias("Số hồ sơ"),
        pl.col("step").alias("Bước xử lý"),
        stamp["since"].dt.strftime("%d/%m/%Y %H:%M:%S").alias("Nhận xử lý lúc"),
        stamp["at"].dt.strftime("%d/%m/%Y %H:%M:%S").alias("Hoàn thành lúc"),
        pl.col("unit").alias("Cơ quan"),
        pl.col("holder").alias("Chức danh"),
        invented_people(pl.col("case"))["name"].alias("Người xử lý"),
    )
