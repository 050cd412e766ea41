"""The house keeps its shape: doors open one way, rooms stay small, and there is no junk drawer."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pipelines", "dashboard")
TOP_LEVEL = {"pyproject.toml", "dashboard", "pipelines", "data", "tests", "README.md", "Makefile", "LICENSE",
             "requirements.lock"}
JUNK = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core"}
# prefix of the importing module -> what it must never import (longest prefix that matches also counts)
FORBIDDEN = {
    "pipelines": {"dashboard", "streamlit", "plotly"},
    "dashboard": {"pipelines"},
    "dashboard.chart": {"streamlit", "duckdb", "dashboard.query", "dashboard.snapshot"},
    "dashboard.query": {"streamlit", "plotly", "dashboard.screens", "dashboard.figure", "dashboard.chart"},
    "dashboard.snapshot": {"streamlit", "dashboard.query"},
    "dashboard.figure": {"streamlit", "duckdb"},
    "dashboard.screens": {"duckdb"},
    "pipelines.facts": {"pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.catalogue": {"pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.reference": {"pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.calendar": {"pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.errors": {"pipelines.load", "pipelines.catalogue", "pipelines.reference", "pipelines.run"},
    "pipelines.read": {"pipelines.map", "pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.map": {"pipelines.load", "pipelines.measure", "pipelines.publish", "pipelines.run"},
    "pipelines.measure": {"pipelines.publish", "pipelines.run", "pipelines.load"},
    "pipelines.publish": {"pipelines.run"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def breaches(module: str, names: set[str]) -> list[str]:
    banned = set().union(*(what for prefix, what in FORBIDDEN.items()
                           if module == prefix or module.startswith(prefix + ".")))
    return sorted(f"{module} imports {name}" for name in names for ban in banned
                  if name == ban or name.startswith(ban + "."))


def test_imports_run_one_way() -> None:
    assert [line for name, path in modules() for line in breaches(name, imported(path))] == []


def test_a_breach_would_be_seen() -> None:
    assert breaches("pipelines.load", {"dashboard.query"}) == ["pipelines.load imports dashboard.query"]
    assert breaches("dashboard.chart.trend", {"duckdb"}) == ["dashboard.chart.trend imports duckdb"]


def test_sql_reaches_the_dashboard_only_through_query_and_snapshot() -> None:
    users = [name for name, path in modules() if name.startswith("dashboard") and "duckdb" in imported(path)]
    assert all(name.startswith(("dashboard.query", "dashboard.snapshot")) for name in users), users


def test_only_the_two_main_modules_touch_clock_and_environment() -> None:
    pattern = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|os\.environ|getenv\(|utcnow\(")
    found = [name for name, path in modules()
             if not name.endswith("__main__") and pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(("folder", "limit"), [("pipelines", 250), ("dashboard", 250), ("tests", 400)])
def test_files_stay_small(folder: str, limit: int) -> None:
    sizes = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
             for path in (ROOT / folder).rglob("*.py")}
    assert {name: lines for name, lines in sizes.items() if lines > limit} == {}


def test_functions_stay_short() -> None:
    lengths = {f"{name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
               for name, path in modules() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
               if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert {name: lines for name, lines in lengths.items() if lines > 40} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 12


def test_every_module_opens_with_a_sentence() -> None:
    silent = [name for name, path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_there_is_no_junk_drawer() -> None:
    parts = {part for name, _ in modules() for part in name.split(".")}
    assert parts & JUNK == set()


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]


def test_the_top_level_is_the_agreed_one() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in tops if not name.startswith(".")} <= TOP_LEVEL


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    # Written in pieces so that this file does not name what it forbids.
    needle = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"\.debian",
                                  "/" + "work/[a-z.]", "/" + "root/"]))
    binary = {".png", ".woff2", ".ttf", ".xlsx", ".pptx", ".duckdb", ".parquet"}
    guilty = [str(path.relative_to(ROOT)) for path in tracked() if path.suffix not in binary
              and needle.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert guilty == []


def test_nothing_unfinished_is_left_behind() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name for name, path in modules() if mark.search(path.read_text(encoding="utf-8"))] == []
