"""A delivery beyond belief waits for a person, and the person's word outlives every rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import ledger
from pipelines.errors import PersonError
from pipelines.holds import APPROVED, ENOUGH, REFUSED, USUAL, decide, decisions, waiting
from pipelines.status import status
from tests.pipelines.installation import HEADER, Installation, install, row, table_hashes


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A source that has sent sixty rows with a fee of 20,000 dong each, eight times."""
    one = install(tmp_path_factory.mktemp("weeks"))
    path = one.data / "mappings" / "counter.toml"
    path.write_text(path.read_text("utf-8") + '\nfee_amount = { column = "phi", optional = true, numbers = "vi" }\n')
    for day in range(ENOUGH):
        send(one, f"{day}.csv", [f"D{day}-{n}" for n in range(USUAL + 10)])
    assert {file.verdict for file in one.load().files} == {"loaded"}
    return one


@pytest.fixture
def usual(weeks: Installation, tmp_path: Path) -> Installation:
    from tests.pipelines.installation import copy_of

    return copy_of(weeks, tmp_path)


def send(one: Installation, name: str, numbers: list[str], fee: str = "20.000") -> None:
    one.drop(name, [f"{row(number)};{fee}" for number in numbers], header=f"{HEADER};phi")


def outcome(one: Installation) -> list[tuple[str, list[str]]]:
    return [(file.verdict, [reason.code for reason in file.reasons]) for file in one.load().files]


def rows(one: Installation) -> int:
    return int(one.ask("SELECT count(*) FROM fact_dossier")[0][0])


def test_a_tenth_of_the_usual_rows_is_held_and_changes_no_number(usual: Installation) -> None:
    send(usual, "few.csv", ["X-1", "X-2"])
    before = rows(usual)
    assert outcome(usual) == [("held", ["rows_fell"])]
    assert rows(usual) == before
    held = status(usual.home, usual.book().mappings, usual.now())["held"]
    assert [one["file"] for one in held] == ["few.csv"] and "60" in held[0]["reasons"][0]["vi"]
    assert outcome(usual) == [], "it is told once"


@pytest.mark.parametrize("fee", ["20.000.000", "20"])
def test_a_thousandfold_jump_either_way_is_held(usual: Installation, fee: str) -> None:
    send(usual, "other unit.csv", [f"Y-{n}" for n in range(USUAL)], fee)
    assert outcome(usual) == [("held", ["amounts_jumped"])]


def test_what_is_merely_different_is_loaded(usual: Installation) -> None:
    send(usual, "half.csv", [f"H-{n}" for n in range(20)], "400.000")
    assert outcome(usual) == [("loaded", [])]


def test_a_new_source_is_not_judged(fresh: Installation) -> None:
    fresh.drop("a.csv", [row(f"A-{n}") for n in range(200)])
    assert outcome(fresh) == [("loaded", [])]
    fresh.drop("b.csv", [row("B-1")])
    assert outcome(fresh) == [("loaded", [])]


def held(one: Installation) -> str:
    send(one, "few.csv", ["X-1", "X-2"])
    one.load()
    return str(waiting(one.home)[0]["sha256"])


def test_approved_it_is_loaded_once_and_for_ever(usual: Installation) -> None:
    sha = held(usual)
    decide(usual.home, sha[:8], APPROVED, "nghỉ lễ", "an", usual.now())
    before = rows(usual)
    assert outcome(usual) == [("loaded", [])]
    assert rows(usual) == before + 2 and waiting(usual.home) == []
    hashes = table_hashes(usual)
    assert outcome(usual) == []
    usual.rebuild()
    assert table_hashes(usual) == hashes
    said = [line for line in ledger.read_ledger(usual.home.ledger) if line["verdict"] == APPROVED]
    assert [(line["reason"], line["who"]) for line in said] == [("nghỉ lễ", "an")]
    assert ledger.damage(usual.home.ledger) == []


def test_refused_it_stays_out_also_of_a_rebuild(usual: Installation) -> None:
    sha, before = held(usual), rows(usual)
    decide(usual.home, sha, REFUSED, "xuất thiếu", "an", usual.now())
    assert outcome(usual) == [("rejected", ["refused_by_person"])]
    hashes = table_hashes(usual)
    usual.rebuild()
    assert rows(usual) == before and table_hashes(usual) == hashes
    assert sha in json.dumps(sorted(decisions(usual.home).refused))


def test_undecided_it_is_held_by_a_rebuild_as_well(usual: Installation) -> None:
    held(usual)
    hashes = table_hashes(usual)
    usual.rebuild()
    assert table_hashes(usual) == hashes and len(waiting(usual.home)) == 1


@pytest.mark.parametrize("sha", ["", "abc", "ffffffffffff"])
def test_only_what_waits_can_be_decided(usual: Installation, sha: str) -> None:
    held(usual)
    with pytest.raises(PersonError) as refused:
        decide(usual.home, sha, APPROVED, "x", "an", usual.now())
    assert waiting(usual.home)[0]["sha256"][:12] in refused.value.vi
