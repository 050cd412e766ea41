"""One process serves everything: pages, wall, exports, shapes and health, to this machine unless told otherwise."""

from __future__ import annotations

import gc
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

import streamlit
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from dashboard import assets, boundaries, doctor_route, export_route, health, look, metrics, page, wall_route
from dashboard.guard import Guard
from dashboard.running import Running, start
from dashboard.settings import Settings
from dashboard.wall.door import WallDoor
from dashboard.warm import Warmer
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
    "logger.level": "warning",
}


def serve(settings: Settings) -> int:
    """Serve until stopped; returns the exit code.

    Raises PersonError when the address would show demo roles, which anyone may choose, to a network, and
    when the home has nothing to show.
    """
    refuse_open_demo(settings)
    running = start(settings)
    application(running).run(config=options(settings))
    return 0


def refuse_open_demo(settings: Settings) -> None:
    """Without a proxy that says who somebody is, everyone who reaches the address may pick any role."""
    if not is_loopback(settings.address) and not settings.allow_network:
        raise PersonError("serve.open_demo", address=settings.address)


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach `address`."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def options(settings: Settings) -> dict[str, object]:
    """Streamlit's options: ours, the theme from `look`, and where to listen."""
    where = {"server.address": settings.address, "server.port": settings.port}
    return OPTIONS | look.streamlit_theme() | where


def application(running: Running) -> streamlit.App:
    """The ASGI application, ready to run or to be tested."""
    hosts = frozenset({"127.0.0.1", "localhost", "[::1]"}) if is_loopback(running.settings.address) else frozenset()
    return streamlit.App(
        SCRIPT,
        routes=routes(running),
        middleware=[Middleware(Guard, hosts=hosts), Middleware(WallDoor)],
        lifespan=_lifespan(Warmer(running)),
        on_script_error=_shown_by_the_frame,
    )


def routes(running: Running) -> list[BaseRoute]:
    """Everything beside Streamlit's own routes."""
    return [
        *page.routes(running),
        *health.routes(running),
        *metrics.routes(running),
        *wall_route.routes(running),
        *export_route.routes(running),
        *doctor_route.routes(running),
        *assets.routes(),
        *boundaries.routes(running.boundaries),
    ]


def _lifespan(warmer: Warmer) -> Callable[[streamlit.App], AbstractAsyncContextManager[dict[str, object]]]:
    @asynccontextmanager
    async def life(app: streamlit.App) -> AsyncIterator[dict[str, object]]:
        # Streamlit collects all generations after each run of a script; what is frozen here is not walked
        # again and again (35 instead of 100 ms of CPU a refresh).
        gc.collect()
        gc.freeze()
        warmer.start()
        yield {}
        warmer.stop()

    return life


def _shown_by_the_frame(error: Exception) -> bool:
    """The frame has said it in the reader's language already; Streamlit's own English box stays closed."""
    return isinstance(error, PersonError)
