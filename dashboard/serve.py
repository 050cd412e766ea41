"""One process serves everything: pages, wall, exports, shapes and health, to this machine unless told otherwise."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from dashboard import assets, boundaries, doctor_route, export_route, health, look, metrics, page, wall_route
from dashboard.guard import Guard
from dashboard.people import FILE, OPEN, PROXY
from dashboard.running import Running, start
from dashboard.settings import Settings, is_loopback
from dashboard.wall.boards import Boards
from dashboard.wall.door import WallDoor
from dashboard.warm import Warmer, settle
from dashboard.words import PersonError

SCRIPT: Final = Path(str(files("dashboard"))) / "app.py"
OPTIONS: Final = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.disconnectedSessionTTL": 30,
    "server.maxUploadSize": 50,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "client.showSidebarNavigation": False,
    "runner.magicEnabled": False,
    # A look for garbage after every run holds up every session (100 ms and more) while charts wait to be sent.
    "runner.postScriptGC": False,
    "logger.level": "warning",
}

TURN: Final = 0.0002
"""Seconds that one thread may keep the interpreter while another one wants it."""

OFTEN: Final = (5_000, 20, 1_000_000)
"""The collector looks at what is young as it always does, and never by itself at everything: that takes 200 ms,
in which no wall is answered. The warmer does it every few minutes instead (measured: every four seconds before)."""


def serve(settings: Settings) -> int:
    """Serve until stopped; returns the exit code.

    Raises PersonError when anyone could choose a role where they must not, when `people.toml` is wrong, and when
    the home has nothing to show.
    """
    running = start(settings)
    refuse_open_door(running)
    application(running).run(config=options(settings, public_host(running)))
    return 0


def refuse_open_door(running: Running) -> None:
    """Without a proxy that says who somebody is, everyone who reaches the address may pick any role."""
    door, settings = running.entrance.people().door, running.settings
    if door == PROXY:
        return
    if not is_loopback(settings.address) and not settings.allow_network:
        raise PersonError("serve.open_demo", address=settings.address)
    if door != OPEN and not running.snapshots.current().publication.illustrative:
        raise PersonError("serve.open_numbers", file=FILE)


def options(settings: Settings, public: str = "") -> dict[str, object]:
    """Streamlit's options: ours, the theme from `look`, where to listen, and the host of the `public` address."""
    where = {"server.address": settings.address, "server.port": settings.port}
    # Without it a session that comes through the proxy is refused, after asking the internet who we are.
    named = {"browser.serverAddress": public} if public else {}
    return OPTIONS | look.streamlit_theme() | where | named


def public_host(running: Running) -> str:
    """The host under which a proxy shows this dashboard to others, as `public_address` of place.toml names it."""
    return urlsplit(str(running.snapshots.current().publication.place.get("public_address") or "")).hostname or ""


def hosts(running: Running) -> frozenset[str]:
    """The names under which this server answers; on an address that others reach, every name."""
    own = {"127.0.0.1", "localhost", "[::1]", public_host(running)} - {""}
    return frozenset(own) if is_loopback(running.settings.address) else frozenset()


def application(running: Running) -> streamlit.App:
    """The ASGI application, ready to run or to be tested."""
    boards = wall_route.boards_of(running)
    return streamlit.App(
        SCRIPT,
        routes=routes(running, boards),
        middleware=[Middleware(Guard, hosts=hosts(running)), Middleware(WallDoor)],
        lifespan=_lifespan(Warmer(running, boards)),
        on_script_error=_shown_by_the_frame,
    )


def routes(running: Running, boards: Boards) -> list[BaseRoute]:
    """Everything beside Streamlit's own routes."""
    return [
        *page.routes(running),
        *health.routes(running),
        *metrics.routes(running),
        *wall_route.routes(running, boards),
        *export_route.routes(running),
        *doctor_route.routes(running),
        *assets.routes(),
        *boundaries.routes(running.boundaries),
    ]


def _lifespan(warmer: Warmer) -> Callable[[streamlit.App], AbstractAsyncContextManager[dict[str, object]]]:
    @asynccontextmanager
    async def life(app: streamlit.App) -> AsyncIterator[dict[str, object]]:
        settle()
        gc.set_threshold(*OFTEN)
        # A wall's question waits a turn for every thread in front of it: shorter turns, shorter waits.
        sys.setswitchinterval(TURN)
        warmer.start()
        yield {}
        warmer.stop()

    return life


def _shown_by_the_frame(error: Exception) -> bool:
    """The frame has said it in the reader's language already; Streamlit's own English box stays closed."""
    return isinstance(error, PersonError)
