"""Exports are handed over a counter: a ticket of 128 random bits, for one person, one question, once, 60 s."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from dashboard import audit
from dashboard.export.csv import MEDIA_TYPE as CSV_TYPE
from dashboard.export.csv import as_csv
from dashboard.export.document import Document
from dashboard.export.parquet import MEDIA_TYPE as PARQUET_TYPE
from dashboard.export.parquet import as_parquet
from dashboard.export.xlsx import MEDIA_TYPE as XLSX_TYPE
from dashboard.export.xlsx import as_xlsx

LIFE: Final = timedelta(seconds=60)
MOST_OPEN: Final = 1_000
"""Tickets waiting at once; the oldest give way, so that a script asking for ever cannot fill the memory."""
PICTURES: Final = {"png": "image/png", "svg": "image/svg+xml"}
"""Drawn in the reader's own browser, which brings them to the counter: no browser on the server."""
TABLES: Final = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "parquet": PARQUET_TYPE}
FORMATS: Final = {**TABLES, "zip": "application/zip", "pdf": "application/pdf", **PICTURES}
MOST_BYTES: Final = 16 << 20
"""Of a picture: ten times what a chart of 2,400 pixels needs."""
_BEGINS: Final = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<svg"}


@dataclass(frozen=True)
class Person:
    """Whoever asks, as far as this installation knows: a browser's session, a name, a role."""

    session: str
    user: str
    role: str


@dataclass(frozen=True)
class Order:
    """What a ticket stands for: a document in a format, and what the audit says of the question."""

    document: Document
    format: str
    question: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """A file that is made already, such as a meeting pack; otherwise it is rendered when the ticket is redeemed."""


@dataclass(frozen=True)
class Parcel:
    """A file ready to leave: its line in the audit is already on the disk."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class _Ticket:
    order: Order
    person: Person
    until: datetime


class Counter:
    """Issues tickets and redeems them; one per running dashboard.

    `folder` is where the audit lies (`exports.jsonl`); without one nothing can be redeemed.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, _Ticket] = {}
        self._lock = threading.Lock()

    def issue(self, order: Order, person: Person, now: datetime) -> str:
        """A ticket for `order`: 32 hex digits that mean nothing to anyone else."""
        if order.format not in FORMATS:
            raise ValueError(f"no export format {order.format!r}")
        ticket = secrets.token_hex(16)
        with self._lock:
            self._open = {name: t for name, t in self._open.items() if t.until > now}
            while len(self._open) >= MOST_OPEN:
                self._open.pop(next(iter(self._open)))
            self._open[ticket] = _Ticket(order, person, now + LIFE)
        return ticket

    def redeem(
        self, ticket: str, session: str, now: datetime, client: str, picture: bytes | None = None,
        user: str | None = None,
    ) -> Parcel | None:  # fmt: skip
        """The parcel of a ticket, once; None when it is unknown, used, too old or somebody else's.

        `user` is whom the proxy names with this very request; None where no door asks who somebody is.

        A ticket for a picture is redeemed with the `picture`, any other without one. A ticket shown by the wrong
        session is spent as well: whoever guessed it learns nothing, and its owner learns that something is wrong.
        """
        with self._lock:
            found = self._open.pop(ticket, None)
        if found is None or self._folder is None or found.until <= now or found.person.session != session:
            return None
        if user is not None and found.person.user != user:
            return None
        body = render(found.order, now) if picture is None else picture
        if body is None or not _is_as_ordered(body, found.order.format, picture is not None):
            return None
        number = secrets.token_hex(4)
        self._record(found, number, body, now, client)
        document = found.order.document
        name = f"{document.name}-{document.snapshot}-{number}.{found.order.format}"
        return Parcel(name, FORMATS[found.order.format], body)

    def _record(self, ticket: _Ticket, number: str, body: bytes, now: datetime, client: str) -> None:
        assert self._folder is not None
        document = ticket.order.document
        event: dict[str, object] = {
            "utc": now.isoformat(timespec="seconds"),
            "action": "export",
            "export": number,
            "user": ticket.person.user,
            "role": ticket.person.role,
            "object": document.name,
            "format": ticket.order.format,
            "question": dict(ticket.order.question),
            "rows": len(document.rows),
            "made": "browser" if ticket.order.format in PICTURES else "server",
            "sha256": hashlib.sha256(body).hexdigest(),
            "snapshot": document.snapshot,
            "client": client,
        }
        audit.append(self._folder / "exports.jsonl", event)


def render(order: Order, now: datetime) -> bytes | None:
    """The bytes of an order that is made here; None of one that a browser has to bring."""
    if order.body is not None or order.format in PICTURES:
        return order.body
    if order.format == "parquet":
        return as_parquet(order.document)
    return as_csv(order.document) if order.format == "csv" else as_xlsx(order.document, now)


def _is_as_ordered(body: bytes, kind: str, brought: bool) -> bool:
    """Whether what a browser brings is a picture of the kind it has a ticket for; what we made is right."""
    if not brought:
        return True
    return kind in PICTURES and len(body) <= MOST_BYTES and body.startswith(_BEGINS[kind])
