"""Going back is one new pointer, and what was left behind stays left behind until someone decides otherwise."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pipelines.errors import PersonError
from pipelines.forgotten import forgotten, holding
from pipelines.home import Home
from pipelines.machine import blame
from pipelines.publish import disk
from pipelines.publish.draft import CLEARANCES, connect_draft
from pipelines.publish.pointer import Pointer, kept, path_of, read_pointer, write_pointer
from pipelines.publish.recover import whole_pair


@dataclass(frozen=True)
class RolledBack:
    """What a rollback leaves out: deliveries as (source, sha256), and the contract it was decided under."""

    generation: int
    contract_sha: str
    left_out: frozenset[tuple[str, str]]


def rollback(home: Home, generation: int | None, contract_sha: str) -> Pointer:
    """Put an older kept generation (default: the one before) in force; call only under the lock.

    Deliveries that only the newer one holds are not loaded again by the next run; a new contract
    (`contract_sha` differs) or `pipelines rebuild` takes them in again. Raises PersonError when there is no
    such generation or when it is damaged.
    """
    current = read_pointer(home)
    target = _choose(home, generation, current.generation if current else None)
    pointer = whole_pair(home, target)
    if pointer is None:
        raise PersonError(
            f"Bản số {target} bị hỏng, không thể quay lại. Hãy chọn bản khác ({_offer(home)}).",
            f"Generation {target} is damaged and cannot be put in force. Choose another ({_offer(home)}).",
        )
    if target in holding(home, forgotten(home).cases):
        raise PersonError(
            f"Bản số {target} còn giữ hồ sơ đã được yêu cầu xóa, không thể quay lại. Hãy chọn bản mới hơn.",
            f"Generation {target} still holds a case that asked to be forgotten. Choose a newer one.",
        )
    newest = kept(home)[0]
    left_out = delivered(home, newest) - delivered(home, target)
    text = {"generation": target, "contract_sha": contract_sha, "left_out": sorted(left_out)}
    disk.write_line(home.rolled_back, json.dumps(text) + "\n")
    write_pointer(home, pointer)
    return pointer


def _choose(home: Home, wanted: int | None, current: int | None) -> int:
    there = kept(home)
    older = [number for number in there if current is None or number < current]
    if wanted is None and older:
        return older[0]
    if wanted in there:
        return wanted
    asked = "trước đó" if wanted is None else str(wanted)
    raise PersonError(
        f"Không có bản {asked}. Các bản còn giữ: {_offer(home)}.",
        f"There is no {'earlier generation' if wanted is None else f'generation {wanted}'}. "
        f"Kept: {_offer(home)}.",
    )


def _offer(home: Home) -> str:
    return ", ".join(map(str, kept(home))) or "-"


def delivered(home: Home, generation: int) -> frozenset[tuple[str, str]]:
    """(source, sha256) of every delivery that a generation holds, state and Party."""
    found: set[tuple[str, str]] = set()
    for clearance in CLEARANCES:
        path = path_of(home, generation, clearance)
        with connect_draft(path, home.scratch, read_only=True) as db:
            found.update(db.execute("SELECT source, sha256 FROM delivery").fetchall())
    return frozenset(found)


def rolled_back(home: Home) -> RolledBack | None:
    """The rollback in effect, if any; an unreadable note counts as none, and what it left out comes back."""
    try:
        text = json.loads(home.rolled_back.read_text(encoding="utf-8"))
        left_out = frozenset((str(source), str(sha)) for source, sha in text["left_out"])
        return RolledBack(int(text["generation"]), str(text["contract_sha"]), left_out)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        blame(wrong)  # what cannot be read today was not taken back
        return None


def forget_rollback(home: Home) -> None:
    """Take left-out deliveries in again from now on."""
    home.rolled_back.unlink(missing_ok=True)
