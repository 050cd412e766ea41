"""Different things are counted by union: the same procedure in two months is one procedure."""

from __future__ import annotations

from typing import Final

from dashboard.query.batch import Ask, Cell, Frame, Measured, frame, number, select, with_heads
from dashboard.query.indicators import Indicator
from dashboard.query.statement import Statement
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot

_EMPTY: Final = Cell(value=0, n=0)


def measure_distinct(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """How many different things; `over` is divided by whoever asks, since it is an indicator of its own."""
    table = f"thing_{entry.fact}_{entry.day}"
    if not has(snapshot, table):
        return Measured({}, _EMPTY, ())
    shared = frame(snapshot, ask, entry.id, [table])
    shared.values["indicator"] = entry.id
    statement = Statement(thing_sql(shared, table, int(entry.spec.get("at_least", 1))), shared.values)
    cells = {(row[0], row[1], row[2]): _cell(*row[3:]) for row in statement.run(snapshot)}
    return Measured(cells, _EMPTY, (statement,))


def thing_sql(shared: Frame, table: str, at_least: int = 1) -> str:
    """Final columns: span, target, slice, different things, those that a unit not split has seen."""
    if at_least > 1:
        return _often_sql(shared, table, at_least)
    seen = shared.placed("seen", table, [], ["thing"], ["indicator = $indicator"])
    surely = "count(DISTINCT thing)" + ("" if shared.whole else " FILTER (WHERE weight = 1)")
    final = select([shared.keys(), "count(DISTINCT thing)", surely], shared.joined("seen"), group=True)
    return with_heads([*shared.heads(), *seen], final)


def _often_sql(shared: Frame, table: str, at_least: int) -> str:
    """The same for things seen at least so often; what came through a split unit counts by its weight."""
    shared.values["at_least"] = at_least
    final = ("SELECT span, target, slice, count(*) FILTER (WHERE often >= $at_least), "
             "count(*) FILTER (WHERE often >= $at_least AND surely = 1) FROM things GROUP BY ALL")  # fmt: skip
    return with_heads(often_heads(shared, table), final)


def often_heads(shared: Frame, table: str) -> list[str]:
    """Common table expressions that end in `things`: each thing of the entry `$indicator` and how often it was seen."""
    seen = shared.placed("seen", table, ["n"], ["thing"], ["indicator = $indicator"])
    weight = "1" if shared.whole else "min(weight)"
    each = select([shared.keys(), "thing", f"{shared.total('n')} AS often", f"{weight} AS surely"],
                  shared.joined("seen"), group=True)  # fmt: skip
    return [*shared.heads(), *seen, f"things AS ({each})"]


def _cell(found: int, surely: int) -> Cell:
    return Cell(value=number(found), n=number(found), estimated_share=1 - surely / found if found else 0.0)
