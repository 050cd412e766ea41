"""Each command says what it did in both languages and ends with a number that a script can read."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from pipelines.check import check
from pipelines.claim import claimed
from pipelines.condition import sentences
from pipelines.contract import Code, read_contract
from pipelines.errors import LANGUAGES, PersonError
from pipelines.home import Home, demo_key, open_home, pseudonym_key, write_key, writer_lock
from pipelines.mapping import load_mappings
from pipelines.progress import Tell, shown, silent
from pipelines.reference import load_reference
from pipelines.report import LoadReport
from pipelines.rollback import rollback
from pipelines.rulebook import Rulebook, catalogue_folders, read_rulebook
from pipelines.run import Circumstances, load_once, rebuild
from pipelines.status import status
from pipelines.verify import verify
from pipelines.watch import Stop

DAMAGED: Final = 1
SERIES: Final = ("reference", "series")
HEADING: Final = (
    f"{'nguồn / source':<24} {'kết quả / verdict':<17} {'dòng/rows':>9} {'đến / until':<11} {'tuổi/age':>10}  tệp/file"
)
COUNTED: Final = frozenset({"loaded", "duplicate"})  # told as a number; everything else file by file


@dataclass(frozen=True, eq=False)
class World:
    """The outside, handed in once: clock, output, and where the product and its checkout lie."""

    now: Callable[[], datetime]
    ticks: Callable[[], float]
    sleep: Callable[[float], None]
    stop: Stop
    out: TextIO
    progress: TextIO
    who: str
    product: Path
    checkout: Path
    code: Code

    def say(self, *lines: str) -> None:
        """Write lines for a person."""
        for line in lines:
            self.out.write(line + "\n")
        self.out.flush()

    def both(self, vi: str, en: str) -> None:
        """Say one thing in both languages."""
        self.say(vi, en)

    def json(self, what: object) -> None:
        """Write one JSON object."""
        self.say(json.dumps(what, ensure_ascii=False, indent=1))


def home_of(world: World, args: Namespace) -> Home:
    """The installation that a command is about."""
    return open_home(args.home, world.checkout)


def book_of(world: World, args: Namespace) -> Rulebook:
    """What the data folder says now."""
    return read_rulebook(args.data, world.product, world.code)


def circumstances(world: World, args: Namespace, tell: Tell, book: Rulebook | None = None) -> Circumstances:
    """Everything that a run needs, read anew but for a `book` that is at hand."""
    home, book = home_of(world, args), book or book_of(world, args)
    return Circumstances(home, book, world.now, world.sleep, tell, world.who, ticks=world.ticks)


def load(world: World, args: Namespace) -> int:
    """`pipelines load`: 0 even when files are bad."""
    return _run(world, args, load_once)


def rebuild_all(world: World, args: Namespace) -> int:
    """`pipelines rebuild`: the same from the archive alone."""
    return _run(world, args, rebuild)


def _run(world: World, args: Namespace, run: Callable[[Circumstances], LoadReport]) -> int:
    if args.json:
        world.json(run(circumstances(world, args, silent)).as_json())
        return 0
    with shown(world.progress, world.ticks) as tell:
        report = run(circumstances(world, args, tell))
    tell_report(world, report)
    return 0


def tell_report(world: World, report: LoadReport) -> None:
    """What happened, in both languages: counts for what went well, a line for every file that did not."""
    for lang in LANGUAGES:
        world.say(*report.sentences(lang, COUNTED))


def check_files(world: World, args: Namespace) -> int:
    """`pipelines check FILE…`: 0 if every file would be loaded whole, 1 otherwise."""
    book, home = book_of(world, args), home_of(world, args)
    clean = True
    for file in args.file:
        with claimed(home.scratch, "check") as scratch:  # or a load that starts meanwhile would sweep it away
            checked = check(file, args.source, book, world.now(), scratch, args.out or file.parent)
        clean = clean and checked.report.verdict == "loaded"
        for lang in LANGUAGES:
            world.say(*checked.sentences(lang))
    return 0 if clean else DAMAGED


def show_status(world: World, args: Namespace) -> int:
    """`pipelines status`: one line per source."""
    found = status(home_of(world, args), load_mappings(args.data), world.now())
    if args.json:
        world.json(found)
        return 0
    made = f"{found['snapshot'] or '-'} · {found['made_at'] or '-'} · {found['data_until'] or '-'}"
    world.both(f"Bản đang công bố / đến ngày: {made}", f"Generation in force / data until: {made}")
    if found["writer"]:
        world.both(f"Đang ghi: {found['writer']}", f"Being written by: {found['writer']}")
    for vi, en in sentences(found):
        world.both(vi, en)
    world.say(HEADING, *map(_status_line, found["sources"]))
    for row in found["sources"]:
        if row["late_by"]:
            world.both(row["reminder_vi"], row["reminder_en"])
    if found["forgotten"]:
        world.both(f"Hồ sơ đã yêu cầu xóa: {found['forgotten']}.", f"Cases forgotten: {found['forgotten']}.")
    for held in found["held"]:
        name = f"{held['source']}/{held['file']} {held['sha256'][:12]}"
        why = held["reasons"][0]
        world.both(f"Chờ duyệt: {name}: {why['vi']}", f"Waits for a person: {name}: {why['en']}")
    return 0


def _status_line(row: dict[str, Any]) -> str:
    age = "-" if row["age_hours"] is None else f"{row['age_hours']:.1f} h"
    waiting = f", inbox {row['in_inbox']}" if row["in_inbox"] else ""
    return (
        f"{row['source']:<24} {row['last_verdict'] or '-':<17} {row['rows']:>9} "
        f"{row['data_until'] or '-':<11} {age:>10}  {row['last_file'] or '-'}{waiting}"
    )


def show_verify(world: World, args: Namespace) -> int:
    """`pipelines verify`: 1 if anything is damaged, and what and where."""
    damage = verify(home_of(world, args))
    for one in damage:
        world.both(f"{one.where}: {one.vi}", f"{one.where}: {one.en}")
    if damage:
        return DAMAGED
    world.both("Kho lưu, các bản công bố và sổ nhận tệp đều nguyên vẹn.", "Archive, snapshots and ledger are whole.")
    return 0


def roll_back(world: World, args: Namespace) -> int:
    """`pipelines rollback [GENERATION]`."""
    home = home_of(world, args)
    with writer_lock(home, world.who):
        contract = read_contract(args.data, catalogue_folders(args.data, world.product), world.code)
        pointer = rollback(home, args.generation, contract.sha)
    world.both(
        f"Đang công bố lại bản số {pointer.generation}. Những gì đến sau bản này chỉ được nạp lại khi chạy "
        "`pipelines rebuild` hoặc khi quy tắc thay đổi.",
        f"Generation {pointer.generation} is in force again. What came after it is loaded again only by "
        "`pipelines rebuild` or when the rules change.",
    )
    return 0


def demo(world: World, args: Namespace) -> int:
    """`pipelines demo`: an inbox of invented files; never into a home that holds anything real."""
    home = home_of(world, args)
    until = args.until or world.now().date()
    with writer_lock(home, world.who), shown(world.progress, world.ticks) as tell:
        _make_demo_home(home, args.seed, args.force)
        _write(world, args, home, until, tell)
    files = sum(1 for path in home.inbox.rglob("*") if path.is_file())
    world.both(
        f"{files} tệp (dữ liệu bịa) trong {home.inbox}. Bước tiếp theo: pipelines load.",
        f"{files} files (invented) in {home.inbox}. Next: pipelines load.",
    )
    return 0


def _write(world: World, args: Namespace, home: Home, until: date, tell: Tell) -> None:
    from pipelines.demo.write import write_demo  # half a second that loading need not wait for

    data = args.data if args.data.joinpath(*SERIES).is_dir() else world.product
    series = data.joinpath(*SERIES)
    write_demo(
        home.inbox, args.rows, args.seed, until, load_reference(args.data),
        lambda what, share: tell(what, round(100 * share), 100), series if series.is_dir() else None,
    )  # fmt: skip


def _make_demo_home(home: Home, seed: int, force: bool) -> None:
    mark = home.demo_mark.read_text(encoding="ascii").strip() if home.demo_mark.exists() else None
    if (mark is None and home.key.exists()) or (any(home.archive.glob("*/*")) and mark != str(seed)):
        raise PersonError(
            f"{home.root} đã có dữ liệu khác; dữ liệu minh họa không được trộn vào. Hãy dùng --home khác.",
            f"{home.root} already holds other data; invented files are never mixed in. Use another --home.",
        )
    if any(path.is_file() for path in home.inbox.rglob("*")) and not force:
        raise PersonError(
            f"Hộp nhận {home.inbox} chưa trống. Hãy chạy `pipelines load` trước, hoặc thêm --force.",
            f"The inbox {home.inbox} is not empty. Run `pipelines load` first, or add --force.",
        )
    if mark != str(seed):
        home.key.unlink(missing_ok=True)
        write_key(home, demo_key(seed))
        home.demo_mark.write_text(f"{seed}\n", encoding="ascii")
    pseudonym_key(home, create=False)
