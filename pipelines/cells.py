"""A cell is text until its mapping says what it means; what cannot be understood becomes null and is noticed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.facts import Column
from pipelines.facts.shape import TIME
from pipelines.mapping import EXCEL, ColumnMapping, Scalar

# Excel counts days from here (and believes that 1900 was a leap year, which this start makes good).
EXCEL_START = pl.datetime(1899, 12, 30, time_unit="us")
MICROSECONDS_PER_DAY = 86_400_000_000

_NUMBERS: Mapping[str, str] = {
    "vi": r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$",
    "en": r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$",
    "plain": r"^[+-]?\d+(\.\d+)?$",
}
# A number that a program wrote: unmistakable in every style.
_MACHINE_NUMBER = r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$"


def cell(header: str, empty: frozenset[str]) -> pl.Expr:
    """The trimmed text of a cell; null where it is one of the marks for "nothing"."""
    text = pl.col(header).str.strip_chars()
    # A few comparisons are four times as fast as is_in.
    return pl.when(pl.all_horizontal(text != mark for mark in sorted(empty | {""}))).then(text)


def typed(text: pl.Expr, mapping: ColumnMapping, column: Column, place_zone: str) -> pl.Expr:
    """The contract value of `text`; null where it is empty or cannot be understood."""
    if mapping.values is not None:
        return _by_word(text, mapping.values, column)
    if column.dtype.is_temporal():
        return _moment(text, mapping, column, place_zone)
    if column.dtype.is_numeric():
        return _number(text, mapping.numbers, column.dtype)
    if column.values is not None:
        return pl.when(text.is_in(column.values)).then(text)
    if column.dtype == pl.Boolean:
        return pl.lit(None, dtype=pl.Boolean)
    return text


def rule_of(mapping: ColumnMapping, column: Column, name: str) -> str:
    """The rule that a cell breaks when it cannot be understood."""
    if column.dtype == pl.Boolean:
        return "yes_or_no_is_known"
    if mapping.values is not None or column.values is not None:
        return f"{name}_is_known" if column.values is not None else "word_is_known"
    return "date_is_readable" if column.dtype.is_temporal() else "number_is_readable"


def constant(value: Scalar, column: Column) -> pl.Expr:
    """The same value on every row."""
    return pl.lit(value).cast(column.dtype)


def in_years(value: pl.Expr, years: tuple[int, int]) -> pl.Expr:
    """True where a date lies in plausible years, or is unknown."""
    return value.dt.year().is_between(*years).fill_null(True)


def _by_word(text: pl.Expr, words: Mapping[str, Scalar], column: Column) -> pl.Expr:
    """The sender's words, whatever their case."""
    folded = {word.strip().lower(): value for word, value in words.items()}
    return text.str.to_lowercase().replace_strict(
        pl.Series(list(folded), dtype=pl.String),
        pl.Series(list(folded.values()), strict=False).cast(column.dtype),
        default=None,
        return_dtype=column.dtype,
    )


def _number(text: pl.Expr, style: str, dtype: pl.DataType) -> pl.Expr:
    """NaN, infinity, per cent signs and grouping in the wrong place are no numbers."""
    plain = text
    if style == "vi":
        plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    if style == "en":
        plain = text.str.replace_all(",", "", literal=True)
    digits = pl.when(text.str.contains(_NUMBERS[style])).then(plain).when(text.str.contains(_MACHINE_NUMBER)).then(text)
    if dtype.is_integer():
        # 12,0 is twelve; 12,5 persons are nobody. Through Decimal, because a float forgets large numbers.
        exact = digits.cast(pl.Decimal(30, 4), strict=False)
        return pl.when(exact == exact.floor()).then(exact).cast(dtype, strict=False)
    return digits.cast(dtype, strict=False)


def _moment(text: pl.Expr, mapping: ColumnMapping, column: Column, place_zone: str) -> pl.Expr:
    def read(cells: pl.Series) -> pl.Series:
        return _by_styles(cells, mapping, place_zone).cast(column.dtype)

    return text.map_batches(read, return_dtype=column.dtype)


def _by_styles(cells: pl.Series, mapping: ColumnMapping, place_zone: str) -> pl.Series:
    """What the styles make of `cells`, each tried only on what those before it could not read.

    A style that does not fit is the dearest of all: it is tried in several ways, cell by cell.
    """
    frame = pl.DataFrame({"text": cells, "moment": pl.Series([None], dtype=TIME).new_from_index(0, len(cells))})
    for style in mapping.styles:
        left = pl.col("moment").is_null() & pl.col("text").is_not_null()
        count = frame.select(left.sum()).item()
        if count == 0:
            break
        read = _by_style(pl.col("text"), style, mapping, place_zone)
        if count == len(cells):
            frame = frame.with_columns(moment=read)
        else:
            part = frame.with_row_index("row").filter(left).select("row", read.alias("moment"))
            frame = frame.with_columns(moment=frame["moment"].scatter(part["row"], part["moment"]))
    return frame["moment"]


def _by_style(text: pl.Expr, style: str, mapping: ColumnMapping, place_zone: str) -> pl.Expr:
    """Local time of the place (Datetime); an offset in the text is obeyed before it becomes a day."""
    if style == EXCEL:
        days = _number(text, mapping.numbers, pl.Float64())
        return EXCEL_START + pl.duration(microseconds=(days * MICROSECONDS_PER_DAY).round(0).cast(pl.Int64))
    if "%d" not in style and "%j" not in style:
        return _of_period(text, style, mapping.take)
    if "%H" not in style and "%I" not in style:
        return text.str.to_date(style, strict=False).cast(TIME)
    moment = text.str.to_datetime(style, strict=False, time_unit="us", cache=False)
    if "%z" in style or "%:z" in style or "%#z" in style:
        return moment.dt.convert_time_zone(place_zone).dt.replace_time_zone(None)
    if mapping.zone is None or mapping.zone == place_zone:
        return moment
    zoned = moment.dt.replace_time_zone(mapping.zone, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone(place_zone).dt.replace_time_zone(None)


def _of_period(text: pl.Expr, style: str, take: str) -> pl.Expr:
    """The first or last day of the year or month that a style without days names."""
    has_month = "%m" in style or "%b" in style or "%B" in style
    suffix = "-01" if has_month else "-01-01"
    day = (text + suffix).str.to_date(style + ("-%d" if has_month else "-%m-%d"), strict=False)
    if take == "last":
        day = day.dt.offset_by("1mo" if has_month else "1y").dt.offset_by("-1d")
    return day.cast(TIME)
