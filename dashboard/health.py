"""Healthy means that a number can be read, not that a port is open: `/healthz` asks for a figure every time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard.here import arrive
from dashboard.query import REFUSED, answer
from dashboard.running import Running
from dashboard.url import View
from dashboard.words import PersonError


def routes(running: Running) -> list[Route]:
    """`GET /healthz`: 200 with what was read, 503 with the reason in one word; never a value."""

    def health(request: Request) -> JSONResponse:
        try:
            state = check(running)
        except Exception as error:
            # Whatever keeps a figure from being read is what this address exists to tell.
            reason = error.key if isinstance(error, PersonError) else type(error).__name__
            return JSONResponse({"status": "broken", "reason": reason}, status_code=503)
        return JSONResponse(state, status_code=200 if state["status"] == "ok" else 503)

    return [Route("/healthz", health)]


def check(running: Running) -> dict[str, object]:
    """Ask one figure of the snapshot in force as the wall would; raises what reading it raises."""
    here = arrive(running, View(role="wall"))
    indicator = next(iter(here.indicators))
    found = answer(here.snapshot, here.scope, here.question(indicator), today=here.today)
    trouble = running.snapshots.trouble
    return {
        "status": "broken" if found.status == REFUSED else "older" if trouble else "ok",
        "snapshot": here.snapshot.id,
        "data_until": here.snapshot.publication.data_until.isoformat(),
        "figure": {"indicator": indicator, "status": found.status},
    }
