"""Parts that do not add up to their facts are noticed, whichever way they went wrong, and never published."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from pipelines import build, merge
from pipelines.measure import measure
from pipelines.measure.sums import sums, unequal_steps, unequal_sums
from pipelines.publish import hashes
from pipelines.publish.hashes import Growth
from pipelines.publish.manifest import NotPublishableError
from pipelines.publish.pointer import read_pointer
from pipelines.reference import Reference
from tests.pipelines.installation import Installation, row
from tests.pipelines.measured import FIRST, facts_db, product_catalogue, small_reference, some_dossiers

STATE = {name: entry for name, entry in product_catalogue().items() if entry.fact in ("dossier", "ticket")}


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return small_reference(tmp_path_factory.mktemp("place") / "data")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(some_dossiers)
def test_whatever_the_rows_say_parts_add_up_to_the_facts(reference: Reference, rows: list[Any]) -> None:
    db = facts_db(dossier=rows)
    measure(db, STATE, reference)
    assert list(unequal_sums(db, STATE)) == []


@pytest.mark.parametrize("harm", [
    'UPDATE part_dossier_received_on SET "dossiers_received__n" = "dossiers_received__n" + 1',
    "DELETE FROM part_dossier_received_on",
    "INSERT INTO part_dossier_received_on FROM part_dossier_received_on",
    "INSERT INTO fact_dossier FROM fact_dossier",
    "DELETE FROM fact_dossier",
])  # fmt: skip
def test_a_lost_a_doubled_and_a_forgotten_row_show(reference: Reference, harm: str) -> None:
    db = facts_db(dossier=[{"source": "s", "unit_at_receipt": "n1", "status": "decided", "received_on": FIRST}])
    measure(db, STATE, reference)
    assert list(unequal_sums(db, STATE)) == []
    db.execute(harm)
    assert any(one.startswith("part_dossier_received_on.dossiers_received__n") for one in unequal_sums(db, STATE))


def test_a_draft_that_does_not_add_up_is_not_published(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_pointer(loaded.home)
    loaded.drop("next.csv", [row("N-1")])
    monkeypatch.setattr(build, "measure", lambda *_, **__: {})  # a new row, and nothing measured again
    with pytest.raises(NotPublishableError, match="add up"):
        loaded.load()
    assert read_pointer(loaded.home) == before
    assert not list(loaded.home.snapshots.glob(".draft-*"))
    monkeypatch.undo()
    loaded.load()
    assert loaded.ask("SELECT count(*) FROM fact_dossier WHERE case_id IS NOT NULL") == [(7,)]


def test_an_increment_that_forgets_rows_is_not_published(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything follows from the log of what came and went; what it lacks the full count finds out."""
    before = read_pointer(loaded.home)
    loaded.drop("next.csv", [row("N-1")])
    monkeypatch.setattr(merge, "_remember", lambda *_: None)
    with pytest.raises(NotPublishableError, match=r"add up|table hashes"):
        loaded.load()
    assert read_pointer(loaded.home) == before


def test_steps_are_as_strict_as_the_whole(reference: Reference) -> None:
    """One row comes and goes: parts that follow add up, parts that do not are named, and so is a new table."""
    db = facts_db(dossier=[{"source": "s", "unit_at_receipt": "n1", "status": "decided", "received_on": FIRST}])
    measure(db, STATE, reference)
    before = sums(db, STATE)
    assert list(unequal_steps(db, STATE, before, sums(db, STATE))) == []
    db.execute("CREATE TEMP TABLE changed_dossier AS SELECT *, 1::TINYINT AS sign FROM fact_dossier")
    db.execute("INSERT INTO fact_dossier FROM fact_dossier")
    names = [one.split(":")[0] for one in unequal_steps(db, STATE, before, sums(db, STATE))]
    assert names and names == [one.split(":")[0] for one in unequal_sums(db, STATE)]
    measure(db, STATE, reference)
    assert list(unequal_steps(db, STATE, before, sums(db, STATE))) == [] == list(unequal_sums(db, STATE))
    db.execute("UPDATE part_dossier_received_on SET dossiers_received__n = 7")
    assert list(unequal_steps(db, STATE, type(before)({}), sums(db, STATE)))


def test_a_table_that_grew_otherwise_than_was_told_is_never_published(
    loaded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a step promises of a table without looking at it is counted out before anybody sees it."""
    monkeypatch.setattr(Growth, "note", lambda *_: None)
    loaded.drop("more.csv", [row("M-1")])
    before = read_pointer(loaded.home)
    with pytest.raises(NotPublishableError, match="table hashes"):
        loaded.load()
    assert read_pointer(loaded.home) == before
    monkeypatch.undo()
    assert loaded.load().published


def test_a_step_counts_only_what_came_and_went(loaded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of which a day was made anew is not counted as a whole before the file is closed."""
    asked, counted = list[list[str]](), hashes._hash

    def noted(db: Any, tables: Any) -> Any:
        asked.append(sorted(tables))
        return counted(db, tables)

    monkeypatch.setattr(hashes, "_hash", noted)
    loaded.drop("more.csv", [row("M-1")])
    assert loaded.load().published
    promised, checked = asked
    assert {"signal", "delivery"} <= set(promised)
    assert not any(name.startswith(("fact_", "part_")) for name in promised)
    assert {"fact_dossier", "part_dossier_received_on"} <= set(checked)
