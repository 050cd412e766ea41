"""Drill-through: the very rows behind a number, by pseudonym, for scopes that may see rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from dashboard.access import Scope, is_within
from dashboard.query.carry import carry
from dashboard.query.indicators import Indicator, find_indicator, indicators
from dashboard.query.question import Question, Reason
from dashboard.query.statement import Statement
from dashboard.query.stocks import newest
from dashboard.query.tables import check_slices, columns, digits, has, quoted
from dashboard.query.units import territory
from dashboard.snapshot import Snapshot

PAGE: Final = 50
LARGEST: Final = 100_000  # rows of one file; a page of a screen has far fewer
# Lineage is for the explain page, not for readers of cases.
CASE: Final = "case_id"
_HIDDEN: Final = frozenset({"version_at", "version_sha", "line", "unit"})
UNIT: Final = (
    "CASE WHEN moved_on IS NULL OR {day} < moved_on THEN coalesce(unit_at_receipt, 'UNASSIGNED') "
    "ELSE coalesce(unit_now, unit_at_receipt, 'UNASSIGNED') END"
)


@dataclass(frozen=True)
class Rows:
    """One page of cases: `frame` has the fact's columns, `unit` (credited) and `counts` (in the numerator).

    `total` counts all pages; a refusal carries its reason and an empty frame.
    """

    frame: pl.DataFrame
    total: int = 0
    reason: Reason | None = None
    sql: str = ""


def rows(
    snapshot: Snapshot, scope: Scope, question: Question, *, page: int = 0, size: int = PAGE,
    only: bool | None = None,
) -> Rows:  # fmt: skip
    """Cases behind an answer, oldest first; `only=False` leaves those that the numerator lacks (the late ones).

    Raises PersonError for names that do not exist.
    """
    entry = find_indicator(snapshot, question.indicator)
    reason = _refusal(snapshot, scope, entry, question)
    if reason is not None:
        return Rows(pl.DataFrame(), reason=reason)
    check_slices(snapshot, entry.fact, question.slices)
    behind = behind_sql(snapshot, entry, question)
    condition = "" if only is None else f" WHERE counts IS {'TRUE' if only else 'NOT TRUE'}"
    base = f"WITH behind AS ({behind.text}) SELECT {{}} FROM behind{condition}"
    total = Statement(base.format("count(*)"), behind.values).run(snapshot)[0][0]
    known = columns(snapshot)[f"fact_{entry.fact}"]
    shown = [f"{digits(name)} AS {name}" if name == CASE else quoted(name) for name in known if name not in _HIDDEN]
    order = f" ORDER BY placed_on, {CASE if CASE in known else 'unit'}"
    paged = order + " LIMIT $size OFFSET $skip"
    values = {**behind.values, "size": min(max(size, 1), LARGEST), "skip": max(page, 0) * size}
    statement = Statement(base.format(", ".join(["placed_on", "unit", "counts", *shown])) + paged, values)
    return Rows(snapshot.frame(statement.text, statement.used()), int(total), sql=statement.shown())


def _refusal(snapshot: Snapshot, scope: Scope, entry: Indicator, question: Question) -> Reason | None:
    places = territory(snapshot)
    if not scope.answers(entry.clearance) or snapshot.clearance not in scope.clearances:
        return Reason("answer.no_clearance")
    if not scope.rows or entry.sensitive or entry.clearance != "state":
        return Reason("answer.no_rows")
    if not is_within(question.unit, scope, places.parents):
        return Reason("answer.out_of_scope", (("unit", question.unit),))
    if entry.kind in ("formula", "reported") or not has(snapshot, f"fact_{entry.fact}"):
        return Reason("answer.no_rows_of_kind")
    if question.unit in places.units and not places.is_on(places.units[question.unit], question.basis):
        return Reason("answer.no_rows")
    return None


def behind_sql(snapshot: Snapshot, entry: Indicator, question: Question) -> Statement:
    """All columns of the cases behind an answer, with placed_on, unit and counts.

    The conditions are those that the catalogue published: compiled from an allow-list when it was loaded.
    """
    holder = indicators(snapshot)[entry.spec["ages_of"]] if entry.spec.get("ages_of") else entry
    day, where, counts = _conditions(holder)
    weights = carry(snapshot, question.basis, holder.id, question.unit).weights
    values: dict[str, Any] = {
        "first": question.period.first,
        "last": question.period.last,
        "units": sorted(unit for unit, weight in weights.items() if weight > 0),
        **{f"slice_{name}": value for name, value in question.slices},
    }
    table = f"fact_{holder.fact}"
    placed = day
    if holder.kind == "stock":
        day = "$last"  # who is responsible for what is open: the unit on the day asked about
        values["last"] = min(question.period.last, newest(snapshot, holder.fact))
    slices = [f"{quoted(name)} = $slice_{name}" for name, _ in question.slices]
    conditions = [*where, *slices, "unit IN (SELECT unnest($units))"]
    inner = f"SELECT *, {placed} AS placed_on{credited_unit(snapshot, table, day)}, {counts} AS counts FROM {table}"
    return Statement(f"SELECT * FROM ({inner}) WHERE {' AND '.join(conditions)}", values)


def credited_unit(snapshot: Snapshot, table: str, day: str) -> str:
    """The column `unit` of a fact that does not bring one."""
    if has(snapshot, table, "moved_on"):
        return f", {UNIT.format(day=day)} AS unit"
    return ", unit_at_receipt AS unit" if has(snapshot, table, "unit_at_receipt") else ""


def _conditions(entry: Indicator) -> tuple[str, list[str], str]:
    """(placing day, conditions, SQL of "counts above the line") of an entry."""
    if entry.kind == "stock":
        entered, left = entry.spec["entered"], entry.spec["left"]
        where = [f"({_text(entered)})", f"{quoted(entered['day'])} <= $last", _still_in(left)]
        return quoted(entered["day"]), where, "TRUE"
    day = quoted(entry.day or "")
    within = [f"{day} BETWEEN $first AND $last"]
    if entry.kind == "rate":
        above, below = entry.sql_numerator or "TRUE", entry.sql_denominator or "TRUE"
        return day, [*within, f"({below})"], f"({above})"
    if entry.kind == "duration":
        return day, [*within, f"({entry.sql_numerator}) IS NOT NULL", f"({_text(entry.spec)})"], "TRUE"
    if entry.kind == "distinct":
        return day, [*within, f"({_text(entry.spec)})"], "TRUE"
    counted = "TRUE" if "amount" in entry.spec else entry.sql_numerator or "TRUE"
    return day, [*within, f"({counted})", f"({_text(entry.spec)})"], "TRUE"


def _still_in(left: Mapping[str, Any]) -> str:
    day = quoted(left["day"])
    return f"NOT coalesce(({_text(left)}) AND {day} <= $last, FALSE)"


def _text(spec: Mapping[str, Any]) -> str:
    """A condition as the catalogue wrote it: it was compiled from an allow-list before it was published."""
    return f"{spec.get('where') or 'TRUE'}\n"  # a comment in it must not swallow the bracket behind it


def lineage(snapshot: Snapshot, question: Question) -> list[tuple[str, int]]:
    """(SHA-256 of a delivery, rows of this answer that it last wrote), the most first."""
    entry = find_indicator(snapshot, question.indicator)
    holder = indicators(snapshot)[entry.spec["ages_of"]] if entry.spec.get("ages_of") else entry
    if entry.kind in ("formula", "reported") or not has(snapshot, f"fact_{holder.fact}", "version_sha"):
        return []
    behind = behind_sql(snapshot, entry, question)
    statement = Statement(
        f"SELECT version_sha, count(*) FROM ({behind.text}) GROUP BY 1 ORDER BY 2 DESC, 1", behind.values
    )
    return [(sha, int(many)) for sha, many in statement.run(snapshot) if sha]


def fact_until(snapshot: Snapshot, fact: str) -> date:
    """The newest day that any unit has reported for a fact."""
    return newest(snapshot, fact)
