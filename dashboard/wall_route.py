"""The wall's numbers as one JSON file with a tag: whoever has it already is answered in nothing but a 304."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.here import arrive
from dashboard.running import Running
from dashboard.url import as_parameters, read
from dashboard.wall.board import board
from dashboard.words import PersonError


def routes(running: Running) -> list[Route]:
    """`GET /wall.json?…`: the board of a view, made once per snapshot and day."""

    def wall(request: Request) -> Response:
        view = read({**dict(request.query_params), "role": "wall"})
        try:
            snapshot = running.snapshots.current()
            tag = _tag(snapshot.id, running.settings.today().isoformat(), str(as_parameters(view)))
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
            key = ("wall", running.settings.today(), view)
            shown = snapshot.remember(key, lambda: board(arrive(running, view)))
        except PersonError as error:
            return JSONResponse({"error": error.text(view.language)}, status_code=503)
        return JSONResponse(shown, headers={"ETag": tag, "Cache-Control": "no-cache"})

    return [Route("/wall.json", wall)]


def _tag(*parts: object) -> str:
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"'
