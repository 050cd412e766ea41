"""A browser keeps one random name, set by the server and unreadable for scripts, to which exports are bound."""

from __future__ import annotations

import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "ioc_session"


def name_browser(request: Request, response: Response) -> None:
    """Give a browser without a name one of 128 random bits."""
    if not request.cookies.get(COOKIE):
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, secrets.token_hex(16), httponly=True, samesite="strict", secure=secure)
