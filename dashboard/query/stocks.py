"""What is open is what has entered less what has left, up to the day that each unit's source has reported."""

from __future__ import annotations

from datetime import date

from dashboard.query.batch import Ask, Cell, Frame, Measured, frame, number, select, share, with_heads
from dashboard.query.flows import part_table
from dashboard.query.indicators import Indicator
from dashboard.query.question import Part
from dashboard.query.statement import Statement
from dashboard.query.tables import has, quoted
from dashboard.snapshot import Snapshot

MOVED = "moved_on"


def measure_stock(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """The stock at the last day of every span; a unit stays at its own source's last day if that is earlier."""
    empty = Cell(value=0, n=0)
    sources = stock_tables(snapshot, entry)
    if not sources:
        return Measured({}, empty, ())
    shared = frame(snapshot, ask, entry.id, [table for table, _, _ in sources])
    cut = _hold_back(snapshot, shared, entry.fact)
    statement = Statement(stock_sql(shared, sources, cut), shared.values)
    cells = {(row[0], row[1], row[2]): _cell(*row[3:]) for row in statement.run(snapshot)}
    return Measured(cells, empty, (statement,))


def _hold_back(snapshot: Snapshot, shared: Frame, fact: str | None) -> bool:
    """Whether each unit must be held back to its own last day; where all have one, the spans end there instead."""
    first, last = _limits(snapshot, fact)
    if first == last:
        shared.values["lasts"] = [min(day, last) for day in shared.values["lasts"]]
        shared.values["last"] = min(shared.values["last"], last)
    shared.values |= {"fact": fact, "newest": last}
    return bool(shared.values["last"] > first)


def stock_tables(snapshot: Snapshot, entry: Indicator) -> list[tuple[str, str, str]]:
    """(table, expression of what entered, of what left) for every table that moves the stock."""
    entered, left = f"{entry.id}__in", f"{entry.id}__out"
    wanted: dict[str, list[str]] = {}
    for day, name in ((entry.spec["entered"]["day"], entered), (entry.spec["left"]["day"], left),
                      (MOVED, entered), (MOVED, left)):  # fmt: skip
        table = part_table(entry, day)
        if has(snapshot, table, name) and name not in wanted.setdefault(table, []):
            wanted[table].append(name)
    return [(table, _amount(entered, names), _amount(left, names)) for table, names in wanted.items() if names]


def _amount(name: str, present: list[str]) -> str:
    return f"coalesce({quoted(name)}, 0)" if name in present else "0"


def stock_sql(shared: Frame, sources: list[tuple[str, str, str]], cut: bool) -> str:
    """Final columns: span, target, slice, entered, left, what of their difference came through splits.

    `cut` says that some unit is not known as far as is asked, so that each must be held back to its own day.
    """
    day = ["day"] if shared.many else []
    where = ["day <= $last", *shared.filters()]
    inner = [*day, *shared.unit, *shared.by]
    known = ["day <= coalesce(data_until, $newest)"] if cut else []
    events = " UNION ALL ".join(
        select([*inner, f"sum({entered}) AS entered", f"sum({left}) AS gone"],
               f"{table} LEFT JOIN until USING (unit)" if cut else table, where + known, group=True)
        for table, entered, left in sources
    )  # fmt: skip
    both = ["sum(entered) AS entered", "sum(gone) AS gone"]
    span, source = (["span"], "events JOIN spans ON day <= last") if shared.many else ([], "events")
    sums = select([*span, *shared.unit, *shared.by, *both], source, group=True)
    heads = [*shared.heads(), *([UNTIL] if cut else []), f"events AS ({events})", f"sums AS ({sums})"]
    totals = [shared.total("entered"), shared.total("gone"), shared.total("(entered - gone)", True)]
    return with_heads(heads, select([shared.keys(), *totals], shared.joined("sums"), group=True))


UNTIL = "until AS (SELECT unit, max(data_until) AS data_until FROM unit_until WHERE fact = $fact GROUP BY unit)"


def newest(snapshot: Snapshot, fact: str | None) -> date:
    """The newest day that any unit has reported for a fact: the limit for units of which none is known."""
    return _limits(snapshot, fact)[1]


def _limits(snapshot: Snapshot, fact: str | None) -> tuple[date, date]:
    def load() -> tuple[date, date]:
        first, last = snapshot.rows(
            "SELECT min(until), max(until) FROM (SELECT max(data_until) AS until FROM unit_until "
            "WHERE fact = $fact GROUP BY unit)",
            {"fact": fact},
        )[0]
        fallback = snapshot.publication.data_until
        return first or fallback, last or fallback

    return snapshot.remember(("limits", fact), load)


def _cell(entered: object, left: object, through_splits: object) -> Cell:
    came, went = number(entered), number(left)
    open_now = number(came - went)
    parts = (Part("entered", came), Part("left", went))
    return Cell(value=open_now, n=open_now, estimated_share=share(through_splits, open_now), parts=parts)
