"""Figures that somebody else publishes: the newest vintage known, and never a sum that its owner does not allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.periods import DAY, MONTH, QUARTER, YEAR, Period, between, holding
from dashboard.query.batch import EXACT, Ask, Cell, Key, Measured, number, share
from dashboard.query.carry import carry
from dashboard.query.indicators import Indicator
from dashboard.query.question import Part
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot

_NOTHING: Final = Cell(reason="answer.nothing_reported")
_DOES_NOT_ADD: Final = Cell(reason="answer.does_not_add")
_SQL: Final = f"""WITH chosen AS (SELECT unnest($indicators) AS indicator, unnest($spans) AS span,
     unnest($targets) AS target, unnest($units) AS unit, unnest($weights) AS weight, unnest($firsts) AS period_start,
     unnest($lasts) AS period_end),
newest AS (SELECT * FROM reported WHERE indicator IN (SELECT indicator FROM chosen) AND vintage <= $known_on
     QUALIFY row_number() OVER (PARTITION BY indicator, unit, period_start, period_end ORDER BY vintage DESC) = 1)
SELECT indicator, span, target, sum(CAST(value * weight AS {EXACT})), sum(CAST(numerator * weight AS {EXACT})),
     sum(CAST(denominator * weight AS {EXACT})), bool_or(preliminary), any_value(value),
     sum(CAST(coalesce(denominator, abs(value)) * weight AS {EXACT})) FILTER (WHERE weight < 1),
     sum(CAST(coalesce(denominator, abs(value)) * weight AS {EXACT})), count(*)
FROM chosen JOIN newest USING (indicator, unit, period_start, period_end) GROUP BY ALL"""


@dataclass(frozen=True)
class Choice:
    """Which rows speak for a cell: units with their weights, and the one period that all of them are for."""

    key: Key
    weights: tuple[tuple[str, float], ...]
    first: date
    last: date


def measure_reported(snapshot: Snapshot, entries: Sequence[Indicator], ask: Ask) -> dict[str, Measured]:
    """The level, or the published figure, of the newest period that ended by the end of each span, in one query."""
    if not has(snapshot, "reported"):
        return {entry.id: Measured({}, _NOTHING, ()) for entry in entries}
    known = {entry.id: entry for entry in entries}
    found = {(entry.id, key): _choose(snapshot, entry, ask, key, periods_reported(snapshot, entry, ask.known_on))
             for entry in entries for key in ask.cells()}  # fmt: skip
    choices = [(name, one) for (name, _), one in found.items() if isinstance(one, Choice)]
    cells: dict[str, dict[Key, Cell]] = {name: {} for name in known}
    for (name, key), one in found.items():
        if isinstance(one, Cell):
            cells[name][key] = one
    if not choices:
        return {name: Measured(cells[name], _NOTHING, ()) for name in known}
    statement = Statement(_SQL, _values(ask, choices))
    covers = {(name, one.key): as_period(one.first, one.last) for name, one in choices}
    for name, span, target, *sums in statement.run(snapshot):
        cells[name][span, target, None] = _cell(known[name], sums, covers[name, (span, target, None)])
    return {name: Measured(cells[name], _NOTHING, (statement,)) for name in known}


def periods_reported(snapshot: Snapshot, entry: Indicator, known_on: date) -> Mapping[str, list[tuple[date, date]]]:
    """unit -> the periods (first, last) that anybody has reported for it by a day, in order."""
    every = snapshot.remember(("periods reported", known_on), lambda: _periods(snapshot, known_on))
    return every.get(entry.id, {})


def _periods(snapshot: Snapshot, known_on: date) -> dict[str, dict[str, list[tuple[date, date]]]]:
    """The same of every indicator: the table is small, and whoever asks for one asks for others."""
    rows = snapshot.rows(
        "SELECT DISTINCT indicator, unit, period_start, period_end FROM reported "
        "WHERE vintage <= $known_on ORDER BY ALL",
        {"known_on": known_on},
    )
    found: dict[str, dict[str, list[tuple[date, date]]]] = {}
    for indicator, unit, first, last in rows:
        found.setdefault(indicator, {}).setdefault(unit, []).append((first, last))
    return found


def _choose(
    snapshot: Snapshot, entry: Indicator, ask: Ask, key: Key, known: Mapping[str, list[tuple[date, date]]]
) -> Choice | Cell:
    """The unit's own figure where it has one; else the sum of its parts, where the entry says that it adds."""
    span, target = ask.spans[key[0]], key[1]
    own = _newest(known.get(target, ()), span)
    if own is not None:
        return Choice(key, ((target, 1.0),), *own)
    carried = carry(snapshot, ask.basis, entry.id, target).weights
    parts = {unit: known[unit] for unit in carried if unit in known}
    chosen = _newest({period for periods in parts.values() for period in periods}, span)
    if chosen is None:
        return _NOTHING
    if not entry.adds:
        return _DOES_NOT_ADD
    return Choice(key, tuple((unit, carried[unit]) for unit, spans in parts.items() if chosen in spans), *chosen)


def _newest(periods: Iterable[tuple[date, date]], span: Period) -> tuple[date, date] | None:
    """The very period asked for; else the newest that ended by then, of those the one of the nearest length."""
    ended = [period for period in periods if period[1] <= span.last]
    if not ended:
        return None
    return max(
        ended, key=lambda one: (one == (span.first, span.last), one[1], -abs((one[1] - one[0]).days + 1 - span.days))
    )


def _values(ask: Ask, choices: Sequence[tuple[str, Choice]]) -> dict[str, Any]:
    lines = [(name, one, unit, weight) for name, one in choices for unit, weight in one.weights]
    return {
        "known_on": ask.known_on,
        "indicators": [name for name, _, _, _ in lines],
        "spans": [one.key[0] for _, one, _, _ in lines],
        "targets": [one.key[1] for _, one, _, _ in lines],
        "units": [unit for _, _, unit, _ in lines],
        "weights": [weight for _, _, _, weight in lines],
        "firsts": [one.first for _, one, _, _ in lines],
        "lasts": [one.last for _, one, _, _ in lines],
    }


def _cell(entry: Indicator, sums: list[Any], covers: Period) -> Cell:
    total, above, below, preliminary, single, through_splits, base, many = sums
    estimated = share(through_splits, base)
    if below is not None and number(below):
        parts = (Part("numerator", number(above)), Part("denominator", number(below)))
        return Cell(number(above) / number(below), number(above), number(below), number(below), None, estimated,
                    parts, covers, bool(preliminary))  # fmt: skip
    # A single figure is shown as it was told, not as a decimal made of it.
    value = single if many == 1 and not estimated else None if total is None else number(total)
    # A number of people rests on as many: what is divided by them says too much where they are few.
    people = value if entry.measure == "person" else None
    return Cell(value=value, n=people, estimated_share=estimated, covers=covers, preliminary=bool(preliminary),
                parts=(Part("reported", value),))  # fmt: skip


def as_period(first: date, last: date) -> Period:
    """The month, quarter, year or day that two dates are, or the run of days between them."""
    whole = [holding(first, grain) for grain in (DAY, MONTH, QUARTER, YEAR)]
    return next((one for one in whole if (one.first, one.last) == (first, last)), between(first, last))
