"""Per source: what came last, what became of it, and how old that is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines.condition import condition, hours_since
from pipelines.forgotten import forgotten
from pipelines.holds import waiting
from pipelines.home import Home
from pipelines.lateness import Rhythms, lateness
from pipelines.mapping import SourceMapping
from pipelines.publish.draft import connect_draft
from pipelines.publish.pointer import Pointer, party_path, state_path
from pipelines.publish.recover import in_force
from pipelines.rollback import rolled_back

QUERY = """
    SELECT s.source, s.name_vi, s.name_en, s.clearance, s.rhythm, s.rows, s.data_until, s.last_verdict,
           s.last_received_at, arg_max(d.file, (d.received_at, d.sha256)) AS last_file,
           count(d.sha256) AS deliveries, coalesce(sum(d.rows_quarantined), 0)::BIGINT AS rows_quarantined
    FROM source s LEFT JOIN delivery d USING (source) GROUP BY ALL ORDER BY s.source
"""


def status(home: Home, mappings: Mapping[str, SourceMapping], now: datetime) -> dict[str, Any]:
    """The object of `status --json`; ages in hours, times in ISO 8601 (UTC).

    `snapshot` is None before the first publication; `writer` is who holds the lock, if anybody.
    """
    pointer = in_force(home)
    published = _publication(home, pointer) if pointer else {"made_at": None, "data_until": None}
    found = {row["source"]: row for row in _sources(home, pointer, now)} if pointer else {}
    inbox = {name: _waiting(home, name) for name in mappings}
    today, rhythms = _calendar(home, pointer, now)
    held = [{key: line[key] for key in ("source", "file", "sha256", "received_at", "reasons")}
            | {"age_hours": hours_since(str(line["received_at"]), now)} for line in waiting(home)]  # fmt: skip
    return {
        "snapshot": pointer.generation if pointer else None,
        **published,
        "writer": home.lock.read_text(encoding="utf-8").strip() or None if home.lock.exists() else None,
        "rolled_back": rolled_back(home) is not None,
        "forgotten": len(forgotten(home).cases),
        "held": held,
        **condition(home, pointer, held, now),
        "sources": [
            {**row, "in_inbox": inbox[name], **_whom(mapping),
             **lateness(mapping, _day(row["data_until"]), today, rhythms)}
            for name, mapping in mappings.items() for row in (found.get(name) or _silent(name, mapping),)
        ],
    }


def _publication(home: Home, pointer: Pointer) -> dict[str, Any]:
    with connect_draft(state_path(home, pointer.generation), home.scratch, read_only=True) as db:
        made_at, until, invented = db.execute(
            "SELECT made_at, data_until, illustrative FROM publication"
        ).fetchall()[0]
    return {"made_at": _iso(made_at), "data_until": _iso(until), "illustrative": invented}


def _calendar(home: Home, pointer: Pointer | None, now: datetime) -> tuple[date, Rhythms]:
    """The day it is in the place, and its working days, as published."""
    if pointer is None:
        return now.date(), Rhythms({})
    with connect_draft(state_path(home, pointer.generation), home.scratch, read_only=True) as db:
        ((place,),) = db.execute("SELECT place FROM publication").fetchall()
        numbers = dict(db.execute("SELECT day, working_number FROM calendar").fetchall())
    return now.astimezone(ZoneInfo(json.loads(place)["time_zone"])).date(), Rhythms(numbers)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sources(home: Home, pointer: Pointer, now: datetime) -> Iterable[dict[str, Any]]:
    for path in (state_path(home, pointer.generation), party_path(home, pointer.generation)):
        with connect_draft(path, home.scratch, read_only=True) as db:
            for row in _rows(db):
                yield _described(row, now, pointer.generation)


def _rows(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    cursor = db.execute(QUERY)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _described(row: dict[str, Any], now: datetime, generation: int) -> dict[str, Any]:
    at: datetime | None = row["last_received_at"]
    age = None if at is None else round((now - at.replace(tzinfo=UTC)).total_seconds() / 3600, 2)
    times = {"last_received_at": _iso(at), "data_until": _iso(row["data_until"])}
    return {**row, **times, "age_hours": age, "generation": generation}


def _silent(name: str, mapping: SourceMapping) -> dict[str, Any]:
    """A source that has never sent anything, or not since its mapping was written."""
    return {
        "source": name, "name_vi": mapping.name["vi"], "name_en": mapping.name["en"],
        "clearance": mapping.clearance, "rhythm": mapping.rhythm, "rows": 0, "data_until": None,
        "last_verdict": None, "last_received_at": None, "last_file": None, "deliveries": 0,
        "rows_quarantined": 0, "age_hours": None, "generation": None,
    }  # fmt: skip


def _whom(mapping: SourceMapping) -> dict[str, Any]:
    """Whom to call about a source, and the hour by which its file is owed."""
    cut_off = mapping.cut_off.isoformat("minutes") if mapping.cut_off else None
    return {
        "owner_vi": mapping.owner["vi"], "owner_en": mapping.owner["en"], "cut_off": cut_off,
        "retention_days": {"archive": mapping.retention_days, "hold": mapping.hold_days,
                           "returned": mapping.returned_days},
    }  # fmt: skip


def _waiting(home: Home, source: str) -> int:
    folder = home.inbox / source
    return sum(1 for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else 0


def _iso(value: Any) -> str | None:  # noqa: ANN401 - a date or a naive UTC time
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat(timespec="seconds")
    return None if value is None else str(value)
