"""The annotated copy leaves like every other file: written down first, and only for the browser that asked."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import audit
from dashboard.exchange import Exchange
from dashboard.export.xlsx import MEDIA_TYPE
from dashboard.running import Running
from dashboard.session import COOKIE

NUMBER: Final = re.compile(r"[0-9a-f]{32}")


def routes(running: Running) -> list[Route]:
    """`GET /export/doctor/<number>`: the workbook, or 404 whatever the reason."""

    def copy(request: Request) -> Response:
        number, session = request.path_params["number"], request.cookies.get(COOKIE, "")
        exchange = Exchange(running.settings.home / "exchange")
        body = exchange.annotated(number, session) if NUMBER.fullmatch(number) else None
        if body is None:
            return PlainTextResponse("this export is not here (any more)\n", status_code=404)
        _record(running, number, body, request.client.host if request.client else "")
        headers = {
            "Content-Disposition": f'attachment; filename="doctor-{number[:8]}.xlsx"',
            "Cache-Control": "no-store",
        }
        return Response(body, media_type=MEDIA_TYPE, headers=headers)

    return [Route("/export/doctor/{number:str}", copy)]


def _record(running: Running, number: str, body: bytes, client: str) -> None:
    """One line, on the disk before the first byte leaves."""
    event: dict[str, object] = {
        "utc": running.settings.now().isoformat(timespec="seconds"),
        "action": "export",
        "export": number[:8],
        "object": "doctor",
        "format": "xlsx",
        "sha256": hashlib.sha256(body).hexdigest(),
        "client": client,
    }
    audit.append(running.settings.home / "audit" / "exports.jsonl", event)
