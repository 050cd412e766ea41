"""Rates and counts: sum the parts, divide once, last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.query.batch import Ask, Cell, Frame, Measured, frame, number, select, share, with_heads
from dashboard.query.indicators import Indicator
from dashboard.query.question import Part
from dashboard.query.statement import Statement
from dashboard.query.tables import has, quoted
from dashboard.snapshot import Snapshot


def part_table(indicator: Indicator, day: str | None = None) -> str:
    """The table of a fact's parts on a placing day."""
    return f"part_{indicator.fact}_{day or indicator.day}"


def part_columns(indicator: Indicator) -> list[str]:
    """The columns of a rate or a count in its part table."""
    parts = ("n", "d") if indicator.kind == "rate" else ("n",)
    return [f"{indicator.id}__{part}" for part in parts]


def measure_flows(snapshot: Snapshot, entries: Sequence[Indicator], ask: Ask) -> dict[str, Measured]:
    """Rates and counts that share a part table and its weights, in one query."""
    table = part_table(entries[0])
    present = [entry for entry in entries if has(snapshot, table, *part_columns(entry))]
    found = {entry.id: Measured({}, _cell(entry, [0] * 3), ()) for entry in entries}
    if not present:
        return found
    shared = frame(snapshot, ask, present[0].id, [table])
    statement = Statement(flow_sql(shared, table, [part_columns(entry) for entry in present]), shared.values)
    rows = statement.run(snapshot)
    for at, entry in enumerate(present):
        width = sum(len(part_columns(one)) + 1 for one in present[:at]) + 3
        cells = {(row[0], row[1], row[2]): _cell(entry, row[width:]) for row in rows}
        found[entry.id] = Measured(cells, _cell(entry, [0] * 3), (statement,))
    return found


def flow_sql(shared: Frame, table: str, groups: Sequence[Sequence[str]]) -> str:
    """Final columns: span, target, slice, then per group its columns and what of the last came through splits."""
    columns = [quoted(name) for group in groups for name in group]
    sums = shared.placed("sums", table, columns)
    totals = [text for group in groups for text in
              [*(shared.total(quoted(name)) for name in group), shared.total(quoted(group[-1]), True)]]  # fmt: skip
    final = select([shared.keys(), *totals], shared.joined("sums"), group=True)
    return with_heads([*shared.heads(), *sums], final)


def _cell(entry: Indicator, row: Sequence[Any]) -> Cell:
    if entry.kind == "rate":
        return rate(number(row[0]), number(row[1]), share(row[2], row[1]))
    total = number(row[0])
    counts_cases = "amount" not in entry.spec
    return Cell(value=total, n=total if counts_cases else None, estimated_share=share(row[1], row[0]))


def rate(numerator: float, denominator: float, estimated_share: float = 0.0) -> Cell:
    """A share of its parts; without a denominator there is no rate, which is not a rate of zero."""
    return Cell(
        value=numerator / denominator if denominator else None,
        numerator=numerator,
        denominator=denominator,
        n=denominator,
        estimated_share=estimated_share,
        parts=(Part("numerator", numerator), Part("denominator", denominator)),
    )
