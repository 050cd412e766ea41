"""Between reception and result a dossier is examined, proposed, sometimes sent back, and signed."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import happens, stream
from pipelines.demo.filings import World
from pipelines.demo.lives import DECIDED
from pipelines.demo.office import DAY, NEVER, Floats, Ints, Office

INNER: Final = ("examined", "proposed", "sent_back", "examined_2", "proposed_2", "signed")
SENT_BACK: Final = 0.07  # of the proposals: the head of the division wants them worked over (assumed)
# Where in the office time from the last papers to the decision each step ends, and by how much that varies
# (assumed: most of the time goes into examining).
ENDS_AT: Final = {"examined": (0.55, 0.15), "proposed": (0.78, 0.05), "signed": (0.94, 0.03)}

# What stands next, by what has been done; 0 is nothing. The order is that of the counter.
RECEIVE, EXAMINE, WAIT_PAPERS, WAIT_FEE, PROPOSE, SIGN, ISSUE = range(1, 8)
STEPS: Final = {
    RECEIVE: "Tiếp nhận hồ sơ",
    EXAMINE: "Thẩm định",
    WAIT_PAPERS: "Chờ bổ sung hồ sơ",
    WAIT_FEE: "Chờ nộp phí, thuế",
    PROPOSE: "Trình duyệt",
    SIGN: "Ký duyệt",
    ISSUE: "Ban hành kết quả",
}
HOLDERS: Final = {
    RECEIVE: "Công chức một cửa",
    EXAMINE: "Chuyên viên thụ lý",
    WAIT_PAPERS: "Công chức một cửa",
    WAIT_FEE: "Công chức một cửa",
    PROPOSE: "Lãnh đạo phòng",
    SIGN: "Lãnh đạo đơn vị",
    ISSUE: "Công chức một cửa",
}


def with_steps(world: World, lives: pl.DataFrame, part: int) -> pl.DataFrame:
    """Add the moments of INNER (epoch seconds, NEVER where they do not come) to the lives of `lives.live`."""
    rng, office, size = stream(world.seed, "steps", part), world.office, lives.height
    ended = lives["ended"].to_numpy()
    papers = np.where(lives["over_2"] < NEVER, lives["over_2"], np.where(lives["over_1"] < NEVER, lives["over_1"], 0))
    start = np.maximum(papers, lives["received"].to_numpy())
    comes = (lives["end_kind"].to_numpy() == DECIDED) & (ended < NEVER)
    back = comes & happens(rng, SENT_BACK, size)
    since, until = _office_time(office, start), _office_time(office, np.where(comes, ended, start))
    share = {name: middle + spread * (2 * rng.random(size) - 1) for name, (middle, spread) in ENDS_AT.items()}
    between = share["signed"] - share["proposed"]
    share["sent_back"] = share["proposed"] + between * 0.25
    share["examined_2"] = share["proposed"] + between * 0.6
    share["proposed_2"] = share["proposed"] + between * 0.8
    again = ("sent_back", "examined_2", "proposed_2")
    return lives.with_columns(
        pl.Series(name, np.where(back if name in again else comes, _at(office, since, until, share[name]), NEVER))
        for name in INNER
    )


def between(office: Office, since: Ints, until: Ints, share: Floats) -> Ints:
    """The moment at which that share of the office time from `since` to `until` (epoch seconds) is over."""
    return _at(office, _office_time(office, since), _office_time(office, until), share)


def _office_time(office: Office, moment: Ints) -> Ints:
    """Seconds of open counters since the calendar began: differences of it are working time."""
    day, clock = moment // DAY, moment % DAY
    opened = np.zeros(len(moment), dtype=np.int64)
    for since, until in office.spans:
        opened += np.clip(clock, since, until) - since
    return office.number(day) * office.open_seconds + opened


def _at(office: Office, since: Ints, until: Ints, share: Floats) -> Ints:
    time = since + ((until - since) * share).astype(np.int64)
    return office.moment(time // office.open_seconds, time % office.open_seconds)


def standing(step: str, holder: str) -> dict[str, pl.Expr]:
    """Two columns of a sheet, by heading: what stands next in words, and the position of whoever has it."""
    code = pl.col("step")
    return {
        step: code.replace_strict(STEPS, default=None, return_dtype=pl.String),
        holder: code.replace_strict(HOLDERS, default=None, return_dtype=pl.String),
    }


def step_now(until: int) -> pl.Expr:
    """What stands next on the evening of `until` for a dossier as `view.changed` sees it; 0 once it has ended."""
    done = {name: pl.col(name) <= until for name in INNER}
    again = done["sent_back"] & ~done["proposed_2"]
    return (
        pl.when(pl.col("ended").is_not_null())
        .then(0)
        .when(pl.col("waits"))
        .then(WAIT_PAPERS)
        .when(pl.col("fee_asked").is_not_null())
        .then(WAIT_FEE)
        .when(done["signed"])
        .then(ISSUE)
        .when(done["proposed"] & ~again)
        .then(SIGN)
        .when(pl.when(again).then(done["examined_2"]).otherwise(done["examined"]))
        .then(PROPOSE)
        .otherwise(EXAMINE)
    )
