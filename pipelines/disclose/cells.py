"""From reports to cells: what every organisation, and every one above it, counts in a period and in its year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from pipelines.disclose.forms import Form, independent, taken
from pipelines.disclose.tree import OWN, Tree, make_tree
from pipelines.disclose.year import Year, settle_periods, settle_years
from pipelines.reference import Reference

# unit -> period -> column -> count
Reports = Mapping[str, Mapping[str, Mapping[str, int]]]


LAST_DAY = date(2000, 12, 31)


@dataclass
class Cells:
    """(unit, period) -> column -> count, for single periods and for years, and which of these are hidden."""

    counts: dict[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    hidden: set[tuple[str, str]] = field(default_factory=set)

    def add(self, counts: Mapping[str, Mapping[str, Mapping[str, int]]], hidden: Iterable[tuple[str, str]]) -> None:
        """Take in cells of a year; what a unit reports beside the units below it is nobody's cell."""
        self.counts |= {(unit, period): known for unit, periods in counts.items() if not unit.endswith(OWN)
                        for period, known in periods.items()}
        self.hidden.update(hidden)


def code_of(day: date, period: str) -> str:
    """The code of the month, quarter or year that a day lies in: 2025-07, 2025-Q3, 2025."""
    if period == "year":
        return f"{day.year:04d}"
    return f"{day.year:04d}-{day.month:02d}" if period == "month" else f"{day.year:04d}-Q{(day.month + 2) // 3}"


def settle_cells(
    db: duckdb.DuckDBPyConnection, reference: Reference, tree: str, family: Sequence[Form], period: str, minimum: int
) -> Cells:
    """The cells of one family of entries over one tree of units, with everything hidden that has to be.

    A year has cells once its last period has come: a year to date would tell the newest period to whoever kept
    the one before.
    """
    units = reference.units.filter(pl.col("tree") == tree)
    parents = dict(units.select("unit_id", "parent_id").iter_rows())
    cells = Cells()
    is_level = family[0].is_level
    for reports in _years(db, family, parents, period, is_level):
        grown, known = _grow(reports, {unit: up if up in parents else None for unit, up in parents.items()})
        year = Year(grown, _series(known, family))
        year.hidden = {(unit, when) for unit, periods in known.items() for when, counts in periods.items()
                       if is_small(counts, family, minimum)}
        settle_periods(year)
        cells.add(known, year.hidden)
        if period != "year" and code_of(LAST_DAY, period)[4:] in {when[4:] for when in year.periods()}:
            _settle_year(cells, year, known, is_level, lambda counts: is_small(counts, family, minimum))
    return cells


def _years(
    db: duckdb.DuckDBPyConnection, family: Sequence[Form], known: Iterable[str], period: str, is_level: bool
) -> Iterator[Reports]:
    """Year by year what each unit reports itself: flows of a period added up, levels as last reported in it."""
    columns = sorted(set().union(*(form.columns for form in family)))
    fact, day = family[0].fact, family[0].day
    exists = db.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [f"fact_{fact}"]).fetchone()
    if exists is None:
        return
    sums = ", ".join(f"coalesce(sum({column}), 0)::BIGINT" for column in columns)
    rows = db.execute(
        f"SELECT unit_at_receipt, {day}, {sums} FROM fact_{fact} WHERE {day} IS NOT NULL "
        f"AND coalesce({', '.join(columns)}) IS NOT NULL GROUP BY 1, 2 ORDER BY 2").fetchall()
    units = set(known)
    years: dict[int, dict[str, dict[str, dict[str, int]]]] = defaultdict(lambda: defaultdict(dict))
    for unit, on, *counts in rows:
        if unit in units:
            before = {} if is_level else years[on.year][unit].get(code_of(on, period), {})
            years[on.year][unit][code_of(on, period)] = {
                column: before.get(column, 0) + count for column, count in zip(columns, counts, strict=True)}
    yield from (years[year] for year in sorted(years))


def _grow(reports: Reports, parents: Mapping[str, str | None]) -> tuple[Tree, Reports]:
    """The tree of units that have something to say this year, each the sum of those below it."""
    present: dict[str, str | None] = {}
    for unit in reports:
        here: str | None = unit
        while here is not None and here not in present:
            present[here] = parents[here]
            here = parents[here]
    inner = set(present.values())
    own = {unit: f"{unit}{OWN}" if unit in inner else unit for unit in reports}
    tree = make_tree(present | {own[unit]: unit for unit in reports if unit in inner})
    known: dict[str, dict[str, dict[str, int]]] = {unit: {} for unit in tree.parents}
    for unit, periods in reports.items():
        for period, counts in periods.items():
            for one in (own[unit], *tree.above(own[unit])):
                before = known[one].get(period, {})
                known[one][period] = {name: before.get(name, 0) + count for name, count in counts.items()}
    return tree, known


def _settle_year(
    cells: Cells, year: Year, known: Reports, is_level: bool, is_few: Callable[[Mapping[str, int]], bool]
) -> None:
    """Levels take their last period for the year, hidden or shown; flows add up, and years are hidden as needed."""
    code = year.periods()[0][:4]
    if is_level:
        last = {unit: max(periods) for unit, periods in known.items()}
        cells.add({unit: {code: known[unit][period]} for unit, period in last.items()},
                  {(unit, code) for unit, period in last.items() if (unit, period) in year.hidden})
        return
    totals = {unit: _added(periods.values()) for unit, periods in known.items()}
    year.whole = {unit for unit, counts in totals.items() if is_few(counts)}
    settle_years(year)
    cells.add({unit: {code: counts} for unit, counts in totals.items()}, {(unit, code) for unit in year.whole})


def _series(known: Reports, family: Sequence[Form]) -> dict[str, dict[str, dict[str, int]]]:
    """Independent count -> unit -> period -> how many."""
    columns = sorted(set().union(*(form.columns for form in family)))
    rows = [counts for periods in known.values() for counts in periods.values()]
    return {name: {unit: {period: taken(counts, parts) for period, counts in periods.items()}
                   for unit, periods in known.items()}
            for name, parts in independent(columns, rows).items()}


def is_small(counts: Mapping[str, int], family: Sequence[Form], minimum: int) -> bool:
    """Whether any entry would show, above, below or beside its line, a few people: more than none, under `minimum`."""
    return any(0 < number < minimum for form in family for number in form.told(counts))


def _added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        for name, count in row.items():
            total[name] += count
    return dict(total)
