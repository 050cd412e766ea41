"""What every answer of the server carries and what it refuses: a door between our pages and the network.

Streamlit by itself sends no security headers, answers every unknown path with its page, and accepts a
WebSocket of any host name; here a path is known or it is not found, and a host is ours or it is refused.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        # The component's code arrives as a blob; nothing inline and nothing evaluated ever runs.
        "script-src 'self' blob:",
        # Streamlit and Plotly write styles while they draw.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
KNOWN: Final = ("/assets/", "/boundaries/", "/export/", "/static/", "/media/", "/_stcore/", "/oauth2callback")
PLACES: Final = ("/", "/healthz", "/metrics", "/wall.json", "/wall/enrol", "/favicon.png", "/manifest.json")
CLOSED: Final = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Open to anyone in Streamlit's default; nothing a browser needs."""


class Guard:
    """ASGI middleware: adds the headers, answers 404 to what is no place of ours, 421 to foreign hosts."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or WebSocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not self._is_our_host(scope):
            await _refuse(scope, send, 421)
        elif not _is_place(scope["path"]):
            await _refuse(scope, send, 404)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _is_our_host(self, scope: Scope) -> bool:
        """Against DNS rebinding: a page of another name must not speak to a server of this machine."""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        bare = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return not self._hosts or bare in self._hosts


def _is_place(path: str) -> bool:
    if any(path.startswith(closed) for closed in CLOSED):
        return False
    return path in PLACES or any(path.startswith(prefix) for prefix in KNOWN)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in HEADERS}
            kept = [(n, v) for n, v in message["headers"] if n.lower() not in ours and n.lower() != b"server"]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sending


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"not here\n"})
