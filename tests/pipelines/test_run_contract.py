"""What decides a number is part of the contract; what only moves files or speaks is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.contract import Code, Contract, must_measure, must_rebuild, read_code, read_contract

REPOSITORY = Path(__file__).parents[2]
CODE = Code("early", "measuring", "all")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    for name in ("mappings", "catalogue", "reference/boundaries", "reference/series"):
        (data / name).mkdir(parents=True)
    for name in ("place.toml", "mappings/one.toml", "mappings/two.toml", "catalogue/desk.toml", "reference/units.csv",
                 "reference/corrections.toml", "reference/targets.csv", "reference/published_tables.toml",
                 "reference/boundaries/communes.geojson", "reference/series/indices.csv"):
        (data / name).write_text(name, encoding="utf-8")
    return data


def contract(data: Path, code: Code = CODE) -> Contract:
    return read_contract(data, [data / "catalogue"], code)


@pytest.mark.parametrize(("name", "rebuilds", "measures"), [
    ("place.toml", True, False),
    ("reference/units.csv", True, False),
    ("reference/corrections.toml", True, False),
    ("mappings/one.toml", True, False),
    ("mappings/two.toml", False, False),  # nothing of this source was ever loaded
    ("reference/targets.csv", False, True),
    ("reference/published_tables.toml", False, True),
    ("catalogue/desk.toml", False, True),
    ("reference/boundaries/communes.geojson", False, False),
    ("reference/series/indices.csv", False, False),
])
def test_a_changed_file_does_what_it_must_and_no_more(data: Path, name: str, rebuilds: bool, measures: bool) -> None:
    before = contract(data)
    (data / name).write_text("changed", encoding="utf-8")
    after = contract(data)
    then = before.as_json(["one", "two"])
    assert must_rebuild(after, then, {"one"}) is rebuilds
    assert must_measure(after, then) is measures
    if rebuilds or measures or name.startswith("mappings"):
        assert after.sha != before.sha
    else:
        assert after.sha == before.sha


def test_the_order_in_which_a_disk_lists_files_does_not_matter(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "copy")
    (tmp_path / "copy" / "reference" / ".DS_Store").write_text("noise")
    assert contract(data) == contract(tmp_path / "copy")


def test_changed_code_counts_where_it_makes_values(data: Path) -> None:
    then = contract(data).as_json(["one"])
    assert must_rebuild(contract(data, Code("other", "measuring", "all")), then, set())
    assert must_measure(contract(data, Code("early", "other", "all")), then)
    assert contract(data, Code("early", "measuring", "other")).sha == contract(data).sha


@pytest.mark.parametrize(("module", "early", "measuring"), [
    ("map.py", True, False), ("facts/dossier.py", True, False), ("read/csv.py", True, False),
    ("measure/parts.py", False, True), ("bridge.py", False, True), ("disclose/cells.py", False, True),
    ("commands.py", False, False), ("publish/seal.py", False, False), ("demo/write.py", False, False),
    ("something_new.py", True, False),
])
def test_each_module_has_its_place_and_a_new_one_counts(
    tmp_path: Path, module: str, early: bool, measuring: bool
) -> None:
    package = tmp_path / "pipelines"
    shutil.copytree(REPOSITORY / "pipelines", package, ignore=shutil.ignore_patterns("__pycache__"))
    before = read_code(package)
    text = (package / module).read_text("utf-8") if (package / module).exists() else ""
    (package / module).write_text(f"{text}\n# changed\n", encoding="utf-8")
    after = read_code(package)
    assert (after.early != before.early, after.measuring != before.measuring) == (early, measuring)
    assert after.version != before.version
