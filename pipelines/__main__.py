"""`pipelines COMMAND`: the only module here that knows the hour, the environment and the terminal."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines import attend, commands, decide, forget
from pipelines.contract import read_code
from pipelines.errors import PersonError
from pipelines.machine import failure
from pipelines.publish.manifest import SYSTEM_FAILED

PACKAGE: Final = Path(__file__).resolve().parent
CHECKOUT: Final = PACKAGE.parent
ROWS: Final = 300_000
SELDOM: Final = 20_000  # new objects between two looks for rubbish

DESCRIPTION = """\
Files that agencies drop become one checked, published snapshot.
Các tệp do cơ quan gửi trở thành một bản dữ liệu đã kiểm tra và công bố.

exit codes / mã thoát:
  0   done, even when some files were bad / xong, kể cả khi có tệp lỗi
  1   verify: something is damaged; check: a file would not be loaded whole / có hỏng hóc, có tệp lỗi
  2   the command cannot be carried out as given / lệnh không thực hiện được
  3   the machine failed (disk full, damaged file); nothing was published / máy gặp sự cố
  75  another process is writing; try again later / tiến trình khác đang ghi
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (see DESCRIPTION)."""
    args = _parser().parse_args(argv)
    os.umask(0o027)
    gc.freeze()  # what was imported stays; to look through it again and again takes a twentieth of a load
    gc.set_threshold(SELDOM, 20, 20)
    stop = threading.Event()
    if args.run is attend.keep_watching:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    try:
        return int(args.run(_world(stop), args))
    except PersonError as error:
        sys.stderr.write(f"{error.vi}\n{error.en}\n")
        return error.exit_code
    except (OSError, MemoryError, duckdb.Error) as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # a library may wrap what the machine said
        if (failed := failure(error)) is None:
            raise
        return _failed(failed)
    finally:
        gc.unfreeze()  # or DuckDB counts on stderr, at the very end, what nobody was allowed to collect


def _failed(error: BaseException) -> int:
    first = (str(error) or type(error).__name__).splitlines()[0]
    sys.stderr.write(
        f"Máy gặp sự cố: {first}. Bản đang công bố vẫn nguyên vẹn; lần chạy sau sẽ làm tiếp.\n"
        f"The machine failed: {first}. What is published is whole; the next run takes up what is left.\n"
    )
    return SYSTEM_FAILED


def _world(stop: threading.Event) -> commands.World:
    now = datetime.now().astimezone()
    return commands.World(
        now=lambda: datetime.now(UTC),
        ticks=time.monotonic,
        sleep=time.sleep,
        stop=stop,
        out=sys.stdout,
        progress=sys.stderr,
        who=f"{os.getpid()} since {now:%Y-%m-%d %H:%M:%S%z}",
        product=_product(),
        checkout=CHECKOUT,
        code=read_code(PACKAGE),
    )


def _product() -> Path:
    """The product's own `data/`: beside the package in a checkout, else where the installation says."""
    return Path(os.environ.get("IOC_PRODUCT_DATA", CHECKOUT / "data"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pipelines", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    subs = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo(_add(subs, "demo", commands.demo, "write an inbox of invented, calibrated files"))
    _json(_add(subs, "load", commands.load, "take in the inbox and publish one snapshot"))
    _watch(_add(subs, "watch", attend.keep_watching, "the same, for ever"))
    _check(_add(subs, "check", commands.check_files, "say what would become of a file; loads nothing"))
    _json(_add(subs, "status", commands.show_status, "per source: last file, verdict, rows, age"))
    _add(subs, "verify", commands.show_verify, "check archive, snapshots and ledger; 1 if damaged")
    _json(_add(subs, "rebuild", commands.rebuild_all, "publish a snapshot made from the archive alone"))
    _decide(_add(subs, "approve", decide.approve, "let a held file in at the next load"))
    _decide(_add(subs, "reject", decide.reject, "keep a held file out for good"))
    _forget(_add(subs, "forget", forget.forget, "take one case out of archive and numbers for good"))
    back = _add(subs, "rollback", commands.roll_back, "put an older generation in force")
    back.add_argument("generation", type=int, nargs="?", metavar="GENERATION")
    return parser


def _add(
    subs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[commands.World, argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = subs.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    home = os.environ.get("IOC_HOME", str(CHECKOUT / "data" / "local"))
    data = os.environ.get("IOC_DATA", str(_product()))
    parser.add_argument("--home", type=Path, default=Path(home), help="the installation (or IOC_HOME)")
    parser.add_argument("--data", type=Path, default=Path(data), help="what people wrote (or IOC_DATA)")
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=ROWS, help=f"dossiers (default {ROWS})")
    parser.add_argument("--seed", type=int, default=80, help="the same seed gives the same files")
    parser.add_argument("--until", type=date.fromisoformat, help="the last day (default today)")
    parser.add_argument("--force", action="store_true", help="even if the inbox is not empty")


def _watch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--every", type=_seconds, default=1.0, help="seconds between two looks, e.g. 5s")


def _seconds(text: str) -> float:
    value = float(text.removesuffix("s"))
    if value <= 0:
        raise argparse.ArgumentTypeError("more than 0")
    return value


def _decide(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sha", metavar="SHA", help="the file's SHA-256, or its first digits (see status)")
    parser.add_argument("--reason", required=True, help="why; it is kept in the ledger")


def _forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", required=True, help="the sending system")
    parser.add_argument("--case", required=True, metavar="NUMBER", help="the case number as the sender writes it")
    parser.add_argument("--reason", required=True, help="why, and on whose request; it is kept")
    parser.add_argument("--everywhere", action="store_true", help="also remove older generations that hold it")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--source", help="the sending system; guessed from the header if left out")
    parser.add_argument("--out", type=Path, help="folder of the annotated copy (default: beside the file)")


if __name__ == "__main__":
    sys.exit(main())
