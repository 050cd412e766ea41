"""A screen may ask about a file that it never opened: it leaves both in `exchange/`, and finds an answer there.

The screen writes `<id>.upload`, then `<id>.json` (name, source, clearances). The answer is `<id>.answer`, with
the annotated copy as `<id>.xlsx`; `<id>.seen` says meanwhile that somebody is reading. `<id>` is 32 hex digits.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipelines.check import Checked, check
from pipelines.errors import LANGUAGES, PersonError, Reason
from pipelines.home import Home
from pipelines.receive.inbox import shown
from pipelines.rulebook import Rulebook

ASKED: Final = re.compile(r"([0-9a-f]{32})\.json")
OURS: Final = re.compile(r"\.?[0-9a-f]{32}\.(?:upload|json|answer|xlsx|seen)(?:\.part)?")
MOST_BYTES: Final = 50 << 20
MOST_WORDS: Final = 4 << 10
LIFE: Final = timedelta(hours=1)
TOLD: Final = 50  # findings told on the screen; the workbook has more


def answer_all(home: Home, book: Callable[[], Rulebook], now: Callable[[], datetime]) -> int:
    """Answer every question in `exchange/` and remove what is old; returns how many were answered."""
    folder, answered = home.root / "exchange", 0
    for number in list(_asked(folder)):
        (folder / f"{number}.seen").touch(mode=0o640)
        _write(folder / f"{number}.answer", _answer(home, number, book, now()))
        (folder / f"{number}.upload").unlink(missing_ok=True)
        answered += 1
    sweep(folder, now())
    return answered


def clear_work(home: Home) -> None:
    """Remove what an answerer that was killed had before it."""
    for left in (home.root / "returned").glob(".doctor-*"):
        shutil.rmtree(left, ignore_errors=True)


def sweep(folder: Path, now: datetime) -> None:
    """Remove whatever of ours has lain in `exchange/` for an hour, answered or not."""
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            old = path.lstat().st_mtime < (now - LIFE).timestamp()
            if old and OURS.fullmatch(path.name) and not path.is_dir():
                path.unlink()


def _asked(folder: Path) -> Iterator[str]:
    """Questions without an answer, oldest name first."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        found = ASKED.fullmatch(path.name)
        if found and not (folder / f"{found[1]}.answer").exists():
            yield found[1]


def _answer(home: Home, number: str, book: Callable[[], Rulebook], now: datetime) -> Mapping[str, Any]:
    """The verdict, or why there is none, in both languages."""
    # Not in `scratch/`, which a load that starts meanwhile would empty.
    work = home.root / "returned" / f".doctor-{number}"
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700, parents=True)
        return _examined(home.root / "exchange", number, book(), now, work)
    except PersonError as refused:
        return {"verdict": None, "vi": refused.vi, "en": refused.en}
    except (OSError, ValueError, KeyError, TypeError):
        reason = Reason("cannot_be_opened")
        return {"verdict": None, "vi": reason.text("vi"), "en": reason.text("en")}
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _examined(folder: Path, number: str, book: Rulebook, now: datetime, work: Path) -> Mapping[str, Any]:
    asked = json.loads(_bytes(folder / f"{number}.json", MOST_WORDS))
    may = set(asked["clearances"])
    mappings = {name: one for name, one in book.mappings.items() if one.clearance in may}
    upload = work / "upload"
    upload.write_bytes(_bytes(folder / f"{number}.upload", MOST_BYTES))
    scratch, out = work / "scratch", work / "out"
    out.mkdir()
    name = shown(str(asked["name"]))
    checked = check(upload, asked.get("source") or None, replace(book, mappings=mappings), now, scratch, out, name)
    if checked.annotated is not None:
        ready = folder / f".{number}.xlsx.part"
        shutil.copyfile(checked.annotated, ready)
        ready.chmod(0o640)
        ready.replace(folder / f"{number}.xlsx")
    return told(checked)


def told(checked: Checked) -> dict[str, Any]:
    """What the screen shows; cells are quoted as the quarantine would quote them: never personal ones."""
    return {
        **checked.report.as_json(),
        **{lang: checked.report.sentence(lang).partition(" — ")[0] for lang in LANGUAGES},
        "findings": [
            {"line": one.line, "column": one.column, "value": one.value, "code": one.rule,
             **{lang: one.text(lang) for lang in LANGUAGES}}
            for one in checked.findings[:TOLD]
        ],
        "more": max(0, len(checked.findings) - TOLD),
        "annotated": checked.annotated is not None,
    }


def _bytes(path: Path, most: int) -> bytes:
    """A regular file with one name, never a link to something that only we may read."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        seen = os.fstat(file.fileno())
        if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1 or seen.st_size > most:
            raise OSError("not a file that a screen has written")
        return file.read(most)


def _write(path: Path, said: Mapping[str, Any]) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    draft.chmod(0o640)
    draft.replace(path)
