"""The lists that a desk keeps: procedures, categories, deadlines, days off, targets and sensitive tables."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.calendar import FRIDAY
from pipelines.errors import PersonError
from pipelines.reference.tables import LINE, Column, Columns, read_table, refuse_where

LEVELS = ("province", "district", "commune")
SUBJECTS = ("person", "firm", "both")
MANDATORY_PARTS = 7

DAYS_OFF: Columns = {
    "day": Column(pl.Date),
    "kind": Column(values=("off", "worked")),
    "name_vi": Column(),
    "name_en": Column(),
    "document": Column(required=False, empty=""),
    "sure": Column(pl.Boolean),
}
FIELDS: Columns = {"code": Column(), "name_vi": Column(), "name_en": Column()}
PROCEDURES: Columns = {
    "procedure_code": Column(),
    "name_vi": Column(),
    "name_en": Column(),
    "field": Column(),
    "level": Column(values=LEVELS),
    # Who is competent: one agency; empty: every territory of that level alike.
    "agency": Column(required=False),
    "subject": Column(values=SUBJECTS),
    "online_level": Column(values=("full", "partial", "none")),
    "has_fee": Column(pl.Boolean),
    "returns_paper_result": Column(pl.Boolean),
    "limit_working_days": Column(pl.Int32, required=False),
    # How many of the seven mandatory parts of a procedure are published; empty: nobody has looked.
    "parts": Column(pl.Int32, required=False),
    "valid_from": Column(pl.Date, required=False),
    "valid_to": Column(pl.Date, required=False),
    "illustrative": Column(pl.Boolean),
}
CATEGORIES: Columns = {
    "code": Column(),
    "parent": Column(required=False),
    "name_vi": Column(),
    "name_en": Column(),
}
DEADLINES: Columns = {
    "category": Column(),
    "priority": Column(),
    "valid_from": Column(pl.Date, required=False),
    "valid_to": Column(pl.Date, required=False),
    "working_days": Column(pl.Int32, required=False),
    "hours": Column(pl.Int32, required=False),
    "basis": Column(),
    "document": Column(required=False, empty=""),
    "checked": Column(pl.Boolean),
}
TARGETS: Columns = {
    "indicator": Column(),
    "unit_id": Column(),
    "valid_from": Column(pl.Date, required=False),
    "valid_to": Column(pl.Date, required=False),
    "value": Column(pl.Float64),
    "basis": Column(),
    "document": Column(required=False, empty=""),
    "checked": Column(pl.Boolean),
}


@dataclass(frozen=True)
class PublishedTable:
    """A sensitive table: only its cells exist, and those that could tell on a person are hidden for good."""

    id: str
    name: dict[str, str]
    tree: str
    indicators: tuple[str, ...]
    period: str
    basis: str
    dimensions: tuple[str, ...]
    minimum: int


def read_days_off(path: Path) -> pl.DataFrame:
    """Days off and make-up days (calendar.DAYS_OFF_SCHEMA); empty without the file."""
    days = read_table(path, DAYS_OFF, optional=True)
    vi, en = "ngày {day} đã có ở dòng khác.", "the day {day} stands on two lines. Keep one."
    refuse_where(path, days, ~pl.col("day").is_first_distinct(), "day", vi, en)
    wrong = (pl.col("kind") == "worked") & (pl.col("day").dt.weekday() <= FRIDAY)
    vi = "{day} vốn là ngày làm việc; `worked` chỉ dùng cho thứ Bảy, Chủ nhật."
    refuse_where(path, days, wrong, "kind", vi, "{day} is a weekday; `worked` is for weekend days only.")
    return days.drop(LINE)


def read_fields(path: Path) -> pl.DataFrame:
    """code, name_vi, name_en of the fields of procedures; empty without the file."""
    fields = read_table(path, FIELDS, optional=True)
    _refuse_repeats(path, fields, "code")
    return fields.drop(LINE)


def read_procedures(path: Path, fields: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The procedures of all levels; empty without the file. PersonError for an unknown field or agency."""
    procedures = read_table(path, PROCEDURES, optional=True)
    _refuse_repeats(path, procedures, "procedure_code")
    _refuse_unknown(path, procedures, "field", fields["code"], "fields.csv")
    agencies = units.filter(pl.col("tree") == "agency")["code"]
    _refuse_unknown(path, procedures.filter(pl.col("agency").is_not_null()), "agency", agencies, "units.csv")
    vi, en = f"{{parts}} không nằm trong 0–{MANDATORY_PARTS}.", f"{{parts}} is not between 0 and {MANDATORY_PARTS}."
    refuse_where(path, procedures, ~pl.col("parts").is_between(0, MANDATORY_PARTS), "parts", vi, en)
    _refuse_backwards(path, procedures)
    return procedures.drop(LINE)


def read_categories(path: Path) -> pl.DataFrame:
    """code, parent (null at the top), name_vi, name_en: categories of tickets on two levels."""
    categories = read_table(path, CATEGORIES, optional=True)
    _refuse_repeats(path, categories, "code")
    tops = categories.filter(pl.col("parent").is_null())["code"]
    _refuse_unknown(path, categories.filter(pl.col("parent").is_not_null()), "parent", tops, "the top level")
    return categories.drop(LINE)


def read_deadlines(path: Path, categories: pl.DataFrame) -> pl.DataFrame:
    """What was promised for a category and priority, in working days or in hours, and since when."""
    deadlines = read_table(path, DEADLINES, optional=True)
    _refuse_unknown(path, deadlines, "category", categories["code"], "categories.csv")
    _refuse_backwards(path, deadlines)
    wrong = pl.col("working_days").is_null() == pl.col("hours").is_null()
    vi, en = "điền đúng một trong hai ô working_days, hours.", "fill in exactly one of working_days and hours."
    refuse_where(path, deadlines, wrong, "working_days", vi, en)
    return deadlines.drop(LINE)


def read_targets(path: Path, units: pl.DataFrame) -> pl.DataFrame:
    """Targets of single units (those of an indicator stand in the catalogue)."""
    targets = read_table(path, TARGETS, optional=True)
    _refuse_unknown(path, targets, "unit_id", units["unit_id"], "units.csv")
    _refuse_backwards(path, targets)
    return targets.drop(LINE)


def read_published_tables(path: Path) -> tuple[PublishedTable, ...]:
    """The sensitive tables of `published_tables.toml`; none without the file."""
    if not path.is_file():
        return ()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_published_table(id_, entry) for id_, entry in raw.items())
    except (tomllib.TOMLDecodeError, TypeError, KeyError, ValueError) as error:
        raise PersonError(
            f"{path.name}: không dùng được ({error}). Mỗi bảng cần name, tree, indicators, period, basis.",
            f"{path.name}: cannot be used ({error}). Each table needs name, tree, indicators, period, basis.",
        ) from error


def _published_table(id_: str, entry: dict[str, Any]) -> PublishedTable:
    known: dict[str, Any] = {"dimensions": (), "minimum": 10, **entry}
    lists = {key: tuple(known[key]) for key in ("indicators", "dimensions")}
    table = PublishedTable(id=id_, **{**known, **lists})
    if table.period not in ("month", "quarter", "year") or len(table.dimensions) > 2 or not table.indicators:
        raise ValueError(f"[{id_}]: period month|quarter|year, at most two dimensions, at least one indicator")
    return table


def _refuse_repeats(path: Path, table: pl.DataFrame, column: str) -> None:
    vi, en = f"`{{{column}}}` đã có ở dòng khác.", f"`{{{column}}}` stands on two lines. Keep one."
    refuse_where(path, table, ~pl.col(column).is_first_distinct(), column, vi, en)


def _refuse_unknown(path: Path, table: pl.DataFrame, column: str, known: pl.Series, where: str) -> None:
    vi, en = f"`{{{column}}}` không có trong {where}.", f"`{{{column}}}` is not in {where}. Add it there first."
    refuse_where(path, table, ~pl.col(column).is_in(known.implode()), column, vi, en)


def _refuse_backwards(path: Path, table: pl.DataFrame) -> None:
    vi, en = "kết thúc {valid_to} trước khi bắt đầu {valid_from}.", "ends {valid_to} before it begins {valid_from}."
    refuse_where(path, table, pl.col("valid_to") < pl.col("valid_from"), "valid_to", vi, en)
