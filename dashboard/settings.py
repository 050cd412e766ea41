"""What one running dashboard was told: where its home is, who it speaks to, and how much it may use."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Read once by `__main__` from the command line and the environment, then only handed on."""

    home: Path
    now: Callable[[], datetime]  # the only clock, with a time zone
    role: str = "leader"  # the demo role of whoever no proxy has named
    lang: str = "vi"
    address: str = "127.0.0.1"
    port: int = 8501
    memory: str = "1GB"  # of one open snapshot
    threads: int = 2
    seconds: float = 5.0  # a query that runs longer is interrupted
    data: Path | None = None  # `--data`: only for pictures and boundaries of a place, never for numbers
    allow_network: bool = False  # serve demo roles, which anyone may choose, to other machines

    def today(self) -> date:
        """The day on which somebody asks, by the clock of this installation's place."""
        return self.now().date()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address that is served."""
        return is_loopback(self.address)


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach `address`."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
