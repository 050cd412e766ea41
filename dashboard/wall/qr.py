"""The way from the wall to a phone: the address of the same page, and nothing about who may see it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import segno

from dashboard.here import Here
from dashboard.url import View

SCREENS: Final = ("overview", "public_services", "hotline")
"""Pages of the wall that are screens of the app under the same name."""


def phone(here: Here, page: str) -> dict[str, object] | None:
    """The QR code of a page on `public_address` of `place.toml`; None where the place has named none."""
    public = str(here.snapshot.publication.place.get("public_address") or "")
    if urlsplit(public).scheme not in ("http", "https"):
        return None
    view = View(page=page if page in SCREENS else "", period=here.period.code, lang=here.view.lang)
    address = f"{public.rstrip('/')}/{view.query()}"
    return {"address": address, "caption": here.word("wall.phone"), **drawn(address)}


def drawn(address: str) -> dict[str, object]:
    """A code as one SVG path over `size` modules, without its quiet zone."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    dark = [f"M{at} {line}h1v1h-1z" for line, row in enumerate(rows) for at, module in enumerate(row) if module]
    return {"size": len(rows), "path": "".join(dark)}
