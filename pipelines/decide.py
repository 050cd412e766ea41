"""What only a person may decide about a file, they decide by a command, with a reason that stays."""

from __future__ import annotations

from argparse import Namespace

from pipelines.commands import World, home_of
from pipelines.holds import APPROVED, REFUSED, decide
from pipelines.home import writer_lock


def approve(world: World, args: Namespace) -> int:
    """`pipelines approve SHA --reason …`: the next load takes the file in."""
    return _decided(world, args, APPROVED, "được duyệt; lần nạp tới sẽ nạp", "is approved; the next load takes it")


def reject(world: World, args: Namespace) -> int:
    """`pipelines reject SHA --reason …`: the file stays in the archive and out of every number."""
    return _decided(world, args, REFUSED, "bị từ chối; tệp vẫn ở kho lưu", "is refused; it stays in the archive")


def _decided(world: World, args: Namespace, word: str, vi: str, en: str) -> int:
    home = home_of(world, args)
    with writer_lock(home, world.who):
        line = decide(home, args.sha, word, args.reason, world.who, world.now())
    name = f"{line['source']}/{line['file']} ({line['sha256'][:12]})"
    world.both(f"{name} {vi}.", f"{name} {en}.")
    return 0
