"""A unit on one page: the same template for the smallest commune, a department and a district that is no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from dashboard import agreed
from dashboard.block import scope_lines
from dashboard.figure import Figure
from dashboard.followup import Task
from dashboard.format import NOTHING
from dashboard.frames import reform_break
from dashboard.here import Here
from dashboard.paper.strip import strip
from dashboard.paper.typeset import Data, broken, frame, pages
from dashboard.profile import MONTHS, Profile, profile
from dashboard.query import Unit, basis_for
from dashboard.scope_bar import basis_name
from dashboard.spine import Row
from dashboard.tile import state, tone

TASKS: Final = 3
"""Tasks told; the rest is counted."""
NO_DATA: Final = "–"


def one_pager(here: Here) -> bytes:
    """The profile of the unit of this view as one A4 page; the same snapshot, log and day give the same bytes."""
    return pages("one_pager.typ", data_of(here, profile(here)))


def one_pagers(here: Here, units: Sequence[Unit]) -> Iterator[tuple[Unit, bytes]]:
    """A page per unit, each on boundaries on which it exists; what all share is asked once."""
    for unit in units:
        basis = here.basis if here.places.is_on(unit, here.basis) else basis_for(here.places, unit)
        yield unit, one_pager(replace(here, unit=unit, basis=basis))


def present_units(here: Here) -> list[Unit]:
    """The communes and wards of today within this view's unit, by name: what "all" means."""
    below = [here.places.units[code] for code in here.places.within(here.unit.unit_id)]
    mine = [one for one in below if one.kind in ("commune", "ward", "town") and one.valid_to is None]
    return sorted(mine, key=lambda one: (here.name(one), one.unit_id))


def data_of(here: Here, told: Profile) -> Data:
    """Everything the template shows, as plain values."""
    place = here.snapshot.publication.place.get("name", {}).get(here.lang, "")
    made = frame(told.name, here.lang, place, here.running.settings.now(), footer(here, told, place))
    words = {name: here.word(f"profile.{name}") for name in ("against", "legend", "tasks", "quality")}
    words["course"] = here.word("profile.course", n=MONTHS)
    peers = here.word("profile.peers", names=", ".join(told.peers)) if told.peers else here.word("profile.no_peers")
    heads = ("indicator", "value", "cases", "whole", "near", "worse_better")
    return {
        **made, "words": {**made["words"], **words},
        "kind": f"{here.word('profile.title')} · {place}", "when": here.format.period(here.period),
        "mark": here.word("frame.illustrative") if here.snapshot.publication.illustrative else "",
        "origin": broken(told.origin), "peers": broken(peers), "basis": told.basis,
        "counts": [_count(one) for one in told.counts],
        "sentences": _sentences(here, told),
        "heads": [here.word(f"profile.{name}") for name in heads], "rows": [_row(here, one) for one in told.rows],
        "courses": [_course(here, figures) for figures in told.courses],
        "quality": [list(pair) for pair in told.quality], **_tasks(here, told.tasks),
    }  # fmt: skip


def footer(here: Here, told: Profile, place: str) -> list[str]:
    """What stands below the page: unit, period and boundaries; snapshot and who may read it."""
    scope = dict(scope_lines(here))
    until = here.word("frame.data_until", day=here.format.date(here.snapshot.publication.data_until))
    second = (here.word("frame.snapshot", id=here.snapshot.id), until, scope[here.word("export.class")])
    first = (place, told.name, here.format.period(here.period), basis_name(here, here.basis))
    return [" · ".join(part for part in line if part) for line in (first, second)]


def _sentences(here: Here, told: Profile) -> list[list[str]]:
    if not told.is_judged:
        return [["●", "secondary", "", told.strong]]
    return [["▲", "better", here.word("profile.strong"), told.strong],
            ["▼", "worse", here.word("profile.weak"), told.weak]]  # fmt: skip


def _count(one: Figure) -> Data:
    judged = tone(one)
    return {"name": one.short or one.name, "value": one.text, "known": one.plot is not None,
            "state": state(one) if judged else "", "tone": judged or "secondary"}  # fmt: skip


def _row(here: Here, one: Row) -> Data:
    figure = one.figure
    few = figure.plot is None
    mark = f" {figure.shape}" if tone(figure) else ""
    return {
        "name": figure.short or figure.name, "value": figure.text + mark, "quiet": few,
        "n": "" if few else here.format.count(figure.answer.n).replace(NOTHING, ""), "whole": one.whole.text,
        "near": one.peers_text or NO_DATA, "dot": one.dot, "interval": one.interval, "span": one.span,
        "peers": one.peers, "against": one.against,
    }  # fmt: skip


def _course(here: Here, figures: Sequence[Figure]) -> Data:
    found = reform_break(here, figures)
    ticks = [here.format.tick(one.answer.question.period) for one in figures]
    reform = ticks.index(str(found[0].at)) if found else None
    return {"name": figures[0].short or figures[0].name, "alt": f"{figures[0].name}: {ticks[-1]} {figures[-1].text}",
            "svg": strip(figures, here.lang, reform)}  # fmt: skip


def _tasks(here: Here, tasks: Sequence[Task]) -> Data:
    shown = [
        {
            "what": broken(one.note or agreed.about(here, one)),
            "who": broken(f"{one.owner} · {here.word('followup.due_on', day=here.format.date(one.due))}"),
            "late": agreed.state(here, one) if one.is_overdue(here.today) else "",
        }
        for one in tasks[:TASKS]
    ]
    rest = len(tasks) - TASKS
    more = here.word("followup.more", n=here.format.count(rest)) if rest > 0 else ""
    return {"tasks": shown, "tasks_told": agreed.told(here, tasks), "tasks_more": more}
