"""Kills a whole run at random moments, as often as asked: `python -m tests.pipelines.kills --times 10000 --seed 7`.

After every kill what is published is whole; after the last, a clean run has every file exactly once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import tempfile
import time
from collections import Counter
from multiprocessing.context import BaseContext
from pathlib import Path

from pipelines import ledger
from pipelines.publish.pointer import read_pointer
from pipelines.publish.recover import whole_pair
from pipelines.verify import verify
from tests.pipelines.installation import Installation, install, load_in_another_process, row

ROWS = 3


def survive(one: Installation, times: int, most: int, seed: int = 7) -> list[str]:
    """Kill `times` runs of an installation that has run before; what is wrong afterwards, empty where all is well.

    More kills, up to `most`, where too few of them met a run at work.
    """
    # Writers are forked from a server that has imported everything and run nothing: no thread is lost.
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(["tests.pipelines.installation"])
    before = one.ask("SELECT count(*) FROM fact_dossier")[0][0]
    moments, longest = random.Random(seed), how_long(clean, one)
    outcomes, generations, kill = set[int | None](), set[int](), 0
    while kill < times or (kill < most and (len(generations) < 3 or -signal.SIGKILL not in outcomes)):
        one.drop(f"k{kill}.csv", [row(f"K-{kill}-{n}") for n in range(ROWS)])
        outcomes.add(killed_after(clean, one, moments.uniform(0.05, 1.0) * longest))
        pointer = read_pointer(one.home)
        if pointer is None or whole_pair(one.home, pointer.generation) != pointer:
            return [f"kill {kill}: what is published is not whole"]
        # a busy machine loads slowly: the window follows it, so that about half of the kills come too late
        longest *= 1.3 if pointer.generation in generations else 0.8
        generations.add(pointer.generation)
        kill += 1
    if -signal.SIGKILL not in outcomes or len(generations) < 3:
        return ["the kills came too early or too late"]
    return wrong_after(one, kill, before)


def wrong_after(one: Installation, kills: int, before: int) -> list[str]:
    """What a clean run leaves to be desired."""
    one.load()
    found = [damage.where for damage in verify(one.home)]
    cases, expected = one.ask("SELECT count(*) FROM fact_dossier")[0][0], before + 1 + ROWS * kills
    if cases != expected:
        found.append(f"{cases} cases instead of {expected}")
    lines = Counter(line["file"] for line in ledger.read_ledger(one.home.ledger))
    found += [f"{name}: {lines[name]} verdicts" for name in (f"k{n}.csv" for n in range(kills)) if lines[name] != 1]
    return found


def killed_after(clean: BaseContext, one: Installation, seconds: float) -> int | None:
    """Exit code of a run that is killed after that many seconds."""
    writer = clean.Process(target=load_in_another_process, args=(one,))  # type: ignore[attr-defined]
    writer.start()
    time.sleep(seconds)
    writer.kill()
    writer.join()
    return int(writer.exitcode)


def how_long(clean: BaseContext, one: Installation) -> float:
    """Seconds that an undisturbed run takes in such a process, today, on this machine."""
    one.drop("first.csv", [row("F-1")])
    started = time.monotonic()
    writer = clean.Process(target=load_in_another_process, args=(one,))  # type: ignore[attr-defined]
    writer.start()
    writer.join()
    assert writer.exitcode == 0
    return time.monotonic() - started


def main() -> int:
    """Run as asked; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one = install(Path(folder))
        one.drop("a.csv", [row("A-1")])
        one.load()
        found = survive(one, args.times, args.times, args.seed)
    print(*found, f"{args.times} kills, {len(found)} findings", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
