"""A browser that is a wall is nothing else: with a wall's cookie only the wall's own addresses open."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.wall.enrol import PATH
from dashboard.wall.token import COOKIE

PLACES: Final = ("/wall.json", PATH, "/favicon.png", "/healthz")
KNOWN: Final = ("/assets/", "/boundaries/")


class WallDoor:
    """ASGI middleware: an enrolled wall asking for a desk, a file or a session is shown the wall or refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or WebSocket."""
        if scope["type"] not in ("http", "websocket") or not _is_wall(scope) or _is_for_walls(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["path"] == "/":
            await RedirectResponse("/?wall=1")(scope, receive, send)
        else:
            await PlainTextResponse("not for a wall\n", status_code=403)(scope, receive, send)


def _is_wall(scope: Scope) -> bool:
    try:
        return COOKIE in SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return False


def _is_for_walls(scope: Scope) -> bool:
    path = scope["path"]
    if path == "/":
        return b"wall=1" in scope.get("query_string", b"").split(b"&")
    return path in PLACES or path.startswith(KNOWN)
