"""The wall's numbers as one JSON file with a tag: whoever has it already is answered in nothing but a 304."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.running import PRODUCT_DATA, Running
from dashboard.url import View, read
from dashboard.wall import enrol
from dashboard.wall.boards import Boards
from dashboard.wall.enrol import refusal
from dashboard.wall.plan import load_plan
from dashboard.wall.token import COOKIE, Walls
from dashboard.words import PersonError, word

SOON: Final = {"Retry-After": "1"}
"""A newer board is being made: ask again in a second."""


def routes(running: Running) -> list[Route]:
    """`GET /wall.json?…`: the board of a view, made once per snapshot, profile and day; and how a wall gets in."""
    plan, walls = load_plan(running.settings.data or PRODUCT_DATA), Walls(running.settings.home)
    boards = Boards(running, plan)

    def wall(request: Request) -> Response:
        view, profile = _asked(request)
        token = request.cookies.get(COOKIE)
        if token is not None or plan.enrolled_only:
            grant = walls.read(token or "", running.settings.today())
            if grant is None:
                return refusal(view)
            # One profile and the whole place: an enrolled wall turns no other page than its own.
            view, profile = View(lang=view.lang, theme=view.theme, role="wall"), grant.profile
        headers = {"Cache-Control": "no-cache"}
        try:
            found = boards.ready(view, profile)
            if found is None and boards.is_making(view, profile):
                told = {"error": word("wall.making", view.language)}
                return JSONResponse(told, status_code=503, headers=headers | SOON)
            found = found or boards.made(view, profile)
        except PersonError as error:
            return JSONResponse({"error": error.text(view.language)}, status_code=503, headers=headers)
        headers["ETag"] = found.tag
        if not boards.is_newest(found):
            headers |= SOON
        if request.headers.get("if-none-match") == found.tag:
            return Response(status_code=304, headers=headers)
        return Response(found.body, media_type="application/json", headers=headers)

    return [Route("/wall.json", wall), *enrol.routes(running, walls)]


def _asked(request: Request) -> tuple[View, str]:
    """The view without what the browser alone decides: rooms and screens of every size share one board."""
    asked = dict(request.query_params)
    plain = dict.fromkeys(("wall", "room", "screen"), "")
    return read({**asked, **plain, "role": "wall"}), asked.get("profile", "")[:64]
