"""Readers see whole, verified snapshots and nothing else; what cannot be trusted is named, not shown."""

from dashboard.snapshot.door import Snapshots, Trouble
from dashboard.snapshot.memory import DESK
from dashboard.snapshot.opened import PARTY, STATE, Limits, Publication, Snapshot

__all__ = ["DESK", "PARTY", "STATE", "Limits", "Publication", "Snapshot", "Snapshots", "Trouble"]
