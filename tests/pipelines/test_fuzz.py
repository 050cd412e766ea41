"""A bounded slice of the fuzz: the same mutants every time, none of which may break anything."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from pipelines.read import Worker
from tests.pipelines.fuzz import judge_one, mutants
from tests.pipelines.named import Judge

SLICE = 60


def test_no_mutant_breaks_the_intake(tmp_path: Path) -> None:
    with Worker() as worker:
        judge = Judge(worker, tmp_path)
        found = [(number, case.name, wrong) for number, case in islice(mutants(80), SLICE)
                 if (wrong := judge_one(judge, case))]  # fmt: skip
    assert found == []


def test_the_same_seed_gives_the_same_mutants() -> None:
    first, again = ([case.bytes() for _, case in islice(mutants(1), 20)] for _ in range(2))
    assert first == again
