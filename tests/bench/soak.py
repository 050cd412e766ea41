"""`make soak HOURS=…`: one wall in a real browser for hours; memory of server and page as slopes."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.__main__ import PORT, serve
from tests.bench.browser import FLAGS
from tests.bench.walls import resident, slope

EVERY = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--hours", type=float, default=1.0)
    typed = parser.parse_args()
    process, _ = serve(typed.home)
    try:
        print(soak(f"http://127.0.0.1:{PORT}", process.pid, typed.hours))
    finally:
        process.terminate()
        process.wait()


def soak(address: str, pid: int, hours: float) -> str:
    """Watch for `hours`; the first tenth, in which caches fill, does not count."""
    server: list[tuple[float, float]] = []
    page_heap: list[tuple[float, float]] = []
    lost = ticks = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        probe = page.context.new_cdp_session(page)
        probe.send("Performance.enable")
        page.goto(f"{address}/?wall=1&theme=dim&every=5")
        page.wait_for_selector(".wall-tile", timeout=60_000)
        began = time.monotonic()
        while (gone := (time.monotonic() - began) / 3600) < hours:
            probe.send("HeapProfiler.collectGarbage")
            heap = {one["name"]: one["value"] for one in probe.send("Performance.getMetrics")["metrics"]}
            ticks += 1
            lost += page.evaluate("document.body.classList.contains('wall-lost')")
            if gone >= hours / 10:
                server.append((gone, resident(pid)))
                page_heap.append((gone, heap["JSHeapUsedSize"] / 1e6))
            page.wait_for_timeout(min(EVERY, hours * 3600 / 20) * 1000)
        browser.close()
    return (f"soak {hours:g} h: server {server[-1][1]:.0f} MB, {slope(server):+.2f} MB/h; page heap "
            f"{page_heap[-1][1]:.1f} MB, {slope(page_heap):+.2f} MB/h; {ticks - lost}/{ticks} looks found it connected")


if __name__ == "__main__":
    main()
