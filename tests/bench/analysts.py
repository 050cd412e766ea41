"""People at their desks beside the walls: real sessions that change a filter, read the answer, and think."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from itertools import count
from typing import Final
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ANALYSTS: Final = 20
THINK: Final = (4.0, 12.0)
"""Seconds between an answer and the next click."""
PAGES: Final = ("overview", "public_services", "hotline", "organisations")
MONTHS: Final = tuple(f"2026-{month:02d}" for month in range(1, 11))
LANGUAGES: Final = ("vi", "en")


class Analysts:
    """`many` open sessions of the app, each changing page or month at its own pace."""

    def __init__(self, address: str, many: int = ANALYSTS) -> None:
        self.stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        self.many = many
        self.answered: list[float] = []
        self.failed = 0

    async def run(self, seconds: float) -> None:
        """Keep them at work for so long."""
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._work(random.Random(at), until) for at in range(self.many)))

    async def _work(self, chance: random.Random, until: float) -> None:
        await asyncio.sleep(chance.uniform(0, THINK[1]))
        while time.perf_counter() < until:
            try:
                async with websockets.connect(self.stream, subprotocols=[websockets.Subprotocol("streamlit")],
                                              max_size=None, open_timeout=30) as line:  # fmt: skip
                    for click in count():
                        if time.perf_counter() >= until:
                            return
                        await self._click(line, chance, is_first=click == 0)
                        await asyncio.sleep(chance.uniform(*THINK))
            except (OSError, TimeoutError, websockets.WebSocketException):
                self.failed += 1
                await asyncio.sleep(1)

    async def _click(self, line: websockets.ClientConnection, chance: random.Random, is_first: bool) -> None:
        """One change of the address, until the script has said that it is done; the first one opens the app."""
        asked = BackMsg()
        page, month, lang = (chance.choice(of) for of in (PAGES, MONTHS, LANGUAGES))
        asked.rerun_script.query_string = f"page={page}&period={month}&lang={lang}&role=analyst"
        began = time.perf_counter()
        await line.send(asked.SerializeToString())
        async with asyncio.timeout(60):
            while True:
                told = ForwardMsg.FromString(await line.recv())
                if told.WhichOneof("type") == "script_finished":
                    break
        if not is_first:
            self.answered.append(time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("seconds", type=float)
    typed = parser.parse_args()
    analysts = Analysts(typed.address)
    asyncio.run(analysts.run(typed.seconds))
    times = sorted(analysts.answered) or [float("nan")]
    print(json.dumps({"changes": len(analysts.answered), "failed": analysts.failed,
                      "median": statistics.median(times), "p95": times[int(len(times) * 0.95)]}))  # fmt: skip


if __name__ == "__main__":
    main()
