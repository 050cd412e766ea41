"""Mutates the named inputs for as long as asked: whatever comes out has one verdict, keeps the row law, kills nobody.

`python -m tests.pipelines.fuzz --seconds 3600 --seed 1`; every finding is named by seed and number, and comes again.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.read import Worker
from tests.pipelines.named import Case, Judge
from tests.pipelines.named_documents import DOCUMENTS
from tests.pipelines.named_tables import TABLES

LARGEST = 1 << 16  # bombs are named; what is mutated must be quick
WORDS = (b"\x00", b"\xff\xfe", b'"', b"\n", b"\r", b",", b";", b"{", b"[", b"NaN", b"=1+1", b"1e400", b"\xe2\x80\xae",
         b"9" * 400, b"<f>", b"PK\x03\x04", "Ễ".encode(), b"31/02/2026", b"\\ud800")  # fmt: skip
Mutation = Callable[[random.Random, bytearray], None]


def _flip(chance: random.Random, content: bytearray) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _insert(chance: random.Random, content: bytearray) -> None:
    at = chance.randrange(len(content) + 1)
    content[at:at] = chance.choice(WORDS)


def _cut(chance: random.Random, content: bytearray) -> None:
    at = chance.randrange(len(content))
    del content[at : at + chance.randrange(1, 64)]


def _end(chance: random.Random, content: bytearray) -> None:
    del content[chance.randrange(1, len(content) + 1) :]


def _repeat(chance: random.Random, content: bytearray) -> None:
    at = chance.randrange(len(content))
    content[at:at] = content[at : at + chance.randrange(1, 200)]


def _swap_lines(chance: random.Random, content: bytearray) -> None:
    lines = bytes(content).split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    content[:] = b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (_flip, _insert, _cut, _end, _repeat, _swap_lines)


def mutants(seed: int) -> Iterator[tuple[int, Case]]:
    """Endless (number, case); the same seed gives the same ones."""
    chance = random.Random(seed)
    small = [(case, content) for case in (*TABLES, *DOCUMENTS) if not callable(case.content)
             and 0 < len(content := case.bytes()) <= LARGEST]  # fmt: skip
    number = 0
    while True:
        case, content = chance.choice(small)
        changed = bytearray(content)
        for _ in range(chance.randrange(1, 5)):
            if changed:
                chance.choice(MUTATIONS)(chance, changed)
        yield number, replace(case, content=bytes(changed))
        number += 1


def judge_one(judge: Judge, case: Case) -> str:
    """What is wrong with the product's answer to a mutant; empty where nothing is."""
    report = judge(case).report
    rows = report.rows_loaded + report.rows_quarantined + report.rows_skipped
    if report.verdict not in ("loaded", "loaded_partial", "rejected"):
        return f"verdict {report.verdict}"
    if report.rows_in != rows:
        return f"row law: {report.rows_in} != {rows}"
    if report.verdict == "rejected" and len(report.reasons) != 1:
        return "a refusal has exactly one reason"
    return "" if all(reason.text(lang) for reason in report.reasons for lang in ("vi", "en")) else "a silent reason"


def main() -> int:
    """Run until the time is over; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found, done, until = 0, 0, time.monotonic() + args.seconds
    with tempfile.TemporaryDirectory() as folder, Worker() as worker:
        judge = Judge(worker, Path(folder))
        for number, case in mutants(args.seed):
            if time.monotonic() > until:
                break
            try:
                wrong = judge_one(judge, case)
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"
            done += 1
            if wrong:
                found += 1
                print(f"seed {args.seed} number {number} ({case.name}): {wrong}", flush=True)
    print(f"{done} mutants, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
