"""A wall is let in once: its address carries the token behind a #, which no log and no proxy ever sees."""

from __future__ import annotations

import html
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from dashboard.assets import ROOT
from dashboard.running import Running
from dashboard.url import View, read
from dashboard.wall.token import COOKIE, Walls
from dashboard.words import word

PATH: Final = "/wall/enrol"
LONGEST: Final = 256
"""Bytes of a token that anybody may send us."""
_DAY: Final = 86_400
_PAGE: Final = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head><meta charset="UTF-8"><title>{title}</title><link rel="stylesheet" href="{root}/look.css"></head>
<body class="wall wall-refuse"><section class="wall-refused room"><p id="told">{title}</p></section>
<script type="module" src="{root}/script/wall_enrol.js"></script></body>
</html>
"""


def routes(running: Running, walls: Walls) -> list[Route]:
    """`GET /wall/enrol` shows the page whose script sends the token; `POST` takes it and sets the cookie."""

    def page(request: Request) -> Response:
        view = read(dict(request.query_params))
        title = html.escape(word("wall.enrol", view.language))
        text = _PAGE.format(lang=view.language, theme=view.look, title=title, root=ROOT)
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    async def enrol(request: Request) -> Response:
        token, today = await _sent(request), running.settings.today()
        grant = walls.read(token, today)
        if grant is None:
            return refusal(read(dict(request.query_params)))
        answer = JSONResponse({"profile": grant.profile}, headers={"Cache-Control": "no-store"})
        age = ((grant.until - today).days + 1) * _DAY
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="strict", secure=secure)
        return answer

    return [Route(PATH, page, methods=["GET"]), Route(PATH, enrol, methods=["POST"])]


async def _sent(request: Request) -> str:
    """The body, as far as a token can be long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            return ""
    return body.decode("ascii", errors="replace").strip()


def refusal(view: View) -> JSONResponse:
    """Forged, revoked and outdated are told in one sentence: whoever tries learns nothing from it."""
    said = {"error": word("wall.not_enrolled", view.language)}
    return JSONResponse(said, status_code=403, headers={"Cache-Control": "no-store"})
