"""How long a file is on its way: from stable to published, and from its last byte to a wall."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipelines.publish import disk
from tests.bench.walls import WALLS, WARM, Walls

SOURCE = "mot_cua_tinh"
ROWS = 4_000
LARGE = 100_000_000
STAMPS = ("Ngày nộp", "Ngày tiếp nhận", "Cập nhật lúc")


def copied(home: Path, folder: Path) -> Path:
    """A home that may be written to, with everything of `home` but its older generations."""
    target, newest = folder / "arrivals", f"{int((home / 'CURRENT').read_text().split()[0]):08d}."
    left_out = shutil.ignore_patterns("scratch", "lock")

    def ignored(where: str, names: list[str]) -> set[str]:
        older = names if Path(where).name == "snapshots" else []
        return left_out(where, names) | {name for name in older if not name.startswith(newest)}

    shutil.copytree(home, target, ignore=ignored)
    return target


def _newest(home: Path) -> list[list[str]]:
    """The rows of the newest file that the source has sent, header first."""
    folder = home / "archive" / SOURCE
    receipts = {json.loads(path.read_text("utf-8"))["name"]: path.with_suffix(".csv") for path in folder.glob("*.json")}
    with receipts[max(receipts)].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def written(home: Path, target: Path, seed: int, *, rows: int = 0, size: int = 0) -> None:
    """A file of today as the source would send it: half new cases, half cases that went on since."""
    head, *old = _newest(home)
    stamps, some = [head.index(name) for name in STAMPS], random.Random(seed)
    with target.open("w", encoding="utf-8", newline="") as file:
        out, number = csv.writer(file, lineterminator="\n"), 0
        out.writerow(head)
        while number < rows or file.tell() < size:
            cells, number = list(some.choice(old)), number + 1
            is_new = number % 2 == 1 or size > 0
            cells[0] += f"-{seed}-{number}" if is_new else ""
            for stamp in stamps if is_new else stamps[-1:]:
                cells[stamp] = f"{date.today():%d/%m/%Y} {number % 7:02d}:00:00"
            out.writerow(cells)


@contextmanager
def watching(home: Path) -> Iterator[None]:
    """`pipelines watch` beside us, once it has looked around."""
    command = [sys.executable, "-m", "pipelines", "watch", "--home", str(home), "--data", "data"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(WARM)
        try:
            yield
        finally:
            process.terminate()


def published(home: Path, drop: Path, name: str) -> float:
    """Seconds from a file's renaming into place, which makes it stable at once, to another generation in force."""
    folder = home / "inbox" / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f"{name}.tmp"
    shutil.copy(drop, waiting)
    time.sleep(3)  # seen by two looks under its temporary name
    before = (home / "CURRENT").read_text()
    began = time.perf_counter()
    waiting.rename(folder / name)
    while (home / "CURRENT").read_text() == before:
        if time.perf_counter() - began > 600:
            raise SystemExit("nothing was published within ten minutes")
        time.sleep(0.01)
    return time.perf_counter() - began


def copying(home: Path, folder: Path) -> float:
    """What every publication costs at least: the published file copied, synced and hashed."""
    number = int((home / "CURRENT").read_text().split()[0])
    began = time.perf_counter()
    shutil.copy(home / "snapshots" / f"{number:08d}.duckdb", folder / "copy")
    disk.fsync_file(folder / "copy")
    disk.sha256_file(folder / "copy")
    return time.perf_counter() - began


def reading(file: Path) -> float:
    """DuckDB reading a CSV file into a table, every cell as text."""
    began = time.perf_counter()
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{file}', all_varchar = true)")
    return time.perf_counter() - began


def arrivals(home: Path, folder: Path) -> Iterator[tuple[str, float, str, float]]:
    """(what, seconds, limit, seconds) of a day's file and of one of 100 MB, into a copy of `home` under a watch.

    The first look after a file lasts up to a second, and is in the figure.
    """
    copy, sent = copied(home, folder), folder / "sent.csv"
    with watching(copy):
        floor = copying(copy, folder)
        took = []
        for seed in range(3):
            written(copy, sent, seed, rows=ROWS)
            took.append(published(copy, sent, _name(seed)))
        yield "a day's file", sorted(took)[1], "snapshot copied, synced and hashed", floor
        written(copy, sent, 3, size=LARGE)
        yield "100 MB", published(copy, sent, _name(3)), "DuckDB reading the same CSV file", reading(sent)


def _name(seed: int) -> str:
    return f"motcua_tinh_{date.today():%Y%m%d}_bench{seed}.csv"


def to_the_wall(home: Path, folder: Path, address: str) -> str:
    """Of 200 walls over a watched home that `address` serves: seconds from a file's last byte to the new board."""
    walls, drop = Walls(address), folder / "last.csv"
    written(home, drop, 9, rows=ROWS)
    late: list[float] = []

    def change() -> None:
        time.sleep(WARM)
        before = {tag for tag, _ in walls.seen.newest.values()}
        shutil.copy(drop, home / "inbox" / SOURCE / _name(9))
        began = time.perf_counter()
        while time.perf_counter() - began < 300:
            newer = sorted(at - began for tag, at in walls.seen.newest.values() if tag not in before)
            if len(newer) == WALLS:
                late.append(newer[int(WALLS * 0.95)])
                return
            time.sleep(0.2)

    with watching(home):
        asyncio.run(walls.run(change))
    return f"last byte to wall p95 {late[0]:.1f} s (promised 10)" if late else "some wall never saw the file"


def is_large(home: Path) -> int:
    """How many dossiers the published file holds."""
    number = int((home / "CURRENT").read_text().split()[0])
    with duckdb.connect(os.fspath(home / "snapshots" / f"{number:08d}.duckdb"), read_only=True) as db:
        return int(db.execute("SELECT count(*) FROM fact_dossier").fetchall()[0][0])
