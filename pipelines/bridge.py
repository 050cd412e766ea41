"""A bridge carries numbers across a reform: every unit of one time stands for shares of units of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import duckdb
import polars as pl

from pipelines.catalogue import Indicator
from pipelines.reference import Reference

COLUMNS: Final = {"basis": pl.String, "indicator": pl.String, "from_unit": pl.String, "to_unit": pl.String,
                  "weight": pl.Float64}
TODAY: Final = "today"
EVERY: Final = ""
Weights = dict[str, Mapping[str, float]]


@dataclass(frozen=True)
class Units:
    """Which units there were when, and who followed whom: `after[old][new]` is a forward weight."""

    spans: Mapping[str, tuple[date, date]]
    after: Mapping[str, Mapping[str, float]]
    before: Mapping[str, tuple[str, ...]]


def write_bridge(db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], reference: Reference) -> None:
    """(Re)make the table `bridge` from units, successions and the counts in the part tables of `db`."""
    rows = pl.DataFrame(list(_rows(db, catalogue, reference)), schema=COLUMNS, orient="row")
    db.register("bridge_rows", rows.to_arrow())
    db.execute("CREATE OR REPLACE TABLE bridge AS SELECT * FROM bridge_rows")
    db.unregister("bridge_rows")


def _rows(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], reference: Reference
) -> Iterator[tuple[str, str, str, str, float]]:
    units = read_units(reference)
    for source, shares in carried(units, date.max, {}, {}).items():
        yield from ((TODAY, EVERY, source, *share) for share in shares.items())
    for reform in reference.place.reforms:
        last = reform.day - timedelta(days=1)
        later = {name for name, (first, _) in units.spans.items() if first > last}
        forward = {name: shares for name, shares in carried(units, last, {}, {}).items() if name not in later}
        for source, shares in forward.items():
            yield from ((reform.basis, EVERY, source, *share) for share in shares.items())
        for name, counts in counts_before(db, catalogue, reform.day).items():
            back = carried(units, last, counts, forward)
            for source in later:
                yield from ((reform.basis, name, source, *share) for share in back[source].items())


def read_units(reference: Reference) -> Units:
    """The units of the reference as spans of days and successions; parents do not matter here."""
    spans = {
        name: (first or date.min, last or date.max)
        for name, first, last in reference.units.select("unit_id", "valid_from", "valid_to").iter_rows()
    }
    after: dict[str, dict[str, float]] = defaultdict(dict)
    links = reference.links.filter(pl.col("basis") == "succession")
    for old, new, weight in links.select("from_unit", "to_unit", "weight").iter_rows():
        after[old][new] = weight
    return Units(spans, after, _finest(after, _parents(reference)))


def _parents(reference: Reference) -> dict[str, str | None]:
    return dict(reference.units.select("unit_id", "parent_id").iter_rows())


def _finest(after: Mapping[str, Mapping[str, float]], parents: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """The predecessors of each unit, without those whose own parts are among them.

    A district and its communes all precede a new commune; carried back, a case goes to one of the communes,
    and the district gets it by adding up.
    """
    before: dict[str, set[str]] = defaultdict(set)
    for old, news in after.items():
        for new in news:
            before[new].add(old)
    return {new: tuple(sorted(olds - {up for old in olds for up in _above(old, parents)}))
            for new, olds in before.items()}


def _above(unit: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    up = parents.get(unit)
    while up is not None:
        yield up
        up = parents.get(up)


def carried(
    units: Units, day: date, counts: Mapping[str, float], settled: Mapping[str, Mapping[str, float]]
) -> Weights:
    """For every unit the units of `day` that stand for it, with weights that sum to 1.

    Forward by the weights of the successions; back by forward weight x `counts` of the old unit, equally
    where nobody counted anything. A unit without anybody to stand for it stands for itself. `settled` are
    the units that are known already.
    """
    found: Weights = dict(settled)
    for unit in units.spans:
        _carry(units, day, counts, unit, found, ())
    return found


def _carry(
    units: Units, day: date, counts: Mapping[str, float], unit: str, found: Weights, path: tuple[str, ...]
) -> Mapping[str, float]:
    if unit in found:
        return found[unit]
    first, last = units.spans[unit]
    steps: Mapping[str, float] = {}
    if last < day:
        steps = units.after.get(unit, {})
    elif first > day:
        steps = _back(units, unit, counts)
    if not steps or unit in path:
        return {unit: 1.0} if unit in path else found.setdefault(unit, {unit: 1.0})
    shares: dict[str, float] = defaultdict(float)
    for other, weight in steps.items():
        for target, share in _carry(units, day, counts, other, found, (*path, unit)).items():
            shares[target] += weight * share
    return found.setdefault(unit, {target: share for target, share in shares.items() if share > 0})


def _back(units: Units, unit: str, counts: Mapping[str, float]) -> dict[str, float]:
    olds = units.before.get(unit, ())
    weights = {old: units.after[old][unit] * counts.get(old, 0.0) for old in olds}
    if sum(weights.values()) <= 0:
        weights = {old: units.after[old][unit] for old in olds}
    total = sum(weights.values())
    return {old: weight / total for old, weight in weights.items()}


def counts_before(
    db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], reform: date
) -> dict[str, dict[str, float]]:
    """Per entry, what each unit counted below its line in the twelve months before `reform`."""
    sources = {name: found for name, entry in catalogue.items()
               if (found := _denominator(catalogue.get(entry.carried_by or "", entry))) is not None}
    tables: dict[str, dict[str, str]] = defaultdict(dict)
    for name, (table, count) in sources.items():
        tables[table][name] = count
    counts: dict[str, dict[str, float]] = {name: {} for name in catalogue}
    for table, columns in tables.items():
        rows = db.execute(
            f"SELECT unit, {', '.join(columns.values())} FROM {table} "
            "WHERE day >= ?::DATE - INTERVAL 1 YEAR AND day < ? GROUP BY 1",
            [reform, reform],
        ).fetchall()
        for unit, *counted in rows:
            for name, count in zip(columns, counted, strict=True):
                counts[name][unit] = float(count or 0)
    return counts


def _denominator(entry: Indicator) -> tuple[str, str] | None:
    """(table, aggregate) of what carries an entry back: the count of the same denominator."""
    if entry.kind in ("rate", "count", "stock"):
        part = {"rate": "d", "count": "n", "stock": "in"}[entry.kind]
        return f"part_{entry.fact}_{entry.day}", f'sum("{entry.id}__{part}")'
    own = f"FILTER (WHERE indicator = '{entry.id}')"
    if entry.kind == "duration" and entry.day is not None:
        return f"spread_{entry.fact}_{entry.day}", f"sum(n) {own}"
    if entry.kind == "distinct":
        return f"thing_{entry.fact}_{entry.day}", f"count(*) {own}"
    return None
