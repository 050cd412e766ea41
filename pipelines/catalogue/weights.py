"""Weights change by decree: each row says from which day it holds, and the past keeps the weights it had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipelines.catalogue.formula import Tree, weights_named
from pipelines.catalogue.written import complaint

FROM: Final = "from"
MOST: Final = "points"  # the weight that `most(entry)` speaks of


def check_weights(file: Path, name: str, rows: Sequence[Any], tree: Tree) -> None:
    """Refuse (PersonError) rows that are out of order or that lack a number the formula asks for."""
    wanted = list(dict.fromkeys(weights_named(tree)))
    if wanted and not rows:
        raise complaint(file, name, "công thức dùng w(...) nên cần `weights`.", "uses w(...) and needs `weights`.")
    for row in rows:
        _check_row(file, name, row, wanted)
    days = [row[FROM] for row in rows]
    if sorted(set(days)) != days:
        raise complaint(file, name, "`weights` phải xếp theo ngày, mỗi ngày một dòng.",
                        "`weights` must be in the order of their days, one row a day.")


def _check_row(file: Path, name: str, row: object, wanted: Sequence[str]) -> None:
    if not isinstance(row, dict) or type(row.get(FROM)) is not date:
        raise complaint(file, name, "mỗi dòng `weights` cần `from` là một ngày.",
                        "each row of `weights` needs a day `from`.")
    for key in wanted:
        if key not in row:
            raise complaint(file, name, f"`weights` thiếu `{key}` mà công thức dùng.",
                            f"`weights` lacks `{key}`, which the formula asks for.")
    for key, value in row.items():
        if key != FROM and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise complaint(file, name, f"`weights.{key}` phải là số.", f"`weights.{key}` must be a number.")


def as_published(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows as JSON holds them: days as texts."""
    return [dict(row) | {FROM: row[FROM].isoformat()} for row in rows]
