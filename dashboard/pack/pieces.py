"""The pieces of a desk: its main figures, courses, shares and scores, by the functions that the screens use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from dashboard import numbers, sentences, table
from dashboard.block import caption, definition
from dashboard.export import NUMBER, TEXT, Column
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.pack import message
from dashboard.pack.content import ACTUAL, BAR, LINE, PREVIOUS, TARGET, Break, Piece, Plot, Quoted, Series
from dashboard.pack.template import Slide
from dashboard.periods import RANGE, Period, run_of
from dashboard.query import Indicator
from dashboard.score_blocks import name as group_name
from dashboard.score_blocks import points, weakest
from dashboard.scorecard import Card, scorecard
from dashboard.shares import slice_name
from dashboard.table import Table

SPANS: Final = 13
WEEK_DAYS: Final = 7
MOST: Final = 12
"""Bars on a slide; the rest stands in the workbook."""


def quoted(figures: Sequence[Figure]) -> tuple[Quoted, ...]:
    """What a manifest keeps of figures; what is not shown has no value there either."""
    return tuple(_quoted(one) for one in figures)


def _quoted(figure: Figure) -> Quoted:
    asked, entry = figure.answer.question, figure.indicator
    slices = ",".join(f"{name}={value}" for name, value in asked.slices)
    return Quoted(entry.id, entry.code, asked.unit, asked.period.code, asked.basis, slices, figure.plot, figure.text,
                  figure.answer.status)  # fmt: skip


def definitions(here: Here, entries: Sequence[Indicator]) -> tuple[tuple[str, str, str, str, str], ...]:
    """The definitions of indicators, once each."""
    return tuple(definition(here, entry) for entry in {entry.id: entry for entry in entries}.values())


def figures(here: Here, slide: Slide, desk: str) -> Piece | None:
    """The main figures of a desk in a table: value, target, comparison, change, state."""
    shown = list(numbers.many(here, slide.indicators).values())
    if not shown:
        return None
    entries = [one.indicator for one in shown]
    return Piece(
        key=f"figures_{entries[0].id}", title=message.of_figures(here, shown),
        heading=here.word("pack.of_figures_ask", desk=desk),
        summary=here.word("pack.figures_told", n=here.format.count(len(shown))),
        table=_figures_table(here, shown), source=caption(here, entries), definitions=definitions(here, entries),
        quoted=quoted(shown), measures=tuple(entry.measure for entry in entries),
    )  # fmt: skip


def _figures_table(here: Here, shown: Sequence[Figure]) -> Table:
    heads = ("indicator", "value", "target", "before", "state")
    columns = tuple(
        Column(here.word("chart.value" if name == "value" else f"pack.{name}"),
               NUMBER if name in ("value", "target") else TEXT)
        for name in heads)  # fmt: skip
    cells, texts = [], []
    for one in shown:
        state = f"{one.shape} {one.word}" if one.word else one.reason or one.age
        told = (one.previous, state)
        cells.append((one.name, one.plot, one.target_plot, *told))
        target = here.format.value(one.target_plot, one.indicator.measure) if one.target_plot is not None else ""
        texts.append((one.name, one.text, target, *told))
    return Table(columns, tuple(cells), tuple(texts))


def is_week(period: Period) -> bool:
    """Whether a period is a week: then its course goes by weeks."""
    return period.grain == RANGE and period.days == WEEK_DAYS


def course(here: Here, slide: Slide) -> Piece | None:
    """Thirteen months beside those a year earlier, or thirteen weeks; the target as a line."""
    name = slide.indicators[0]
    if not numbers.known(here, [name]):
        return None
    weekly = is_week(here.period)
    past = [] if weekly else numbers.history(here, name, months=25)
    now = numbers.over(here, name, run_of(here.period, SPANS)) if weekly else past[12:]
    entry, asked = here.indicators[name], numbers.one(here, name)
    # A longer period than a month has a value of its own, which the title says; the chart shows its months.
    plot = _course_plot(here, entry, now, past[:12] + now[:1] if past else [])
    head = table.of_figures(here, here.word("pack.week" if weekly else "chart.month"), now if plot else [],
                            lambda one: tick(here, one))  # fmt: skip
    return Piece(
        key=f"course_{name}", title=message.of_course(here, asked),
        heading=here.word("pack.course_weeks_ask" if weekly else "pack.course_ask", name=entry.text("name", here.lang)),
        summary=_weeks_told(here, now) if weekly else sentences.of_history(here, now), table=head,
        source=caption(here, [entry]), plot=plot,
        definitions=definitions(here, [entry]), quoted=quoted([asked, *past[:12], *now]),
    )  # fmt: skip


def _weeks_told(here: Here, now: Sequence[Figure]) -> str:
    known = [one for one in now if one.plot is not None]
    if not known:
        return here.word("chart.nothing")
    high, low = (pick(known, key=lambda one: one.plot or 0.0) for pick in (max, min))
    period = here.format.period(known[-1].answer.question.period)
    return here.word("pack.course_weeks", period=period, value=known[-1].text, n=here.format.count(len(now)),
                     high=f"{high.text} ({tick(here, high)})", low=f"{low.text} ({tick(here, low)})")  # fmt: skip


def _course_plot(here: Here, entry: Indicator, now: Sequence[Figure], before: Sequence[Figure]) -> Plot | None:
    if all(one.plot is None for one in now):
        return None
    series = [Series(entry.text("short", here.lang), tuple(one.plot for one in now), ACTUAL)]
    earlier = tuple(before[at].plot if at < len(before) else None for at in range(len(now)))
    if any(value is not None for value in earlier):
        series.append(Series(here.word("pack.year_before"), earlier, PREVIOUS))
    series += target_line(here, now[-1], len(now))
    day = here.reform_day()
    spans = [one.answer.question.period for one in now]
    at = [place for place, span in enumerate(spans) if day and span.first <= day <= span.last]
    breaks = tuple(Break(place, here.word("chart.reform", day=here.format.date(day))) for place in at[:1])
    return Plot(LINE, entry.measure, tuple(tick(here, one) for one in now), tuple(series), breaks=breaks)


def target_line(here: Here, figure: Figure, many: int) -> list[Series]:
    """The target of a figure as a series of one value; nothing without one."""
    if figure.target_plot is None:
        return []
    return [Series(figure.target, (figure.target_plot,) * many, TARGET)]


def tick(here: Here, figure: Figure) -> str:
    """A period on an axis; a week by its last day."""
    period = figure.answer.question.period
    return here.format.day_month(period.last) if is_week(period) else here.format.tick(period)


def slices(here: Here, slide: Slide) -> Piece | None:
    """What a count is made of, largest part first."""
    name, by = slide.indicators[0], slide.by
    if not numbers.known(here, [name]):
        return None
    found = sorted(numbers.sliced(here, name, by), key=lambda one: -(one.plot or 0.0))
    entry = here.indicators[name]

    def label(one: Figure) -> str:
        return slice_name(here, one, by)

    asked = here.word("pack.slices_ask", name=entry.text("name", here.lang), by=here.word(f"pack.by_{by}"))
    return Piece(
        key=f"{by}_{name}", title=message.of_slices(here, found, label), heading=asked,
        summary=sentences.of_shares(here, found, label), table=table.of_figures(here, asked, found, label),
        source=caption(here, [entry]), plot=bars(entry, found[:MOST], label, entry.text("short", here.lang)),
        definitions=definitions(here, [entry]), quoted=quoted(found),
    )  # fmt: skip


def bars(entry: Indicator, found: Sequence[Figure], label: Callable[[Figure], str], name: str) -> Plot | None:
    """One bar per figure; nothing to draw where no figure has a number."""
    if not any(one.plot for one in found):
        return None
    drawn = [one for one in found if one.plot is not None]
    return Plot(BAR, entry.measure, tuple(label(one) for one in drawn),
                (Series(name, tuple(one.plot for one in drawn)),))  # fmt: skip


def groups(here: Here, slide: Slide) -> Piece | None:
    """The groups of a score against what can be reckoned of each."""
    card = scorecard(here) if numbers.known(here, slide.indicators[:1]) else None
    if card is None or card.total.plot is None:
        return None
    entries = [card.total.indicator, *(group.points.indicator for group in card.groups)]
    title = here.word("score.total", points=points(here, card.total.plot), known=points(here, card.known))
    return Piece(
        key="groups_score", title=f"{card.total.short}: {title}", heading=here.word("pack.groups_ask"),
        summary=" ".join(part for part in (weakest(here, card), here.word("pack.own_score")) if part),
        table=_groups_table(here, card), source=caption(here, entries), plot=_groups_plot(here, card),
        definitions=definitions(here, entries), quoted=quoted([card.total, *(group.points for group in card.groups)]),
    )  # fmt: skip


def _groups_plot(here: Here, card: Card) -> Plot:
    names = tuple(group_name(here, group) for group in card.groups)
    known = Series(here.word("pack.points_known"), tuple(group.known for group in card.groups), PREVIOUS)
    reached = Series(here.word("pack.points"), tuple(group.points.plot for group in card.groups))
    return Plot(BAR, "point", names, (reached, known))


def _groups_table(here: Here, card: Card) -> Table:
    columns = (Column(here.word("pack.indicator")), Column(here.word("pack.points"), NUMBER),
               Column(here.word("pack.points_known"), NUMBER), Column(here.word("score.most"), NUMBER))  # fmt: skip
    rows = [(group_name(here, one), one.points.plot, one.known, one.most) for one in card.groups]
    texts = tuple((name, *(points(here, value) for value in values)) for name, *values in rows)
    return Table(columns, tuple(rows), texts)

