"""Every screen, in both languages, light and dim, from a phone to 4K: nothing cut off, nothing on top of another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dashboard.screens import screens
from dashboard.screens.explain import TABS
from tests.dashboard.browsing import at_rest
from tests.dashboard.test_chromium import home, one_page, page, pytestmark, server  # noqa: F401 - fixtures

SIZES = [(1366, 768), (1920, 1080), (3840, 2160), (390, 844)]
# Words depend on the language and colours on the theme, not on both: the usual run takes them in pairs.
PAIRS = [("vi", "light"), ("en", "dim")]
EVERY = [*PAIRS, ("vi", "dim"), ("en", "light")]
AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")


def role_of(screen):
    return {"party": "party", "doctor": "steward"}.get(screen, "leader")


@pytest.mark.parametrize("lang,theme", EVERY if os.environ.get("IOC_EVERY_COMBINATION") else PAIRS)
@pytest.mark.parametrize("screen", [*screens()])
def test_a_screen_is_fit_to_be_shown(page, server, screen, lang, theme):  # noqa: F811
    is_fit(page, f"{server}/?page={screen}&lang={lang}&theme={theme}&role={role_of(screen)}&period=2026-10")


@pytest.mark.parametrize("lang,shown", [("vi", "Chọn tệp"), ("en", "Choose a file")])
def test_the_uploader_speaks_the_language_of_its_page(page, server, lang, shown):  # noqa: F811
    page.goto(f"{server}/?page=doctor&role=steward&lang={lang}")
    button = page.locator("[data-testid=stFileUploaderDropzone] button p")
    button.wait_for()
    at_rest(page)
    drawn = "p => [getComputedStyle(p, '::after').content, getComputedStyle(p).fontSize]"
    assert button.evaluate(drawn) == [f'"{shown}"', "0px"]
    assert not page.get_by_text("per file").is_visible()


@pytest.mark.parametrize("tab", TABS)
def test_every_answer_about_a_number_is_fit_to_be_shown(page, server, tab):  # noqa: F811
    is_fit(page, f"{server}/?page=explain&indicator=DVC08&tab={tab}&role=analyst&period=2026-10", [SIZES[0], SIZES[-1]])


def is_fit(page, address, sizes=SIZES):  # noqa: F811
    page.goto(address)
    at_rest(page)
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        assert page.evaluate(AUDIT) == [], f"{width} px"
    assert page.outside == []
    assert page.complaints == []
