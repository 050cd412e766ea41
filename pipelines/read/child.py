"""The only process that ever parses a stranger's file: small, limited, and worth nothing if it dies."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from pipelines.errors import Reason, Rejected
from pipelines.machine import failure
from pipelines.read.format import FileFormat, Limits
from pipelines.read.sniff import format_of

if TYPE_CHECKING:
    from pipelines.read.chunks import Chunks

TIRED: Final = 384 << 20  # bytes of data after which a child asks to be replaced
GREETING: Final = "ready\n"  # without it the child never came up, which is no file's fault
UNLIMITED: Final = resource.RLIM_INFINITY


def main() -> None:
    """Serve requests, one JSON line each, until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    answers.write(GREETING)
    answers.flush()
    for line in sys.stdin:
        serve(json.loads(line), answers)


def serve(request: Mapping[str, Any], answers: TextIO) -> None:
    """Answer one request; only what kills the process leaves it without an answer."""
    limits = Limits(**request["limits"])
    try:
        equip(request["task"])
        allow(limits, request["size"])
        answer: dict[str, Any] = TASKS[request["task"]](request, limits)
    except Rejected as refused:
        answer = refusal(refused.reason)
    except MemoryError:
        answer = refusal(Reason("reader_out_of_memory")) | {"tired": True}
    except Exception as wrong:  # a parser's surprise is the file's fault, and never the parent's
        answer = surprise(wrong) | {"tired": True, "trace": short_trace(wrong)}
    answer["tired"] = answer.get("tired", False) or data_bytes() > TIRED
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def equip(task: str) -> None:
    """Import what `task` needs, before any limit counts it; a look for a secrecy mark does not wait for Polars."""
    if task != "look":
        import polars  # noqa: F401


def refusal(reason: Reason) -> dict[str, Any]:
    """The answer for a file that is refused whole."""
    return {"rejected": {"code": reason.code, "values": dict(reason.values)}}


def surprise(wrong: Exception) -> dict[str, Any]:
    """The answer where a reader broke off: the machine's failure, or else a refusal of the file."""
    if (failed := failure(wrong)) is not None:
        return {"failed": failed.errno}
    return refusal(Reason("reader_failed", {"kind": type(wrong).__name__}))


def short_trace(wrong: BaseException) -> str:
    """Where it happened, without a value from the file."""
    place = wrong.__traceback__
    names = []
    while place:
        names.append(f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}")
        place = place.tb_next
    return " > ".join(names[-6:])


def allow(limits: Limits, size: int) -> None:
    """Set what this file may use: data memory, CPU beyond what earlier files used, bytes written."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime + limits.cpu_seconds(size)) + 1
    for kind, value in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (value if hard == UNLIMITED else min(value, hard), hard))


def data_bytes() -> int:
    """What RLIMIT_DATA counts of this process."""
    with Path("/proc/self/status").open() as status:
        return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmData")), 0)


def _read(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    from pipelines.read.asof import day_in_name, day_in_text

    form = FileFormat.from_json(request["format"])
    path, scratch, name = Path(request["path"]), Path(request["scratch"]), str(request["name"])
    kind = format_of(path, name, form)
    rule = form.as_of
    day = day_in_name(name, rule) if rule and rule.come_from == "name" else None
    chunks = _reader(kind)(path, form, limits, scratch)
    answer = chunks.result()
    if rule and rule.come_from == "cell":
        day = day_in_text(chunks.as_of_text, rule)
    answer["as_of"] = day.isoformat() if day else None
    answer["warnings"] = [{"code": one.code, "values": dict(one.values)} for one in chunks.warnings]
    return answer


def _reader(kind: str) -> Callable[[Path, FileFormat, Limits, Path], Chunks]:
    """Readers are imported when first needed: a look for a secrecy mark must not wait for Polars."""
    match kind:
        case "csv":
            from pipelines.read.csv import read_csv as reader
        case "xlsx":
            from pipelines.read.xlsx import read_xlsx as reader
        case "json":
            from pipelines.read.documents import read_json as reader
        case "ndjson":
            from pipelines.read.documents import read_ndjson as reader
        case _:
            from pipelines.read.parquet import read_parquet as reader
    return reader


def _look(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    from pipelines.read.secrecy import is_marked

    return {"marked": [is_marked(Path(one["path"]), one["name"], limits) for one in request["files"]]}


TASKS: Final[Mapping[str, Callable[[Mapping[str, Any], Limits], dict[str, Any]]]] = {
    "read": _read,
    "look": _look,
    "warm": lambda request, limits: {},
}

if __name__ == "__main__":
    main()
