"""Thresholds protect persons: a sensitive number exists only as a cell of a published table, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dashboard.periods import Period

DEFAULT_BASIS = "as_was"  # of a published table whose snapshot does not name another


@dataclass(frozen=True)
class Cell:
    """One cell of a published table; a hidden one carries a reason and no numbers."""

    table: str
    numerator: float | None
    denominator: float | None
    value: float | None
    shown: bool
    reason: str | None


def is_too_few(n: float | None, minimum: int) -> bool:
    """Whether a rate or a percentile rests on so few cases that it is shown in grey, without rank or icon."""
    return n is not None and n < minimum


def same_basis(asked: str, table: str, period: Period, reforms: Iterable[tuple[str, date]]) -> bool:
    """Whether a question on `asked` is a question on the one basis of a table.

    `reforms` are (basis, last day before it). Since the newest reform nothing is carried on `today`, and
    before a reform nothing is carried on its own basis: there both say the same as `as_was`.
    """
    return asked == table or {asked, table} <= _alike(period, list(reforms))


def _alike(period: Period, reforms: list[tuple[str, date]]) -> set[str]:
    """The bases that are one for this period, because no unit of it has been reorganised since or before."""
    names = {"as_was"}
    if all(period.first > day for _, day in reforms):
        names.add("today")
    earliest = min((day for _, day in reforms), default=None)
    if earliest is not None and period.last <= earliest:
        names |= {name for name, day in reforms if day == earliest}
    return names


def refusal(slices: tuple[tuple[str, str], ...], cell: Cell | None, on_its_basis: bool) -> str | None:
    """Why a question about a sensitive indicator is refused, as a key of `words.toml`; None when it is a cell."""
    if slices:
        return "disclosure.no_slices"
    if not on_its_basis:
        return "disclosure.other_basis"
    if cell is None:
        return "disclosure.no_cell"
    return None
