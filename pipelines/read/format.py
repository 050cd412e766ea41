"""What a sender's file looks like: the [file] section of a mapping, and how much a file may cost us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self

FORMATS: Final = ("csv", "xlsx", "json", "ndjson", "parquet")
ENCODINGS: Final = ("windows-1258", "tcvn3", "vni")
SUFFIXES: Final[Mapping[str, str]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}


@dataclass(frozen=True)
class AsOf:
    """Where a file says which day it speaks of: its own name (`pattern`) or one `cell` such as "B2".

    `style` is a strptime pattern; the first group of `pattern` (or all of it) is what the style reads.
    """

    come_from: Literal["name", "cell"]
    style: str
    pattern: str = ""
    cell: str = ""


@dataclass(frozen=True)
class FileFormat:
    """The shape that a source has agreed to send; `columns` are the sender's names that the mapping needs.

    `ignored` columns are known and not wanted. Any other column is refused or, with `unknown="warn"`, passed
    on with a warning. `optional` columns may be missing. `numbers` tells how the total row writes numbers.
    """

    formats: tuple[str, ...] = ("csv",)
    encodings: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int = 1
    total_row: str | None = None
    records: str | None = None
    as_of: AsOf | None = None
    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    unknown: Literal["reject", "warn"] = "reject"
    numbers: Literal["vi", "en", "plain"] = "plain"

    @property
    def known(self) -> tuple[str, ...]:
        """Every column name that raises no question."""
        return (*self.columns, *self.optional, *self.ignored)

    def as_json(self) -> dict[str, Any]:
        """A form that `from_json` turns back; this is how the child process learns it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        if as_of := data.get("as_of"):
            values["as_of"] = AsOf(**as_of)
        return cls(**values)


@dataclass(frozen=True)
class Limits:
    """What one file may cost: memory and bytes in bytes, times in seconds."""

    memory: int = 2 << 30
    cpu: float = 120.0
    cpu_per_gb: float = 30.0
    wall: float = 600.0
    wall_per_gb: float = 300.0
    written: int = 16 << 30
    field: int = 64 << 10
    columns: int = 500
    rows: int = 50_000_000
    chunk: int = 250_000
    cells: int = 30_000_000
    unpacked: int = 2 << 30
    ratio: int = 100
    document: int = 512 << 20
    depth: int = 64

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, for the child."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def cpu_seconds(self, size: int) -> float:
        """CPU that a file of `size` bytes may use."""
        return self.cpu + self.cpu_per_gb * size / 1e9

    def wall_seconds(self, size: int) -> float:
        """Time on the wall clock that a file of `size` bytes may take."""
        return self.wall + self.wall_per_gb * size / 1e9
