"""Small numbers said honestly: against the same period without percentages of few, and against what chance brings."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl
import streamlit as st

from dashboard import frames, numbers, periods, table
from dashboard.block import Block, block, exports, heading
from dashboard.chart import trend
from dashboard.export import NUMBER, TEXT, Column
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.periods import MONTH, Period
from dashboard.poisson import usual
from dashboard.table import Table, as_html

# A count and the entry that holds it against the same period; where the year so far is told and not added up, the two
# entries that tell it.
COMPARED: Final = (
    ("traffic_accidents", "traffic_accidents_growth"), ("traffic_deaths", "traffic_deaths_growth"),
    ("traffic_injured", "traffic_injured_growth"),
    ("traffic_violations", "traffic_violations_growth", "traffic_violations_to_date",
     "traffic_violations_to_date_growth"),
    ("fires", "fires_growth"),
)  # fmt: skip
RARE: Final = ("traffic_accidents", "traffic_deaths", "traffic_injured", "fires")
YEAR: Final = 12
SHOWN: Final = 13
ABOVE, WITHIN, BELOW = "above", "within", "below"


def band(here: Here) -> None:
    """Which days the period really holds, and that only what is published stands here."""
    told = [here.word("safety.published")]
    if here.period.grain == MONTH:
        told.insert(0, here.word("safety.report_month", period=here.format.period(report_month(here))))
    st.html(f'<div class="ioc"><div class="ioc-band ioc-calm">{html.escape(" ".join(told))}</div></div>')


def report_month(here: Here) -> Period:
    """The report month that ends in the month of the view."""
    day = int(here.snapshot.publication.place.get("report_month_day", 15))
    return periods.holding(here.period.last.replace(day=day - 1), MONTH, day)


def so_far(period: Period) -> Period:
    """The year up to the end of a period."""
    return periods.between(date(period.last.year, 1, 1), period.last)


def compared_block(here: Here) -> None:
    """A row per count: the period and the year so far, each against the same of the year before."""
    # A catalogue of before may have a count without the one that tells its year so far.
    whole = [row[0] for row in COMPARED if all(name in here.indicators for name in (row[0], *row[2:3]))]
    names = [name for name, one in numbers.many(here, whole).items() if one.plot is not None]
    if not names:
        return
    question, told = here.word("safety.compared"), here.word("safety.compared_told")
    with st.container(key="card_safety_compared"):
        heading(question, told)
        shown = compared_table(here, names)
        st.html(as_html(shown))
        entries = tuple(here.indicators[name] for name in names)
        exports(here, Block("safety_compared", question, told, {}, shown, entries, native=""))


def compared_table(here: Here, names: Sequence[str]) -> Table:
    """Count now, count then and the change, for the period and for the year so far."""
    heads = ("now", "then", "change", "so_far", "so_far_then", "so_far_change")
    columns = (Column(here.word("economy.indicator"), TEXT),
               *(Column(here.word(f"safety.{head}"), NUMBER) for head in heads))  # fmt: skip
    cells, texts = [], []
    for name in names:
        sides = [_against(here, *asked) for asked in _sides(here, name)]
        label = here.indicators[name].text("name", here.lang)
        cells.append((label, *(cell for now, then, by, _ in sides for cell in (now.plot, then.plot, by))))
        texts.append((label, *(text for now, then, _, told in sides for text in (now.value, then.value, told))))
    return Table(columns, tuple(cells), tuple(texts))


def _sides(here: Here, name: str) -> list[tuple[str, str, Period]]:
    """(count, growth, period) of the period itself and of the year so far."""
    own, growth, *told = next(row for row in COMPARED if row[0] == name)
    if told:
        return [(own, growth, here.period), (told[0], told[1], here.period)]
    return [(own, growth, here.period), (own, growth, so_far(here.period))]


def _against(here: Here, name: str, growth: str, period: Period) -> tuple[Figure, Figure, float | None, str]:
    """The count of a period, of the same period a year before, and by how much it has changed, in words too."""
    then = periods.year_before(period)
    now, before = (numbers.one(here, name, period=one) for one in (period, then))
    if now.plot is None or before.plot is None:
        return now, before, None, ""
    share = numbers.many(here, [growth], period=period).get(growth)
    by = now.plot - before.plot
    told = here.format.change(by, "count")
    return now, before, by, told if share is None or share.plot is None else f"{told} ({share.text})"


def usual_block(here: Here) -> None:
    """Whether the month is out of the ordinary: its counts beside what twelve months before it lead one to expect."""
    names = numbers.known(here, RARE)
    if here.period.grain != MONTH or not names:
        return
    judged = [(name, one) for name in names if (one := judge(here, name)) is not None]
    if not judged:
        return
    question = here.word("safety.usual")
    told = " ".join(_sentence(here, name, *one) for name, one in judged if one[3] != WITHIN) or (
        here.word("safety.all_usual"))  # fmt: skip
    with st.container(key="card_safety_usual"):
        heading(question, told)
        shown = usual_table(here, judged)
        st.html(as_html(shown))
        entries = tuple(here.indicators[name] for name, _ in judged)
        exports(here, Block("safety_usual", question, told, {}, shown, entries, native=""))


Judged = tuple[float, float, tuple[int, int], str]  # the month, the mean before it, its usual range, the verdict


def judge(here: Here, name: str) -> Judged | None:
    """A month against the twelve before it; None where any of them is not known."""
    past = numbers.over(here, name, periods.run_of(periods.previous(here.period), YEAR))
    now = numbers.one(here, name, period=here.period).plot
    known = [one.plot for one in past if one.plot is not None]
    if now is None or len(known) < YEAR:
        return None
    mean = sum(known) / YEAR
    low, high = usual(mean)
    return now, mean, (low, high), ABOVE if now > high else BELOW if now < low else WITHIN


def _sentence(here: Here, name: str, now: float, mean: float, span: tuple[int, int], verdict: str) -> str:
    count = here.format.count
    return here.word(f"safety.{verdict}_told", name=here.indicators[name].text("name", here.lang), now=count(now),
                     mean=here.format.number(mean, 1), low=count(span[0]), high=count(span[1]))  # fmt: skip


def usual_table(here: Here, judged: Sequence[tuple[str, Judged]]) -> Table:
    """Count, mean of the twelve months before, usual range, verdict."""
    columns = (Column(here.word("economy.indicator"), TEXT), Column(here.word("safety.now"), NUMBER),
               Column(here.word("safety.mean"), NUMBER), Column(here.word("safety.least"), NUMBER),
               Column(here.word("safety.most"), NUMBER), Column(here.word("safety.verdict"), TEXT))  # fmt: skip
    cells, texts = [], []
    for name, (now, mean, (low, high), verdict) in judged:
        label, word = here.indicators[name].text("name", here.lang), here.word(f"safety.{verdict}")
        count = here.format.count
        cells.append((label, now, mean, low, high, word))
        texts.append((label, count(now), here.format.number(mean, 1), count(low), count(high), word))
    return Table(columns, tuple(cells), tuple(texts))


def moving_block(here: Here, name: str, question: str) -> None:
    """The sum of twelve months, moved on month by month: the season drops out and the direction remains."""
    if not numbers.known(here, [name]):
        return
    newest = periods.holding(here.period.last, MONTH, here.period.report_day)
    ends = periods.run_of(newest, SHOWN)
    windows = [periods.between(periods.shift(end, 1 - YEAR).first, end.last) for end in ends]
    figures = numbers.over(here, name, windows)
    ticks = [here.format.tick(end) for end in ends]
    rows = frames.of_history(here, figures).with_columns(label=pl.Series(ticks))
    entry = here.indicators[name]
    drawn = trend(rows, style=here.style, axis=frames.axis_of(entry))
    told = table.of_figures(here, here.word("safety.twelve_to"), figures, lambda one: ticks[figures.index(one)])
    block(here, Block(f"moving_{name}", question, _moved(here, figures), drawn, told, (entry,), native="line"))


def _moved(here: Here, figures: Sequence[Figure]) -> str:
    """The newest sum beside that of a year before."""
    first, last = figures[0], figures[-1]
    if first.plot is None or last.plot is None:
        return here.word("chart.nothing")
    change = here.format.change(last.plot - first.plot, last.indicator.measure)
    return here.word("safety.moving_told", now=last.text, then=first.text, change=change)
