"""One window of one Chromium for all tests of a module: to open another costs more than most of them ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = ["--no-sandbox", "--disable-gpu"]
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning] .ioc-nav"
EMPTY = "<!doctype html><link rel=icon href='data:,'>"  # of our origin, and asks the server for nothing


@contextmanager
def window(path: str, address: str, width: int, height: int) -> Iterator[Any]:
    """A page that notes whom it asked beyond `address` (`outside`) and what went wrong in it (`complaints`)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        context = chromium.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        yield watched(context.new_page(), address)
        chromium.close()


def watched(page: Any, address: str) -> Any:
    """The page, which notes from now on what it should not do."""
    page.set_default_timeout(60_000)
    page.outside, page.complaints = [], []
    ours = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(ours) else page.outside.append(asked.url))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def as_new(page: Any, address: str, width: int, height: int) -> Any:
    """The page as if nobody had been there: what an earlier test opened, stored, intercepted or cut off is undone."""
    page.unroute_all()
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.set_viewport_size({"width": width, "height": height})
    page.route(f"{address}/empty", lambda route: route.fulfill(content_type="text/html", body=EMPTY))
    page.goto(f"{address}/empty")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.unroute_all()
    page.outside.clear()
    page.complaints.clear()
    return page


def until(page: Any, condition: str) -> None:
    """Wait for something to be true; asked from outside, because the page's own policy forbids eval."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {condition}")


def at_rest(page: Any) -> None:
    """Wait until the script has run and charts have followed the width."""
    page.wait_for_selector(AT_REST, state="attached")
    page.wait_for_timeout(700)
