"""Two hundred open browsers through a restart: each sees its socket close, opens another, and has its page again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SESSIONS: Final = 200
WITHIN: Final = 60.0
"""Seconds after the server's return in which everybody must have the page back."""
PATIENCE: Final = 180.0
OPENED: Final = "page=overview&period=2026-10&lang=vi&role=analyst"
RETRY: Final = (0.5, 8.0)
"""Seconds between a browser's attempts: it waits twice as long after each that fails, with some chance in it."""


class Sessions:
    """`many` sessions of the app, opened as a browser opens them and kept open without a click."""

    def __init__(self, address: str, many: int = SESSIONS) -> None:
        self.stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        self.many = many
        self.drawn: dict[int, float] = {}  # when the page of each open socket was complete
        self.going = True

    async def run(self, script: Callable[[], object]) -> None:
        """Keep all sessions open while `script` (a blocking function) runs beside them."""
        open_ = [asyncio.create_task(self._browser(at)) for at in range(self.many)]
        await asyncio.to_thread(script)
        self.going = False
        for one in open_:
            one.cancel()
        await asyncio.gather(*open_, return_exceptions=True)

    def all_drawn(self, since: float) -> float | None:
        """When the last page was complete, of sockets opened after `since`; None while any is still waiting."""
        back = [at for at in self.drawn.values() if at > since]
        return max(back) if len(back) == self.many else None

    async def _browser(self, at: int) -> None:
        chance, pause = random.Random(at), RETRY[0]
        await asyncio.sleep(chance.uniform(0, self.many / 20))  # nobody opens two hundred pages in one second
        while self.going:
            try:
                async with websockets.connect(self.stream, subprotocols=[websockets.Subprotocol("streamlit")],
                                              max_size=None, open_timeout=30) as line:  # fmt: skip
                    await self._open(at, line)
                    pause = RETRY[0]
                    async for _ in line:  # an open page hears what the server has to say, until it has no more
                        pass
            except (OSError, TimeoutError, websockets.WebSocketException):
                pass
            await asyncio.sleep(chance.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, RETRY[1])

    async def _open(self, at: int, line: websockets.ClientConnection) -> None:
        """Ask for the page as a browser does on every new socket, and read until the script has said it is done."""
        asked = BackMsg()
        asked.rerun_script.query_string = OPENED
        await line.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while ForwardMsg.FromString(await line.recv()).WhichOneof("type") != "script_finished":
                pass
        self.drawn[at] = time.perf_counter()


def survive(address: str, restart: Callable[[], object], many: int = SESSIONS) -> str:
    """How long after `restart` returns (the server is healthy again) the last of all open pages is complete again."""
    sessions = Sessions(address, many)
    told = [f"{many} open sessions: not all were ever drawn"]

    def again() -> None:
        if _waited(sessions, 0.0) is None:
            return
        stopping = time.perf_counter()
        restart()
        healthy = time.perf_counter()
        last = _waited(sessions, stopping)
        told[0] = f"{many} open sessions: some did not come back within {PATIENCE:g} s of a restart"
        if last is not None:
            took = last - healthy
            verdict = "within" if took <= WITHIN else "NOT within"
            told[0] = f"{many} open sessions: all drawn again {took:.1f} s after a restart ({verdict} {WITHIN:g} s)"

    asyncio.run(sessions.run(again))
    return told[0]


def _waited(sessions: Sessions, since: float) -> float | None:
    """When all pages opened after `since` were complete, or None where that takes longer than anybody's patience."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if (last := sessions.all_drawn(since)) is not None:
            return last
        time.sleep(0.2)
    return None
