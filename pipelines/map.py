"""Text becomes days, numbers, words and units of our contract; every cell that cannot is a problem with a name.

Columns that no contract names never leave this step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from pipelines.cells import cell, constant, in_years, rule_of, typed
from pipelines.facts import Column, Fact
from pipelines.mapping import DELIVERY_DAY, ColumnMapping, SourceMapping
from pipelines.reference import Reference
from pipelines.unit_names import UnitNames, found, join, unit_names

LINE = "line"
RAW_LINE = "_line"

_UNREAD, _YEAR, _UNKNOWN, _AMBIGUOUS = 1, 2, 3, 4
_CARRIED = "carried:"
PROBLEMS = pl.Schema({LINE: pl.Int64(), "rule": pl.String(), "column": pl.String()})


@dataclass(frozen=True)
class Plan:
    """Everything that mapping one delivery to one fact needs; `version_at` is its time where rows tell none."""

    mapping: SourceMapping
    fact: Fact
    columns: Mapping[str, ColumnMapping]
    headers: frozenset[str]
    units: Mapping[str, UnitNames]
    version_at: datetime
    zone: str

    @property
    def day(self) -> date:
        """The day of the delivery, by which a unit without a day of its own is understood."""
        return self.version_at.date()

    def present(self) -> dict[str, ColumnMapping]:
        """The mapped columns that this file has (optional ones may be missing)."""
        return {name: one for name, one in self.columns.items() if one.header is None or one.header in self.headers}


@dataclass(frozen=True)
class Mapped:
    """`rows`: `line` and every base column of the fact; `problems`: line, rule and contract column of a fault."""

    rows: pl.DataFrame
    problems: pl.DataFrame
    carried: int


def make_plan(
    mapping: SourceMapping,
    fact: Fact,
    columns: Mapping[str, ColumnMapping],
    headers: frozenset[str],
    reference: Reference,
    version_at: datetime,
) -> Plan:
    """Looks up once per delivery what every chunk needs; `headers` are the columns of the file as mapped."""
    wanted = {name: one for name, one in columns.items() if fact.columns[name].role == "unit"}
    units = {name: unit_names(reference, one.by, one.trees, one.kinds) for name, one in wanted.items()}
    return Plan(mapping, fact, columns, headers, units, version_at, str(reference.place.time_zone))


def map_rows(raw: pl.DataFrame, plan: Plan) -> Mapped:
    """One chunk of text columns (plus `_line`) as typed rows and the problems of its cells."""
    present = plan.present()
    rows = raw.lazy().select(pl.col(RAW_LINE).alias(LINE), *_texts(present, plan))
    rows = rows.with_columns(_values(present, plan)).with_columns(_faults(present, plan))
    for name in plan.units:
        if name in present:
            rows = _with_unit(rows, name, plan)
    frame = rows.collect()
    problems = _problems(frame, plan)
    absent = [
        pl.lit(None, column.dtype).alias(name) for name, column in plan.fact.mapped.items() if name not in present
    ]
    mapped = frame.select(LINE, *present, *absent).select(LINE, *plan.fact.mapped)
    carried = [name for name in frame.columns if name.startswith(_CARRIED)]
    count = frame.select(pl.sum_horizontal(pl.col(carried).sum())).item() if carried else 0
    return Mapped(mapped, problems, int(count))


def _texts(present: Mapping[str, ColumnMapping], plan: Plan) -> list[pl.Expr]:
    return [
        cell(one.header, plan.mapping.empty).alias(f"text:{name}")
        for name, one in present.items()
        if one.header is not None
    ]


def _values(present: Mapping[str, ColumnMapping], plan: Plan) -> list[pl.Expr]:
    return [_value(name, one, plan).alias(name) for name, one in present.items() if name not in plan.units]


def _value(name: str, one: ColumnMapping, plan: Plan) -> pl.Expr:
    column = plan.fact.columns[name]
    if one.constant is not None:
        return constant(one.constant, column)
    text = pl.col(f"text:{name}")
    value = typed(text, one, column, plan.zone)
    if one.empty is not None:
        value = pl.when(text.is_null()).then(constant(one.empty, column)).otherwise(value)
    return value


def _faults(present: Mapping[str, ColumnMapping], plan: Plan) -> list[pl.Expr]:
    """Marks unreadable cells and empties what stands in an implausible year."""
    result: list[pl.Expr] = []
    for name, one in present.items():
        if one.header is None or name in plan.units:
            continue
        unread = pl.col(f"text:{name}").is_not_null() & pl.col(name).is_null()
        fault = unread.cast(pl.UInt8) * _UNREAD
        if one.years is not None:
            plausible = in_years(pl.col(name), one.years)
            fault += (~plausible).cast(pl.UInt8) * _YEAR
            result.append(pl.when(plausible).then(pl.col(name)).alias(name))
        result.append(fault.alias(f"fault:{name}"))
    return result


def _with_unit(rows: pl.LazyFrame, name: str, plan: Plan) -> pl.LazyFrame:
    one, names = plan.columns[name], plan.units[name]
    if one.constant is not None:
        text = pl.lit(str(one.constant))
    else:
        text = pl.col(f"text:{name}")
        words = {word: str(value) for word, value in (one.values or {}).items()}
        text = text.replace(words) if words else text
        text = text if one.empty is None else text.fill_null(str(one.empty))
    rows = join(rows.with_columns(names.key(text).alias("unit:key")), names, "unit:key")
    unit = found(names, _day(one, plan))
    fault = (
        pl.when(unit.is_ambiguous)
        .then(pl.lit(_AMBIGUOUS, pl.UInt8))
        .when(pl.col("unit:key").is_not_null() & unit.unit.is_null())
        .then(pl.lit(_UNKNOWN, pl.UInt8))
        .otherwise(pl.lit(0, pl.UInt8))
    )
    carried = unit.is_carried.fill_null(False).alias(f"{_CARRIED}{name}")
    rows = rows.with_columns(unit.unit.alias(name), fault.alias(f"fault:{name}"), carried)
    return rows.drop("unit:key", *(column for column in names.known.wide.columns if column != "key"))


def _day(one: ColumnMapping, plan: Plan) -> pl.Expr:
    """The day on which a unit is looked up; the delivery's where the row tells none."""
    at, columns = one.at or plan.fact.unit_day, plan.fact.mapped
    delivered = pl.lit(plan.day)
    if at == DELIVERY_DAY:
        return delivered
    source = at if at in columns else at.removesuffix("_on") + "_at"
    if source not in plan.present():
        return delivered
    return pl.col(source).cast(pl.Date).fill_null(delivered)


def _problems(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    marks = [name for name in frame.columns if name.startswith("fault:")]
    if not marks:
        return pl.DataFrame(schema=PROBLEMS)
    faulty = frame.filter(pl.max_horizontal(marks) > 0).select(LINE, *marks)
    if faulty.is_empty():
        return pl.DataFrame(schema=PROBLEMS)
    long = faulty.unpivot(marks, index=LINE, variable_name="column", value_name="fault").filter(pl.col("fault") > 0)
    rules = pl.concat([pl.DataFrame(schema=_RULES), *(_rules(mark.removeprefix("fault:"), plan) for mark in marks)])
    return long.join(rules, on=["column", "fault"]).select(LINE, "rule", pl.col("column").str.strip_prefix("fault:"))


_RULES: Mapping[str, pl.DataType] = {"column": pl.String(), "fault": pl.UInt8(), "rule": pl.String()}


def _rules(name: str, plan: Plan) -> pl.DataFrame:
    column: Column = plan.fact.columns[name]
    if column.role == "unit":
        words = {_UNKNOWN: "unit_is_known", _AMBIGUOUS: "unit_name_is_unmistakable"}
    else:
        words = {_UNREAD: rule_of(plan.columns[name], column, name), _YEAR: "year_is_plausible"}
    rows = [(f"fault:{name}", fault, rule) for fault, rule in words.items()]
    return pl.DataFrame(rows, schema=_RULES, orient="row")
