"""A row counts for the unit that answered for it on the day that places it, not for whoever holds it today."""

from __future__ import annotations

from typing import Final

from pipelines.catalogue import Indicator, Shape
from pipelines.expression import Expression

# Nobody has taken the case yet: it stays in the place's total and in nobody's record.
UNASSIGNED: Final = "UNASSIGNED"
ALWAYS: Final = "TRUE"


def unit_on(shape: Shape, day: str) -> str:
    """SQL of the unit credited on the day in column `day`."""
    if not shape.moves:
        return first_unit(shape)
    moved_on = shape.credited[2]
    return (f"CASE WHEN {moved_on} IS NULL OR {day} < {moved_on} "
            f"THEN {first_unit(shape)} ELSE {second_unit(shape)} END")


def first_unit(shape: Shape) -> str:
    """SQL of the unit that received the case."""
    return f"coalesce({shape.credited[0]}, '{UNASSIGNED}')"


def second_unit(shape: Shape) -> str:
    """SQL of the unit that a moved case has gone to."""
    return f"coalesce({shape.credited[1]}, {shape.credited[0]}, '{UNASSIGNED}')"


def condition(expression: Expression | None) -> str:
    """SQL of a condition, in brackets; TRUE for none."""
    return ALWAYS if expression is None else f"({expression.sql})"


def left_on(stock: Indicator) -> str:
    """SQL of the day on which a row leaves the stock; NULL while it is in it."""
    assert stock.left is not None
    if stock.left.where is None:
        return stock.left.day
    return f"CASE WHEN {condition(stock.left.where)} THEN {stock.left.day} END"


def was_in(stock: Indicator) -> str:
    """SQL: the row has been in the stock at some time.

    Who would leave before entering was never in it. Both doors ask the same question, so no stock can ever
    fall below zero, whatever the rows say.
    """
    assert stock.entered is not None
    gone = left_on(stock)
    return (f"({condition(stock.entered.where)} AND {stock.entered.day} IS NOT NULL "
            f"AND coalesce({gone} >= {stock.entered.day}, TRUE))")


def moves_inside(stock: Indicator, shape: Shape) -> str:
    """SQL: the row changes its unit while it is in the stock; on the day it leaves still counts."""
    assert stock.entered is not None
    moved_on = shape.credited[2]
    return f"({was_in(stock)} AND {stock.entered.day} < {moved_on} AND coalesce({left_on(stock)} >= {moved_on}, TRUE))"
