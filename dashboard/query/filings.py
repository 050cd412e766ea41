"""The ledger read as things: senders with their rhythm, filings with their verdict, rules with what broke them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dashboard.access import Scope
from dashboard.query.coverage import silence, working_days
from dashboard.query.ledger import deliveries, quarantine, quarantine_rules, sources
from dashboard.query.owned import own_sources
from dashboard.snapshot import Snapshot

LOADED: Final = ("loaded", "loaded_partial")
_NEWEST: Final = 1_000  # filings and refused rows that one page looks through
_REACH: Final = 800  # days ahead within which every rhythm but "irregular" comes due


@dataclass(frozen=True)
class Sender:
    """A sending system: who answers for it, how often it sends, when it last did (in the place's time)."""

    source: str
    name_vi: str
    name_en: str
    fact: str
    owner_vi: str
    owner_en: str
    rhythm: str
    cut_off: str
    mode: str
    illustrative: bool
    last_received_at: datetime | None
    data_until: date | None
    rows: int | None
    """None, like the verdict, where some of them are of units outside the scope."""
    last_verdict: str | None

    def name(self, lang: str) -> str:
        """Its name in `lang`."""
        return str(getattr(self, f"name_{lang}"))

    def owner(self, lang: str) -> str:
        """Who answers for it, in `lang`."""
        return str(getattr(self, f"owner_{lang}") or "")


@dataclass(frozen=True)
class Filing:
    """One delivery with its verdict; `rows_in = rows_loaded + rows_quarantined + rows_skipped`, always.

    `received_at` is in the place's time.
    """

    sha256: str
    source: str
    file: str
    bytes: int
    received_at: datetime | None
    as_of: date | None
    verdict: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_skipped: int
    cases: int
    reasons: tuple[Mapping[str, Any], ...]

    def reason(self, code: str, lang: str) -> str:
        """The sentence of one of its reasons; empty when it has none of that code."""
        found = next((one for one in self.reasons if one.get("code") == code), {})
        return str(found.get(lang, ""))


@dataclass(frozen=True)
class BrokenRule:
    """One rule that rows of one source broke; `said` is a sentence of a delivery that names it, per language."""

    source: str
    rule: str
    columns: tuple[str, ...]
    rows: int
    said: Mapping[str, str]


def senders(snapshot: Snapshot, scope: Scope) -> list[Sender]:
    """The sources that a scope may know of, by fact and name."""
    names = [field.name for field in fields(Sender)]
    found = [{name: row[name] for name in names} for row in sources(snapshot, scope).iter_rows(named=True)]
    listed = [Sender(**one | {"last_received_at": local(snapshot, one["last_received_at"])}) for one in found]
    return sorted(listed, key=lambda one: (one.fact, one.source))


def open_senders(snapshot: Snapshot, scope: Scope) -> list[Sender]:
    """Those of them of whose files everything may be told, since no row of theirs lies outside the scope."""
    own = own_sources(snapshot, scope)
    return [one for one in senders(snapshot, scope) if own is None or one.source in own]


def filings(snapshot: Snapshot, scope: Scope, source: str = "") -> list[Filing]:
    """The newest deliveries of the sources that a scope may know of, or of one: by the day they came, within
    it by the day that they speak of, so that a first load of many years reads from its end.
    """
    names = [field.name for field in fields(Filing)]
    found = deliveries(snapshot, scope, source or None, size=_NEWEST)
    listed = [_filing(snapshot, {name: row[name] for name in names}) for row in found.iter_rows(named=True)]
    return sorted(listed, key=_order, reverse=True)


def _order(one: Filing) -> tuple[date, date, datetime]:
    came = one.received_at or datetime.min
    return came.date(), one.as_of or came.date(), came


def _filing(snapshot: Snapshot, values: dict[str, Any]) -> Filing:
    counts = ("bytes", "rows_in", "rows_loaded", "rows_quarantined", "rows_skipped", "cases")
    values |= {name: int(values[name] or 0) for name in counts}
    values["received_at"] = local(snapshot, values["received_at"])
    values["reasons"] = tuple(json.loads(values["reasons"] or "[]"))
    return Filing(**values)


def local(snapshot: Snapshot, at: datetime | None) -> datetime | None:
    """A moment of a snapshot (UTC without zone) by the clock of the place, again without zone."""
    zone = ZoneInfo(str(snapshot.publication.place.get("time_zone", "UTC")))
    return None if at is None else at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def broken_rules(snapshot: Snapshot, scope: Scope) -> list[BrokenRule]:
    """Rules by how many cells broke them, most first."""
    known = filings(snapshot, scope)
    merged: dict[tuple[str, str], tuple[list[str], int]] = {}
    for row in quarantine_rules(snapshot, scope).iter_rows(named=True):
        names, rows = merged.get((row["source"], row["rule"]), ([], 0))
        merged[row["source"], row["rule"]] = [*names, *([row["column"]] if row["column"] else [])], rows + row["rows"]
    found = [
        BrokenRule(source, rule, tuple(sorted(set(names))), rows, _said(known, source, rule))
        for (source, rule), (names, rows) in merged.items()
    ]
    return sorted(found, key=lambda one: (-one.rows, one.source, one.rule))


def _said(known: list[Filing], source: str, rule: str) -> Mapping[str, str]:
    """How the newest delivery that broke a rule says it, without its own counts; the rule's name where none does."""
    for one in known:
        if one.source == source and any(reason.get("code") == rule for reason in one.reasons):
            return {lang: _without_counts(one.reason(rule, lang)) for lang in ("vi", "en")}
    return dict.fromkeys(("vi", "en"), rule)


def _without_counts(sentence: str) -> str:
    """A rule's sentence ends in ": 3 rows, the first on line 7."; what stands before is the rule."""
    return sentence.rpartition(": ")[0] or sentence


def refused_rows(snapshot: Snapshot, scope: Scope, source: str, rule: str, most: int = 10) -> list[dict[str, Any]]:
    """The first refused rows of a rule (sha256, line, column, value), of the newest file first; none for a scope
    that may not look at them.
    """
    order = {one.sha256: at for at, one in enumerate(filings(snapshot, scope, source))}
    found = [row for row in quarantine(snapshot, scope, source, size=_NEWEST).iter_rows(named=True)
             if row["rule"] == rule]  # fmt: skip
    return sorted(found, key=lambda row: (order.get(row["sha256"], len(order)), row["line"]))[:most]


def next_due(snapshot: Snapshot, until: date | None, rhythm: str) -> date | None:
    """The last day on which a source whose data reach `until` is still in time; None where it has no rhythm."""
    if until is None or rhythm == "irregular":
        return None
    day = until
    while silence(snapshot, until, day + timedelta(days=1), rhythm) <= 0:
        day += timedelta(days=1)
        if (day - until).days > _REACH:
            return None
    while rhythm == "daily" and day > until and not working_days(snapshot, day - timedelta(days=1), day):
        day -= timedelta(days=1)  # nobody is expected to send on a day off
    return day
