"""When work arrives: cases of a count by weekday and hour of receipt, for planning who sits at the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.access import Scope, is_within
from dashboard.query.carry import carry
from dashboard.query.indicators import find_indicator
from dashboard.query.question import Question
from dashboard.query.tables import check_slices, has, quoted
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

_AT: Final = "received_at"


def busy(snapshot: Snapshot, scope: Scope, question: Question) -> Mapping[tuple[int, int], float]:
    """(weekday 1..7 from Monday, hour 0..23) -> cases received in the period; empty where nothing may be said.

    Counts of cases by responsible unit and time of receipt are never hidden (architecture, section 7). The
    hour is the place's own, as the pipelines published it.
    """
    entry = find_indicator(snapshot, question.indicator)
    table = f"fact_{entry.fact}"
    may = scope.answers(entry.clearance) and is_within(question.unit, scope, territory(snapshot).parents)
    if not may or entry.sensitive or not has(snapshot, table, _AT, "received_on", "unit_at_receipt"):
        return {}
    check_slices(snapshot, entry.fact, question.slices)
    weights = carry(snapshot, question.basis, entry.id, question.unit).weights
    chosen = "".join(f" AND {quoted(name)} = $slice_{name}" for name, _ in question.slices)
    sql = (
        "WITH carried AS (SELECT unnest($units) AS unit, unnest($weights) AS weight) "
        f"SELECT isodow({_AT}), hour({_AT}), sum(weight) FROM {quoted(table)} "
        "JOIN carried ON unit = coalesce(unit_at_receipt, 'UNASSIGNED') "
        f"WHERE received_on BETWEEN $first AND $last{chosen} GROUP BY 1, 2"
    )
    values = {
        "units": list(weights),
        "weights": list(weights.values()),
        "first": question.period.first,
        "last": question.period.last,
    } | {f"slice_{name}": value for name, value in question.slices}
    key = ("busy", entry.id, question)
    return snapshot.remember(
        key, lambda: {(int(day), int(hour)): float(count) for day, hour, count in snapshot.rows(sql, values)}
    )
