"""`pipelines forget`: a case asked to be forgotten, and everything that is left of it is said."""

from __future__ import annotations

import unicodedata
from argparse import Namespace

from pipelines.commands import World, book_of, circumstances, home_of
from pipelines.errors import PersonError
from pipelines.expire import held_files
from pipelines.forgotten import ask, holding
from pipelines.home import Home, pseudonym_key, writer_lock
from pipelines.progress import shown
from pipelines.pseudonym import pseudonym
from pipelines.publish.pointer import party_path, read_pointer, state_path
from pipelines.run import rebuild


def forget(world: World, args: Namespace) -> int:
    """`pipelines forget --source S --case N --reason …`: take a case out of archive and numbers, for good."""
    home, mapping = home_of(world, args), book_of(world, args).mappings.get(args.source)
    if mapping is None:
        raise PersonError(f"Không có nguồn {args.source}.", f"There is no source {args.source}.")
    source = mapping.numbered_by  # whoever shares its numbers speaks of the same case
    with writer_lock(home, world.who):
        number = unicodedata.normalize("NFC", args.case).strip()
        case = pseudonym(number, source, pseudonym_key(home, create=False))
        ask(home, source, case, args.reason, world.who, world.now())
    with shown(world.progress, world.ticks) as tell:
        report = rebuild(circumstances(world, args, tell))
    world.both(
        f"Đã gỡ {report.forgotten} dòng khỏi kho lưu; đang công bố bản số {report.snapshot}, không còn hồ sơ này.",
        f"{report.forgotten} rows were taken out of the archive; generation {report.snapshot} is in force, without it.",
    )
    _tell_rest(world, home, case, args.everywhere)
    return 0


def _tell_rest(world: World, home: Home, case: str, everywhere: bool) -> None:
    """Older generations and held files: what is not touched unasked is named."""
    older = [generation for generation in holding(home, {case}) if not _in_force(home, generation)]
    numbers = ", ".join(map(str, older))
    if older and everywhere:
        for generation in older:
            party_path(home, generation).unlink(missing_ok=True)
            state_path(home, generation).unlink(missing_ok=True)
        world.both(f"Đã xóa các bản công bố cũ: {numbers}.", f"Older generations were removed: {numbers}.")
    elif older:
        world.both(
            f"Các bản công bố cũ còn dòng của hồ sơ này dưới bí danh: {numbers} (thêm --everywhere để xóa các bản đó).",
            f"Older generations still hold its row under a pseudonym: {numbers} (--everywhere removes them).",
        )
    if waiting := [path.name for path in held_files(home)]:
        world.both(
            f"Chưa xem được {len(waiting)} tệp đang tạm giữ trong hold/: {', '.join(waiting)}.",
            f"{len(waiting)} held files in hold/ could not be looked into: {', '.join(waiting)}.",
        )


def _in_force(home: Home, generation: int) -> bool:
    pointer = read_pointer(home)
    return pointer is not None and pointer.generation == generation
