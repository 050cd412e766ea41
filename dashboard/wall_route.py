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
from dashboard.wall.plan import Plan, load_plan
from dashboard.wall.token import COOKIE, Walls
from dashboard.words import PersonError, word

SOON: Final = {"Retry-After": "1"}
"""A newer board is being made: ask again in a second."""


def boards_of(running: Running) -> Boards:
    """The boards of an installation, by the plan that its data name. Raises PersonError for a slip in the plan."""
    return Boards(running, load_plan(running.settings.data or PRODUCT_DATA))


def is_open(running: Running, plan: Plan) -> bool:
    """Whether a screen without a token is shown anything: where somebody has decided so, or where there is nothing
    to protect, which is invented numbers on an address that only this machine reaches.
    """
    if plan.enrolled_only is not None:
        return not plan.enrolled_only
    return running.settings.is_local and running.snapshots.current().publication.illustrative


def routes(running: Running, boards: Boards) -> list[Route]:
    """`GET /wall.json?…`: the board of a view, made once per snapshot, profile and day; and how a wall gets in."""
    walls = Walls(running.settings.home)

    def wall(request: Request) -> Response:
        view, profile = _asked(request)
        token = request.cookies.get(COOKIE)
        headers = {"Cache-Control": "no-cache"}
        try:
            if token is not None or not is_open(running, boards.plan):
                grant = walls.read(token or "", running.settings.today())
                if grant is None:
                    return refusal(view)
                view, profile = _enrolled(view), grant.profile
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


def _enrolled(view: View) -> View:
    """The whole place in the screen's language and theme: an enrolled wall turns no other page than its own."""
    return View(lang=view.lang, theme=view.theme, role="wall")


def _asked(request: Request) -> tuple[View, str]:
    """The view without what the browser alone decides: rooms and screens of every size share one board."""
    asked = dict(request.query_params)
    plain = dict.fromkeys(("wall", "room", "screen"), "")
    return read({**asked, **plain, "role": "wall"}), asked.get("profile", "")[:64]
