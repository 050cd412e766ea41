"""When CURRENT is lost or lies, the newest generation that is whole takes its place."""

from __future__ import annotations

import duckdb

from pipelines.home import Home
from pipelines.publish import disk
from pipelines.publish.draft import connect_draft
from pipelines.publish.manifest import NotPublishableError, check_draft
from pipelines.publish.pointer import Pointer, kept, party_path, read_pointer, state_path, write_pointer


def in_force(home: Home) -> Pointer | None:
    """The pair that CURRENT names, if both files are there; None otherwise."""
    pointer = read_pointer(home)
    if pointer is None:
        return None
    both = state_path(home, pointer.generation).exists() and party_path(home, pointer.generation).exists()
    return pointer if both else None


def settle(home: Home) -> tuple[Pointer | None, bool]:
    """What is in force, and whether CURRENT had to be mended for it; call only under the lock."""
    pointer = in_force(home)
    if pointer is not None:
        return pointer, False
    for generation in kept(home):
        if (whole := whole_pair(home, generation)) is not None:
            write_pointer(home, whole)
            return whole, True
    return None, home.current.exists()


def whole_pair(home: Home, generation: int) -> Pointer | None:
    """The pointer of a kept generation whose two files hold what their manifests say, else None."""
    try:
        for path in (state_path(home, generation), party_path(home, generation)):
            with connect_draft(path, home.scratch, read_only=True) as db:
                check_draft(db)
        return Pointer(
            generation,
            disk.sha256_file(state_path(home, generation)),
            disk.sha256_file(party_path(home, generation)),
        )
    except (duckdb.Error, NotPublishableError, OSError):
        return None
