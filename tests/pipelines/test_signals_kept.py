"""What chance had to say about months that nobody touched it has said already; everything else is judged anew."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.publish.pointer import read_pointer, state_path
from pipelines.signals import judged, publish_signals
from pipelines.signals.series import Parts
from tests.pipelines.installation import Installation, install, row, table_hashes

RECEIVED, ON_TIME = "counter_dossiers_received", "counter_dossiers_on_time"
MONTHS = [(2024 + at // 12, at % 12 + 1) for at in range(30)]  # to June 2026
MARK = -7.0
"""A value that no judging gives: who still bears it was not judged again."""


def of_month(year: int, month: int, number: str, ended: str = "", on: int = 3) -> str:
    day = f"{on:02d}/{month:02d}/{year}"
    late = f"{ended or day} 09:30"
    return row(number, f"{day} 08:00", day, late, updated=late)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    one = install(tmp_path_factory.mktemp("kept"))
    one.drop("all.csv", [of_month(year, month, f"A-{year}-{month}-{at}")
                         for year, month in MONTHS for at in range(5 + month % 3)] + [of_month(2026, 7, "A-now")])
    one.load()
    return one


@pytest.fixture
def draft(there: Installation, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private copy of what is published."""
    pointer = read_pointer(there.home)
    assert pointer is not None
    shutil.copy(state_path(there.home, pointer.generation), tmp_path / "draft.duckdb")
    with duckdb.connect(str(tmp_path / "draft.duckdb")) as db:
        yield db


def marked(db: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """By indicator how many rows bear the mark, and how many there are."""
    counted = f"SELECT indicator, count(*) FILTER (value = {MARK}), count(*) FROM signal GROUP BY 1"
    return {name: (kept, rows) for name, kept, rows in db.execute(counted).fetchall()}


def test_months_that_stayed_are_not_judged_again(draft: duckdb.DuckDBPyConnection) -> None:
    before = judged(draft)
    draft.execute(f"UPDATE signal SET value = {MARK}")
    draft.execute("UPDATE part_dossier_received_on SET counter_dossiers_received__n = 99 WHERE day >= '2026-07-01'")
    publish_signals(draft, before=before)
    assert marked(draft) == {RECEIVED: (26, 26), ON_TIME: (26, 26)}  # the unit and the whole place, 13 months each


def test_one_month_that_changed_has_all_of_its_indicator_judged_anew(draft: duckdb.DuckDBPyConnection) -> None:
    before = judged(draft)
    draft.execute(f"UPDATE signal SET value = {MARK}")
    draft.execute("UPDATE part_dossier_received_on SET counter_dossiers_received__n = 99 WHERE day = '2024-05-03'")
    publish_signals(draft, before=before)
    assert marked(draft) == {RECEIVED: (0, 26), ON_TIME: (26, 26)}
    stepwise = draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall()
    draft.execute(f"UPDATE signal SET value = 0 WHERE indicator = '{ON_TIME}'")
    publish_signals(draft)
    assert [one for one in draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall() if one[0] == RECEIVED] == [
        one for one in stepwise if one[0] == RECEIVED]  # fmt: skip


@pytest.mark.parametrize(("days", "months"), [
    ({date(2024, 5, 3)}, {"2024-05-01"}), ({date(2024, 5, 3), date(2026, 2, 3), date(2026, 2, 28)}, {
        "2024-05-01", "2026-02-01"}), (set(), set()), (None, None)])
def test_only_months_that_were_touched_are_added_up_again(
    draft: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, days: set[date] | None, months: set[str] | None
) -> None:
    before, asked = judged(draft), dict[str, str]()
    table = "part_dossier_received_on"
    every = {name: frozenset[date]() for name in before.carried}
    for day in [date(2024, 5, 3)] if days is None else days:
        draft.execute(f"UPDATE {table} SET {RECEIVED}__n = 99 WHERE day = '{day}'")
    ask = Parts._asked
    monkeypatch.setattr(Parts, "_asked", lambda parts, name, where: asked.update({name: where}) or ask(
        parts, name, where))
    stepwise = publish_signals(draft, before=before, made=every | {table: None if days is None else frozenset(days)})
    assert list(asked) == ([] if days == set() else [table])
    assert set(re.findall(r"\d{4}-\d\d-\d\d", asked.get(table, ""))) == (months or set())
    signals = draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall()
    assert stepwise.carried[table].equals(publish_signals(draft).carried[table])
    assert draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall() == signals


def test_of_a_file_without_judgements_nothing_is_known(draft: duckdb.DuckDBPyConnection) -> None:
    every = draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall()
    draft.execute("DROP TABLE signal")
    before = judged(draft)
    assert before.months == {}
    publish_signals(draft, before=before)
    assert draft.execute("SELECT * FROM signal ORDER BY ALL").fetchall() == every


def test_a_month_of_which_more_is_to_come_is_not_judged(draft: duckdb.DuckDBPyConnection) -> None:
    """Rows of its last day are there already, and that day still runs."""
    before, judged_until = judged(draft), "SELECT max(month) FROM signal"
    assert draft.execute(judged_until).fetchall() == [(date(2026, 6, 1),)]
    draft.execute("UPDATE source SET data_until = '2026-06-30', whole_until = '2026-06-29'")
    publish_signals(draft, before=before)
    assert draft.execute(judged_until).fetchall() == [(date(2026, 5, 1),)]


@pytest.mark.parametrize(("name", "rows"), [
    ("running.csv", [of_month(2026, 7, "B-1")]),
    ("late.csv", [of_month(2025, 2, "B-2"), of_month(2026, 5, "B-3")]),
    ("went_on.csv", [of_month(2026, 5, "A-2026-5-0", ended="09/07/2026")]),
    ("next_month.csv", [of_month(2026, 8, "B-4"), of_month(2026, 8, "B-5", on=31)]),
    ("nothing_in_september.csv", [of_month(2026, 10, "B-6")]),
])  # fmt: skip
def test_step_by_step_is_what_a_rebuild_says(there: Installation, name: str, rows: list[str]) -> None:
    """Also where a month is complete by what has come, though nothing happened in it."""
    there.drop(name, rows)
    [told] = there.load().files
    assert told.rows_loaded == len(rows)
    stepwise = table_hashes(there)
    there.rebuild()
    assert table_hashes(there) == stepwise
