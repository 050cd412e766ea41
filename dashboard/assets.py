"""Everything a browser needs lies on this machine: library, fonts, styles, boundaries; no page ever reaches out.

The chart library is served from the installed plotly package, so no copy of it is kept; addresses carry a
fingerprint of their content, so a browser may keep them for ever and still never sees an old one.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

import plotly
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import look

STATIC: Final = Path(str(files("dashboard"))) / "static"
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"


def _fingerprint() -> str:
    """Ten hex digits over every shipped file, the tokens and the library's version."""
    digest = hashlib.sha256(version("plotly").encode() + "".join(stylesheet()).encode())
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def stylesheet() -> Iterator[str]:
    """The one style sheet of app and wall: fonts, the tokens of both themes, then our rules."""
    yield look.font_faces("fonts/")
    for theme in look.THEMES:
        yield f":root[data-theme={theme}]{{{look.css_variables(theme)}}}"
    for path in sorted((STATIC / "style").glob("*.css")):
        yield path.read_text(encoding="utf-8")


@cache
def _library() -> bytes:
    """plotly.min.js, compressed once: 4.8 MB become 1.4 MB on the wire."""
    source = Path(str(plotly.__file__)).parent / "package_data" / "plotly.min.js"
    return gzip.compress(source.read_bytes(), compresslevel=6, mtime=0)


FINGERPRINT: Final = _fingerprint()
ROOT: Final = f"/assets/{FINGERPRINT}"


async def _plotly(request: Request) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    return Response(_library(), media_type=KINDS[".js"], headers=headers)


async def _style(request: Request) -> Response:
    return Response("\n".join(stylesheet()), media_type=KINDS[".css"], headers={"Cache-Control": FOR_EVER})


async def _fonts(request: Request) -> Response:
    """Only the font rules, with whole addresses: a saved picture carries its fonts inside."""
    rules = look.font_faces(f"{ROOT}/fonts/")
    return Response(rules, media_type=KINDS[".css"], headers={"Cache-Control": FOR_EVER})


async def _file(request: Request) -> Response:
    """One shipped file by its exact name: looked up among the files there are, never joined to a path."""
    wanted = request.path_params["path"]
    for path in _shipped():
        if path.relative_to(STATIC).as_posix() == wanted:
            kind = KINDS.get(path.suffix, "application/octet-stream")
            return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": FOR_EVER})
    return PlainTextResponse("not found", status_code=404)


@cache
def _shipped() -> tuple[Path, ...]:
    return tuple(path for path in sorted(STATIC.rglob("*")) if path.is_file())


def routes() -> list[Route]:
    """The routes of everything that is the same for every reader and every installation."""
    return [
        Route(f"{ROOT}/plotly.min.js", _plotly),
        Route(f"{ROOT}/look.css", _style),
        Route(f"{ROOT}/fonts.css", _fonts),
        Route(f"{ROOT}/{{path:path}}", _file),
    ]
