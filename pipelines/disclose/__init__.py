"""What a table says about members is decided once, for all its cells together, and then never computed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import duckdb
import polars as pl

from pipelines.catalogue import Indicator
from pipelines.disclose.cells import Cells, settle_cells
from pipelines.disclose.forms import Form, families, form_of
from pipelines.errors import PersonError
from pipelines.reference import PublishedTable, Reference

COLUMNS: Final[dict[str, Any]] = {
    "table_id": pl.String, "indicator": pl.String, "unit": pl.String, "period": pl.String, "numerator": pl.Int64,
    "denominator": pl.Int64, "value": pl.Float64, "shown": pl.Boolean, "reason": pl.String,
}
FINENESS: Final = ("month", "quarter", "year")
# Carried across a reform, counts of people become fractions, and fractions of several bases tell on each other.
BASIS: Final = "as_was"
# One word for every hidden cell: to say which were hidden for their own sake would say that they are small.
HIDDEN: Final = "small_count"

Row = tuple[str, str, str, str, int | None, int | None, float | None, bool, str | None]


def write_cells(db: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Indicator], reference: Reference) -> None:
    """(Re)make the table `published_cell` from the facts in `db`, for the tables of the reference.

    Entries that share counts share one pattern of hidden cells, in all tables of a tree together. Raises
    PersonError for a table that cannot be kept safe.
    """
    rows: list[Row] = []
    for tree in dict.fromkeys(table.tree for table in reference.published_tables):
        tables = [table for table in reference.published_tables if table.tree == tree]
        entries = {entry.id: entry for table in tables for entry in entries_of(table, catalogue)}
        for family in families(form_of(entry, catalogue) for entry in entries.values()):
            rows.extend(_family(db, reference, tables, family))
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    db.register("cell_rows", frame.to_arrow())
    db.execute("CREATE OR REPLACE TABLE published_cell AS SELECT * FROM cell_rows")
    db.unregister("cell_rows")


def entries_of(table: PublishedTable, catalogue: Mapping[str, Indicator]) -> list[Indicator]:
    """The sensitive entries of a table, which may name them by id or by code.

    Those of another file are left out, and those that are not sensitive are not hidden: everybody may ask them.
    """
    return [entry for entry in catalogue.values() if entry.sensitive and {entry.id, entry.code} & set(table.indicators)]


def _family(
    db: duckdb.DuckDBPyConnection, reference: Reference, tables: list[PublishedTable], family: list[Form]
) -> Iterator[Row]:
    """The cells of all tables that show something of one family."""
    shown = [(table, form) for table in tables for form in family
             if {form.entry.id, form.entry.code} & set(table.indicators)]
    for table, form in shown:
        _check(table, form, family)
    period = min((table.period for table, _ in shown), key=FINENESS.index)
    minimum = max(table.minimum for table, _ in shown)
    cells = settle_cells(db, reference, tables[0].tree, family, period, minimum)
    for table, form in shown:
        yield from _rows(table, form, cells)


def _check(table: PublishedTable, form: Form, family: list[Form]) -> None:
    """Only what the pattern of hidden cells is worked out for may be published."""
    if table.basis != BASIS or table.dimensions:
        raise PersonError(
            f"published_tables.toml: [{table.id}] chỉ hỗ trợ basis = \"{BASIS}\" và không có dimensions.",
            f"published_tables.toml: [{table.id}] only basis = \"{BASIS}\" without dimensions can be kept safe.")
    other = next((one for one in family if (one.is_level, one.fact, one.day) != (form.is_level, form.fact, form.day)),
                 None)
    if other is not None:
        raise PersonError(
            f"published_tables.toml: [{table.id}] {form.entry.code} và {other.entry.code} dùng chung cột nhưng một mục "
            "cộng được theo thời gian, mục kia thì không.",
            f"published_tables.toml: [{table.id}] {form.entry.code} and {other.entry.code} share a column, but only "
            "one of them adds up over time.")


def _rows(table: PublishedTable, form: Form, cells: Cells) -> Iterator[Row]:
    for (unit, period), counts in sorted(cells.counts.items()):
        if table.period == "year" and len(period) > len("2025"):
            continue
        key = (table.id, form.entry.id, unit, period)
        if (unit, period) in cells.hidden:
            yield (*key, None, None, None, False, HIDDEN)
        else:
            above, below = form.numbers(counts)
            yield (*key, above, below, _value(above, below), True, None)


def _value(above: int, below: int | None) -> float | None:
    if below is None:
        return float(above)
    return above / below if below else None
