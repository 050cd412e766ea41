"""`make soak HOURS=…`: one wall in a real browser for hours; what grows is told as a slope with its own doubt."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.__main__ import PORT, copied, serve
from tests.bench.browser import FLAGS
from tests.bench.walls import publish_again, resident, slope

EVERY: Final = 30.0
PUBLICATIONS: Final = 16
"""New snapshots in one soak, or one a quarter of an hour: what a server keeps of old ones shows only then."""
LONGEST_STILL: Final = 0.25
RESTARTS: Final = (0.05, 0.1, 0.15)
"""Shares of the time at which the server is killed: so early that as many snapshots as it ever holds come before the
half that counts."""
SETTLED: Final = 0.5
LOST: Final = "document.body.classList.contains('wall-lost')"


@dataclass
class Seen:
    """Points of (hours, value) per thing watched, how often the wall was found connected, and its way back."""

    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    looks: int = 0
    lost: int = 0
    back: list[float] = field(default_factory=list)

    def add(self, hours: float, values: dict[str, float]) -> None:
        """Keep one look at everything."""
        for name, value in values.items():
            self.points.setdefault(name, []).append((hours, value))

    def told(self, hours: float) -> Iterator[str]:
        """One line per thing: where it stands and how it moves in the half that counts."""
        for name, points in self.points.items():
            late = [one for one in points if one[0] >= SETTLED * hours]
            per_hour, doubt = slope(late)
            yield f"  {name:22} {late[0][1]:9.1f} -> {late[-1][1]:9.1f}   {per_hour:+8.2f} ± {doubt:.2f} an hour"
        back = ", ".join(f"{one:.1f} s" for one in self.back) or "none"
        yield f"  {self.looks - self.lost}/{self.looks} looks found it connected; back after each restart: {back}"


class Soak:
    """A server on a copy of the published files, and one wall that looks at it."""

    def __init__(self, home: Path, hours: float, port: int) -> None:
        self.home, self.hours, self.port = home, hours, port
        self.server = self._served()
        self.seen = Seen()
        self.published = self.killed = 0

    def _served(self) -> subprocess.Popen[bytes]:
        return serve(self.home, self.port)[0]

    def run(self) -> None:
        """Watch for `hours`: killed three times, and given new snapshots all the time."""
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            probe = page.context.new_cdp_session(page)
            probe.send("Performance.enable")
            page.goto(f"http://127.0.0.1:{self.port}/?wall=1&theme=dim&every=5")
            page.wait_for_selector(".wall-tile", timeout=60_000)
            began = time.monotonic()
            while (gone := (time.monotonic() - began) / 3600) < self.hours:
                self._disturb(page, gone)
                self.seen.looks += 1
                self.seen.lost += page.evaluate(LOST)
                self.seen.add(gone, {**heap(probe), "server, MB": resident(self.server.pid), **memory(browser)})
                page.wait_for_timeout(min(EVERY, self.hours * 3600 / 40) * 1000)
            browser.close()

    def _disturb(self, page: Page, gone: float) -> None:
        if gone > (self.published + 1) * min(self.hours / PUBLICATIONS, LONGEST_STILL):
            self.published += 1
            publish_again(self.home)
        if self.killed < len(RESTARTS) and gone > RESTARTS[self.killed] * self.hours:
            self.killed += 1
            self.server.kill()
            self.server.wait()
            until(page, LOST)
            self.server = self._served()
            self.seen.back.append(until(page, f"!{LOST}"))


def until(page: Page, condition: str) -> float:
    """Seconds until something is true in the page; asked from outside, for its own policy forbids eval."""
    began = time.monotonic()
    while not page.evaluate(condition):
        if time.monotonic() - began > 120:
            raise SystemExit(f"never within two minutes: {condition}")
        page.wait_for_timeout(100)
    return time.monotonic() - began


def heap(probe: CDPSession) -> dict[str, float]:
    """What is still held in the page after everything that nobody holds was collected."""
    for _ in range(2):  # what finalizers let go of is collected by the second
        probe.send("HeapProfiler.collectGarbage")
    told = {one["name"]: one["value"] for one in probe.send("Performance.getMetrics")["metrics"]}
    return {"page heap, MB": told["JSHeapUsedSize"] / 1e6, "page nodes": told["Nodes"],
            "page listeners": told["JSEventListeners"]}  # fmt: skip


def memory(browser: Browser) -> dict[str, float]:
    """Resident memory of the browser's processes that hold the page."""
    session = browser.new_browser_cdp_session()
    running = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {"renderer, MB": max(resident(one["id"]) for one in running if one["type"] == "renderer")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=PORT)
    typed = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(copied(typed.home, Path(folder)), typed.hours, typed.port)
        try:
            soak.run()
        finally:
            soak.server.terminate()
            soak.server.wait()
    print(f"soak of {typed.hours:g} h with {soak.published} new snapshots and {soak.killed} killed servers; "
          f"slopes are those of the second half:", *soak.seen.told(typed.hours), sep="\n")  # fmt: skip


if __name__ == "__main__":
    main()
