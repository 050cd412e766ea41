"""The wall's numbers as one JSON file with a tag: whoever has it already is answered in nothing but a 304."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.loading import is_loading
from dashboard.people import PROXY
from dashboard.running import PRODUCT_DATA, Running
from dashboard.snapshot import Snapshot
from dashboard.url import View, read
from dashboard.wall import enrol
from dashboard.wall.boards import Boards, Made
from dashboard.wall.enrol import refusal
from dashboard.wall.plan import Plan, load_plan
from dashboard.wall.token import COOKIE, Walls
from dashboard.words import PersonError, word

UNKEPT: Final = {"Cache-Control": "no-cache"}
SOON: Final = {"Retry-After": "1"}
"""A newer board is being made, or newer numbers are: ask again in a second."""
LOOKS: Final = 5
"""So often a held question is put again: over two seconds, which is half of a wall's patience."""
LOOK: Final = 0.4
"""Seconds between two times."""


def boards_of(running: Running) -> Boards:
    """The boards of an installation, by the plan that its data name. Raises PersonError for a slip in the plan."""
    return Boards(running, load_plan(running.settings.data or PRODUCT_DATA))


def is_open(running: Running, plan: Plan, shown: Snapshot) -> bool:
    """Whether a screen without a token is shown anything: where somebody has decided so, or where there is nothing
    to protect, which is invented numbers on an address that only this machine reaches, with no proxy before it.
    """
    if plan.enrolled_only is not None:
        return not plan.enrolled_only
    is_reached = not running.settings.is_local or running.entrance.people().door == PROXY
    return shown.publication.illustrative and not is_reached


def routes(running: Running, boards: Boards) -> list[Route]:
    """`GET /wall.json?…`: the board of a view, made once per snapshot, profile and day; and how a wall gets in.

    Who prefers to wait (RFC 7240) and has the board is held for a moment where a newer one is to be expected.
    """
    walls = Walls(running.settings.home)

    async def wall(request: Request) -> Response:
        return await patiently(at_once, request)

    async def at_once(request: Request) -> Response:
        # What is at hand is answered here: a thread of its own would wait its turn behind everybody's charts.
        at_hand = running.snapshots.at_hand()
        found = None if at_hand is None else answer(request, at_hand)
        return found or cast(Response, await run_in_threadpool(answer, request, None))  # who may wait is answered

    def answer(request: Request, at_hand: Snapshot | None) -> Response | None:
        """With a snapshot at hand at once or not at all; without one after whatever it takes."""
        view, profile = _asked(request)
        token = request.cookies.get(COOKIE)
        try:
            shown = at_hand or running.snapshots.current()
            if token is not None or not is_open(running, boards.plan, shown):
                grant = walls.read(token or "", running.settings.today())
                if grant is None:
                    return refusal(view)
                view, profile = _enrolled(view), grant.profile
            now = boards.now(shown)
            found = boards.ready(view, profile, now)
            if found is None and boards.is_making(view, profile):
                return _told(word("wall.making", view.language), 202, SOON)
            if found is None and at_hand is not None:
                return None
            found = found or boards.made(view, profile)
            is_last = found.of == now and not is_loading(running.settings.home, running.settings.now())
            return _shown(found, request.headers.get("if-none-match"), is_last)
        except PersonError as error:
            return _told(error.text(view.language))

    return [Route("/wall.json", wall), *enrol.routes(running, walls)]


async def patiently(ask: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    """The answer; who prefers to wait gets it a little later where it would be another one by then."""
    found = await ask(request)
    for _ in range(LOOKS if "wait" in request.headers.get("prefer", "") else 0):
        if found.status_code != 304 or "retry-after" not in found.headers:
            break
        # Newer numbers are on their way: to look again costs less than to be asked again.
        await asyncio.sleep(LOOK)
        found = await ask(request)
    return found


def _shown(found: Made, known: str | None, is_last: bool) -> Response:
    """The board, or the word that it is `known` already; who will be shown another one shortly is asked back soon."""
    headers = UNKEPT | {"ETag": found.tag} | ({} if is_last else SOON)
    if known == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type="application/json", headers=headers)


def _told(text: str, status: int = 503, headers: Mapping[str, str] = UNKEPT) -> Response:
    return JSONResponse({"error": text}, status_code=status, headers=UNKEPT | dict(headers))


def _enrolled(view: View) -> View:
    """The whole place in the screen's language and theme: an enrolled wall turns no other page than its own."""
    return View(lang=view.lang, theme=view.theme, role="wall")


def _asked(request: Request) -> tuple[View, str]:
    """The view without what the browser alone decides: rooms and screens of every size share one board."""
    asked = dict(request.query_params)
    plain = dict.fromkeys(("wall", "room", "screen"), "")
    return read({**asked, **plain, "role": "wall"}), asked.get("profile", "")[:64]
