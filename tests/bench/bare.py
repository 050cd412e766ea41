"""A server that knows nothing and answers 304: what the machine itself takes from an answer, at the same time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ANSWER = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"


@contextmanager
def bare() -> Iterator[str]:
    """The address of such a server, in a process of its own."""
    with subprocess.Popen([sys.executable, "-m", "tests.bench.bare"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


def stolen() -> tuple[int, int]:
    """Of all time of this machine's cores so far, what its host gave to others, and all of it; in clock ticks."""
    spent = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return spent[7], sum(spent[:8])


async def _serve() -> None:
    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except (OSError, EOFError):
            writer.close()

    server = await asyncio.start_server(told, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
