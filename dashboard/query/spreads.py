"""A duration is a count per bucket; its percentiles are buckets, never points between them."""

from __future__ import annotations

from typing import Final

from dashboard.query.batch import Ask, Cell, Frame, Measured, frame, number, select, share, with_heads
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.question import Part
from dashboard.query.statement import Statement
from dashboard.query.stocks import UNTIL, newest
from dashboard.query.tables import has
from dashboard.snapshot import Snapshot

_EMPTY: Final = Cell(n=0)


def measure_duration(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """P50 and P90: the smallest bucket whose cumulative share reaches one half, nine tenths."""
    stock = entry.spec.get("ages_of")
    holder = indicators(snapshot)[stock] if stock else entry
    table = f"cohort_{holder.fact}" if stock else f"spread_{entry.fact}_{entry.day}"
    if not has(snapshot, table):
        return Measured({}, _EMPTY, ())
    shared = frame(snapshot, ask, holder.id, [table])
    shared.values |= {"indicator": holder.id, "fact": holder.fact, "newest": newest(snapshot, holder.fact)}
    if stock:
        buckets = aged(shared, table)
    else:
        buckets = shared.placed("buckets", table, ["n"], ["bucket"], ["indicator = $indicator"])
    statement = Statement(spread_sql(shared, buckets), shared.values)
    cells = {(row[0], row[1], row[2]): _cell(*row[3:]) for row in statement.run(snapshot)}
    return Measured(cells, _EMPTY, (statement,))


def aged(shared: Frame, table: str) -> list[str]:
    """Common table expressions that end in `buckets`: ages, in working days, of what is open on the last day known.

    A case that left after its unit's last known day is open for all we know; so `gone` needs one comparison.
    """
    known = "coalesce(data_until, $newest)"
    held = select(
        ["unit", *shared.by, "entered_on", "since_on", "n", f"{known} AS known",
         f"CASE WHEN left_on <= {known} THEN left_on ELSE DATE '9999-12-31' END AS gone"],
        f"{table} LEFT JOIN until USING (unit)",
        ["indicator = $indicator", f"entered_on <= least($last, {known})", *shared.filters()],
    )  # fmt: skip
    span, last = (["span"], "spans.last") if shared.many else ([], "$last")
    by_age = select(
        [*span, *shared.unit, *shared.by, "asked.working_number - born.working_number AS bucket", "sum(n) AS n"],
        ("held JOIN spans ON entered_on <= spans.last AND gone > spans.last" if shared.many else "held")
        + f" JOIN calendar born ON born.day = since_on JOIN calendar asked ON asked.day = least({last}, known)",
        [] if shared.many else ["gone > $last"], group=True,
    )  # fmt: skip
    return [UNTIL, f"held AS ({held})", f"buckets AS ({by_age})"]


def spread_sql(shared: Frame, buckets: list[str]) -> str:
    """Final columns: span, target, slice, P50, P90, n, what of n came through splits."""
    weighed = select([shared.keys(), "bucket", f"{shared.total('n')} AS n", f"{shared.total('n', True)} AS part"],
                     shared.joined("buckets"), group=True)  # fmt: skip
    among = "PARTITION BY span, target, slice"
    ranked = select(["*", f"sum(n) OVER ({among} ORDER BY bucket) AS reached", f"sum(n) OVER ({among}) AS total"],
                    "weighed", ["n > 0"])  # fmt: skip
    heads = [*shared.heads(), *buckets, f"weighed AS ({weighed})", f"ranked AS ({ranked})"]
    final = select(["span", "target", "slice", "min(bucket) FILTER (WHERE 2 * reached >= total)",
                    "min(bucket) FILTER (WHERE 10 * reached >= 9 * total)", "max(total)", "sum(part)"],
                   "ranked", group=True)  # fmt: skip
    return with_heads(heads, final)


def _cell(p50: int, p90: int, total: object, through_splits: object) -> Cell:
    parts = (Part("p50", p50), Part("p90", p90), Part("n", number(total)))
    return Cell(value=p50, p90=p90, n=number(total), estimated_share=share(through_splits, total), parts=parts)
