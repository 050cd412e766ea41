"""What an operator asks at two in the morning: is anything wrong, since when, and what is to be done first?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipelines import ledger
from pipelines.expire import EXPIRED
from pipelines.home import Home
from pipelines.owed import owed
from pipelines.publish.pointer import Pointer, party_path, state_path

# A reading child that died of its file: reason code -> the limit that the file ran into.
DEATHS: Final[Mapping[str, str]] = {
    "reader_too_slow": "time", "reader_out_of_memory": "memory", "reader_killed": "killed", "reader_died": "crash",
}  # fmt: skip
LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "time": ("quá thời gian cho phép", "its time was up"),
    "memory": ("quá bộ nhớ cho phép", "its memory was used up"),
    "killed": ("tiến trình đọc bị hệ điều hành dừng", "the system killed it"),
    "crash": ("tiến trình đọc bị hỏng giữa chừng", "it crashed"),
}
RECENT: Final = timedelta(days=30)  # what is older is history, and stands in the ledger
SHOWN: Final = 20  # deaths and failures listed, the newest first
PAIR: Final = 3  # the next generation is a copy of the one in force, its log, and what it spills
UNPACKED: Final = 6  # a CSV as text, as typed rows and in the archive
LEAST: Final = 256 << 20  # bytes that any generation may need
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "well": ("Không có việc gì cần người xử lý.", "Nothing needs a person."),
    "disk": (
        "CẦN XỬ LÝ: đĩa còn trống {free}, lần công bố tới cần khoảng {needed}. Hãy dọn bớt; tệp đã nhận an toàn.",
        "ACT: {free} of disk are free, the next publication needs about {needed}. Free some; nothing is lost.",
    ),
    "held": (
        "CẦN XỬ LÝ: {n} tệp chờ người duyệt, lâu nhất đã {hours} giờ. Dùng `pipelines approve` hoặc `reject`.",
        "ACT: {n} files wait for a person, the oldest for {hours} hours. Use `pipelines approve` or `reject`.",
    ),
    "death": (
        "Tệp làm dừng tiến trình đọc: {source}/{file} ({at}): {limit}. Hãy báo nơi gửi; tệp khác không bị ảnh hưởng.",
        "A file stopped its reader: {source}/{file} ({at}): {limit}. Tell its sender; no other file was affected.",
    ),
    "failures": (
        "CẦN BÁO NHÓM KỸ THUẬT: phần mềm gặp lỗi {n} lần, gần nhất {at} ({source}, {kind}); xem log/errors.jsonl.",
        "TELL THE DEVELOPERS: our own code failed {n} times, last at {at} ({source}, {kind}); see log/errors.jsonl.",
    ),
    "owed": (
        "Còn nợ {n} thư trả lời nơi gửi; lần nạp tới sẽ viết.",
        "{n} answers to senders are still owed; the next load writes them.",
    ),
    "expired": (
        "Đã hết hạn lưu và bị xóa khỏi kho: {n} tệp, gần nhất ngày {at}.",
        "Past their retention and removed from the archive: {n} files, last on {at}.",
    ),
}


def condition(home: Home, pointer: Pointer | None, held: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """The keys that `status --json` adds: `disk` (bytes), `deaths`, `failures`, `owed_letters`, `expired`, and
    `oldest_held_hours` over the lines of `held`; times in ISO 8601 (UTC), and no value of any row.
    """
    lines, since = ledger.read_ledger(home.ledger), (now - RECENT).astimezone(UTC).isoformat()
    gone = [line for line in lines if line["verdict"] == EXPIRED]
    ages = [hours_since(str(line["received_at"]), now) for line in held]
    return {
        "disk": disk(home, pointer),
        "deaths": [one for one in deaths(lines) if str(one["received_at"]) >= since][::-1][:SHOWN],
        "failures": failures(home.log / "errors.jsonl", since),
        "owed_letters": len(owed(home)),
        "expired": {"files": len(gone), "last_at": max((str(line["at"]) for line in gone), default=None)},
        "oldest_held_hours": max(ages, default=None),
    }


def disk(home: Home, pointer: Pointer | None) -> dict[str, Any]:
    """Bytes free below the home, and what the next generation may need: an estimate on the safe side."""
    places = [state_path(home, pointer.generation), party_path(home, pointer.generation)] if pointer else []
    pair = sum(path.stat().st_size for path in places if path.exists())
    inbox = sum(path.lstat().st_size for path in home.inbox.rglob("*") if path.is_file())
    free, needed = shutil.disk_usage(home.root).free, max(LEAST, PAIR * pair + UNPACKED * inbox)
    return {"free_bytes": free, "needed_bytes": needed, "enough": free >= needed}


def deaths(lines: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Files on which a reading child died, in the order of the ledger: which, when, and at which limit."""
    for line in lines:
        for reason in line.get("reasons") or ():
            if (limit := DEATHS.get(str(reason.get("code")))) is not None:
                yield {"source": line["source"], "file": line["file"], "sha256": line["sha256"],
                       "received_at": line["received_at"], "limit": limit}  # fmt: skip


def failures(log: Path, since: str = "") -> dict[str, Any]:
    """How often our own code broke on a file, and the last time: source and kind of error, never its message."""
    found = [one for line in _lines(log) if (one := _object(line)) and str(one.get("at")) >= since]
    last = found[-1] if found else {}
    return {"count": len(found), **{f"last_{key}": last.get(key) for key in ("at", "source", "kind")}}


def hours_since(moment: str, now: datetime) -> float:
    """Hours since an ISO moment."""
    return round((now.astimezone(UTC) - datetime.fromisoformat(moment)).total_seconds() / 3600, 1)


def sentences(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The same for a person, in Vietnamese and English, what has to be done first; one sentence where all is well."""
    told = list(_told(found))
    yield from told or [SENTENCES["well"]]


def _told(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    room, failed, gone = found["disk"], found["failures"], found["expired"]
    if not room["enough"]:
        yield _say("disk", free=_size(room["free_bytes"]), needed=_size(room["needed_bytes"]))
    if found["held"]:
        yield _say("held", n=len(found["held"]), hours=f"{found['oldest_held_hours']:.0f}")
    if failed["count"]:
        yield _say("failures", n=failed["count"], at=_minute(failed["last_at"]), source=failed["last_source"],
                   kind=failed["last_kind"])  # fmt: skip
    for one in found["deaths"]:
        vi, en = LIMITS[one["limit"]]
        named = {"source": one["source"], "file": one["file"], "at": _minute(one["received_at"])}
        yield SENTENCES["death"][0].format(**named, limit=vi), SENTENCES["death"][1].format(**named, limit=en)
    if found["owed_letters"]:
        yield _say("owed", n=found["owed_letters"])
    if gone["files"]:
        yield _say("expired", n=gone["files"], at=str(gone["last_at"])[:10])


def _say(key: str, **values: object) -> tuple[str, str]:
    vi, en = SENTENCES[key]
    return vi.format(**values), en.format(**values)


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def _minute(moment: object) -> str:
    return str(moment)[:16].replace("T", " ")


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
