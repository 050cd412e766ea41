"""A delivery is one file of one source: where its bytes are kept, what they hash to, when they first came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """Bytes that are safely in the archive; `received_at` (UTC) is their first receipt, for ever."""

    source: str
    name: str  # as the sender called it, made safe to show
    path: Path
    sha256: str
    bytes: int
    received_at: datetime
    redacted: Mapping[str, Any] | None = None  # what the receipt says where a forgotten case was taken out of it
