"""Many walls on one server: what an unchanged board costs, how fast a new one reaches all, what a restart costs."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.bare import bare, stolen

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
WALLS = 200
BARE = 50
EVERY = 5.0
WARM = 10.0


@dataclass
class Seen:
    """What all walls together saw, in seconds since some moment."""

    unchanged: list[float] = field(default_factory=list)
    newest: dict[int, tuple[str, float]] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)
    failed: int = 0


class Walls:
    """`many` screens that ask as the page does: every 5 s, with the tag of what they show."""

    def __init__(self, address: str, many: int = WALLS) -> None:
        self.where = (urlsplit(address).hostname, urlsplit(address).port)
        self.many = many
        self.seen = Seen()
        self.going = True

    async def run(self, script: Callable[[], object]) -> None:
        """Keep all walls asking while `script` (a blocking function) runs beside them."""
        asking = asyncio.create_task(self.ask())
        await asyncio.to_thread(script)
        self.going = False
        await asking

    async def ask(self) -> None:
        """Keep all walls asking until somebody says that it is enough."""
        await asyncio.gather(*(self._wall(at) for at in range(self.many)))

    async def _wall(self, at: int) -> None:
        await asyncio.sleep(EVERY * at / self.many)  # screens are never switched on in the same second
        line: Line | None = None
        tag = ""
        while self.going:
            began = time.perf_counter()
            pause = EVERY
            try:
                line, (status, told) = await asyncio.wait_for(self._asked(line, tag), timeout=4)
                self.seen.heard[at] = time.perf_counter()
                if status == 304:
                    self.seen.unchanged.append(time.perf_counter() - began)
                elif status == 200:
                    tag = told["etag"]
                    self.seen.newest[at] = (tag, time.perf_counter())
                pause = 1.0 if "retry-after" in told else EVERY
            except (OSError, EOFError, TimeoutError):
                self.seen.failed += 1
                line = None
            await asyncio.sleep(max(0.2, pause - (time.perf_counter() - began)))
        if line:
            line[1].close()

    async def _asked(self, line: Line | None, tag: str) -> tuple[Line, tuple[int, dict[str, str]]]:
        """Ask on the line that is open; one that the server has closed meanwhile is opened anew, as browsers do."""
        if line is not None:
            try:
                return line, await ask(line, tag)
            except (OSError, EOFError):
                line[1].close()
        fresh = await asyncio.open_connection(*self.where)
        return fresh, await ask(fresh, tag)


async def ask(line: Line, tag: str) -> tuple[int, dict[str, str]]:
    """One question on an open line; written by hand, because the cost of a client must not be measured as ours."""
    reader, writer = line
    known = f"If-None-Match: {tag}\r\nPrefer: wait=2\r\n" if tag else ""
    writer.write(f"GET /wall.json HTTP/1.1\r\nHost: localhost\r\n{known}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    told = {name.lower(): value for name, _, value in (one.partition(": ") for one in head[1:] if one)}
    await reader.readexactly(int(told.get("content-length", 0)))
    return int(head[0].split()[1]), told


def unchanged(address: str, seconds: float = 60.0) -> str:
    """What an unchanged board costs 200 walls, alone and while 20 analysts click; clients and server on these cores.

    Beside it, in the same seconds, the same question to a server that does nothing: no answer comes sooner here.
    """
    with bare() as nothing:
        alone = _watched(address, nothing, seconds / 2)
        command = [sys.executable, "-m", "tests.bench.analysts", address, str(2 * WARM + seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as analysts:
            time.sleep(WARM)  # everybody has opened the app
            beside = _watched(address, nothing, seconds)
            people = json.loads(analysts.communicate()[0])
    return (f"{WALLS} walls at {EVERY:g} s, unchanged board: {alone}\n"
            f"  beside 20 analysts: {beside}\n"
            f"  their {people['changes']} changes: "
            f"median {people['median']:.2f} s, p95 {people['p95']:.2f} s, {people['failed']} failed")  # fmt: skip


def _watched(address: str, nothing: str, seconds: float) -> str:
    """What all walls saw in so many seconds, once they are warm, and what a server that does nothing gave them."""
    ours, limit = Walls(address), Walls(nothing, BARE)
    before = [(0, 0)]

    def wait() -> None:
        time.sleep(WARM)
        before[0] = stolen()
        for walls in (ours, limit):
            walls.seen.unchanged.clear()
            walls.seen.failed = 0
        time.sleep(seconds)
        limit.going = False

    async def both() -> None:
        await asyncio.gather(ours.run(wait), limit.ask())

    asyncio.run(both())
    (taken, spent), (taken_now, spent_now) = before[0], stolen()
    floor = sorted(limit.seen.unchanged)
    return (f"{_told(ours)}; a server that does nothing: p95 {floor[int(len(floor) * 0.95)] * 1000:.1f} ms "
            f"(the host took {(taken_now - taken) / (spent_now - spent):.0%} of the cores)")  # fmt: skip


def _told(walls: Walls) -> str:
    times = sorted(walls.seen.unchanged)
    median, late = statistics.median(times), times[int(len(times) * 0.95)]
    return (f"median {median * 1000:.1f} ms, p95 {late * 1000:.1f} ms, "
            f"{len(times)} answers, {walls.seen.failed} failed")  # fmt: skip


def repainted(address: str, publish: Callable[[], object]) -> str:
    """How long after `publish` (which puts another generation in force) the last of all walls has it."""
    walls = Walls(address)
    took: list[float] = []

    def change() -> None:
        time.sleep(WARM)
        before = {tag for tag, _ in walls.seen.newest.values()}
        began = time.perf_counter()
        publish()
        while time.perf_counter() - began < 120:
            newer = [at for tag, at in walls.seen.newest.values() if tag not in before]
            if len(newer) == WALLS:
                took.append(max(newer) - began)
                return
            time.sleep(0.2)

    asyncio.run(walls.run(change))
    return f"{WALLS} walls: all have a new snapshot after {took[0]:.1f} s" if took else "some wall never repainted"


def restarted(address: str, restart: Callable[[], object]) -> str:
    """How long after `restart` returns (the server is healthy again) the last of all walls has been answered."""
    walls = Walls(address)
    took: list[float] = []

    def again() -> None:
        time.sleep(WARM)
        restart()
        began = time.perf_counter()
        while time.perf_counter() - began < 120:
            back = [at for at in walls.seen.heard.values() if at > began]
            if len(back) == WALLS:
                took.append(max(back) - began)
                return
            time.sleep(0.2)

    asyncio.run(walls.run(again))
    return f"{WALLS} walls: all answered {took[0]:.1f} s after a restart" if took else "some wall never came back"


def publish_again(home: Path) -> None:
    """Put the files in force into force once more, under the next number: a new snapshot that costs nothing."""
    number, state, party = (home / "CURRENT").read_text().split()
    following = int(number) + 1
    for kind in ("", ".party"):
        old = home / "snapshots" / f"{int(number):08d}{kind}.duckdb"
        old.with_name(f"{following:08d}{kind}.duckdb").hardlink_to(old)
    line = f"{following} {state} {party}"
    with (home / "PUBLISHED").open("a") as record:
        record.write(f"{line} 2026-01-01T00:00:00+00:00\n")
    (home / "CURRENT.new").write_text(line + "\n")
    (home / "CURRENT.new").replace(home / "CURRENT")


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def slope(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Least-squares slope of (hours, value) per hour, and its standard error: noise has a slope too."""
    hours, values = [at for at, _ in points], [value for _, value in points]
    middle, level = statistics.fmean(hours), statistics.fmean(values)
    spread = sum((at - middle) ** 2 for at in hours)
    if not spread:
        return 0.0, 0.0
    found = sum((at - middle) * (value - level) for at, value in points) / spread
    left = sum((value - level - found * (at - middle)) ** 2 for at, value in points)
    return found, (left / max(1, len(points) - 2) / spread) ** 0.5
