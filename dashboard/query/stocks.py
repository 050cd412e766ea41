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
    shared.values |= {"fact": entry.fact, "newest": newest(snapshot, entry.fact)}
    statement = Statement(stock_sql(shared, sources), shared.values)
    cells = {(row[0], row[1], row[2]): _cell(*row[3:]) for row in statement.run(snapshot)}
    return Measured(cells, empty, (statement.shown(),))


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


def stock_sql(shared: Frame, sources: list[tuple[str, str, str]]) -> str:
    """Final columns: span, target, slice, entered, left, what of their difference came through splits."""
    inner = ["day", "unit", *shared.by]
    where = ["day <= $last", *shared.filters()]
    events = " UNION ALL ".join(
        select([*inner, f"{entered} AS entered", f"{left} AS gone"], table, where) for table, entered, left in sources
    )
    both = ["sum(entered) AS entered", "sum(gone) AS gone"]
    known = select(
        [*(["day"] if shared.many else []), *shared.unit, *shared.by, *both],
        "events LEFT JOIN until USING (unit)", ["day <= coalesce(data_until, $newest)"], group=True,
    )  # fmt: skip
    heads = [*shared.heads(), UNTIL, f"events AS ({events})", f"known AS ({known})"]
    source = "known"
    if shared.many:
        spanned = select(["span", *shared.unit, *shared.by, *both], "known JOIN spans ON day <= last", group=True)
        heads.append(f"spanned AS ({spanned})")
        source = "spanned"
    totals = [shared.total("entered"), shared.total("gone"), shared.total("(entered - gone)", True)]
    return with_heads(heads, select([shared.keys(), *totals], shared.joined(source), group=True))


UNTIL = "until AS (SELECT unit, max(data_until) AS data_until FROM unit_until WHERE fact = $fact GROUP BY unit)"


def newest(snapshot: Snapshot, fact: str | None) -> date:
    """The newest day that any unit has reported for a fact: the limit for units of which none is known."""
    found: date | None = snapshot.rows("SELECT max(data_until) FROM unit_until WHERE fact = $fact", {"fact": fact})[0][
        0
    ]
    return found or snapshot.publication.data_until


def _cell(entered: object, left: object, through_splits: object) -> Cell:
    came, went = number(entered), number(left)
    open_now = number(came - went)
    parts = (Part("entered", came), Part("left", went))
    return Cell(value=open_now, n=open_now, estimated_share=share(through_splits, open_now), parts=parts)
