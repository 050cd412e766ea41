"""A delivery is one file of one source: where its bytes are kept, what they hash to, when they first came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Delivery:
    """Bytes that are safely in the archive; `received_at` (UTC) is their first receipt, for ever."""

    source: str
    name: str  # as the sender called it, made safe to show
    path: Path
    sha256: str
    bytes: int
    received_at: datetime
