"""The catalogue is data: a new indicator is one entry in a file that its desk can read, never a change of code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.catalogue.entry import read_entry
from pipelines.catalogue.indicator import Catalogue, Indicator, Target, Way, cleared
from pipelines.catalogue.links import aged, check_links
from pipelines.catalogue.shape import Shape, shapes
from pipelines.catalogue.written import check_languages, complaint
from pipelines.errors import PersonError

__all__ = ["Catalogue", "Indicator", "Shape", "Target", "Way", "cleared", "load_catalogue", "shapes"]

# Ids become names of columns and parts of addresses.
ID = re.compile(r"[a-z][a-z0-9_]{1,48}")
DESK = "desk"
DESK_KEYS = ("name", "clearance")


def load_catalogue(data: Path, *more: Path, facts: Mapping[str, Shape] | None = None) -> Catalogue:
    """Every entry of `data/catalogue/*.toml` and of the same folder of each of `more`, by id, in file order.

    The folder `catalogue` itself will do as well.
    An entry of a later directory may add, and replace an earlier one only with `overrides = true`. Raises
    PersonError naming file, entry and key. `facts` are the columns that expressions may use.
    """
    known = shapes() if facts is None else facts
    catalogue: Catalogue = {}
    for directory in _different(data, *more):
        for file in sorted(_folder(directory).glob("*.toml")):
            for name, written, desk in _entries(file):
                _check_new(file, name, written, catalogue)
                catalogue[name] = read_entry(file, name, written, len(catalogue), desk, known)
    if not catalogue:
        raise PersonError(f"Không có mục nào trong {data.name}/catalogue/*.toml.",
                          f"There is no entry in {data.name}/catalogue/*.toml.")
    check_links(catalogue)
    return aged(catalogue)


def _different(*directories: Path) -> list[Path]:
    """Each directory once: the product's own data may also be the place's."""
    return list(dict.fromkeys(directory.resolve() for directory in directories))


def _folder(directory: Path) -> Path:
    inside = directory / "catalogue"
    return inside if inside.is_dir() else directory


def _entries(file: Path) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """(id, entry, desk) of one file."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PersonError(f"{file.name}: không đọc được: {error}", f"{file.name}: cannot be read: {error}") from error
    desk = _desk(file, tables.pop(DESK, None))
    for name, written in tables.items():
        if not ID.fullmatch(name) or not isinstance(written, dict) or "__" in name:
            raise complaint(file, name, "tên mục chỉ gồm chữ thường không dấu, số và gạch dưới, và là một bảng.",
                            "an entry is a table whose id has lower-case letters, digits and single underscores.")
        yield name, written, desk


def _desk(file: Path, said: object) -> Mapping[str, Any]:
    if not isinstance(said, dict) or not isinstance(said.get("name"), dict):
        raise complaint(file, DESK, "thiếu `name = { vi, en }` của bộ phận.", "lacks the desk's `name = { vi, en }`.")
    check_languages(file, DESK, "name", said["name"])
    unknown = sorted(said.keys() - set(DESK_KEYS))
    if unknown:
        raise complaint(file, DESK, f"có khóa lạ `{unknown[0]}`.", f"has an unknown key `{unknown[0]}`.")
    return said


def _check_new(file: Path, name: str, written: Mapping[str, Any], catalogue: Catalogue) -> None:
    before = catalogue.get(name)
    overrides = written.get("overrides") is True
    if before is not None and not (overrides and before.file.parent != file.parent):
        raise complaint(
            file, name, f"đã có trong {before.file.name}; muốn thay thế thì viết `overrides = true`.",
            f"is already in {before.file.name}; to replace it on purpose, write `overrides = true`.")
    if before is None and overrides:
        raise complaint(file, name, "`overrides` nhưng không có mục để thay thế.",
                        "says `overrides`, but there is nothing to replace.")
