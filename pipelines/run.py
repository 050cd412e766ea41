"""One run takes in what has come, drafts, checks and publishes; then every file has exactly one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.build import Built
from pipelines.correct import load_corrections
from pipelines.expire import expire, gone
from pipelines.forgotten import carried_out, forgotten
from pipelines.giveback import give_back, take_out
from pipelines.holds import decisions
from pipelines.home import Home, key_check, pseudonym_key, writer_lock
from pipelines.inforce import Before, look
from pipelines.intake import Terms
from pipelines.journal import write_run
from pipelines.machine import failure
from pipelines.owed import owe
from pipelines.owed import settle as settle_debts
from pipelines.pair import Moment, make_pair
from pipelines.plan import Plan, make_plan
from pipelines.progress import Tell
from pipelines.publish import publish, sweep
from pipelines.publish.draft import Clearance, DamagedSnapshotError
from pipelines.publish.pointer import read_pointer
from pipelines.publish.published import next_generation
from pipelines.publish.recover import settle
from pipelines.read import Worker
from pipelines.receive import Received, receive
from pipelines.receive.inbox import Look
from pipelines.receive.redact import finish
from pipelines.report import FileReport, LoadReport
from pipelines.retain import retain
from pipelines.rollback import forget_rollback, rolled_back
from pipelines.rulebook import Rulebook
from pipelines.verdicts import line_of, log_error, not_read, note, untold, write_up


@dataclass(frozen=True, eq=False)
class Circumstances:
    """Where and when a run takes place: nothing in it is looked up anywhere else.

    `now` gives an aware datetime, `sleep` waits that many seconds, `who` names the run in the lock. `settled`: looks at
    files under temporary names before the run, which need no second look once they bear their own.
    """

    home: Home
    book: Rulebook
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    tell: Tell
    who: str
    settled: frozenset[Look] = frozenset()


def load_once(at: Circumstances) -> LoadReport:
    """Take in the inbox, load what has no verdict yet, publish if anything changed.

    Raises PersonError (another writer, no key), and what the machine raises when it fails; then nothing has
    changed for a reader, and the next run takes up what this one left.
    """
    with writer_lock(at.home, at.who):
        return _run(at, again=False)


def rebuild(at: Circumstances) -> LoadReport:
    """Publish a generation made from the archive alone; the inbox is left for the next load.

    Raises PersonError without the pseudonym key, for no pseudonym would be the same.
    """
    with writer_lock(at.home, at.who):
        pseudonym_key(at.home, create=False)
        return _run(at, again=True)


def _run(at: Circumstances, again: bool) -> LoadReport:
    home, report, began = at.home, LoadReport(), at.now()
    sweep(home)
    key = pseudonym_key(home, create=True)
    before, whole = _in_force(home, key, report, again)
    report.expired += expire(home, at.book.mappings, began)
    asked = forgotten(home)
    whole = whole or asked.due or any(gone(home) & one.delivered for one in before.values())
    write_up(home, [line for one in before.values() for line in one.lines])
    corrections = load_corrections(at.book.data, at.book.mappings)
    with Worker() as worker:
        terms = Terms(
            at.book.mappings, at.book.reference, corrections, key, home.scratch, worker, decisions(home), asked.cases
        )
        if not again:
            report.files.extend(_take_in(at, worker))
        _publish(at, report, before, terms, whole)
        _give_back(at, report, terms)
    if asked.due:
        finish(home.archive)
        carried_out(home, at.now())
    current = read_pointer(home)
    report.snapshot = current.generation if current else None
    write_run(home, report, began, at.now())
    return report


def _in_force(home: Home, key: bytes, report: LoadReport, again: bool) -> tuple[dict[Clearance, Before], bool]:
    """What is published, and whether everything has to be made from the archive because of it."""
    pointer, mended = settle(home)
    if mended:
        report.note("CURRENT bị hỏng và đã được khôi phục.", "CURRENT was damaged and has been restored.")
    try:
        return (look(home, pointer, key_check(key)) if pointer else {}), again
    except DamagedSnapshotError as damaged:
        report.note(*_damaged(damaged))
        return {}, True


def _damaged(damaged: DamagedSnapshotError) -> tuple[str, str]:
    return (
        f"{damaged} đã bị hỏng trên đĩa; dữ liệu được dựng lại từ kho lưu.",
        f"{damaged} was damaged on the disk; everything is rebuilt from the archive.",
    )


def _take_in(at: Circumstances, worker: Worker) -> Iterable[FileReport]:
    """Empty the inbox into the archive; reports on what is not going to be read."""
    def write_down(received: Received) -> None:
        if received.verdict != "received":
            note(at.home, not_read(received), received.verdict)

    taken = receive(
        at.home.root, list(at.book.mappings), at.now, _Everything(), sleep=at.sleep, worker=worker, note=write_down,
        settled=at.settled,
    )  # fmt: skip
    for number, received in enumerate(taken, 1):
        at.tell("receive", number, number)
        if received.verdict != "received":
            yield not_read(received)


class _Everything(list[str]):
    """Receiving hands out what is new; what the archive holds beyond the snapshot is the plan's business."""

    def __contains__(self, _: object) -> bool:
        return True


def _publish(
    at: Circumstances, report: LoadReport, before: Mapping[Clearance, Before], terms: Terms, whole: bool
) -> None:
    left = None if whole else rolled_back(at.home)
    plan = make_plan(at.home, at.book, before, whole, left)
    try:
        _carry_out(at, report, before, terms, plan)
    except DamagedSnapshotError as damaged:
        report.note(*_damaged(damaged))
        _carry_out(at, report, before, terms, make_plan(at.home, at.book, before, True, None))


def _carry_out(
    at: Circumstances, report: LoadReport, before: Mapping[Clearance, Before], terms: Terms, plan: Plan
) -> None:
    report.notes.extend(plan.notes)
    if not plan.jobs:
        return
    home, generation, made_at = at.home, next_generation(at.home), at.now()
    built = make_pair(at.home, at.book, plan.jobs, terms, Moment(generation, made_at), before, at.tell)
    try:
        report.forgotten = sum(take_out(home, one.forgotten, terms) for one in built.values())
        drafts = {c: one.draft for c, one in built.items() if plan.whole or _differs(one, before.get(c))}
        fresh = untold(home, [file for one in built.values() for file in one.reports])
        owe(home, fresh)
        if drafts:
            publish(home, generation, drafts, made_at)
    finally:
        for one in built.values():
            one.draft.discard()
    report.files.extend(fresh)
    _afterwards(at, report, plan, built, generation if drafts else None)


def _differs(built: Built, before: Before | None) -> bool:
    """A draft that says what is published already is not worth a generation."""
    same = before is not None and all(
        built.manifest[key] == before.manifest.get(key) for key in ("data_sha", "contract", "schema_version")
    )
    return not same


def _afterwards(
    at: Circumstances, report: LoadReport, plan: Plan, built: Mapping[Clearance, Built], generation: int | None
) -> None:
    """Write down what was published."""
    report.published, report.rebuilt = generation is not None, plan.whole
    for one in built.values():
        for tainted in one.held:
            log_error(at.home, at.now(), tainted)
    if generation is not None:
        if plan.whole:
            forget_rollback(at.home)
        write_up(at.home, [line_of(file, generation) for one in built.values() for file in one.reports])
        retain(at.home, at.now(), at.book.reference.place.time_zone)


def _give_back(at: Circumstances, report: LoadReport, terms: Terms) -> None:
    """Answer whoever is owed an answer; what is published stays published though a letter cannot be written."""
    try:
        settle_debts(at.home, lambda reports: give_back(at.home, reports, terms))
    except Exception as error:  # whatever it is, and whoever wraps it
        failed = failure(error)
        told = failed.strerror if failed else type(error).__name__
        report.note(f"Không ghi được bản trả lại: {told}.", f"An answer was not written: {told}.")
