"""One number on the command line: the same answer as on every screen, as a sentence or as one JSON object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from dashboard import periods
from dashboard.access import PARTY, Scope, demo_scope
from dashboard.disclosure import DEFAULT_BASIS
from dashboard.figure import Figure, make_figure
from dashboard.format import Formatter
from dashboard.query import (
    REFUSED,
    TODAY,
    Answer,
    Indicator,
    Question,
    answer,
    find_indicator,
    find_unit,
    slices_of,
    territory,
)
from dashboard.query.targets import target_of
from dashboard.query.weakest import Weakest, weakest
from dashboard.snapshot import Snapshot, Snapshots
from dashboard.words import PersonError, word

KEYS: Final = (
    "indicator", "code", "kind", "unit", "period", "basis", "value", "numerator", "denominator", "n",
    "interval", "coverage", "data_until", "estimated_share", "suppressed", "status", "snapshot",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What somebody typed: empty texts mean the defaults."""

    indicator: str
    period: str = ""
    unit: str = ""
    basis: str = ""
    slices: tuple[str, ...] = ()
    snapshot: int | None = None
    role: str = "state"


@dataclass(frozen=True)
class Found:
    """A question understood and answered, with the snapshot and the scope in which that happened."""

    snapshot: Snapshot
    scope: Scope
    entry: Indicator
    answer: Answer
    figure: Figure
    weakest: Weakest | None = None
    """Of a score its group that reaches least; None for every other indicator."""


def find(snapshots: Snapshots, asked: Asked, today: date, lang: str = "vi") -> Found:
    """Understand and answer a question. Raises PersonError for whatever does not exist."""
    state = snapshots.current() if asked.snapshot is None else snapshots.at(asked.snapshot)
    snapshot, scope = _door(snapshots, state, asked.role, lang)
    entry = find_indicator(snapshot, asked.indicator)
    question = _question(snapshot, scope, entry, asked)
    told = answer(snapshot, scope, question, today=today)
    target = target_of(snapshot, entry, question.unit, question.period.last)
    group = weakest(snapshot, scope, question, today=today) if told.value is not None else None
    return Found(snapshot, scope, entry, told, make_figure(entry, told, lang, target=target), group)


def _door(snapshots: Snapshots, state: Snapshot, role: str, lang: str) -> tuple[Snapshot, Scope]:
    """The file that a role may read, and its scope there."""
    scope = demo_scope(role, territory(state).roots(), lang)
    if PARTY not in scope.clearances:
        return state, scope
    party = snapshots.party(state)
    return party, demo_scope(role, territory(party).roots(), lang)


def _question(snapshot: Snapshot, scope: Scope, entry: Indicator, asked: Asked) -> Question:
    places = territory(snapshot)
    report_day = int(snapshot.publication.place.get("report_month_day", 15))
    period = periods.parse(asked.period, report_day) if asked.period else _latest(snapshot, entry)
    basis = asked.basis or (DEFAULT_BASIS if entry.sensitive else TODAY)
    home = places.root if places.root in scope.units or not scope.units else scope.units[0]
    unit = find_unit(places, asked.unit or home, basis, period.last)
    return Question(entry.id, period, unit.unit_id, basis, slices_of(_pair(text) for text in asked.slices))


def _latest(snapshot: Snapshot, entry: Indicator) -> periods.Period:
    """The newest whole month of the data; for quarterly and yearly figures the newest whole such period."""
    month = periods.latest_whole_month(snapshot.publication.whole_until)
    grain = {"quarterly": periods.QUARTER, "yearly": periods.YEAR}.get(entry.rhythm)
    if grain is None:
        return month
    found = periods.holding(month.last, grain)
    return found if found.last <= month.last else periods.previous(found)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise PersonError("query.slice_form", text=text)
    return name.strip(), value.strip()


def as_json(found: Found) -> dict[str, Any]:
    """The documented object; shares are 0..1, dates ISO, and everything that is not known is null."""
    told, question = found.answer, found.answer.question
    facts: dict[str, Any] = {
        "indicator": found.entry.id,
        "code": found.entry.code,
        "kind": found.entry.kind,
        "unit": question.unit,
        "period": question.period.code,
        "basis": question.basis,
        "value": told.value,
        "numerator": told.numerator,
        "denominator": told.denominator,
        "n": told.n,
        "interval": [told.interval.low, told.interval.high] if told.interval else None,
        "coverage": {
            "sent": told.coverage.sent, "expected": told.coverage.expected, "missing": list(told.coverage.missing)
        },
        "data_until": told.data_until.isoformat() if told.data_until else None,
        "estimated_share": told.estimated_share,
        "suppressed": told.suppressed,
        "status": told.status,
        "snapshot": told.snapshot,
    }  # fmt: skip
    facts |= {"p90": told.p90} if found.entry.kind == "duration" else {}
    return facts | ({"weakest": _weakest_as_json(found.weakest)} if found.weakest else {})


def _weakest_as_json(group: Weakest) -> dict[str, Any]:
    """The weakest group of a score: its points, how many can be reckoned of it, and the share reached (0..1)."""
    return {"indicator": group.group.id, "code": group.group.code, "value": group.points, "known": group.known,
            "reached": group.reached}  # fmt: skip


def nothing_as_json(asked: Asked) -> dict[str, Any]:
    """The same object for a question that could not even be understood: refused, and everything else null."""
    told = {
        "indicator": asked.indicator, "unit": asked.unit or None, "period": asked.period or None,
        "basis": asked.basis or None, "suppressed": False, "status": REFUSED, "snapshot": asked.snapshot,
    }  # fmt: skip
    return {key: told.get(key) for key in KEYS}


def dumped(facts: dict[str, Any]) -> str:
    """One line of JSON for machines that is still read by people."""
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode()


def sentence(found: Found) -> str:
    """The answer in a few lines for a person at a terminal."""
    figure, question = found.figure, found.answer.question
    where = territory(found.snapshot).units[question.unit].name(figure.lang)
    head = f"{found.entry.code} · {figure.name} · {where} · {question.period.code} · {question.basis}"
    slow = f"(P90 {figure.p90})" if figure.p90 else ""
    value = " ".join(text for text in (figure.text, slow, figure.shape, figure.word) if text)
    notes = [figure.parts, figure.interval, figure.n, figure.target, figure.stands_for, figure.coverage, figure.age,
             figure.estimated, figure.reason]  # fmt: skip
    told = [_weakest_told(found.weakest, figure.lang)] if found.weakest else []
    return "\n".join([head, value, *told, " · ".join(text for text in notes if text)])


def _weakest_told(group: Weakest, lang: str) -> str:
    number, entry = Formatter(lang), group.group
    return word("score.weakest", lang, group=f"{entry.text('short', lang)} ({entry.code.rpartition('-')[2]})",
                share=number.percent(group.reached), points=number.bare(group.points, "point"),
                known=number.bare(group.known, "point"))  # fmt: skip
