"""The first bytes a browser gets: Streamlit's own page, in our language, with our theme set before it draws."""

from __future__ import annotations

import html
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from dashboard.assets import ROOT
from dashboard.running import Running
from dashboard.session import name_browser
from dashboard.url import read
from dashboard.wall.page import wall_page
from dashboard.words import PersonError, word

_HEAD: Final = """
<script src="{root}/script/boot.js"></script>
<link rel="stylesheet" href="{root}/look.css">
"""
_NOISE: Final = re.compile(
    r"<noscript>.*?</noscript>|<link[^>]*service-desc[^>]*/>|<link[^>]*SourceSans[^>]*/>|<!--.*?-->"
    r"|<script>.*?</script>",
    re.DOTALL,
)


@cache
def index(lang: str, theme: str, title: str) -> str:
    """The page for a language and a theme; what Streamlit says to machines in English is left out."""
    source = (Path(str(files(streamlit))) / "static" / "index.html").read_text(encoding="utf-8")
    page = _NOISE.sub("", source).replace('<html lang="en">', f'<html lang="{lang}" data-theme="{theme}">')
    page = page.replace("<title>Streamlit</title>", f"<title>{html.escape(title)}</title>")
    page = page.replace("<meta charset", _HEAD.format(root=ROOT) + "<meta charset", 1)
    return page.replace('<div id="root">', f'<noscript>{word("frame.no_script", lang)}</noscript><div id="root">')


def routes(running: Running) -> list[Route]:
    """The route of the page; the wall is a page of its own, without a session behind it."""

    def page(request: Request) -> HTMLResponse:
        view = read(dict(request.query_params))
        title = _title(running, view.language)
        text = wall_page(view, title, running) if view.wall else index(view.language, view.look, title)
        answer = HTMLResponse(text, headers={"Cache-Control": "no-cache"})
        name_browser(request, answer)
        return answer

    return [Route("/", page)]


def _title(running: Running, lang: str) -> str:
    try:
        return str(running.snapshots.current().publication.place["name"][lang])
    except (PersonError, KeyError):
        return word("frame.product", lang)
