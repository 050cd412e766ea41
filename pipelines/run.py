"""One run takes in what has come, drafts, checks and publishes; then every file has exactly one verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from pipelines.ahead import Ahead
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
from pipelines.machine import courteously, failure
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
from pipelines.readers import Readers
from pipelines.receive import Received, receive
from pipelines.receive.inbox import Look
from pipelines.receive.redact import finish
from pipelines.report import LoadReport
from pipelines.retain import retain
from pipelines.rollback import forget_rollback, rolled_back
from pipelines.rulebook import Rulebook
from pipelines.signals.rebased import refuse_future
from pipelines.verdicts import line_of, log_error, not_read, note, untold, write_up

InForce = Mapping[Clearance, Before]


@dataclass(frozen=True, eq=False)
class Circumstances:
    """Where and when a run takes place: nothing in it is looked up anywhere else.

    `now` gives an aware datetime, `sleep` waits that many seconds, `who` names the run in the lock. `settled`: looks at
    files under temporary names before the run, which need no second look once they bear their own. `readers` outlive
    the run, and what takes them long is taken up by a later one; without any it has its own and waits for everything.
    `ahead`: where what the last run left ready for this one is, if anybody keeps it.
    """

    home: Home
    book: Rulebook
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    tell: Tell
    who: str
    settled: frozenset[Look] = frozenset()
    readers: Readers | None = None
    ticks: Callable[[], float] = lambda: 0.0  # seconds; a clock that stands still is endlessly patient
    ahead: Ahead | None = None


def load_once(at: Circumstances) -> LoadReport:
    """Take in the inbox, load what has no verdict yet, publish if anything changed.

    Nobody waits more than `PATIENCE` for another's file: what is ready is published, the rest in a later generation.
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
    report, began = LoadReport(), at.now()
    with nullcontext(at.readers) if at.readers else Readers(at.ticks) as readers:
        _round(at, report, readers, again)
        while at.readers is None and (report.unfinished or readers.pending):
            readers.rest()
            _round(at, report, readers, again=False)
    current = read_pointer(at.home)
    report.snapshot = current.generation if current else None
    write_run(at.home, report, began, at.now())
    return report


def _round(at: Circumstances, report: LoadReport, readers: Readers, again: bool) -> None:
    """From inbox to publication, once; `unfinished` where the inbox holds more than was taken."""
    home, began = at.home, at.now()
    refuse_future(at.book.rebased, began.astimezone(at.book.reference.place.time_zone).date())
    readers.begin()
    sweep(home)
    key = pseudonym_key(home, create=True)
    before, whole = _in_force(home, key, report, again)
    report.expired += expire(home, at.book.mappings, began)
    asked = forgotten(home)
    whole = whole or asked.due or any(gone(home) & one.delivered for one in before.values())
    write_up(home, [line for one in before.values() for line in one.lines])
    if not again:
        _take_in(at, report, readers)
    terms = _terms(at, key, asked.cases, readers.worker)
    _publish(at, report, before, terms, readers, whole)
    _give_back(at, report, terms)
    if asked.due:
        finish(home.archive)
        carried_out(home, at.now())


def _terms(at: Circumstances, key: bytes, cases: frozenset[str], worker: Worker) -> Terms:
    book = at.book
    corrections = load_corrections(book.data, book.mappings)
    mark = f"{book.contract.sha} {key_check(key)} {sorted(cases)}"
    return Terms(
        book.mappings, book.reference, corrections, key, at.home.scratch, worker, decisions(at.home), cases, mark
    )


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


def _take_in(at: Circumstances, report: LoadReport, readers: Readers) -> None:
    """Empty the inbox into the archive, for as long as nobody is kept waiting by it; report what is not to be read."""
    def write_down(received: Received) -> None:
        if received.verdict != "received":
            note(at.home, not_read(received), received.verdict)

    taken = receive(
        at.home.root, list(at.book.mappings), at.now, _Everything(), sleep=at.sleep, worker=readers.worker,
        note=write_down, settled=at.settled,
    )  # fmt: skip
    report.unfinished = False
    for number, received in enumerate(taken, 1):
        at.tell("receive", number, number)
        if received.verdict != "received":
            report.files.append(not_read(received))
        if readers.has_enough:
            report.unfinished = True  # or perhaps that was the last: the next round will see
            return


class _Everything(list[str]):
    """Receiving hands out what is new; what the archive holds beyond the snapshot is the plan's business."""

    def __contains__(self, _: object) -> bool:
        return True


def _publish(
    at: Circumstances, report: LoadReport, before: InForce, terms: Terms, readers: Readers, whole: bool
) -> None:
    left = None if whole else rolled_back(at.home)
    plan = make_plan(at.home, at.book, before, whole, left)
    try:
        _carry_out(at, report, before, terms, readers, plan)
    except DamagedSnapshotError as damaged:
        report.note(*_damaged(damaged))
        _carry_out(at, report, before, terms, readers, make_plan(at.home, at.book, before, True, None))


def _carry_out(
    at: Circumstances, report: LoadReport, before: InForce, terms: Terms, readers: Readers, plan: Plan
) -> None:
    report.notes.extend(note for note in plan.notes if note not in report.notes)
    deliveries = [delivery for job in plan.jobs for delivery in job.deliveries]
    readers.want(deliveries, terms, whole=plan.whole, patient=not before)
    jobs = [job for job in plan.jobs if not job.deliveries or readers.hopeful(job.deliveries)]
    if not jobs:
        return
    jobs = [at.ahead.equip(job) for job in jobs] if at.ahead else jobs
    home, generation, made_at = at.home, next_generation(at.home), at.now()
    built = make_pair(at.home, at.book, jobs, terms, readers, Moment(generation, made_at), before, at.tell)
    try:
        report.forgotten = sum(take_out(home, one.forgotten, terms) for one in built.values())
        drafts = {c: one.draft for c, one in built.items() if plan.whole or one.differs(before.get(c))}
        if not before and not any(one.reports for one in built.values()):
            drafts = {}  # the very first file takes long: an empty snapshot is worth nothing to anybody
        fresh = untold(home, [file for one in built.values() for file in one.reports])
        owe(home, fresh)
        if drafts:
            publish(home, generation, drafts, made_at)
            if at.ahead:
                at.ahead.remember({c: built[c] for c in drafts})
    finally:
        for one in built.values():
            one.draft.discard()
    report.files.extend(fresh)
    _afterwards(at, report, plan, built, generation if drafts else None)


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
        courteously(lambda: settle_debts(at.home, lambda reports: give_back(at.home, reports, terms)))
    except Exception as error:  # whatever it is, and whoever wraps it
        failed = failure(error)
        told = failed.strerror if failed else type(error).__name__
        report.note(f"Không ghi được bản trả lại: {told}.", f"An answer was not written: {told}.")
