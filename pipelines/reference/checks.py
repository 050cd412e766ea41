"""Units must not contradict one another: every sum across a reform rests on that."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.errors import PersonError
from pipelines.reference.tables import LINE, refuse_where

WEIGHT_ERROR = 1e-9

_FIRST = pl.date(1, 1, 1)
_LAST = pl.date(9999, 12, 31)
_TOGETHER = (pl.col("first") <= pl.col("other_last")) & (pl.col("other_first") <= pl.col("last"))
# A province that took over its predecessor's code and name keeps it inside itself until it ends; on a day
# when both are in force, whoever ends first is meant (`resolve.py`).
_IS_PARENT = pl.col("parent_id").eq_missing(pl.col("other")) | pl.col("other_parent").eq_missing(pl.col("unit_id"))
_TAKEN_OVER = _IS_PARENT & (pl.col("last") != pl.col("other_last"))


def spans(units: pl.DataFrame) -> pl.DataFrame:
    """unit_id, tree, code, parent_id, first, last: validity without nulls, for comparing days."""
    return units.select(
        *("unit_id", "tree", "code", "parent_id"),
        first=pl.col("valid_from").fill_null(_FIRST),
        last=pl.col("valid_to").fill_null(_LAST),
    )


def check_units(path: Path, units: pl.DataFrame, root_unit: str) -> None:
    """PersonError about the first unit that cannot be, or when `root_unit` is no root without an end."""
    _check_identity(path, units)
    _check_parents(path, units)
    _check_versions(path, units)
    is_root = (pl.col("unit_id") == root_unit) & pl.col("valid_to").is_null() & pl.col("parent_id").is_null()
    if units.filter(is_root).is_empty():
        raise PersonError(
            f"{path.name}: đơn vị gốc `{root_unit}` của place.toml phải có, không có đơn vị cha và không kết thúc.",
            f"{path.name}: the root unit `{root_unit}` of place.toml must exist, without a parent and without an end.",
        )


def check_known(path: Path, table: pl.DataFrame, units: pl.DataFrame, column: str) -> None:
    """PersonError about the first row of `table` whose `column` is no unit."""
    vi = f"không có đơn vị `{{{column}}}` trong units.csv. Sửa mã hoặc thêm đơn vị."
    en = f"there is no unit `{{{column}}}` in units.csv. Correct the code or add the unit."
    refuse_where(path, table, ~pl.col(column).is_in(units["unit_id"].implode()), column, vi, en)


def check_succession(path: Path, links: pl.DataFrame, units: pl.DataFrame) -> None:
    """PersonError unless every ended unit is succeeded, by units in force, with weights that sum to 1."""
    check_known(path, links, units, "from_unit")
    check_known(path, links, units, "to_unit")
    _check_weights(path, links)
    _check_successors(path, links, units)
    _check_nobody_lost(path, links, units)


def shared_names(names: pl.DataFrame, among: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The rows of `names` (alias, tree, unit_id) that name an `other` unit of `among` at the same time."""
    others = among.select("alias", "tree", other="unit_id")
    pairs = names.join(others, on=["alias", "tree"]).filter(pl.col("unit_id") != pl.col("other"))
    return _dated_pairs(pairs, units).filter(_TOGETHER & ~_TAKEN_OVER)


def _dated_pairs(pairs: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`pairs` of unit_id and other with the validity and the parent of both."""
    own = spans(units).select("unit_id", "first", "last", "parent_id")
    return pairs.join(own, on="unit_id", maintain_order="left").join(
        own.rename({"unit_id": "other", "first": "other_first", "last": "other_last", "parent_id": "other_parent"}),
        on="other",
        maintain_order="left",
    )


def _check_identity(path: Path, units: pl.DataFrame) -> None:
    vi = "`{unit_id}` đã có ở dòng khác. Mỗi phiên bản của đơn vị cần một mã riêng."
    en = "`{unit_id}` is used twice. Give every version of a unit its own."
    refuse_where(path, units, ~pl.col("unit_id").is_first_distinct(), "unit_id", vi, en)
    vi = "`{unit_id}`: chỉ dùng chữ cái không dấu, chữ số và @ . _ -"
    en = "`{unit_id}`: use only ASCII letters, digits and @ . _ -"
    wrong = ~pl.col("unit_id").str.contains(r"^[A-Za-z0-9@._-]+$")
    refuse_where(path, units, wrong, "unit_id", vi, en)
    vi = "kết thúc {valid_to} trước khi bắt đầu {valid_from}. Sửa một trong hai ngày."
    en = "ends {valid_to} before it begins {valid_from}. Correct one of the two days."
    refuse_where(path, units, pl.col("valid_to") < pl.col("valid_from"), "valid_to", vi, en)


def _check_parents(path: Path, units: pl.DataFrame) -> None:
    """A parent exists, stands one level above and lives as long as its children."""
    check_known(path, units.filter(pl.col("parent_id").is_not_null()), units, "parent_id")
    levels = units.select(other="unit_id", other_level="level")
    child = units.select("unit_id", "level", LINE, other="parent_id")
    pairs = child.join(levels, on="other", how="left")
    vi = "cấp {level} phải là cấp của đơn vị cha cộng 1; đơn vị không có cha ở cấp 0."
    en = "level {level} must be the parent's level plus 1; a unit without a parent has level 0."
    wrong = pl.col("level") != pl.col("other_level").fill_null(-1) + 1
    refuse_where(path, pairs, wrong, "level", vi, en)
    vi = "`{unit_id}` có hiệu lực khi đơn vị cha `{other}` không có. Sửa thời gian của một trong hai."
    en = "`{unit_id}` is in force while its parent `{other}` is not. Correct the days of one of them."
    wrong = (pl.col("first") < pl.col("other_first")) | (pl.col("last") > pl.col("other_last"))
    refuse_where(path, _dated_pairs(pairs, units), wrong, "parent_id", vi, en)


def _check_versions(path: Path, units: pl.DataFrame) -> None:
    """Two versions of one code are not in force together, but for one that was taken over by its parent."""
    others = units.select("tree", "code", other="unit_id")
    pairs = units.select("tree", "code", "unit_id", LINE).join(others, on=["tree", "code"])
    pairs = _dated_pairs(pairs.filter(pl.col("unit_id") != pl.col("other")), units)
    vi = "mã `{code}` của `{unit_id}` và `{other}` có hiệu lực cùng lúc. Sửa ngày hoặc mã."
    en = "code `{code}` belongs to `{unit_id}` and `{other}` at the same time. Correct a day or a code."
    refuse_where(path, pairs, _TOGETHER & ~_TAKEN_OVER, "code", vi, en)


def _check_weights(path: Path, links: pl.DataFrame) -> None:
    vi = "trọng số {weight} phải lớn hơn 0 và không quá 1."
    en = "the weight {weight} must be above 0 and at most 1."
    refuse_where(path, links, ~pl.col("weight").is_between(0, 1, closed="right"), "weight", vi, en)
    sums = links.with_columns(total=pl.col("weight").sum().over("from_unit"))
    vi = "các trọng số của `{from_unit}` cộng lại là {total}, phải là 1. Sửa các dòng của đơn vị này."
    en = "the weights of `{from_unit}` sum to {total}, not to 1. Correct the lines of this unit."
    refuse_where(path, sums, (pl.col("total") - 1).abs() > WEIGHT_ERROR, "weight", vi, en)
    vi, en = "`{from_unit}` đến `{to_unit}` có hai dòng.", "`{from_unit}` to `{to_unit}` stands on two lines. Keep one."
    refuse_where(path, links, ~pl.struct("from_unit", "to_unit").is_first_distinct(), "to_unit", vi, en)


def _check_successors(path: Path, links: pl.DataFrame, units: pl.DataFrame) -> None:
    pairs = _dated_pairs(links.rename({"from_unit": "unit_id", "to_unit": "other"}), units)
    goes_on = (pl.col("last") < pl.col("other_last")) & (pl.col("other_first") <= pl.col("last") + pl.duration(days=1))
    vi = "`{other}` không có hiệu lực vào ngày sau khi `{unit_id}` kết thúc. Sửa ngày hoặc chọn đơn vị khác."
    en = "`{other}` is not in force on the day after `{unit_id}` ended. Correct a day or name another unit."
    refuse_where(path, pairs, ~goes_on, "to_unit", vi, en)


def _check_nobody_lost(path: Path, links: pl.DataFrame, units: pl.DataFrame) -> None:
    """Peers are only compared with; of the place's own units none may end without passing on its numbers."""
    ended = units.filter(pl.col("valid_to").is_not_null(), pl.col("tree") != "peer")
    lost = ended.join(links, left_on="unit_id", right_on="from_unit", how="anti")["unit_id"].sort()
    if not lost.is_empty():
        raise PersonError(
            f"{path.name}: `{lost[0]}` đã kết thúc nhưng không có đơn vị kế tiếp. Thêm một dòng cho nó.",
            f"{path.name}: `{lost[0]}` has ended but nothing succeeds it. Add a line for it.",
        )
