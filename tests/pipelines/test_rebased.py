"""Limits begin anew where a person says so, with a reason, and nowhere else; what was judged before stays judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipelines.catalogue import load_catalogue
from pipelines.errors import PersonError
from pipelines.reference import load_reference
from pipelines.signals.limits import limits
from pipelines.signals.rebased import Rebasing, begins, load_rebased, refuse_future
from pipelines.signals.rules import judge
from tests.pipelines.installation import REPOSITORY, Installation, install, row, table_hashes

CATALOGUE = load_catalogue(REPOSITORY / "data" / "catalogue")
UNITS = load_reference(REPOSITORY / "data").units
GOOD = {"indicator": '"dossiers_on_time"', "unit": '"27694@2025"', "from": "2025-07-01",
        "reason": '{ vi = "Hợp nhất", en = "Merger" }', "who": '"Văn phòng"', "decided": "2025-08-15"}  # fmt: skip
SERIES, UNIT, ROOT = "counter_dossiers_received", "27694@2025", "80"
MONTHS = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(46)]  # to October 2026
COUNTS = [40 + 7 * (at % 3) if month < date(2025, 3, 1) else 12 + 3 * (at % 4) for at, month in enumerate(MONTHS)]


def entry(**changes: str | None) -> str:
    told = {**GOOD, **changes}
    return "[[rebased]]\n" + "".join(f"{key} = {text}\n" for key, text in told.items() if text is not None)


def write(data: Path, text: str) -> Path:
    (data / "reference").mkdir(parents=True, exist_ok=True)
    (data / "reference" / "rebased.toml").write_text(text, encoding="utf-8")
    return data


def rebasing(unit: str = "", month: date = date(2025, 7, 1), indicator: str = "a") -> Rebasing:
    return Rebasing(1, indicator, unit, month, {"vi": "vì", "en": "why"}, "who", date(2025, 8, 1))


def test_an_entry_is_read_as_it_is_written(tmp_path: Path) -> None:
    [one] = load_rebased(write(tmp_path, entry()), CATALOGUE, UNITS)
    assert (one.indicator, one.unit, one.month) == ("dossiers_on_time", "27694@2025", date(2025, 7, 1))
    assert (one.reason["vi"], one.reason["en"], one.who, one.decided) == (
        "Hợp nhất", "Merger", "Văn phòng", date(2025, 8, 15))  # fmt: skip


def test_without_a_unit_every_series_of_the_indicator_begins_anew(tmp_path: Path) -> None:
    [one] = load_rebased(write(tmp_path, entry(unit=None)), CATALOGUE, UNITS)
    assert begins([one], "dossiers_on_time", "27694@2025") == begins([one], "dossiers_on_time", "80") == (one.month,)


def test_the_product_ships_a_file_that_moves_nothing_and_a_place_may_have_none(tmp_path: Path) -> None:
    assert load_rebased(REPOSITORY / "data", CATALOGUE, UNITS) == load_rebased(tmp_path, CATALOGUE, UNITS) == ()


@pytest.mark.parametrize(("changes", "told_vi", "told_en"), [
    ({"indicator": '"dossiers_on_tim"'}, "Có phải `dossiers_on_time`?", "Did you mean `dossiers_on_time`?"),
    ({"indicator": '"tickets_time_to_close"'}, "«tickets_time_to_close» không có", "has none"),
    ({"indicator": '"pci_total"'}, "một chỉ tiêu có giới hạn", "an indicator that has limits"),
    ({"unit": '"27694@2052"'}, "Có phải `27694@2025`?", r"Did you mean `27694@2025`\?"),
    ({"unit": '"27694"'}, "không có ở đó", "is not there"),  # the commune that ended with the reform
    ({"from": "2025-07-15"}, "ngày đầu của một tháng", "first day of a month"),
    ({"from": '"2025-07-01"'}, "không có dấu nháy", "without quotes"),
    ({"from": None}, "thiếu khóa", "is missing"),
    ({"reason": None}, "thiếu khóa", "is missing"),
    ({"reason": '{ vi = "Vì" }'}, "thiếu khóa", "is missing"),
    ({"reason": '{ vi = "Vì", en = " " }'}, "một lý do", "a reason in words"),
    ({"who": None}, "thiếu khóa", "is missing"),
    ({"who": '" "'}, "đã quyết định", "whoever decided"),
    ({"decided": None}, "thiếu khóa", "is missing"),
    ({"because": '"x"'}, "khóa lạ", "unknown key"),
])  # fmt: skip
def test_an_entry_that_cannot_be_meant_is_refused_in_a_sentence(
        tmp_path: Path, changes: dict[str, str | None], told_vi: str, told_en: str) -> None:
    with pytest.raises(PersonError, match=told_en) as refused:
        load_rebased(write(tmp_path, entry(**changes)), CATALOGUE, UNITS)
    assert refused.value.text("vi").startswith("rebased.toml: ") and told_vi in refused.value.text("vi")
    assert "rebased[1]" in refused.value.text("vi")


@pytest.mark.parametrize(("text", "told"), [
    ("[[rebased", "cannot be read"), ('rebased = "all"', "begin with"), ("[[rebase]]\n", "Did you mean `rebased`"),
    (entry() + entry(who='"another"'), r"rebased\[2\].*other than rebased\[1\]")])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PersonError, match=told):
        load_rebased(write(tmp_path, text), CATALOGUE, UNITS)


@pytest.mark.parametrize("key", ["from", "decided"])
def test_what_lies_in_the_future_re_bases_nothing(tmp_path: Path, key: str) -> None:
    found = load_rebased(write(tmp_path, entry(**{key: "2026-12-01"})), CATALOGUE, UNITS)
    refuse_future(found, date(2026, 12, 1))
    with pytest.raises(PersonError, match=rf"rebased\[1\]\.{key}.*2026-11-30.*2026-12-01"):
        refuse_future(found, date(2026, 11, 30))


def test_a_series_begins_anew_by_its_own_entries_and_those_for_all() -> None:
    every, own = rebasing(month=date(2026, 1, 1)), rebasing("u", date(2025, 7, 1))
    assert begins([every, own], "a", "u") == (own.month, every.month)
    assert begins([every, own], "a", "v") == (every.month,) and begins([every, own], "b", "u") == ()


def rows() -> list[str]:
    days = [(month, at) for month, count in zip(MONTHS, COUNTS, strict=True) for at in range(count)]
    moments = [datetime(month.year, month.month, 1 + at % 28, 8, tzinfo=UTC) for month, at in days]
    told = [row(f"A-{at}", f"{one:%d/%m/%Y %H:%M}", f"{one:%d/%m/%Y}", late := f"{one:%d/%m/%Y} 09:30", updated=late)
            for at, one in enumerate(moments)]
    return [*told, row("A-last", "15/11/2026 08:00", "16/11/2026", "15/11/2026 09:00", updated="15/11/2026 09:00")]


def re_based(one: Installation, month: str, unit: str | None = f'"{UNIT}"') -> None:
    write(one.data, entry(indicator=f'"{SERIES}"', unit=unit, **{"from": month}))


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    one = install(tmp_path_factory.mktemp("rebased"))
    one.drop("all.csv", rows())
    one.load()
    return one


def shown(one: Installation, unit: str) -> list[tuple[object, ...]]:
    return one.ask(f"SELECT month, lower, upper, locked, rule, since FROM signal WHERE indicator = '{SERIES}' "
                   f"AND unit = '{unit}' ORDER BY month")  # fmt: skip


def by_hand(cuts: Sequence[date]) -> list[tuple[object, ...]]:
    """The slow twin: every piece of the series is handed to the limits as if it were a series of its own."""
    told: list[tuple[object, ...]] = []
    edges = [MONTHS[0], *cuts, date.max]
    for first, end in pairwise(edges):
        piece = [(month, count) for month, count in zip(MONTHS, COUNTS, strict=True) if first <= month < end]
        counts = np.array([float(count) for _, count in piece])
        found = limits(counts, None)
        spoken, side = judge(counts, found)
        since: list[date | None] = []
        for at, one in enumerate(side):
            goes_on = at and one and one == side[at - 1]
            since.append(None if not one or not found.locked else since[-1] if goes_on else piece[at][0])
        for at, (month, _) in enumerate(piece):
            low, high = (None if np.isnan(edge[at]) else float(edge[at]) for edge in (found.lower, found.upper))
            told.append((month, low, high, found.locked, spoken[at], since[at]))
    return told[-13:]


@pytest.mark.parametrize("month", [None, "2025-03-01", "2024-11-01", "2024-01-01", "2026-03-01"])
def test_the_published_limits_are_those_of_each_stretch_by_itself(there: Installation, month: str | None) -> None:
    """From March 2025: twenty months, provisional. From January 2024: locked. From March 2026: none yet."""
    write(there.data, "") if month is None else re_based(there, month)
    there.load()
    assert shown(there, UNIT) == by_hand([date.fromisoformat(month)] if month else [])


def test_entering_changing_and_taking_back_an_entry_is_the_same_as_a_rebuild(there: Installation) -> None:
    write(there.data, "")
    there.load()
    untouched = table_hashes(there)
    for month, unit in (("2025-03-01", f'"{UNIT}"'), ("2024-11-01", None)):
        re_based(there, month, unit)
        assert there.load().published
        assert (incremental := table_hashes(there)) != untouched
    there.rebuild()
    assert table_hashes(there) == incremental
    write(there.data, "")
    there.load()
    assert table_hashes(there) == untouched


def test_a_process_that_has_changed_stops_calling_once_its_limits_begin_anew(there: Installation) -> None:
    write(there.data, "")
    there.load()
    before = [rule for *_, rule, _ in shown(there, UNIT)]
    re_based(there, "2025-03-01")
    there.load()
    after = shown(there, UNIT)
    assert all(before) and not any(rule for *_, rule, _ in after)
    assert {locked for *_, locked, _, _ in after} == {False}  # twenty months: drawn, and nothing is said


def test_only_the_named_series_begins_anew(there: Installation) -> None:
    write(there.data, "")
    there.load()
    root = shown(there, ROOT)
    re_based(there, "2025-03-01")
    there.load()
    assert shown(there, ROOT) == root
    re_based(there, "2025-03-01", None)
    there.load()
    assert shown(there, ROOT) == shown(there, UNIT) != root


def test_the_reason_travels_with_the_limits(there: Installation) -> None:
    re_based(there, "2025-03-01", None)
    there.load()
    query = "SELECT indicator, unit, month, reason_vi, reason_en, who, decided FROM rebased"
    assert there.ask(query) == [
        (SERIES, "", date(2025, 3, 1), "Hợp nhất", "Merger", "Văn phòng", date(2025, 8, 15))]
    assert there.ask(query, party=True) == []


def test_a_load_refuses_a_decision_of_tomorrow_before_it_touches_anything(there: Installation) -> None:
    there.drop("late.csv", [row("Z-1")])
    write(there.data, entry(indicator=f'"{SERIES}"', unit=None, decided="2026-11-29"))
    with pytest.raises(PersonError, match="not after today"):
        there.load()
    assert (there.home.inbox / "counter" / "late.csv").exists()
