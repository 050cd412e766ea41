"""The named nasty inputs: every verdict as required, no value silently wrong, no row lost, nobody dead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipelines.read import Worker
from tests.pipelines.named import Case, Judge, hidden
from tests.pipelines.named_documents import DOCUMENTS
from tests.pipelines.named_tables import TABLES

CASES = (*TABLES, *DOCUMENTS)
PARENT = 500 << 20


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with Worker() as worker:
        yield Judge(worker, tmp_path_factory.mktemp("named"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_named_input(judge: Judge, case: Case) -> None:
    found = judge(case)
    report = found.report
    assert (report.verdict, sorted(reason.code for reason in report.reasons)) == (case.verdict, sorted(case.reasons))
    assert all(reason.text(lang) for reason in report.reasons for lang in ("vi", "en"))
    assert found.kept == [(hidden(number), *rest) for number, *rest in case.kept]
    assert found.bad == sorted(case.bad)
    bad = len({line for line, _ in case.bad})
    rows = (len(case.kept) + bad + case.skipped, len(case.kept), bad, case.skipped)
    assert (report.rows_in, report.rows_loaded, report.rows_quarantined, report.rows_skipped) == rows, "the row law"
    assert not found.marked
    assert found.grown < PARENT


def test_every_number_is_there() -> None:
    there = {case.name.split()[0] for case in CASES}
    assert there == {f"N{number:03d}" for number in range(1, 113)}
