"""One sending system in our terms: where every contract column comes from and how its cells are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from pipelines.facts import Fact
from pipelines.read.format import FileFormat

Numbers = Literal["vi", "en", "plain"]
Scalar = str | int | float | bool | date

DELIVERY_DAY = "delivery"
EXCEL = "excel"


@dataclass(frozen=True)
class ColumnMapping:
    """Where one contract column comes from and how its cells are to be read.

    `header` is the sender's name, or None for a `constant`. `styles` are strptime patterns tried in order
    ("excel" reads serial numbers); `take` says which day is meant where a style names only a year or month.
    `at` is the day on which a unit is looked up: a date column, or "delivery".
    """

    name: str
    header: str | None = None
    constant: Scalar | None = None
    optional: bool = False
    values: Mapping[str, Scalar] | None = None
    empty: Scalar | None = None
    styles: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    take: Literal["first", "last"] = "first"
    numbers: Numbers = "plain"
    zone: str | None = None
    by: Literal["code", "name"] = "code"
    trees: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True)
class Fold:
    """An event log: rows with the same `case` make one case, and each row is an event of the fact `fact`."""

    case: str
    fact: str
    columns: Mapping[str, ColumnMapping]


@dataclass(frozen=True)
class SourceMapping:
    """One sending system, as its file in `data/mappings/` describes it.

    `cases_of` names another source whose case numbers this one speaks of (a log of steps beside the dossiers):
    pseudonyms are made under that name, so that both find each other.
    """

    source: str
    name: Mapping[str, str]
    fact: Fact
    owner: Mapping[str, str]
    rhythm: str
    cut_off: time | None
    mode: str
    clearance: str
    retention_days: int  # in the archive
    hold_days: int
    returned_days: int
    illustrative: bool
    file: FileFormat
    columns: Mapping[str, ColumnMapping]
    empty: frozenset[str]
    fold: Fold | None = None
    cases_of: str = ""

    @property
    def numbered_by(self) -> str:
        """The source whose case numbers these are: its own, or the one that `cases_of` names."""
        return self.cases_of or self.source

    @property
    def headers(self) -> tuple[str, ...]:
        """Every sender column that the mapping takes, once, in the order of the mapping."""
        every = [*self.columns.values(), *(self.fold.columns.values() if self.fold else ())]
        return tuple(dict.fromkeys(one.header for one in every if one.header is not None))
