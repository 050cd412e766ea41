"""Every bomb in one inbox: the parent stays small and alive, each gets its verdict, and a good file its numbers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from pipelines.errors import LANGUAGES
from pipelines.read import Limits, Worker
from tests.pipelines.installation import Installation, install, row
from tests.pipelines.named import HEADER, Case, lines, partly, refused
from tests.pipelines.named_books import XLSX
from tests.pipelines.named_documents import DOCUMENTS
from tests.pipelines.named_tables import TABLES
from tests.pipelines.reading import GOOD, Reading, bare_workbook, text_row
from tests.pipelines.reading import HEADER as READ_HEADER

REPOSITORY: Final = Path(__file__).parents[2]
MOST: Final = 500 << 20
NUMBERS: Final = tuple(f"N{number:03d}" for number in (23, 25, 57, 58, 60, 75, 88, 89, 98, 101, 102, 103, 104))
FIELDS: Final = "has_as_many_fields_as_header"
DEEP: Final = "<x>" * 200_000 + "</x>" * 200_000
# What the list of named inputs has in small, in large.
LARGE: Final = (
    refused("a line of 64 MB", lambda: (HEADER + "x" * (64 << 20)).encode(), "cut_off_row"),
    refused("400,000 columns", ",".join(f"c{one}" for one in range(400_000)) + "\n", "too_many_columns"),
    refused("a header of 8 MB", lambda: ("x" * (8 << 20) + "\n").encode(), "header_not_found"),
    refused("XML 200,000 deep", bare_workbook(text_row(1, "so") + DEEP), "columns_missing", file="f.xlsx",
            contract=XLSX),
    partly("40 MB of separators", lambda: (HEADER + "," * (40 << 20) + "\n").encode(), [(2, FIELDS)]),
    partly("a quote, and 100,000 rows behind it",
           HEADER + 'B,05/03/2026,"Xã,1,x\n' + lines(100_000).removeprefix(HEADER), [(2, "quotes_are_closed")]),
)  # fmt: skip
BOMBS: Final = (*(case for case in (*TABLES, *DOCUMENTS) if case.name.startswith(NUMBERS)), *LARGE)
# The command itself, and the most memory that this process ever had by the kernel's own count.
RUN: Final = """
import sys
from pipelines.__main__ import main
code = main(sys.argv[1:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, dict[str, dict[str, Any]], int]:
    """The inbox of all bombs after one `pipelines load`: verdict by source, and the parent's peak in bytes."""
    one = install(tmp_path_factory.mktemp("bombs"))
    one.drop("good.csv", [row("A-1"), row("A-2")])
    for number, case in enumerate(BOMBS):
        (one.data / "mappings" / f"bomb{number}.toml").write_text(case.contract, encoding="utf-8")
        one.drop_bytes(case.file, case.bytes(), f"bomb{number}")
    command = [sys.executable, "-c", RUN, "load", "--json", "--home", str(one.home.root), "--data", str(one.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    assert peak is not None
    return one, {file["source"]: file for file in json.loads(done.stdout)["files"]}, int(peak[1]) << 10


def wrong(case: Case, found: dict[str, Any]) -> list[str]:
    """What is not as it must be with one bomb."""
    said = (found["verdict"], sorted(one["code"] for one in found["reasons"]))
    unsaid = [lang for lang in LANGUAGES if not all(one[lang] for one in found["reasons"])]
    counted = found["rows_loaded"] + found["rows_quarantined"] + found["rows_skipped"]
    return [f"{case.name}: {what}" for what, is_so in (
        (f"{said}", said != (case.verdict, sorted(case.reasons))),
        (f"no reason in {unsaid}", bool(unsaid)),
        (f"{found['rows_in']} rows in, {counted} accounted for", found["rows_in"] != counted),
    ) if is_so]  # fmt: skip


def test_every_bomb_has_its_verdict_and_a_reason_in_both_languages(
    loaded: tuple[Installation, dict[str, dict[str, Any]], int]
) -> None:
    """One test for all: shared out among several workers, every one of them would load the whole inbox."""
    assert [line for number, case in enumerate(BOMBS) for line in wrong(case, loaded[1][f"bomb{number}"])] == []


def test_the_parent_stays_small_and_publishes_what_is_good(
    loaded: tuple[Installation, dict[str, dict[str, Any]], int]
) -> None:
    one, files, peak = loaded
    assert peak < MOST
    assert files["counter"]["verdict"] == "loaded"
    assert one.ask("SELECT count(*) FROM fact_dossier WHERE source = 'counter'") == [(2,)]
    assert not any(path.is_file() for path in one.home.inbox.rglob("*")) and not list(one.home.scratch.iterdir())


def test_a_child_may_use_two_gigabytes_of_data_and_two_minutes_and_more_for_a_large_file(tmp_path: Path) -> None:
    with Worker() as worker:
        Reading(worker, tmp_path)(READ_HEADER + GOOD)
        limits = Path(f"/proc/{worker.pid}/limits").read_text(encoding="ascii")
    soft = {name.strip(): value for name, value in re.findall(r"^(Max [a-z ]+?)\s{2,}(\S+)", limits, re.MULTILINE)}
    assert soft["Max data size"] == str(2 << 30) and soft["Max address space"] == "unlimited"
    assert 120 <= int(soft["Max cpu time"]) <= 130, "what it has used so far is not the file's"
    assert Limits().cpu_seconds(10**9) == 150.0
