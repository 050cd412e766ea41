"""`make pictures`: open the demo in a real browser and save what a reader of the README sees."""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.__main__ import PORT, serve
from tests.bench.browser import FLAGS

FOLDER = Path(__file__).resolve().parent
PICTURES = (
    ("overview-vi-light-1366.png", "/?page=overview&lang=vi&theme=light", 1366, 768, "light"),
    ("wall-vi-dim-1920.png", "/?wall=1&lang=vi&theme=dim", 1920, 1080, "dark"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make pictures")
    parser.add_argument("--home", type=Path, required=True)
    process, _ = serve(parser.parse_args().home)
    try:
        take(f"http://127.0.0.1:{PORT}")
    finally:
        process.terminate()
        process.wait()


def take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, path, width, height, scheme in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address + path)
            page.wait_for_timeout(9_000)
            page.screenshot(path=FOLDER / name)
            print(FOLDER / name)
        browser.close()


if __name__ == "__main__":
    main()
