"""A mapping is read strictly: whatever could be a slip of the pen is named, with the key that was perhaps meant."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from pipelines.facts import FACTS, Column, Fact
from pipelines.mapping.file import Section, Trouble, two_languages
from pipelines.mapping.shape import DELIVERY_DAY, ColumnMapping, Fold, Numbers, Scalar, SourceMapping
from pipelines.read.format import ENCODINGS, FORMATS, AsOf, FileFormat

RHYTHMS = ("daily", "weekly", "monthly", "quarterly", "yearly", "irregular")
MODES = ("file", "api", "manual")
CLEARANCES = ("state", "party")
# In these formats a cell may be a real date, which the reader then writes this way, whatever the sender's style.
TYPED_FORMATS = {"xlsx", "parquet"}
TYPED_STYLES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f%:z")
NUMBERS = ("vi", "en", "plain")


def load_mappings(data: Path) -> dict[str, SourceMapping]:
    """Every `data/mappings/*.toml` by source (the file's stem). Raises PersonError naming file and key."""
    found = {path.stem: load_mapping(path) for path in sorted((data / "mappings").glob("*.toml"))}
    for one in found.values():
        if one.numbered_by not in found:
            raise Trouble(f"{one.source}.toml").unknown(one.numbered_by, list(found))
    return found


def load_mapping(path: Path) -> SourceMapping:
    """One mapping file. Raises PersonError naming file, key and the nearest key that exists."""
    trouble = Trouble(path.name)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise trouble.unreadable(error) from error
    return _Reader(path.stem, Section(raw, "", trouble)).mapping()


@dataclass
class _Reader:
    """Turns the sections of one file into a SourceMapping."""

    source: str
    top: Section
    defaults: Section = field(init=False)
    formats: list[str] = field(init=False)
    fact: Fact = field(init=False)

    def mapping(self) -> SourceMapping:
        top = self.top
        fact_name = top.word("fact", [name for name, fact in FACTS.items() if not fact.from_reference])
        self.fact = FACTS[fact_name]
        self.defaults = top.section("defaults")
        self.formats = top.section("file").words("formats", FORMATS, ["csv"])
        columns = self._columns(top.section("columns"), self.fact)
        self._check_required(columns, self.fact, "columns")
        fold = self._fold(columns)
        result = SourceMapping(
            source=self.source,
            name=two_languages(top, "name"),
            fact=self.fact,
            owner=two_languages(top, "owner"),
            rhythm=top.word("rhythm", RHYTHMS),
            cut_off=top.clock("cut_off"),
            mode=top.word("mode", MODES, "file"),
            clearance=top.word("clearance", CLEARANCES, "state"),
            retention_days=top.whole("retention_days", 3650),
            hold_days=top.whole("hold_days", 30),
            returned_days=top.whole("returned_days", 180),
            illustrative=top.flag("illustrative", False),
            columns=columns | _version_of(fold),
            empty=frozenset(self.defaults.texts("empty", ["", "-"])),
            fold=fold,
            cases_of=top.text("cases_of", None) or "",
            file=FileFormat(),
        )
        complete = SourceMapping(**{**result.__dict__, "file": self._file(result)})
        self.defaults.finish()
        top.finish()
        return complete

    def _file(self, mapping: SourceMapping) -> FileFormat:
        file, ignore = self.top.section("file"), self.top.section("ignore")
        every = [*mapping.columns.values(), *(mapping.fold.columns.values() if mapping.fold else ())]
        needed = {one.header for one in every if one.header is not None and not one.optional}
        result = FileFormat(
            formats=tuple(file.words("formats", FORMATS, ["csv"])),
            encodings=tuple(file.words("encodings", ENCODINGS, [])),
            sheet=file.text("sheet", None),
            header_row=file.whole("header_row", 1),
            total_row=file.text("total_row", None),
            records=file.text("records", None),
            as_of=_as_of(file),
            columns=tuple(header for header in mapping.headers if header in needed),
            optional=tuple(header for header in mapping.headers if header not in needed),
            ignored=tuple(ignore.texts("columns", [])),
            unknown=cast(Literal["reject", "warn"], ignore.word("unknown", ("reject", "warn"), "reject")),
            numbers=cast(Numbers, self.defaults.word("numbers", NUMBERS, "plain")),
        )
        file.finish()
        ignore.finish()
        return result

    def _fold(self, columns: Mapping[str, ColumnMapping]) -> Fold | None:
        if not self.top.has("fold"):
            return None
        fold = self.top.section("fold")
        event = fold.section("event")
        fact = FACTS[event.word("fact", ["dossier_step"])]
        found = self._columns(event.section("columns"), fact, ("case_id",))
        case = fold.word("case", list(columns))
        found["case_id"] = columns[case]
        self._check_required(found, fact, "fold.event.columns")
        event.finish()
        fold.finish()
        return Fold(case, fact.name, found)

    def _columns(self, section: Section, fact: Fact, besides: Iterable[str] = ()) -> dict[str, ColumnMapping]:
        allowed = [name for name in fact.mapped if name not in besides]
        found = {name: self._column(section, name, fact.columns[name], fact) for name in allowed if section.has(name)}
        section.finish(allowed)
        return found

    def _column(self, section: Section, name: str, column: Column, fact: Fact) -> ColumnMapping:
        if isinstance(section.raw[name], str):
            table = Section({"column": section.take(name)}, f"columns.{name}", section.trouble)
        else:
            table = section.section(name)
        constant = table.scalar("constant")
        header = table.text("column", None)
        if (header is None) == (constant is None):
            raise table.wrong("column", "`column` hoặc `constant`", "exactly one of `column` and `constant`")
        is_time = column.dtype.is_temporal()
        result = ColumnMapping(
            name=name,
            header=header,
            constant=constant,
            optional=table.flag("optional", False),
            values=_values(table, column),
            empty=_allowed(table, table.scalar("empty"), column, "empty"),
            styles=tuple(table.texts("styles", self._styles(column))) if is_time else (),
            years=self._years(table) if is_time else None,
            take=cast(Literal["first", "last"], table.word("take", ("first", "last"), "first")),
            numbers=cast(Numbers, table.word("numbers", NUMBERS, self.defaults.word("numbers", NUMBERS, "plain"))),
            zone=table.text("zone", self.defaults.text("zone", None)),
            by=cast(Literal["code", "name"], table.word("by", ("code", "name"), "code")),
            trees=tuple(table.texts("trees", table.texts("tree", []))),
            kinds=tuple(table.texts("kinds", [])),
            at=table.word("at", _days(fact), fact.unit_day),
        )
        if column.role == "unit" and not result.trees:
            raise table.wrong("tree", 'ví dụ tree = "territory"', 'a unit column needs `tree`, e.g. "territory"')
        _allowed(table, constant, column, "constant")
        table.finish()
        return result

    def _styles(self, column: Column) -> list[str]:
        own = "datetime" if column.dtype.base_type().__name__ == "Datetime" else "date"
        other = "date" if own == "datetime" else "datetime"
        typed = TYPED_STYLES if TYPED_FORMATS & set(self.formats) else ()
        return list(dict.fromkeys([*self.defaults.texts(own, []), *self.defaults.texts(other, []), *typed]))

    def _years(self, table: Section) -> tuple[int, int]:
        first, last = table.pair("years", self.defaults.pair("years", (2000, 2035)))
        return first, last

    def _check_required(self, columns: Mapping[str, ColumnMapping], fact: Fact, where: str) -> None:
        for name, column in fact.columns.items():
            if column.required and name not in columns:
                raise self.top.trouble.missing(f"{where}.{name}")


def _version_of(fold: Fold | None) -> dict[str, ColumnMapping]:
    """In an event log the newest event tells the newest state of its case."""
    return {} if fold is None else {"updated_at": replace(fold.columns["done_at"], name="updated_at")}


def _days(fact: Fact) -> list[str]:
    """The names a unit's `at` may take: every day column, the day of every time column, the delivery."""
    times = [f"{name.removesuffix('_at')}_on" for name in fact.columns if name.endswith("_at")]
    return list(dict.fromkeys([*fact.days, *times, DELIVERY_DAY]))


def _values(table: Section, column: Column) -> dict[str, Scalar] | None:
    words = table.scalars("values")
    if words is not None:
        for word in words.values():
            _allowed(table, word, column, "values")
    return words


def _allowed(table: Section, word: Scalar | None, column: Column, key: str) -> Scalar | None:
    """`word` if the contract column may hold it."""
    if word is not None and column.values is not None and word not in column.values:
        known = ", ".join(column.values)
        raise table.wrong(key, f"một trong: {known}", f"one of: {known}")
    return word


def _as_of(file: Section) -> AsOf | None:
    if not file.has("as_of"):
        return None
    table = file.section("as_of")
    come_from = cast(Literal["name", "cell"], table.word("from", ("name", "cell")))
    result = AsOf(
        come_from=come_from,
        style=table.text("style", None) or "%Y-%m-%d",
        pattern=table.text("pattern", None) or "",
        cell=table.text("cell", None) or "",
    )
    table.finish()
    return result
