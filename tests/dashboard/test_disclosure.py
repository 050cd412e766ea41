"""Sensitive numbers exist as published cells, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.disclosure import Cell, is_too_few, refusal, same_basis
from dashboard.periods import parse

REFORMS = [("before_2025", date(2025, 6, 30))]
CELL = Cell("members", None, None, 300.0, True, None)


def test_few_cases_are_shown_as_few() -> None:
    assert [is_too_few(n, 10) for n in (0, 9, 9.99, 10, 11)] == [True, True, True, False, False]
    assert not is_too_few(None, 10)


@pytest.mark.parametrize(
    ("asked", "period", "same"),
    [
        ("as_was", "2026-Q3", True),
        ("today", "2026-Q3", True),
        ("today", "2025-Q2", False),
        ("today", "2025", False),
        ("before_2025", "2025-Q2", True),
        ("before_2025", "2025-Q3", False),
        ("before_2025", "2026-Q3", False),
    ],
)
def test_a_basis_is_the_tables_own_only_where_nothing_is_carried(asked: str, period: str, same: bool) -> None:
    assert same_basis(asked, "as_was", parse(period), REFORMS) is same


def test_every_refusal_has_its_reason() -> None:
    assert refusal((("sex", "f"),), CELL, True) == "disclosure.no_slices"
    assert refusal((), CELL, False) == "disclosure.other_basis"
    assert refusal((), None, True) == "disclosure.no_cell"
    assert refusal((), CELL, True) is None
