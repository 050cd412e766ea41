"""The process that faults happen to: it runs `pipelines` commands as told, under a listener that it cannot see.

Started by `tests.pipelines.faults`; the first argument is a socket on which orders come and answers go. Reading
children outlive a run, for half of what a run costs is to start them, and thousands of runs are asked for.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

from pipelines.__main__ import main
from pipelines.demo import write  # noqa: F401 - nothing is to be imported under a fault that a real run would have
from pipelines.read import Worker
from tests.pipelines.kernel import listen

_spare: list[subprocess.Popen[bytes]] = []


def keep_children() -> None:
    """A worker that ends without an error leaves its child to the next one; one that was interrupted does not."""
    start, leave, stop = Worker._start, Worker.__exit__, Worker.interrupt
    dying = set[int]()

    def begin(self: Worker) -> subprocess.Popen[bytes]:
        self._child = _spare.pop() if _spare else start(self)
        return self._child

    def end(self: Worker, *raised: object) -> None:
        whole = self._child is not None and raised[0] is None and self._child.pid not in dying
        if self._child is not None and whole and self._child.poll() is None:
            _spare.append(self._child)
            self._child = None
        leave(self, *raised)  # type: ignore[arg-type]

    def interrupt(self: Worker) -> None:
        if self.pid is not None:
            dying.add(self.pid)  # killed, and perhaps not yet seen to be dead
        stop(self)

    Worker._start, Worker.__exit__, Worker.interrupt = begin, end, interrupt  # type: ignore[method-assign]


def serve(door: socket.socket) -> None:
    """Hand out the listener, then carry out one order after the other until the door closes."""
    socket.send_fds(door, [b"ready\n"], [listen()])
    for line in door.makefile("r", encoding="utf-8"):
        order = json.loads(line)
        os.environ["IOC_PRODUCT_DATA"] = order["product"]
        door.sendall(f"{json.dumps(carry_out(order['arguments']))}\n".encode())


def carry_out(arguments: list[str]) -> dict[str, object]:
    """Exit code and everything that was said; an exception that a person would have seen as a traceback is `bug`."""
    said, bug, code = io.StringIO(), "", -1
    with redirect_stdout(said), redirect_stderr(said):
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except BaseException as error:  # what the interpreter would print
            import traceback

            bug = "".join(traceback.format_exception(error)[-4:])
    return {"code": code, "said": said.getvalue(), "bug": bug}


if __name__ == "__main__":
    keep_children()
    serve(socket.socket(fileno=int(sys.argv[1])))
