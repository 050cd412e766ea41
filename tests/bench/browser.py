"""A filter change in a real browser against a static page that holds the very same figures."""

from __future__ import annotations

import http.server
import json
import statistics
import threading
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
CHANGES = 8

# Counts drawings of every chart on the page; `since` is set at the click.
WATCH = """() => {
  window.bench = {last: 0, since: 0, count: 0};
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (plot.benched) continue;
    plot.benched = true;
    plot.on('plotly_afterplot', () => { window.bench.last = performance.now(); window.bench.count += 1; });
  }
  return document.querySelectorAll('.js-plotly-plot').length;
}"""
GO = """(address) => {
  const link = document.createElement('a');
  link.setAttribute('data-go', ''); link.href = address; document.body.append(link);
  window.bench.count = 0; window.bench.last = 0; window.bench.since = performance.now(); link.click(); link.remove();
}"""
FIGURES = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
  (plot) => ({data: plot.data, layout: plot.layout, width: plot.clientWidth, height: plot.clientHeight}))"""

STATIC = """<!doctype html><meta charset="utf-8"><body><script src="plotly.js"></script><script>
const sets = SETS;
sets[0].forEach((one) => { const box = document.createElement('div');
  box.style.width = one.width + 'px'; box.style.height = one.height + 'px'; document.body.append(box); });
const boxes = [...document.querySelectorAll('div')];
const draw = (set) => Promise.all(sets[set].map((one, at) =>
  Plotly.react(boxes[at], structuredClone(one.data), structuredClone(one.layout), {topojsonURL: 'topojson/'})));
window.ready = draw(0);
window.change = async (set) => { const start = performance.now(); await draw(set); return performance.now() - start; };
</script></body>"""


def settled(page: Page, quiet_ms: int = 700) -> float:
    """Milliseconds from the click to the last drawing, once nothing has been drawn for `quiet_ms`."""
    page.wait_for_function(
        f"() => window.bench.count > 0 && performance.now() - window.bench.last > {quiet_ms}", timeout=60_000)
    return float(page.evaluate("() => window.bench.last - window.bench.since"))


def redraws(address: str, months: list[str]) -> tuple[list[float], list[Any], dict[str, bytes]]:
    """Times of `CHANGES` changes of the period on the public services screen, the figures of two
    periods, and the polygons that they draw by their address."""
    times: list[float] = []
    figures: list[Any] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.goto(f"{address}/?page=public_services&period={months[0]}")
        page.wait_for_selector(".js-plotly-plot", timeout=60_000)
        page.wait_for_timeout(6_000)
        page.evaluate(WATCH)
        figures.append(page.evaluate(FIGURES))
        for at in range(CHANGES):
            page.evaluate(WATCH.replace("window.bench = {last: 0, since: 0, count: 0};", ""))
            page.evaluate(GO, f"?page=public_services&period={months[(at + 1) % len(months)]}")
            times.append(settled(page))
            if len(figures) < 2:
                figures.append(page.evaluate(FIGURES))
        shapes = {path: page.request.get(address + path).body() for path in boundaries(figures)}
        browser.close()
    return times, figures, shapes


def boundaries(figures: list[Any]) -> set[str]:
    """The addresses of the polygons that the figures draw."""
    return {str(trace["geojson"]) for one in figures for chart in one for trace in chart["data"] if "geojson" in trace}


def static_redraws(figures: list[Any], shapes: dict[str, bytes], plotly: Path, folder: Path) -> list[float]:
    """The same change of the same figures on a page that holds both sets and asks nobody."""
    (folder / "plotly.js").write_bytes(plotly.read_bytes())
    (folder / "topojson").mkdir(exist_ok=True)
    stub = Path(__file__).resolve().parents[2] / "dashboard/static/topojson/world_110m.json"
    (folder / "topojson/world_110m.json").write_bytes(stub.read_bytes())
    for path, body in shapes.items():
        (folder / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (folder / path.lstrip("/")).write_bytes(body)
    (folder / "index.html").write_text(STATIC.replace("SETS", json.dumps(figures)), encoding="utf-8")
    handler = partial(Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
            page.evaluate("() => window.ready")
            times = [float(page.evaluate("(set) => window.change(set)", (at + 1) % 2)) for at in range(CHANGES)]
            browser.close()
        server.shutdown()
    return times


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on the terminal for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def medians(app: list[float], static: list[float]) -> tuple[float, float]:
    """Seconds of both pages."""
    return statistics.median(app) / 1000, statistics.median(static) / 1000
