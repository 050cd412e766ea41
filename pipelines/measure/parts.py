"""One wide table per fact and placing day: every count of a day, a unit and a slice, made in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipelines.catalogue import Indicator, Shape
from pipelines.expression import Expression
from pipelines.measure.credit import condition, first_unit, left_on, moves_inside, second_unit, unit_on, was_in
from pipelines.measure.derived import Derived, Piece

# Sums of money and other fractions are exact: a double would depend on the order of the rows.
EXACT = "DECIMAL(28, 4)"


def part_tables(shape: Shape, entries: Iterable[Indicator]) -> Iterator[Derived]:
    """The part tables of one fact, from its rates, counts and stocks."""
    columns: dict[str, list[str]] = defaultdict(list)
    stocks: list[Indicator] = []
    for entry in entries:
        if entry.kind == "stock":
            stocks.append(entry)
        for day, column in part_columns(entry, shape):
            columns[day].append(column)
    for day, counted in columns.items():
        yield _part(shape, day, counted)
    if stocks and shape.moves:
        yield _moves(shape, stocks)


def part_columns(entry: Indicator, shape: Shape) -> Iterator[tuple[str, str]]:
    """(placing day, SQL of one column) of an entry; nothing for kinds that are not kept in parts."""
    if entry.kind == "rate":
        assert entry.day is not None
        yield from ((entry.day, column) for column in _rate(entry, shape))
    elif entry.kind == "count":
        assert entry.day is not None
        yield entry.day, _named(_count(entry, shape), entry, "n")
    elif entry.kind == "stock":
        assert entry.entered is not None and entry.left is not None
        yield entry.entered.day, _named(rows_where(was_in(entry)), entry, "in")
        gone = f"{was_in(entry)} AND {left_on(entry)} IS NOT NULL"
        yield entry.left.day, _named(rows_where(gone), entry, "out")


def _rate(entry: Indicator, shape: Shape) -> Iterator[str]:
    """Numerator and denominator; a row counts above the line only where it counts below it."""
    over, under = entry.numerator, entry.denominator
    assert over is not None and under is not None
    if over.kind == "boolean":
        yield _named(rows_where(f"{condition(under)} AND {condition(over)}"), entry, "n")
        yield _named(rows_where(condition(under)), entry, "d")
        return
    # What nobody has counted must not stand below the line either: it would look like a zero above it.
    holds = f"({over.sql}) IS NOT NULL AND " + (
        condition(under) if under.kind == "boolean" else f"({under.sql}) IS NOT NULL")
    yield _named(total(over, holds, shape), entry, "n")
    yield _named(rows_where(holds) if under.kind == "boolean" else total(under, holds, shape), entry, "d")


def _count(entry: Indicator, shape: Shape) -> str:
    where = condition(entry.where)
    if entry.amount is not None:
        return total(entry.amount, where, shape)
    assert entry.numerator is not None
    if entry.numerator.kind == "number":
        return total(entry.numerator, where, shape)
    return rows_where(f"{where} AND {condition(entry.numerator)}")


def rows_where(where: str) -> str:
    """SQL of the number of rows for which a condition holds."""
    return f"count(*) FILTER (WHERE {where})"


def total(amount: Expression, where: str, shape: Shape) -> str:
    """SQL of an exact sum: whole numbers stay whole, all others become decimals."""
    if amount.columns & shape.fractions:
        return f"coalesce(sum(({amount.sql})::{EXACT}) FILTER (WHERE {where}), 0)"
    return f"coalesce(sum({amount.sql}) FILTER (WHERE {where}), 0)::BIGINT"


def _named(sql: str, entry: Indicator, part: str) -> str:
    return f'{sql} AS "{entry.id}__{part}"'


def _part(shape: Shape, day: str, columns: list[str]) -> Derived:
    slices = "".join(f", {name}" for name in shape.slices)
    select = (
        f"SELECT {day} AS day, {unit_on(shape, day)} AS unit{slices}, {', '.join(columns)} "
        f"FROM {{facts}} WHERE {day} IS NOT NULL AND {{days}} GROUP BY ALL")
    return Derived(f"part_{shape.name}_{day}", shape.name, "day", [Piece(day, select)])


def _moves(shape: Shape, stocks: list[Indicator]) -> Derived:
    """A change of unit inside a stock is a pair on one day: out of the old unit, into the new one."""
    moved_on = shape.credited[2]
    columns = ", ".join(
        _named(rows_where(f"{arrives} AND {moves_inside(stock, shape)}"), stock, part)
        for stock in stocks for arrives, part in (("arrives", "in"), ("NOT arrives", "out")))
    slices = "".join(f", {name}" for name in shape.slices)
    known = f"FROM {{facts}} WHERE {moved_on} IS NOT NULL AND {{days}}"
    select = (
        f"SELECT {moved_on} AS day, unit{slices}, {columns} FROM ("
        f"SELECT *, {first_unit(shape)} AS unit, FALSE AS arrives {known} UNION ALL "
        f"SELECT *, {second_unit(shape)} AS unit, TRUE AS arrives {known}) GROUP BY ALL")
    return Derived(f"part_{shape.name}_{moved_on}", shape.name, "day", [Piece(moved_on, select)])
