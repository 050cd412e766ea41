"""Which files told the published figures behind an answer: those very figures, and nothing else of their senders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dashboard import periods
from dashboard.periods import Period
from dashboard.query.carry import carry
from dashboard.query.formula import references
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.question import Question
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.query.year_before import YEAR_BEFORE
from dashboard.snapshot import Snapshot

_SQL = """SELECT version_sha, count(*) FROM fact_reported_value WHERE series IN (SELECT unnest($series))
     AND unit IN (SELECT unnest($units)) AND period_end IN (SELECT unnest($ends)) GROUP BY 1 ORDER BY 2 DESC, 1"""


def told_by(snapshot: Snapshot, entry: Indicator, question: Question, covers: Period) -> Mapping[str, int]:
    """SHA-256 of a delivery -> how many figures (every vintage) it told of the period that an answer is of.

    `covers` is that period; of a growth the same one of the year before counts as well. Empty for an entry that rests
    on anything but published series.
    """
    asked = list(_series(snapshot, entry))
    if not asked or None in [series for series, _ in asked] or not has(snapshot, "fact_reported_value", "version_sha"):
        return {}
    units = carry(snapshot, question.basis, entry.id, question.unit).weights
    before = periods.year_before(covers).last
    ends = {covers.last, *([before] if any(use == YEAR_BEFORE for _, use in asked) else [])}
    values = {"series": sorted({str(series) for series, _ in asked}), "units": sorted({question.unit, *units}),
              "ends": sorted(ends)}  # fmt: skip
    return {str(sha): int(many) for sha, many in Statement(_SQL, values).run(snapshot)}


def _series(snapshot: Snapshot, entry: Indicator) -> Iterator[tuple[str | None, str]]:
    """(series, how it is used) of every operand; None for one that is no published series."""
    if entry.kind == "reported":
        yield entry.spec.get("series"), "v"
    if entry.kind == "formula":
        known = indicators(snapshot)
        for use, name in references(entry.spec["tree"]):
            below = list(_series(snapshot, known[name])) or [(None, use)]
            yield from ((series, YEAR_BEFORE if YEAR_BEFORE in (use, inner) else use) for series, inner in below)
