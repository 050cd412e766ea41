"""A query keeps its values beside it, bound; only for the reader's eye are they written into the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.snapshot import Snapshot

_NAME: Final = re.compile(r"\$([a-z_]+)")


@dataclass
class Statement:
    """SQL with `$name` for every value."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def used(self) -> dict[str, Any]:
        """The values that the text names; DuckDB refuses others."""
        return {name: self.values[name] for name in _NAME.findall(self.text)}

    def run(self, snapshot: Snapshot) -> list[tuple[Any, ...]]:
        """All rows."""
        return snapshot.rows(self.text, self.used())

    def shown(self) -> str:
        """The text as run, values written in: it can be run again on the same snapshot by anyone."""
        return _NAME.sub(lambda match: literal(self.values[match[1]]), self.text)


def literal(value: object) -> str:
    """A value as DuckDB writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(one) for one in value)}]"
    return "'" + str(value).replace("'", "''") + "'"
