"""Limits move only when somebody says from which month, why, and in whose name: data, never a judgement of code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from pipelines.catalogue import Indicator
from pipelines.errors import PersonError
from pipelines.mapping.file import Section, Trouble, numbered, two_languages

FILE: Final = "rebased.toml"
KINDS: Final = ("rate", "count", "stock")
FACTS: Final = ("dossier", "ticket")
EVERYWHERE: Final = ""
"""In place of a unit: the series of every unit begins anew."""
KEYS: Final = ("indicator", "unit", "from", "reason", "who", "decided")


@dataclass(frozen=True)
class Rebasing:
    """One entry of `data/reference/rebased.toml`: the limits of these series know only months from `month` on."""

    number: int
    indicator: str
    unit: str  # a unit_id, or EVERYWHERE
    month: date  # its first day
    reason: Mapping[str, str]
    who: str
    decided: date


def begins(rebased: Iterable[Rebasing], indicator: str, unit: str) -> tuple[date, ...]:
    """The months in which the limits of one series begin anew, in order.

    With its numbers this is all that the limits of a series depend on: where neither has changed, nor have they.
    """
    return tuple(sorted({one.month for one in rebased
                         if one.indicator == indicator and one.unit in (EVERYWHERE, unit)}))  # fmt: skip


def is_judged(entry: Indicator) -> bool:
    """Whether an indicator has limits at all, so that they can be computed anew."""
    return (entry.kind in KINDS and entry.clearance == "state" and entry.fact in FACTS
            and not entry.spec.get("part", False))  # fmt: skip


def load_rebased(data: Path, catalogue: Mapping[str, Indicator], units: pl.DataFrame) -> tuple[Rebasing, ...]:
    """The entries of `reference/rebased.toml` of a data folder; none without the file.

    `units` needs `unit_id`, `tree` and `valid_to`. Raises PersonError naming the entry and what to do.
    """
    present = _present(units)
    entries = numbered(data / "reference" / FILE, "rebased")
    found = tuple(_read(entry, number, catalogue, present) for number, entry in enumerate(entries, 1))
    _refuse_repeats(found)
    return found


def refuse_future(rebased: Iterable[Rebasing], today: date) -> None:
    """Raises PersonError for a decision or a first month that has not come yet: nobody re-bases on what may happen."""
    for one in rebased:
        for key, day in (("from", one.month), ("decided", one.decided)):
            if day > today:
                raise Trouble(FILE).wrong(
                    f"rebased[{one.number}].{key}", f"một ngày không sau hôm nay ({today}); đang ghi {day}",
                    f"a day that is not after today ({today}); it says {day}")  # fmt: skip


def write_rebased(db: duckdb.DuckDBPyConnection, rebased: Sequence[Rebasing], judged: Collection[str]) -> None:
    """(Re)make the table `rebased` from the entries whose indicator is `judged` in this file."""
    db.execute("create or replace table rebased (indicator varchar, unit varchar, month date, reason_vi varchar, "
               "reason_en varchar, who varchar, decided date)")  # fmt: skip
    rows = sorted((one.indicator, one.unit, one.month, one.reason["vi"], one.reason["en"], one.who, one.decided)
                  for one in rebased if one.indicator in judged)  # fmt: skip
    if rows:
        db.executemany("insert into rebased values (?, ?, ?, ?, ?, ?, ?)", rows)


def _present(units: pl.DataFrame) -> list[str]:
    """Units that have series: present ones, of territories and agencies."""
    now = units.filter(pl.col("valid_to").is_null() & pl.col("tree").is_in(["territory", "agency"]))
    return now["unit_id"].to_list()


def _read(entry: Section, number: int, catalogue: Mapping[str, Indicator], present: Sequence[str]) -> Rebasing:
    for key in KEYS:
        if key != "unit" and not entry.has(key):
            raise entry.trouble.missing(f"{entry.path}.{key}")
    result = Rebasing(
        number=number,
        indicator=_indicator(entry, catalogue),
        unit=_unit(entry, present),
        month=_month(entry),
        reason=_reason(entry),
        who=_told(entry, "who"),
        decided=_day(entry, "decided"),
    )
    entry.finish(KEYS)
    return result


def _indicator(entry: Section, catalogue: Mapping[str, Indicator]) -> str:
    name = str(entry.text("indicator"))
    if name not in catalogue:
        raise _unknown(entry, "indicator", name, catalogue, "danh mục chỉ tiêu", "the catalogue")
    if not is_judged(catalogue[name]):
        raise entry.wrong(
            "indicator", f"một chỉ tiêu có giới hạn (rate, count, stock của hồ sơ hoặc phản ánh); «{name}» không có",
            f"an indicator that has limits (a rate, count or stock of dossiers or tickets); “{name}” has none")
    return name


def _unit(entry: Section, present: Sequence[str]) -> str:
    unit = str(entry.text("unit", EVERYWHERE))
    if entry.has("unit") and unit not in present:
        raise _unknown(entry, "unit", unit, present, "các đơn vị hiện nay (cột unit_id của units.csv)",
                       "the present units (column unit_id of units.csv)")  # fmt: skip
    return unit


def _unknown(entry: Section, key: str, name: str, known: Iterable[str], vi: str, en: str) -> PersonError:
    near = get_close_matches(name, list(known), n=1)
    hint_vi, hint_en = (f". Có phải `{near[0]}`?", f". Did you mean `{near[0]}`?") if near else ("", "")
    return entry.wrong(key, f"một tên trong {vi}; «{name}» không có ở đó{hint_vi}",
                       f"a name out of {en}; “{name}” is not there{hint_en}")  # fmt: skip


def _day(entry: Section, key: str) -> date:
    value = entry.scalar(key)
    if type(value) is not date:
        raise entry.wrong(key, "một ngày không có dấu nháy, ví dụ 2026-07-01",
                          "a date without quotes such as 2026-07-01")  # fmt: skip
    return value


def _month(entry: Section) -> date:
    day = _day(entry, "from")
    if day.day != 1:
        raise entry.wrong("from", f"ngày đầu của một tháng, vì giới hạn tính theo tháng; đang ghi {day}",
                          f"the first day of a month, for limits are monthly; it says {day}")  # fmt: skip
    return day


def _reason(entry: Section) -> Mapping[str, str]:
    """Why, in every language of the house: a date without a reason moves no limit."""
    found = two_languages(entry, "reason")
    for lang, text in found.items():
        if not text.strip():
            raise entry.wrong(f"reason.{lang}", "một lý do viết thành lời", "a reason in words")
    return found


def _told(entry: Section, key: str) -> str:
    text = str(entry.text(key)).strip()
    if not text:
        raise entry.wrong(key, "tên người hoặc đơn vị đã quyết định", "the name of whoever decided")
    return text


def _refuse_repeats(found: Sequence[Rebasing]) -> None:
    seen: dict[tuple[str, str, date], int] = {}
    for one in found:
        first = seen.setdefault((one.indicator, one.unit, one.month), one.number)
        if first != one.number:
            raise Trouble(FILE).wrong(
                f"rebased[{one.number}]", f"một mục khác với rebased[{first}]: cùng chỉ tiêu, đơn vị và tháng",
                f"an entry other than rebased[{first}]: same indicator, unit and month")  # fmt: skip
