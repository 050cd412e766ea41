"""What has lain here as long as its mapping allows goes: letters and held files by the day, the archive by the month.

Whatever leaves the archive leaves the numbers as well, for they are what a rebuild from the archive would make them;
and because that costs a rebuild, it happens on the first run of a month. One line in the ledger stays of each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipelines import ledger
from pipelines.delivery import Delivery
from pipelines.home import Home
from pipelines.mapping import SourceMapping
from pipelines.receive import archived, kept
from pipelines.receive.redact import finish

EXPIRED: Final = "expired"
UNKNOWN_DAYS: Final = 30  # for a held file of which nobody knows any more who sent it


def expire(home: Home, mappings: Mapping[str, SourceMapping], now: datetime) -> int:
    """Remove what is due, at most once a day, and return how many files that were.

    Call only under the lock, before anything is planned.
    """
    mark, today = home.log / "expired", now.astimezone(UTC).date().isoformat()
    if mark.exists() and mark.read_text(encoding="ascii", errors="replace").strip() == today:
        return 0
    leaving, old = list(due(home, mappings, now)), list(_old_files(home, mappings, now))
    for delivery in leaving:
        _let_go(home, delivery, mappings[delivery.source].retention_days, now)
    finish(home.archive)
    for path in old:
        path.unlink(missing_ok=True)
    mark.write_text(f"{today}\n", encoding="ascii")
    return len(leaving) + len(old)


def due(home: Home, mappings: Mapping[str, SourceMapping], now: datetime) -> Iterator[Delivery]:
    """Deliveries whose time was over when this month began."""
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for delivery in archived(home.archive):
        mapping = mappings.get(delivery.source)
        if mapping and delivery.received_at < month - timedelta(days=mapping.retention_days):
            yield delivery


def gone(home: Home) -> frozenset[tuple[str, str]]:
    """(source, sha256) of everything that has left the archive by its age, and has not come again."""
    lines = [line for line in ledger.read_ledger(home.ledger) if line["verdict"] == EXPIRED]
    keys = {(str(line["source"]), str(line["sha256"])) for line in lines}
    return frozenset(key for key in keys if kept(home.archive, *key) is None)


def held_files(home: Home) -> dict[Path, str]:
    """Files in `hold/` that wait for nobody any more, each with its source ("" where the ledger does not know)."""
    whose = {str(line.get("sha256")): str(line["source"]) for line in ledger.read_ledger(home.ledger)}
    found = home.root.joinpath("hold").glob("*.held")
    return {path: whose.get(path.name.removesuffix(".held"), "") for path in found}


def _let_go(home: Home, delivery: Delivery, days: int, now: datetime) -> None:
    """The line first: a file that is gone without one would be damage."""
    line: dict[str, Any] = {
        "file": delivery.name, "source": delivery.source, "sha256": delivery.sha256, "verdict": EXPIRED,
        "retention_days": days, "received_at": delivery.received_at.isoformat(),
        "at": now.astimezone(UTC).isoformat(),
    }  # fmt: skip
    ledger.append(home.ledger, [line])
    delivery.path.unlink(missing_ok=True)
    delivery.path.with_name(f"{delivery.sha256}.json").unlink(missing_ok=True)


def _old_files(home: Home, mappings: Mapping[str, SourceMapping], now: datetime) -> Iterator[Path]:
    for name, mapping in mappings.items():
        letters = home.root.joinpath("returned", name).glob("*.xlsx")
        yield from (path for path in letters if _age(path, now) > timedelta(days=mapping.returned_days))
    for path, source in held_files(home).items():
        days = mappings[source].hold_days if source in mappings else UNKNOWN_DAYS
        if _age(path, now) > timedelta(days=days):
            yield path


def _age(path: Path, now: datetime) -> timedelta:
    with suppress(OSError):
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return timedelta(0)
