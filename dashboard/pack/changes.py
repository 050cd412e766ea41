"""What changed since the last pack: every number shown then is asked again, and whatever differs now is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard import periods
from dashboard.access import is_within
from dashboard.block import caption
from dashboard.export import NUMBER, Column
from dashboard.figure import Figure, make_figure
from dashboard.here import Here
from dashboard.pack.content import Piece, Quoted
from dashboard.pack.pieces import definitions, quoted
from dashboard.pack.standing import NOTHING
from dashboard.query import Question, by_unit, series, slices_of
from dashboard.query.owned import sees_all
from dashboard.scope_bar import basis_name
from dashboard.table import Table
from dashboard.words import PersonError


@dataclass(frozen=True)
class Earlier:
    """What an earlier pack said of itself: when it was made, from which snapshot, and every figure it quoted."""

    made_at: datetime
    snapshot: int
    figures: tuple[Quoted, ...]


def readable(here: Here, earlier: Earlier | None) -> Earlier | None:
    """What of an earlier pack this reader may be told: whoever made it may have had a wider scope."""
    if earlier is None or sees_all(here.snapshot, here.scope):
        return earlier
    parents = here.places.parents
    return replace(earlier, figures=tuple(one for one in earlier.figures if is_within(one.unit, here.scope, parents)))


def changes(here: Here, earlier: Earlier | None) -> Piece:
    """The numbers of the last pack that are different now; without a last pack an honest short slide."""
    heading, source = here.word("pack.changes_ask"), caption(here, ())
    if earlier is None:
        return Piece("changes", here.word("pack.first_pack"), heading, here.word("pack.first_pack_told"), NOTHING,
                     source)  # fmt: skip
    now = asked_again(here, earlier.figures)
    moved = [(then, now[then.question]) for then in earlier.figures
             if then.question in now and differs(then, now[then.question])]  # fmt: skip
    count = here.format.count
    summary = here.word(
        "pack.changes_told", asked=count(len(now)), made_at=here.format.moment(earlier.made_at), old=earlier.snapshot,
        new=here.snapshot.id, n=count(len(moved)),
    )  # fmt: skip
    gone = {one.indicator for one in earlier.figures} - set(here.indicators)
    if gone:
        summary += " " + here.word("pack.gone", n=count(len(gone)))
    title = here.word("pack.of_changes", n=count(len(moved))) if moved else here.word("pack.no_changes")
    figures = [figure for _, figure in moved]
    return Piece(
        "changes", title, heading, summary, _table(here, moved) if moved else NOTHING, source,
        definitions=definitions(here, [one.indicator for one in figures]), quoted=quoted(figures),
        measures=tuple(one.indicator.measure for one in figures),
    )  # fmt: skip


def differs(then: Quoted, now: Figure) -> bool:
    """Whether a number is another one than it was; noise below the last digit that anybody reads is none."""
    if then.value is None or now.plot is None:
        return (then.value is None) != (now.plot is None)
    return abs(then.value - now.plot) > 1e-9 * max(1.0, abs(then.value))


def asked_again(here: Here, figures: Sequence[Quoted]) -> Mapping[tuple[str, str, str, str, str], Figure]:
    """The figure of every question that can still be asked, by question; asked in as few queries as there are runs."""
    runs: dict[tuple[str, ...], list[Quoted]] = {}
    for one in figures:
        if one.indicator in here.indicators and one.unit in here.places.units and one.basis in here.places.bases:
            runs.setdefault((one.indicator, one.period, one.basis, one.slices), []).append(one)
    found: dict[tuple[str, str, str, str, str], Figure] = {}
    single: dict[tuple[str, ...], list[Quoted]] = {}
    for key, run in runs.items():
        if len(run) > 1:
            found |= _asked(here, run, over_units=True)
        else:
            single.setdefault((key[0], run[0].unit, key[2], key[3]), []).extend(run)
    for run in single.values():
        found |= _asked(here, run, over_units=False)
    return found


def _asked(here: Here, run: Sequence[Quoted], over_units: bool) -> dict[tuple[str, str, str, str, str], Figure]:
    report_day = int(here.snapshot.publication.place.get("report_month_day", 15))
    spans = [periods.parse(one.period, report_day) for one in run]
    first, entry = run[0], here.indicators[run[0].indicator]
    pairs = [_pair(text) for text in first.slices.split(",") if text]
    question = Question(entry.id, spans[0], first.unit, first.basis, slices_of(pairs))
    try:
        if over_units:
            told = by_unit(here.snapshot, here.scope, question, [one.unit for one in run], today=here.today)
        else:
            told = series(here.snapshot, here.scope, question, spans, today=here.today)
    except PersonError:
        return {}  # a slice that this snapshot no longer has
    return {one.question: make_figure(entry, answer, here.lang) for one, answer in zip(run, told, strict=True)}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _table(here: Here, moved: Sequence[tuple[Quoted, Figure]]) -> Table:
    names = ("pack.indicator", "chart.unit", "intake.period", "export.basis", "pack.then", "pack.now", "pack.change")
    columns = tuple(Column(here.word(name), *([NUMBER] if name in ("pack.then", "pack.now") else [])) for name in names)
    cells, texts = [], []
    for then, now in moved:
        question, measure = now.answer.question, now.indicator.measure
        front: tuple[Any, ...] = (now.short, here.name(here.places.units[question.unit]),
                                  here.format.period(question.period), basis_name(here, question.basis))  # fmt: skip
        both = then.value is not None and now.plot is not None
        change = here.format.change((now.plot or 0.0) - (then.value or 0.0), measure) if both else ""
        # What was shown then may have to be hidden now: then the old number is not told again either.
        before = then.value if now.state != "hidden" else None
        cells.append((*front, before, now.plot, change))
        texts.append((*front, here.format.value(before, measure), now.text, change))
    return Table(columns, tuple(cells), tuple(texts))
