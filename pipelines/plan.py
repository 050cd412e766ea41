"""What has to be done follows from three lists: what the archive holds, what is published, what the rules say now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.build import Job, of_clearance
from pipelines.contract import must_measure, must_rebuild
from pipelines.delivery import Delivery
from pipelines.holds import decisions
from pipelines.home import Home
from pipelines.inforce import Before
from pipelines.publish.draft import CLEARANCES, Clearance
from pipelines.receive import kept
from pipelines.rollback import RolledBack
from pipelines.rulebook import Rulebook

REBUILT = (
    "Quy tắc đã thay đổi (ánh xạ, dữ liệu tham chiếu, đính chính hoặc mã nguồn): dựng lại từ kho lưu.",
    "The rules have changed (mappings, reference, corrections or code): rebuilt from the archive.",
)
MEASURED = (
    "Danh mục chỉ tiêu đã thay đổi: mọi ngày được đo lại.",
    "The catalogue has changed: every day is measured again.",
)
LEFT_OUT = (
    "Đang ở bản đã quay lui: những tệp bị bỏ lại chưa được nạp lại (dùng `pipelines rebuild`).",
    "A rollback is in effect: what it left out is not loaded again (use `pipelines rebuild`).",
)


@dataclass(frozen=True)
class Plan:
    """Which files of the pair to draft and from what; `whole` if any of them starts from the archive again."""

    jobs: tuple[Job, ...]
    whole: bool
    notes: tuple[tuple[str, str], ...] = ()


def make_plan(
    home: Home, book: Rulebook, before: Mapping[Clearance, Before], whole: bool, left: RolledBack | None
) -> Plan:
    """The jobs of this run; none when nothing is new.

    A rollback (`left`) under the same contract keeps what it left out away, and no change of rules is looked
    for until there is a newer contract than the one it was decided under.
    """
    if left is not None and left.contract_sha != book.contract.sha:
        left = None
    jobs: list[Job] = []
    notes: list[tuple[str, str]] = [LEFT_OUT] if left else []
    for clearance in CLEARANCES:
        job, note = _job(home, book, clearance, None if whole else before.get(clearance), left)
        jobs += [job] if job else []
        notes += [note] if note else []
    if not before and not any(job.deliveries for job in jobs):
        return Plan((), False)  # an empty home: there is nothing to publish yet
    return Plan(tuple(jobs), whole or REBUILT in notes, tuple(dict.fromkeys(notes)))


def _job(
    home: Home, book: Rulebook, clearance: Clearance, before: Before | None, left: RolledBack | None
) -> tuple[Job | None, tuple[str, str] | None]:
    if before is None:
        return Job(clearance, None, _archived(home, book, clearance, frozenset()), True), None
    sources = {source for source, _ in before.delivered}
    if left is None and must_rebuild(book.contract, before.contract, sources):
        return Job(clearance, None, _archived(home, book, clearance, frozenset()), True), REBUILT
    known = (before.delivered - decisions(home).due) | (left.left_out if left else frozenset())
    new = _archived(home, book, clearance, known)
    changed = before.contract != book.contract.as_json(of_clearance(book, clearance))
    anew = must_measure(book.contract, before.contract)
    if not new and (left is not None or not changed):
        return None, None
    return Job(clearance, (before.path, before.sha256), new, anew), MEASURED if anew else None


def _archived(
    home: Home, book: Rulebook, clearance: Clearance, known: frozenset[tuple[str, str]]
) -> tuple[Delivery, ...]:
    """Deliveries of one clearance that the archive holds beyond `known`, in the order of first receipt."""
    found = [
        delivery
        for source in of_clearance(book, clearance)
        for sha in _hashes(home, source)
        if (source, sha) not in known and (delivery := kept(home.archive, source, sha))
    ]
    return tuple(sorted(found, key=lambda one: (one.received_at, one.sha256)))


def _hashes(home: Home, source: str) -> Iterator[str]:
    # Only names are read: an archive of many years has more receipts than a run may open.
    folder = home.archive / source
    stems = {path.name.split(".")[0] for path in folder.iterdir()} if folder.is_dir() else set()
    yield from sorted(stem for stem in stems if len(stem) == 64)
