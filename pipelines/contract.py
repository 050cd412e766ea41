"""A number is a function of the archive and of this contract: what people wrote and the code that reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.publish.tables import SCHEMA_VERSION

# Code and data that only turn facts into parts: a change here measures anew, and reads no file again.
MEASURING: Final = frozenset({"catalogue", "measure", "bridge", "signals", "expression", "disclose"})
MEASURING_DATA: Final = ("targets", "reconciliation", "published_tables", "rebased")
# Reference that no value of a snapshot depends on: maps, and published series that the demo sends along.
UNREAD: Final = frozenset({"boundaries", "series"})
# Code that moves files and speaks to people, and changes no value. All other code counts as shared.
OUTSIDE: Final = frozenset(
    {"__main__", "run", "rebuild", "status", "verify", "retain", "watch", "home", "ledger", "publish",
     "contract", "demo", "progress", "check", "rollback", "reasons", "errors", "receive", "intake", "plan",
     "inforce", "build", "report", "rulebook", "commands", "verdicts", "file_reasons", "sheet_reasons", "desk_reasons",
     "annotate", "giveback", "exchange", "attend", "holds",
     "decide", "journal", "machine", "forgotten", "forget", "expire", "lateness", "claim", "lanes", "readers",
     "pair", "owed", "condition"}
)  # fmt: skip


@dataclass(frozen=True)
class Contract:
    """Hashes of the four things that decide what a snapshot says."""

    shared: str  # place, reference, corrections, and the code from reading to loading
    measures: str  # catalogue, targets, and the code that measures
    mappings: Mapping[str, str]  # per source
    code_version: str

    @property
    def sha(self) -> str:
        """One hash over everything but the code's version."""
        parts = {"shared": self.shared, "measures": self.measures, "mappings": dict(self.mappings)}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def as_json(self, sources: Container[str]) -> dict[str, Any]:
        """The form in which the manifest of a file with these `sources` keeps it: it names no others."""
        mappings = {source: sha for source, sha in self.mappings.items() if source in sources}
        return {"shared": self.shared, "measures": self.measures, "mappings": mappings}


@dataclass(frozen=True)
class Code:
    """Hashes of the code of this process: up to loading, of measuring, and of all of it."""

    early: str
    measuring: str
    version: str


def read_code(package: Path) -> Code:
    """The code of the package in folder `package`; read once, when the process starts that runs it."""
    modules = _files(package, "*.py")
    measuring = [path for path in modules if _module(path, package) in MEASURING]
    outside = [path for path in modules if _module(path, package) in OUTSIDE]
    early = sorted(set(modules) - set(measuring) - set(outside))
    return Code(_hash(early), _hash(measuring), _hash(modules)[:12])


def read_contract(data: Path, catalogues: Iterable[Path], code: Code) -> Contract:
    """The contract of a data folder, its catalogue folders and the code."""
    reference = [path for path in _files(data / "reference") if path.parent.name not in UNREAD]
    late = [path for path in reference if path.name.startswith(MEASURING_DATA)]
    entries = [path for folder in catalogues for path in _files(folder, "*.toml")]
    rules = [data / "place.toml", *sorted(set(reference) - set(late))]
    return Contract(
        shared=_hash(rules, f"schema {SCHEMA_VERSION}", code.early),
        measures=_hash([*entries, *late], code.measuring),
        mappings={path.stem: _hash([path]) for path in _files(data / "mappings", "*.toml")},
        code_version=code.version,
    )


def must_rebuild(contract: Contract, before: Mapping[str, Any], delivered: Iterable[str]) -> bool:
    """Whether rows already loaded would come out differently: a mapping without deliveries does not matter."""
    old = before.get("mappings", {})
    return before.get("shared") != contract.shared or any(
        old.get(source) != contract.mappings.get(source) for source in delivered
    )


def must_measure(contract: Contract, before: Mapping[str, Any]) -> bool:
    """Whether the parts of all days have to be measured again."""
    return bool(before.get("measures") != contract.measures)


def _files(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file() and not _passing(path))


def _passing(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix == ".pyc" or "__pycache__" in path.parts


def _module(path: Path, code: Path) -> str:
    return path.relative_to(code).parts[0].removesuffix(".py")


def _hash(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    for text in more:
        digest.update(text.encode())
    return digest.hexdigest()
