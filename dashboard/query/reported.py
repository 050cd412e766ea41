"""Figures that somebody else publishes: the newest vintage known, and never a sum that its owner does not allow."""

from __future__ import annotations

from collections.abc import Iterable
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
_SQL: Final = f"""WITH chosen AS (SELECT unnest($spans) AS span, unnest($targets) AS target, unnest($units) AS unit,
     unnest($weights) AS weight, unnest($firsts) AS period_start, unnest($lasts) AS period_end),
newest AS (SELECT * FROM reported WHERE indicator = $indicator AND vintage <= $known_on
     QUALIFY row_number() OVER (PARTITION BY unit, period_start, period_end ORDER BY vintage DESC) = 1)
SELECT span, target, sum(CAST(value * weight AS {EXACT})), sum(CAST(numerator * weight AS {EXACT})),
     sum(CAST(denominator * weight AS {EXACT})), bool_or(preliminary), any_value(value),
     sum(CAST(coalesce(denominator, abs(value)) * weight AS {EXACT})) FILTER (WHERE weight < 1),
     sum(CAST(coalesce(denominator, abs(value)) * weight AS {EXACT})), count(*)
FROM chosen JOIN newest USING (unit, period_start, period_end) GROUP BY ALL"""


@dataclass(frozen=True)
class Choice:
    """Which rows speak for a cell: units with their weights, and the one period that all of them are for."""

    key: Key
    weights: tuple[tuple[str, float], ...]
    first: date
    last: date


def measure_reported(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """The level, or the published figure, of the newest period that ended by the end of each span."""
    if not has(snapshot, "reported"):
        return Measured({}, _NOTHING, ())
    known = periods_reported(snapshot, entry, ask.known_on)
    found = {key: _choose(snapshot, entry, ask, key, known) for key in ask.cells()}
    choices = [one for one in found.values() if isinstance(one, Choice)]
    cells = {key: one for key, one in found.items() if isinstance(one, Cell)}
    if not choices:
        return Measured(cells, _NOTHING, ())
    statement = Statement(_SQL, _values(entry, ask, choices))
    covers = {one.key: as_period(one.first, one.last) for one in choices}
    for span, target, *sums in statement.run(snapshot):
        cells[span, target, None] = _cell(entry, sums, covers[span, target, None])
    return Measured(cells, _NOTHING, (statement,))


def periods_reported(snapshot: Snapshot, entry: Indicator, known_on: date) -> dict[str, list[tuple[date, date]]]:
    """unit -> the periods (first, last) that anybody has reported for it by a day, in order."""
    rows = snapshot.remember(
        ("periods reported", entry.id, known_on),
        lambda: snapshot.rows(
            "SELECT DISTINCT unit, period_start, period_end FROM reported "
            "WHERE indicator = $indicator AND vintage <= $known_on ORDER BY ALL",
            {"indicator": entry.id, "known_on": known_on},
        ),
    )
    found: dict[str, list[tuple[date, date]]] = {}
    for unit, first, last in rows:
        found.setdefault(unit, []).append((first, last))
    return found


def _choose(
    snapshot: Snapshot, entry: Indicator, ask: Ask, key: Key, known: dict[str, list[tuple[date, date]]]
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


def _values(entry: Indicator, ask: Ask, choices: list[Choice]) -> dict[str, Any]:
    lines = [(one, unit, weight) for one in choices for unit, weight in one.weights]
    return {
        "indicator": entry.id,
        "known_on": ask.known_on,
        "spans": [one.key[0] for one, _, _ in lines],
        "targets": [one.key[1] for one, _, _ in lines],
        "units": [unit for _, unit, _ in lines],
        "weights": [weight for _, _, weight in lines],
        "firsts": [one.first for one, _, _ in lines],
        "lasts": [one.last for one, _, _ in lines],
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
