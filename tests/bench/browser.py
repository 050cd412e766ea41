"""A filter change in a real browser against a static page that holds the very same figures."""

from __future__ import annotations

import json
import statistics
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
AGAIN = WATCH.replace("window.bench = {last: 0, since: 0, count: 0};", "")
ROOT = """() => new URL(document.querySelector('link[href*="look.css"]').href).pathname.replace('/look.css', '')"""
GO = """(address) => {
  const link = document.createElement('a');
  link.setAttribute('data-go', ''); link.href = address; document.body.append(link);
  window.bench.count = 0; window.bench.last = 0; window.bench.since = performance.now(); link.click(); link.remove();
}"""
FIGURES = """() => ({
  charts: [...document.querySelectorAll('.js-plotly-plot')].map(
    (plot) => ({data: plot.data, layout: plot.layout, width: plot.clientWidth, height: plot.clientHeight})),
  texts: [...document.querySelectorAll('.ioc')].filter((one) => !one.parentElement.closest('.ioc'))
    .map((one) => ({html: one.innerHTML, kind: one.className, width: one.clientWidth}))})"""

STATIC = """<!doctype html><html data-theme="light"><meta charset="utf-8"><link rel="stylesheet" href="ROOT/look.css">
<body><script src="ROOT/plotly.min.js"></script><script>
const sets = SETS;
const box = (one, kind) => {
  const made = document.createElement('div'); made.style.width = one.width + 'px'; made.className = kind;
  if (!kind) made.style.height = one.height + 'px';
  document.body.append(made); return made; };
const texts = sets[0].texts.map((one) => box(one, one.kind)), boxes = sets[0].charts.map((one) => box(one, ''));
const draw = (set) => {
  sets[set].texts.forEach((one, at) => { if (texts[at]) texts[at].innerHTML = one.html; });
  return Promise.all(sets[set].charts.map((one, at) =>
    Plotly.react(boxes[at], structuredClone(one.data), structuredClone(one.layout), {topojsonURL: 'ROOT/topojson/'})));
};
window.ready = document.fonts.ready.then(() => draw(0));
window.change = async (set) => { const start = performance.now(); await draw(set); return performance.now() - start; };
</script></body></html>"""


def settled(page: Page, quiet_ms: int = 700) -> float:
    """Milliseconds from the click to the last drawing, once nothing has been drawn for `quiet_ms`."""
    page.wait_for_function(
        f"() => window.bench.count > 0 && performance.now() - window.bench.last > {quiet_ms}", timeout=60_000)
    return float(page.evaluate("() => window.bench.last - window.bench.since"))


def redraws(address: str, months: list[str]) -> tuple[float, float]:
    """Median seconds of `CHANGES` changes of the period on the public services screen, and of the same changes on
    a page that holds both pictures already; measured in turns, so that a slow minute slows both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        app, still = (browser.new_page(viewport={"width": 1366, "height": 900}) for _ in range(2))
        app.goto(f"{address}/?page=public_services&period={months[-1]}")
        app.wait_for_selector(".js-plotly-plot", timeout=60_000)
        app.wait_for_timeout(6_000)
        app.evaluate(WATCH)
        figures = [seen for month in months[:2] if changed(app, month) and (seen := app.evaluate(FIGURES))]
        stand_still(still, address, figures, root=str(app.evaluate(ROOT)))
        both = [(changed(app, months[at % len(months)]), float(still.evaluate("(set) => window.change(set)", at % 2)))
                for at in range(2, CHANGES + 2)]  # fmt: skip
        browser.close()
    ours, limit = zip(*both, strict=True)
    return statistics.median(ours) / 1000, statistics.median(limit) / 1000


def changed(page: Page, month: str) -> float:
    """Milliseconds that a click on another month takes until the last chart is drawn."""
    page.evaluate(AGAIN)
    page.evaluate(GO, f"?page=public_services&period={month}")
    return settled(page)


def stand_still(page: Page, address: str, figures: list[Any], root: str) -> None:
    """Open a page with the same tiles, texts and charts in the same type, which asks nobody for a change."""
    body = STATIC.replace("SETS", json.dumps(figures).replace("</", "<\\/")).replace("ROOT", root)
    page.route(f"{address}/standing-still", lambda route: route.fulfill(content_type="text/html", body=body))
    page.goto(f"{address}/standing-still")
    page.evaluate("() => window.ready")
