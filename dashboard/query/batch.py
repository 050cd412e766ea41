"""One query answers for many periods and many units at once; a single answer is a batch of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.periods import Period
from dashboard.query.carry import Carrying, carry
from dashboard.query.question import Part
from dashboard.query.statement import Statement
from dashboard.query.tables import quoted, units_in
from dashboard.snapshot import Snapshot

Key = tuple[int, str, str | None]  # position of the span, asked unit, value of the slice asked by
_NOISE: Final = 1e-9  # of a carried part: what is as near as this to a whole number is that number
EXACT: Final = "DECIMAL(38, 12)"  # sums of decimals do not depend on their order, sums of doubles do


@dataclass(frozen=True)
class Ask:
    """Every span for every target; `by` breaks each down by a slice; `known_on` hides later vintages."""

    spans: tuple[Period, ...]
    targets: tuple[str, ...]
    basis: str
    known_on: date
    slices: tuple[tuple[str, str], ...] = ()
    by: str | None = None
    values: tuple[str, ...] = ()  # of the slice asked by

    def cells(self) -> list[Key]:
        """Every key that is asked for, whether or not a row speaks of it."""
        values = self.values if self.by else (None,)
        return [(span, target, value) for span in range(len(self.spans)) for target in self.targets for value in values]


@dataclass(frozen=True)
class Cell:
    """What one indicator says for one key, before anyone judges whether it may be shown."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None
    p90: float | None = None
    estimated_share: float = 0.0
    parts: tuple[Part, ...] = ()
    covers: Period | None = None
    preliminary: bool = False
    reason: str | None = None
    by_rule: bool = False  # only a rule about having no cases says the value, no case does
    most: float | None = None  # the weight that an entry can reach at most, where a formula asks for it


@dataclass(frozen=True)
class Measured:
    """The cells of one indicator, what a key without a cell means, and what was run."""

    cells: dict[Key, Cell]
    empty: Cell
    statements: tuple[Statement, ...]

    def cell(self, key: Key) -> Cell:
        """The cell of a key; a key that no row spoke of is empty."""
        return self.cells.get(key, self.empty)


@dataclass
class Frame:
    """The parts of SQL that every kind shares: spans, carried units, slices, and the values bound to them."""

    ask: Ask
    carried: list[Carrying]
    whole: bool
    few: bool  # so few units are asked for that it pays to leave the others out at once
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether more than one span is asked for."""
        return len(self.ask.spans) > 1

    @property
    def by(self) -> list[str]:
        """The slice asked by, as a list of none or one name."""
        return [quoted(self.ask.by)] if self.ask.by else []

    @property
    def unit(self) -> list[str]:
        """The unit column, unless all units are asked for."""
        return [] if self.whole else ["unit"]

    def filters(self) -> list[str]:
        """Conditions on the slices, and on the units where these are few."""
        units = ["unit IN (SELECT unit FROM carried)"] if self.few else []
        return [f"{quoted(name)} = $slice_{name}" for name, _ in self.ask.slices] + units

    def placed(
        self, name: str, table: str, sums: Sequence[str], extra: Sequence[str] = (), where: Sequence[str] = ()
    ) -> list[str]:
        """Common table expressions that end in `name`: the sums of a day table per span, unit, slice and extra key."""
        added = [f"sum({column}) AS {column}" for column in sums]
        keys = [*self.unit, *self.by, *extra]
        within = ["day BETWEEN $first AND $last", *where, *self.filters()]
        if not self.many:
            return [f"{name} AS ({select([*keys, *added], table, within, group=True)})"]
        if not (self.whole or self.few):
            spanned = select(["span", *keys, *added], f"{table} JOIN days USING (day)", within, group=True)
            return [f"{name} AS ({spanned})"]
        # Days first: a thousand of them are joined with the spans faster than all rows are.
        daily = select(["day", *keys, *added], table, within, group=True)
        spanned = select(["span", *keys, *added], "daily JOIN days USING (day)", group=True)
        return [f"daily AS ({daily})", f"{name} AS ({spanned})"]

    def heads(self) -> list[str]:
        """The common table expressions that the text may need."""
        spans = "spans AS (SELECT unnest($spans) AS span, unnest($firsts) AS first, unnest($lasts) AS last)"
        every = "CAST(unnest(generate_series(first, last, INTERVAL 1 DAY)) AS DATE)"
        days = f"days AS (SELECT span, {every} AS day FROM spans)"
        units = "carried AS (SELECT unnest($targets) AS target, unnest($units) AS unit, unnest($weights) AS weight)"
        return ([spans, days] if self.many else []) + ([] if self.whole else [units])

    def keys(self) -> str:
        """The three columns that open every final row: span, target, slice."""
        span = "span" if self.many else "0"
        return f"{span} AS span, {'$target' if self.whole else 'target'} AS target, {(self.by or ['NULL'])[0]} AS slice"

    def total(self, column: str, through_splits: bool = False) -> str:
        """The carried sum of an integer column; only what came through split units when asked."""
        if self.whole:
            return "0" if through_splits else f"sum({column})"
        only = " FILTER (WHERE weight < 1)" if through_splits else ""
        return f"sum(CAST({column} * weight AS {EXACT})){only}"

    def joined(self, table: str) -> str:
        """A table of sums per unit, joined with the units asked for."""
        return table if self.whole else f"{table} JOIN carried USING (unit)"


def frame(snapshot: Snapshot, ask: Ask, indicator: str, tables: Sequence[str]) -> Frame:
    """The frame of a question to some part tables, with the weights of one indicator."""
    carried = [carry(snapshot, ask.basis, indicator, target) for target in ask.targets]
    present = [units_in(snapshot, table) for table in tables]
    whole = len(carried) == 1 and all(carried[0].holds_all(units) for units in present)
    asked = len({unit for one in carried for unit in one.weights})
    few = not whole and asked * 2 < max((len(units) for units in present), default=0)
    lines = [(one.target, unit, weight) for one in carried for unit, weight in one.weights.items()]
    values = {
        "spans": list(range(len(ask.spans))),
        "firsts": [span.first for span in ask.spans],
        "lasts": [span.last for span in ask.spans],
        "first": min(span.first for span in ask.spans),
        "last": max(span.last for span in ask.spans),
        "target": ask.targets[0],
        "targets": [line[0] for line in lines],
        "units": [line[1] for line in lines],
        "weights": [line[2] for line in lines],
    }
    return Frame(ask, carried, whole, few, values | {f"slice_{name}": value for name, value in ask.slices})


def select(columns: Sequence[str], source: str, where: Sequence[str] = (), group: bool = False) -> str:
    """A SELECT of enumerated parts."""
    text = f"SELECT {', '.join(columns)} FROM {source}"
    if where:
        text += f" WHERE {' AND '.join(where)}"
    return text + (" GROUP BY ALL" if group else "")


def with_heads(heads: Sequence[str], final: str) -> str:
    """A query with its common table expressions, one a line, for the reader."""
    joined = ",\n     ".join(heads)
    return f"WITH {joined}\n{final}" if heads else final


def number(value: object) -> float:
    """A sum as a number: whole ones stay whole, also where thirds of a unit were put together again."""
    if value is None:
        return 0
    plain = float(value)  # type: ignore[arg-type]
    return round(plain) if abs(plain - round(plain)) < _NOISE else plain


def share(part: object, total: object) -> float:
    """Which share of the total came through split units, 0..1."""
    return min(1.0, max(0.0, number(part) / number(total))) if number(total) else 0.0
