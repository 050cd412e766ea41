"""Going back is one pointer, and what was left behind does not creep in again by itself."""

from __future__ import annotations

import pytest

from pipelines.errors import PersonError
from pipelines.publish.pointer import read_pointer, state_path
from pipelines.rollback import rollback, rolled_back
from tests.pipelines.installation import Installation, row


def back(one: Installation, generation: int | None = None) -> int:
    return rollback(one.home, generation, one.book().contract.sha).generation


def files(one: Installation) -> set[str]:
    return {name for (name,) in one.ask("SELECT file FROM delivery WHERE verdict <> 'rejected'")}


def test_rollback_puts_the_generation_before_in_force(loaded: Installation) -> None:
    assert back(loaded) == 1
    pointer = read_pointer(loaded.home)
    assert pointer is not None and pointer.generation == 1
    assert files(loaded) == {"a.csv", "b.csv"}


def test_what_was_left_behind_stays_away_while_new_files_come_in(loaded: Installation) -> None:
    back(loaded)
    report = loaded.load()
    assert not report.published and report.snapshot == 1 and "rollback" in report.notes[0][1]
    loaded.drop("d.csv", [row("D-1")])
    assert loaded.load().snapshot == 3
    assert files(loaded) == {"a.csv", "b.csv", "d.csv"}


def test_a_rebuild_takes_everything_in_again(loaded: Installation) -> None:
    back(loaded)
    loaded.rebuild()
    assert files(loaded) == {"a.csv", "b.csv", "c.csv"} and rolled_back(loaded.home) is None


def test_new_rules_take_everything_in_again(loaded: Installation) -> None:
    back(loaded)
    mapping = loaded.data / "mappings" / "counter.toml"
    mapping.write_text(mapping.read_text("utf-8").replace("2035", "2034"), encoding="utf-8")
    report = loaded.load()
    assert report.rebuilt and files(loaded) == {"a.csv", "b.csv", "c.csv"}


def test_there_has_to_be_such_a_generation(loaded: Installation) -> None:
    with pytest.raises(PersonError, match=r"no generation 7.*2, 1"):
        back(loaded, 7)
    back(loaded)
    with pytest.raises(PersonError, match="no earlier generation"):
        back(loaded)
    assert back(loaded, 2) == 2


def test_a_damaged_generation_is_not_put_in_force(loaded: Installation) -> None:
    with state_path(loaded.home, 1).open("r+b") as file:
        file.truncate(8192)
    with pytest.raises(PersonError, match="damaged"):
        back(loaded)
    pointer = read_pointer(loaded.home)
    assert pointer is not None and pointer.generation == 2


def test_an_unreadable_note_counts_as_none(loaded: Installation) -> None:
    back(loaded)
    loaded.home.rolled_back.write_text("{", encoding="utf-8")
    assert rolled_back(loaded.home) is None
    assert loaded.load().published and files(loaded) == {"a.csv", "b.csv", "c.csv"}
