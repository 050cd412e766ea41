"""The process that faults happen to: it runs `pipelines` commands as told, under a listener that it cannot see.

Started by `tests.pipelines.faults`; the first argument is a socket on which orders come and answers go. Reading
children outlive a run, for half of what a run costs is to start them, and thousands of runs are asked for.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from contextlib import redirect_stderr, redirect_stdout

from pipelines import readers
from pipelines.__main__ import main
from pipelines.demo import write  # noqa: F401 - nothing is to be imported under a fault that a real run would have
from tests.pipelines.kernel import listen
from tests.pipelines.spare import SpareWorker


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
    readers.Worker = SpareWorker  # type: ignore[misc]
    serve(socket.socket(fileno=int(sys.argv[1])))
