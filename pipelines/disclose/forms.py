"""A sensitive number is a sum of counted columns, above a line or without one; nothing else can be kept safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp

from pipelines.catalogue import Indicator
from pipelines.catalogue.written import complaint
from pipelines.expression import Expression

# Whole -> parts that never overlap. What is left of the whole is a count as well: who knows the whole and all
# its parts but one, knows that one.
PARTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "n_members_rated": ("n_members_excellent", "n_members_good", "n_members_failing"),
    "n_orgs_rated": ("n_orgs_excellent", "n_orgs_good"),
    "n_official_due": ("n_official_on_time",),
    "n_attendance_required": ("n_attended",),
    "n_handbook_eligible": ("n_handbook_active",),
}
REST: Final = "rest of "

Columns = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One sensitive indicator as sums of columns; `is_level` when a year is its last period, not their sum."""

    entry: Indicator
    fact: str
    day: str
    above: Columns
    below: Columns
    is_level: bool

    @property
    def columns(self) -> frozenset[str]:
        """Every column it shows something of."""
        return frozenset(self.above) | frozenset(self.below)

    def numbers(self, counts: Mapping[str, int]) -> tuple[int, int | None]:
        """What stands above and below the line; None where there is no line."""
        below = sum(counts[name] for name in self.below) if self.below else None
        return sum(counts[name] for name in self.above), below

    def told(self, counts: Mapping[str, int]) -> list[int]:
        """Every number of people that the entry tells: above, below and, where there are such, beside the line."""
        above, below = self.numbers(counts)
        if below is None:
            return [above]
        parts = {part for whole in self.below for part in PARTS_OF.get(whole, ())}
        # Who is missing from a plan is nobody; who is missing from a whole is somebody.
        return [above, below, below - above] if set(self.above) <= parts else [above, below]


def form_of(entry: Indicator, catalogue: Mapping[str, Indicator]) -> Form:
    """The form of a sensitive entry. Raises PersonError for one whose cells could not be kept safe."""
    if entry.kind == "formula" and isinstance(entry.tree, list) and entry.tree[0] == "/":
        return _ratio(entry, catalogue)
    if entry.fact is None or entry.day is None or entry.where is not None:
        raise _unsafe(entry)
    counted = entry.amount or entry.value or entry.numerator
    if counted is None or counted.kind != "number":
        raise _unsafe(entry)
    below = _sum(entry, entry.denominator) if entry.denominator is not None else ()
    return Form(entry, entry.fact, entry.day, _sum(entry, counted), below, entry.kind == "reported")


def _ratio(entry: Indicator, catalogue: Mapping[str, Indicator]) -> Form:
    """`v(a) / v(b)` of two plain counts."""
    assert isinstance(entry.tree, list)
    sides = [side for side in entry.tree[1:] if isinstance(side, list) and side[0] == "v"]
    if len(sides) != 2:
        raise _unsafe(entry)
    above, below = (form_of(catalogue[str(side[1])], catalogue) for side in sides)
    if above.below or below.below or (above.fact, above.day, above.is_level) != (below.fact, below.day, below.is_level):
        raise _unsafe(entry)
    return Form(entry, above.fact, above.day, above.above, below.above, above.is_level)


def _sum(entry: Indicator, expression: Expression) -> Columns:
    tree = sqlglot.parse_one(expression.sql, dialect="duckdb")
    columns = tuple(column.name for column in tree.find_all(exp.Column))
    if any(not isinstance(node, exp.Column | exp.Identifier | exp.Add | exp.Paren) for node in tree.walk()):
        raise _unsafe(entry)
    return columns


def _unsafe(entry: Indicator) -> Exception:
    return complaint(
        entry.file, entry.id,
        "mục nhạy cảm chỉ có thể là tổng các cột, hoặc tỷ số của hai tổng như vậy.",
        "a sensitive entry can only be a sum of columns, or a ratio of two such sums.")


def families(forms: Iterable[Form]) -> Iterator[list[Form]]:
    """Forms that tell on each other, together: they share a column, or a whole with one of its parts."""
    groups: list[tuple[set[str], list[Form]]] = []
    for form in forms:
        told = _told(form.columns)
        touching = [group for group in groups if group[0] & told]
        groups = [group for group in groups if not group[0] & told]
        groups.append((told.union(*(columns for columns, _ in touching)),
                       [*(one for _, members in touching for one in members), form]))
    for _, members in groups:
        yield members


def _told(columns: frozenset[str]) -> set[str]:
    """The columns, and the wholes that they are parts of."""
    return {*columns, *(whole for whole, parts in PARTS_OF.items() if columns & set(parts))}


def independent(columns: Iterable[str], rows: Iterable[Mapping[str, int]]) -> dict[str, tuple[str, ...]]:
    """The counts behind some columns that do not contain each other: name -> (column, columns taken off it).

    A whole whose parts overlap in some of `rows`, so that less than nothing would be left, stays as it is.
    """
    known = set(columns)
    counts: dict[str, tuple[str, ...]] = {name: (name,) for name in sorted(known)}
    listed = list(rows)
    for whole, parts in PARTS_OF.items():
        inside = tuple(part for part in parts if part in known)
        if whole in known and inside and all(taken(row, (whole, *inside)) >= 0 for row in listed):
            counts[REST + whole] = (*counts.pop(whole), *inside)
    return counts


def taken(row: Mapping[str, int], columns: tuple[str, ...]) -> int:
    """The first of `columns` less all the others."""
    return row[columns[0]] - sum(row[name] for name in columns[1:])
