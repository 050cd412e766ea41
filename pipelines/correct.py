"""A correction is data with a reason and an end: it holds only while the mistake is still there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.errors import Reason
from pipelines.facts import Fact
from pipelines.mapping import Scalar, SourceMapping
from pipelines.mapping.file import Section, numbered

FILE = "corrections.toml"


@dataclass(frozen=True)
class Correction:
    """One entry of `data/reference/corrections.toml`.

    `where` names the record by key columns (`case_id` as the sender writes it), `expect` is what its columns
    hold as long as the mistake stands, `set` what they ought to hold. After `until` it is no longer applied.
    """

    number: int
    source: str
    where: Mapping[str, Scalar]
    set: Mapping[str, Scalar]
    expect: Mapping[str, Scalar]
    reason: str
    who: str
    until: date | None


@dataclass
class Tally:
    """How a correction fared in one delivery, in rows."""

    applied: int = 0
    no_longer_expected: int = 0
    expired: int = 0


def load_corrections(data: Path, mappings: Mapping[str, SourceMapping]) -> tuple[Correction, ...]:
    """The corrections of `data/reference/corrections.toml`; none without the file. PersonError for a slip."""
    entries = numbered(data / "reference" / FILE, "correction")
    return tuple(_read(entry, number, mappings) for number, entry in enumerate(entries, 1))


def correct(
    rows: pl.DataFrame,
    corrections: Sequence[Correction],
    fact: Fact,
    day: date,
    hide: Callable[[str], str],
    tally: Mapping[int, Tally],
) -> pl.DataFrame:
    """`rows` (one chunk, base columns, pseudonyms in place) with what applies on `day`; counts into `tally`.

    `hide` turns a case number into its pseudonym.
    """
    for correction in corrections:
        here = pl.all_horizontal(
            _is(fact, name, _hidden(fact, name, value, hide)) for name, value in correction.where.items()
        )
        expected = pl.all_horizontal(_is(fact, name, value) for name, value in correction.expect.items())
        found, wrong = rows.select(found=here.sum(), wrong=(here & expected).sum()).row(0)
        count = tally[correction.number]
        if correction.until is not None and correction.until < day:
            count.expired += found
            continue
        count.applied += wrong
        count.no_longer_expected += found - wrong
        if wrong:
            rows = rows.with_columns(_set(fact, name, value, here & expected) for name, value in correction.set.items())
    return rows


def reasons(corrections: Sequence[Correction], tally: Mapping[int, Tally]) -> tuple[Reason, ...]:
    """What to tell about the corrections of one delivery."""
    result: list[Reason] = []
    for one in corrections:
        count = tally[one.number]
        for code, rows in (
            ("correction_applied", count.applied),
            ("correction_unused", count.no_longer_expected),
            ("correction_expired", count.expired),
        ):
            if rows:
                result.append(Reason(code, {"number": one.number, "rows": rows, "reason": one.reason}))
    return tuple(result)


def _read(entry: Section, number: int, mappings: Mapping[str, SourceMapping]) -> Correction:
    source = entry.word("source", list(mappings))
    fact = mappings[source].fact
    where = {name: value for name in fact.key if name != "source" and (value := _key(entry, name)) is not None}
    result = Correction(
        number=number,
        source=source,
        where=where,
        set=_columns(entry, "set", fact),
        expect=_columns(entry, "expect", fact),
        reason=str(entry.text("reason")),
        who=str(entry.text("who")),
        until=_until(entry),
    )
    missing = [name for name in fact.key if name not in ("source", "vintage", *where)]
    if missing:
        raise entry.trouble.missing(f"{entry.path}.{'case' if missing[0] == 'case_id' else missing[0]}")
    entry.finish()
    return result


def _key(entry: Section, name: str) -> Scalar | None:
    return entry.scalar("case" if name == "case_id" else name)


def _until(entry: Section) -> date | None:
    value = entry.scalar("until")
    if value is not None and not isinstance(value, date):
        raise entry.wrong("until", "một ngày không có dấu nháy", "a date without quotes such as 2026-12-31")
    return value


def _columns(entry: Section, key: str, fact: Fact) -> dict[str, Scalar]:
    table = entry.section(key)
    days = [f"{name.removesuffix('_at')}_on" for name in fact.mapped if name.endswith("_at")]
    allowed = [name for name in (*fact.mapped, *days) if name not in fact.key]
    found = {name: value for name in allowed if (value := table.scalar(name)) is not None}
    table.finish(allowed)
    if not found:
        raise entry.wrong(key, "ít nhất một cột", "at least one column")
    return found


def _column(fact: Fact, name: str) -> str:
    """A day may be written for the time it belongs to: `due_on` for `due_at`."""
    return name if name in fact.mapped else name.removesuffix("_on") + "_at"


def _hidden(fact: Fact, name: str, value: Scalar, hide: Callable[[str], str]) -> Scalar:
    return hide(str(value)) if fact.columns[name].role == "pseudonym" else value


def _is(fact: Fact, name: str, value: Scalar) -> pl.Expr:
    column = pl.col(_column(fact, name))
    by_day = name not in fact.mapped
    held = column.dt.date() if by_day else column
    wanted = pl.lit(value) if by_day else pl.lit(value).cast(fact.columns[name].dtype)
    return (held == wanted).fill_null(False)


def _set(fact: Fact, name: str, value: Scalar, where: pl.Expr) -> pl.Expr:
    column = _column(fact, name)
    return pl.when(where).then(pl.lit(value).cast(fact.columns[column].dtype)).otherwise(pl.col(column)).alias(column)
