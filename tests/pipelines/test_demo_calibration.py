"""The invented dossiers lie where the published figures lie, and they have something to tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import calibration as known
from pipelines.demo.dossiers import invent
from pipelines.demo.filings import ONLINE, World
from pipelines.demo.office import evening
from pipelines.demo.story import STORIES, told
from pipelines.demo.traits import DISSATISFIED, SATISFIED
from pipelines.demo.view import changed
from pipelines.demo.write import build_world
from pipelines.reference import load_reference

UNTIL = date(2026, 11, 22)
REFORM = date(2025, 7, 1)
ROWS = 100_000


@pytest.fixture(scope="module")
def world(product_data: Path) -> World:
    return build_world(load_reference(product_data), 7, UNTIL)


@pytest.fixture(scope="module")
def rows(world: World) -> pl.DataFrame:
    """Every dossier received in the period, as it stands at its end."""
    lives = pl.concat(new for _, new in invent(world, ROWS))
    stand = changed(lives, 0, evening(UNTIL)).with_columns(
        received_on=pl.col("received").dt.date(), ended_on=pl.col("ended").dt.date(), due_on=pl.col("due").dt.date()
    )
    return stand.filter(pl.col("received_on") >= world.first)


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    return float(rows.select(condition.mean()).item())


def test_early_on_the_day_and_late_are_as_published(rows: pl.DataFrame) -> None:
    ended = rows.filter(pl.col("ended_on").is_not_null())
    resolved = known.EARLY + known.ON_THE_DAY + known.LATE
    early = share(ended, pl.col("ended_on") < pl.col("due_on"))
    late = share(ended, pl.col("ended_on") > pl.col("due_on"))
    assert early == pytest.approx(known.EARLY / resolved, abs=0.015)
    assert late == pytest.approx(known.LATE / resolved, abs=0.0012)


def test_as_many_are_open_as_published(rows: pl.DataFrame) -> None:
    newest = rows.filter(pl.col("received_on") > date(2025, 8, 22))  # fifteen months, as the published figure
    assert share(newest, pl.col("ended_on").is_null()) == pytest.approx(known.OPEN, abs=0.003)


def test_some_of_the_open_ones_are_overdue(rows: pl.DataFrame) -> None:
    newest = rows.filter(pl.col("received_on") > date(2025, 8, 22))
    overdue = rows.filter(pl.col("ended_on").is_null() & ~pl.col("waits") & (pl.col("due_on") < UNTIL))
    assert 0.0004 < overdue.height / newest.height < 0.003


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(date(2023, 12, 1), date(2024, 3, 31), 0.960), (date(2026, 7, 1), UNTIL, 0.984)],
)
def test_filing_online_grows_as_published(rows: pl.DataFrame, first: date, last: date, expected: float) -> None:
    communes = rows.filter(pl.col("received_on").is_between(first, last), pl.col("level") != "province")
    assert share(communes, pl.col("channel") == ONLINE) == pytest.approx(expected, abs=0.006)


def test_departments_file_online_less_often(rows: pl.DataFrame) -> None:
    late_2025 = rows.filter(pl.col("received_on").is_between(REFORM, date(2025, 12, 31)), pl.col("level") == "province")
    assert share(late_2025, pl.col("channel") == ONLINE) == pytest.approx(0.91, abs=0.04)


def test_nothing_is_filed_online_that_is_not_offered_online(world: World, rows: pl.DataFrame) -> None:
    offline = rows.with_columns(online_level=world.procedures["online_level"].gather(rows["procedure"])).filter(
        pl.col("online_level") == "none"
    )
    assert offline.height > 100
    assert offline.filter(pl.col("channel") == ONLINE).height == 0


def test_communes_take_nearly_everything(rows: pl.DataFrame) -> None:
    before, after = (rows.filter(part) for part in (pl.col("received_on") < REFORM, pl.col("received_on") >= REFORM))
    assert share(after, pl.col("level") == "commune") == pytest.approx(0.967, abs=0.005)
    assert share(before, pl.col("level") == "district") == pytest.approx(0.20, abs=0.01)
    assert share(before, pl.col("level") == "province") == pytest.approx(0.03, abs=0.005)


def test_mondays_are_full_and_tet_is_quiet(rows: pl.DataFrame) -> None:
    days = rows.group_by("received_on").len().sort("received_on")
    average = days.group_by(pl.col("received_on").dt.weekday()).agg(pl.col("len").mean()).sort("received_on")["len"]
    assert list(average[:5]) == sorted(average[:5], reverse=True)
    assert average[0] > 1.15 * average[2]
    span = days.filter(pl.col("received_on").is_between(date(2026, 2, 2), date(2026, 2, 27)))
    before, after = span["len"][9], span["len"][10]
    assert span["received_on"][10] == date(2026, 2, 23)
    assert after > 2 * before


@pytest.mark.parametrize(
    ("condition", "expected", "tolerance"),
    [
        (pl.col("supplements") > 0, known.SUPPLEMENTED, 0.006),
        (pl.col("status") == 3, known.REFUSED, 0.003),
        (pl.col("status") == 7, known.WITHDRAWN, 0.002),
        ((pl.col("rating") > 0), known.RATED, 0.01),
        (pl.col("complained"), known.COMPLAINED, 0.0006),
    ],
)
def test_what_happens_on_the_way(rows: pl.DataFrame, condition: pl.Expr, expected: float, tolerance: float) -> None:
    assert share(rows, condition) == pytest.approx(expected, abs=tolerance)


def test_those_who_rate_are_content(rows: pl.DataFrame) -> None:
    rated = rows.filter(pl.col("rating") > 0)
    assert share(rated, pl.col("rating") == SATISFIED) == pytest.approx(known.SATISFIED, abs=0.01)
    assert share(rated, pl.col("rating") == DISSATISFIED) < 0.02


def test_three_of_five_fees_are_paid_online(rows: pl.DataFrame) -> None:
    assert share(rows.filter(pl.col("fee") > 0), pl.col("paid") > 0) == pytest.approx(0.60, abs=0.04)
    assert rows.filter((pl.col("fee") == 0) & (pl.col("paid") > 0)).height == 0


def test_land_is_slower_and_lacks_more_papers(world: World, rows: pl.DataFrame) -> None:
    field = world.procedures["field"].gather(rows["procedure"])
    is_land = (field == "DD").to_numpy()
    land, other = rows.filter(pl.Series(is_land)), rows.filter(pl.Series(~is_land))
    days = (pl.col("ended_on") - pl.col("received_on")).dt.total_days().mean()
    assert land.select(days).item() > 3 * other.select(days).item()
    assert share(land, pl.col("supplements") > 0) > 2 * share(other, pl.col("supplements") > 0)


def test_senders_err_a_little_and_in_their_own_favour(rows: pl.DataFrame) -> None:
    ended = rows.filter(pl.col("ended_on").is_not_null())
    late = pl.col("ended_on") > pl.col("due_on")
    called_punctual = share(ended.filter(late), pl.col("punctual"))
    called_late = share(ended.filter(~late), ~pl.col("punctual"))
    assert 0.04 < called_punctual < 0.25
    assert called_late < 0.001


def late_by_unit(rows: pl.DataFrame, since: date) -> pl.DataFrame:
    recent = rows.filter(pl.col("received_on") >= since)
    late = (pl.col("ended_on") > pl.col("due_on")) | (pl.col("ended_on").is_null() & (pl.col("due_on") < UNTIL))
    return recent.group_by("seat").agg(pl.len(), late=late.fill_null(False).sum()).sort("late", descending=True)


def test_the_newest_month_has_one_clear_signal(world: World, rows: pl.DataFrame) -> None:
    communes = rows.filter(pl.col("level") == "commune")
    worst = late_by_unit(communes, date(2026, 11, 1)).row(0, named=True)
    signal = next(iter(told_of(world, STORIES[0])))
    assert worst["seat"] == signal
    assert worst["late"] / worst["len"] > 0.08
    before = late_by_unit(communes.filter(pl.col("received_on") < date(2026, 11, 1)), date(2026, 7, 1))
    earlier = before.filter(pl.col("seat") == signal).row(0, named=True)
    assert earlier["late"] / earlier["len"] < 0.03


def told_of(world: World, story: object) -> list[int]:
    return [seat for seat, late in told(world, UNTIL).items() if late == story.late[1]]  # type: ignore[attr-defined]


def test_two_departments_grow_worse(world: World, rows: pl.DataFrame) -> None:
    departments = rows.filter(pl.col("level") == "province")
    tellers = [seat for seat in told(world, UNTIL) if world.seats.units["level"][seat] == "province"]
    counts = late_by_unit(departments, date(2026, 5, 1)).with_columns(tells=pl.col("seat").is_in(tellers))
    worse, others = counts.group_by("tells").sum().sort("tells", descending=True).iter_rows(named=True)
    assert len(tellers) == 2
    assert worse["late"] / worse["len"] > 4 * others["late"] / others["len"]


def test_one_commune_recovers(world: World) -> None:
    recovering = [story for story in STORIES if story.late[0] > story.late[1]]
    assert len(recovering) == 1
    first, last = recovering[0].months_ago
    assert first > last > 0
    assert recovering[0].late[1] < 0.005
