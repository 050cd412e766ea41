"""An indicator is everything that is true of a number before anybody has counted anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pipelines.catalogue.formula import Tree
from pipelines.expression import Expression

KindOfIndicator = Literal["rate", "count", "stock", "duration", "distinct", "reported", "formula"]


@dataclass(frozen=True)
class Target:
    """What is aimed at, in the unit of the entry (99 of a percent entry is 99 %), and how sure that is."""

    value: float
    since: date
    basis: str
    document: str
    checked: bool


@dataclass(frozen=True)
class Way:
    """One of the two doors of a stock: on which day, and for which rows."""

    day: str
    where: Expression | None


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue, checked; only the fields of its kind are filled.

    `spec` is what the entry says about its computing, as written; `measure` is its unit of measure.
    `carried_by` is the entry whose counts carry this one back to the units before a reform.
    """

    id: str
    code: str
    desk: str
    position: int
    kind: KindOfIndicator
    measure: str
    better: str
    minimum_n: int
    rhythm: str
    clearance: str
    sensitive: bool
    adds: bool
    name: Mapping[str, str]
    short: Mapping[str, str]
    definition: Mapping[str, str]
    owner: Mapping[str, str]
    target: Target | None
    legal: tuple[Mapping[str, Any], ...]
    file: Path
    spec: Mapping[str, Any] = field(default_factory=dict)
    fact: str | None = None
    day: str | None = None
    numerator: Expression | None = None
    denominator: Expression | None = None
    amount: Expression | None = None
    value: Expression | None = None
    where: Expression | None = None
    entered: Way | None = None
    left: Way | None = None
    ages: bool = False
    since: str | None = None
    ages_of: str | None = None
    thing: str | None = None
    over: str | None = None
    series: str | None = None
    tree: Tree | None = None
    carried_by: str | None = None

    @property
    def is_percent(self) -> bool:
        """Whether people read this number with a percent sign; everywhere in code it is a share."""
        return self.measure == "percent"


Catalogue = dict[str, Indicator]


def cleared(catalogue: Mapping[str, Indicator], clearance: str) -> Catalogue:
    """The entries of one clearance ("state" or "party"), in their order."""
    return {name: entry for name, entry in catalogue.items() if entry.clearance == clearance}
