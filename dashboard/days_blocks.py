"""Where the days go: steps with the time that led to them, ways back, and who is sent home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.block import Block, block, exports, heading
from dashboard.chart import Axis, bars
from dashboard.export import COUNT, NUMBER, SHARE, TEXT, Column
from dashboard.here import Here
from dashboard.query.returns import Returned, returns
from dashboard.query.steps import ENDED, REST, Passage, Step, passage
from dashboard.table import Table, as_html

RECEIVED: Final = "dossiers_received"
MOST: Final = 12
LISTED: Final = 60
LONGEST: Final = 28  # characters of a name beside a bar


def step_name(here: Here, step: str) -> str:
    """The reader's word for a step; one that our own words do not have is shown as its sender writes it."""
    return here.word("days.rest") if step == REST else here.value_name("step", step)


def steps_blocks(here: Here) -> None:
    """The steps with the days that led to them, and the ways back; one honest sentence where no log exists."""
    if not numbers.known(here, [ENDED]):
        return
    found = passage(here.snapshot, here.scope, here.question(ENDED), today=here.today)
    if not found.logged:
        with st.container(key="card_steps"):
            heading(here.word("days.steps"), here.word("days.no_log"))
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _steps(here, found)
    with right:
        _loops(here, found)


def _steps(here: Here, found: Passage) -> None:
    spent = [one for one in found.steps if one.days or one.again or one.step != REST]
    most = max(spent, key=lambda one: one.days)
    summary = here.word(
        "days.steps_told", logged=here.format.count(found.logged), ended=here.format.count(found.ended),
        days=here.format.count(found.days), most=step_name(here, most.step), part=_days(here, most, found),
    ) + _split_told(here, found)  # fmt: skip
    drawn = bars(_laid_out(here, found, spent[:MOST]), style=here.style, axis=Axis())
    block(here, Block("steps", here.word("days.steps"), summary, drawn, _steps_table(here, found, spent),
                      (here.indicators[ENDED],)))  # fmt: skip


def _laid_out(here: Here, found: Passage, spent: Sequence[Step]) -> pl.DataFrame:
    """A bar per step; where the log tells waiting from work, in pieces."""
    pieces = [("waited", here.word("days.waited")), ("worked", here.word("days.worked")),
              ("unsplit", here.word("days.unsplit"))]  # fmt: skip
    is_split = any(one.unsplit < one.days for one in found.steps)
    rows = [
        {"label": step_name(here, one.step), "value": float(getattr(one, key)),
         "text": here.format.percent(one.days / found.days), "series": series,
         "detail": f"{_days(here, one, found)} · {series}: {here.format.count(getattr(one, key))}" if is_split
         else _days(here, one, found)}
        for key, series in (pieces if is_split else [("days", "")]) for one in spent if one.days
    ]  # fmt: skip
    names = ("label", "text", "series", "detail")
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "value": pl.Float64})


def _split_told(here: Here, found: Passage) -> str:
    """How much of the time nobody worked, as far as the log tells it; else that it does not."""
    waited, worked = (sum(getattr(one, key) for one in found.steps) for key in ("waited", "worked"))
    if not waited + worked:
        return here.word("days.not_split")
    return here.word("days.split_told", waited=here.format.count(waited), worked=here.format.count(worked),
                     share=here.format.percent(waited / (waited + worked)))  # fmt: skip


def _days(here: Here, one: Step, found: Passage) -> str:
    share = here.format.percent(one.days / found.days if found.days else 0.0)
    return here.word("days.amount", days=here.format.count(one.days), share=share)


def _steps_table(here: Here, found: Passage, spent: Sequence[Step]) -> Table:
    """A row per step: dossiers, times, times again, working days, their share, and the spread of one time."""
    heads = [("step", TEXT), ("cases", COUNT), ("times", COUNT), ("again", COUNT), ("working_days", COUNT),
             ("share", SHARE), ("per_case", NUMBER), ("p50", NUMBER), ("p90", NUMBER), ("waited", COUNT),
             ("worked", COUNT)]  # fmt: skip
    columns = tuple(Column(here.word(f"days.{key}"), kind) for key, kind in heads)
    cells = [
        (step_name(here, one.step), one.cases, one.times, one.again, one.days,
         one.days / found.days if found.days else 0.0, one.days / one.cases, one.p50, one.p90,
         *_told_apart(one))
        for one in spent
    ]  # fmt: skip
    count, number = here.format.count, here.format.number
    texts = [
        (name, *map(count, counts[:4]), here.format.percent(counts[4]), number(counts[5], 1),
         *("" if told is None else count(told) for told in counts[6:]))
        for name, *counts in cells
    ]
    return Table(columns, tuple(cells), tuple(texts))


def _told_apart(one: Step) -> tuple[int | None, int | None]:
    """Days of waiting and of work; empty where the log of a step tells neither."""
    return (one.waited, one.worked) if one.unsplit < one.days else (None, None)


def _loops(here: Here, found: Passage) -> None:
    """Steps that a dossier went through again, by what sent it back there."""
    share = here.format.percent(found.reworked / found.logged)
    summary = here.word("days.loops_told", n=here.format.count(found.reworked), share=share,
                        logged=here.format.count(found.logged))  # fmt: skip
    columns = (Column(here.word("days.after"), TEXT), Column(here.word("days.back_to"), TEXT),
               Column(here.word("days.times"), COUNT), Column(here.word("days.cases"), COUNT))  # fmt: skip
    cells = [(step_name(here, one.after), step_name(here, one.step), one.times, one.cases) for one in found.loops]
    texts = [(after, step, here.format.count(times), here.format.count(cases)) for after, step, times, cases in cells]
    told = Table(columns, tuple(cells), tuple(texts))
    question = here.word("days.loops")
    with st.container(key="card_loops"):
        heading(question, summary)
        st.html(as_html(Table(columns, told.cells[:MOST], told.texts[:MOST])))
        exports(here, Block("loops", question, "", {}, told, (here.indicators[ENDED],), native=""))


def returns_block(here: Here) -> None:
    """The procedures with most requests for papers and most dossiers sent back without a result."""
    if not numbers.known(here, [RECEIVED]):
        return
    found = [one for one in returns(here.snapshot, here.scope, here.question(RECEIVED), today=here.today)
             if one.sent_away]  # fmt: skip
    parts = (("asked", here.word("days.asked")), ("returned", here.word("days.returned")))
    rows = pl.DataFrame(
        [{"label": shortened(procedure(here, one)), "name": procedure(here, one), "code": one.code,
          "value": float(getattr(one, key)), "text": here.format.count(getattr(one, key)), "series": series}
         for key, series in parts for one in found[:MOST]],
        schema={**dict.fromkeys(("label", "name", "code"), pl.String), "value": pl.Float64, "text": pl.String,
                "series": pl.String},
    )  # fmt: skip
    drawn = bars(rows, style=here.style, axis=Axis())
    block(here, Block("returns", here.word("days.returns"), _returns_told(here, found), drawn,
                      _returns_table(here, found), (here.indicators[RECEIVED],)))  # fmt: skip


def _returns_told(here: Here, found: Sequence[Returned]) -> str:
    if not found:
        return here.word("days.returns_none")
    share = here.format.percent(found[0].sent_away / found[0].received if found[0].received else 0.0)
    return here.word("days.returns_told", n=here.format.count(len(found)), name=procedure(here, found[0]),
                     most=here.format.count(found[0].sent_away), share=share)  # fmt: skip


def _returns_table(here: Here, found: Sequence[Returned]) -> Table:
    heads = [("procedure", TEXT), ("received", COUNT), ("asked", COUNT), ("asked_again", COUNT), ("returned", COUNT),
             ("asked_share", SHARE)]  # fmt: skip
    columns = tuple(Column(here.word(f"days.{key}"), kind) for key, kind in heads)
    cells = [(procedure(here, one), one.received, one.asked, one.asked_again, one.returned,
              one.asked / one.received if one.received else 0.0) for one in found[:LISTED]]  # fmt: skip
    texts = [(name, *map(here.format.count, counts[:4]), here.format.percent(counts[4])) for name, *counts in cells]
    return Table(columns, tuple(cells), tuple(texts))


def shortened(name: str) -> str:
    """A name that still fits beside a bar on a phone; the table and the hover keep the whole."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip(' ,')}…"


def procedure(here: Here, one: Returned) -> str:
    """A procedure's name, its code where it has none, and a word where the dossiers name no procedure."""
    return one.name or one.code or here.word("days.no_procedure")
