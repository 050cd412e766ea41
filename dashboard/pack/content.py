"""What a meeting pack says, before anybody decides on slides, sheets or paper: plain values, in reading order.

Made by `dashboard.pack.compose`; drawn by `slides`, `workbook` and `dashboard.paper.document`. Nothing in here
is hidden data: a suppressed, missing or too small number is None in every value and says why in its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dashboard.table import Table

LINE, BAR, STACK, DOT = "line", "bar", "stack", "dot"
KINDS: Final = (LINE, BAR, STACK, DOT)
"""line: over periods, left to right. bar: one thing per row, first on top, from zero. stack: the same with the
series on top of each other. dot: units in fair order with their intervals, first on top or leftmost; may not start at
zero."""
ACTUAL, PREVIOUS, TARGET, WHOLE = "actual", "previous", "target", "whole"
"""What a series is: the numbers themselves, those a year earlier (lighter), a target, or the whole that the units
are parts of; the last two repeat one value in every category and are drawn as a thin labelled line."""
TITLE, TASKS, SIGNALS, DESK, COMPARE, DUE, QUALITY, CHANGES = (
    "title", "tasks", "signals", "desk", "compare", "due", "quality", "changes",
)  # fmt: skip
SECTIONS: Final = (TITLE, TASKS, SIGNALS, DESK, COMPARE, DUE, QUALITY, CHANGES)
"""The kinds of section in the order of a meeting; a pack has one `desk` section per desk."""

Definition = tuple[str, str, str, str, str]
"""Code, name, definition, formula, legal basis: as `dashboard.block.definition` gives them."""


@dataclass(frozen=True)
class Series:
    """One run of values, one per category; shares are 0..1, None is a gap."""

    name: str
    values: tuple[float | None, ...]
    role: str = ACTUAL


@dataclass(frozen=True)
class Break:
    """A dotted vertical before a category (its index), with its text: the day on which boundaries changed."""

    at: int
    label: str


@dataclass(frozen=True)
class Plot:
    """One chart, without any look: `kind` is one of KINDS, `measure` as in the catalogue (percent, count, …).

    `low` and `high` are the ends of the interval of the first series, or empty. At most four series that are
    not lines of target or whole.
    """

    kind: str
    measure: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    breaks: tuple[Break, ...] = ()
    marked: int | None = None
    """The category that the pack is about, to be told from the others by weight or colour."""

    def of_role(self, *roles: str) -> tuple[Series, ...]:
        """The series of these roles, in order."""
        return tuple(one for one in self.series if one.role in roles)


@dataclass(frozen=True)
class Quoted:
    """One figure that the pack quotes: the question, the value as `dashboard value` gives it, and its text."""

    indicator: str
    code: str
    unit: str
    period: str
    basis: str
    slices: str
    value: float | None
    text: str
    status: str

    @property
    def question(self) -> tuple[str, str, str, str, str]:
        """What makes two quotations the same question."""
        return (self.indicator, self.unit, self.period, self.basis, self.slices)


@dataclass(frozen=True)
class Piece:
    """One slide, one sheet, one figure with its table on paper.

    `title` is the one message, made from the numbers; `heading` is the question it answers; `summary` a
    sentence or two to be read aloud; `source` the caption (measure, place, period, basis, snapshot). `plot` is
    None where a table says it better. `table` may have no rows: then `summary` says that there is nothing.
    `measures` has the measure of each row's numbers where rows of one table measure different things.
    """

    key: str
    title: str
    heading: str
    summary: str
    table: Table
    source: str
    plot: Plot | None = None
    definitions: tuple[Definition, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Pieces under one heading; `kind` is one of SECTIONS."""

    kind: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Pack:
    """A whole pack in one language. `made_at` is by the clock of the place; `name` is ASCII, for file names.

    `lines` stand on the title page: what kind of meeting, unit and period, boundaries. `scope` are the
    (label, text) lines that every file carries; `labels` the words that a file needs (sheet names, headings,
    "page", "source"), by key. `classification` already says what is illustrative. The title is no section.
    """

    name: str
    place: str
    title: str
    lines: tuple[str, ...]
    scope: tuple[tuple[str, str], ...]
    lang: str
    snapshot: int
    data_until: str
    made_at: datetime
    classification: str
    illustrative: bool
    sections: tuple[Section, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece in order."""
        return tuple(piece for section in self.sections for piece in section.pieces)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition once, by code."""
        found = {one[0]: one for piece in self.pieces for one in piece.definitions}
        return tuple(found[code] for code in sorted(found))

    @property
    def quoted(self) -> tuple[Quoted, ...]:
        """Every quoted figure once, in order of first mention."""
        return tuple({one.question: one for piece in self.pieces for one in piece.quoted}.values())
