"""A browser small enough for a test: asks an ASGI application one thing at a time, without a network."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


class Web:
    """Answers of an application to requests, with a cookie jar of its own."""

    def __init__(self, application: Any, base: str = "http://localhost") -> None:
        self._application = application
        self._base = base
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """One answer; redirects are not followed."""
        return asyncio.run(self._ask("GET", path, headers or {}))

    def post(self, path: str, content: bytes) -> httpx.Response:
        """One answer to bytes that are brought."""
        return asyncio.run(self._ask("POST", path, {}, content))

    async def _ask(self, method: str, path: str, headers: dict[str, str], content: bytes = b"") -> httpx.Response:
        transport = httpx.ASGITransport(app=self._application)
        async with httpx.AsyncClient(transport=transport, base_url=self._base, cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, content=content)
            self.cookies.update(client.cookies)
            return answer
