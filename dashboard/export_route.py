"""The address of an export: it names a ticket and nothing else, and never works twice."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.running import Running
from dashboard.session import COOKIE


def routes(running: Running) -> list[Route]:
    """`GET /export/<ticket>`: the file, or 404 whatever the reason."""

    def export(request: Request) -> Response:
        client = request.client.host if request.client else ""
        session = request.cookies.get(COOKIE, "")
        ticket = request.path_params["ticket"]
        parcel = running.exports.redeem(ticket, session, running.settings.now(), client)
        if parcel is None:
            return PlainTextResponse("this export is not here (any more)\n", status_code=404)
        headers = {
            "Content-Disposition": f'attachment; filename="{parcel.name}"',
            "Cache-Control": "no-store",
        }
        return Response(parcel.body, media_type=parcel.media_type, headers=headers)

    return [Route("/export/{ticket:str}", export)]
