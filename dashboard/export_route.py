"""The address of an export: it names a ticket and nothing else, and never works twice."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard.export.counter import MOST_BYTES, Parcel
from dashboard.people import once
from dashboard.running import Running
from dashboard.session import COOKIE
from dashboard.words import PersonError

QUIET = {"Cache-Control": "no-store"}


def routes(running: Running) -> list[Route]:
    """`GET /export/<ticket>`: the file; `POST` with a picture drawn by the browser: its name, now that it is written
    down. 404 whatever the reason.
    """

    def parcel(request: Request, picture: bytes | None = None) -> Parcel | None:
        client = request.client.host if request.client else ""
        session, ticket = request.cookies.get(COOKIE, ""), request.path_params["ticket"]
        try:
            user = _user(running, request)
        except PersonError:
            return None
        if not session:
            return None  # a browser without a name could be any
        return running.exports.redeem(ticket, session, running.settings.now(), client, picture, user)

    def export(request: Request) -> Response:
        found = parcel(request)
        if found is None:
            return _nothing()
        headers = QUIET | {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return Response(found.body, media_type=found.media_type, headers=headers)

    async def picture(request: Request) -> Response:
        body = await _limited(request)
        found = await run_in_threadpool(parcel, request, body)
        return _nothing() if found is None else JSONResponse({"name": found.name}, headers=QUIET)

    return [Route("/export/{ticket:str}", export), Route("/export/{ticket:str}", picture, methods=["POST"])]


def _user(running: Running, request: Request) -> str | None:
    """Whom the proxy names, while they still hold anything; None where no door asks who somebody is."""
    visitor = running.entrance.people().visitor(once(request.headers.items()), running.settings.today())
    return None if visitor is None else visitor.name if visitor.grants else ""


def _nothing() -> Response:
    return PlainTextResponse("this export is not here (any more)\n", status_code=404)


async def _limited(request: Request) -> bytes:
    """The body, or so much of it that it is seen to be too long; nobody fills the memory from outside."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            break
    return bytes(body)
