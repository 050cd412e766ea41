"""What is published says itself what it was made from, and so what is still missing from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import PersonError
from pipelines.home import Home
from pipelines.publish.draft import CLEARANCES, Clearance, DamagedSnapshotError, connect_draft
from pipelines.publish.manifest import NotPublishableError, read_manifest
from pipelines.publish.pointer import Pointer, path_of


@dataclass(frozen=True)
class Before:
    """One file in force: where it is, its SHA-256 by CURRENT, its manifest and its deliveries."""

    path: Path
    sha256: str
    manifest: Mapping[str, Any]
    lines: tuple[dict[str, Any], ...]  # one per delivery, as the ledger keeps it

    @property
    def delivered(self) -> frozenset[tuple[str, str]]:
        """(source, sha256) of every delivery that has a verdict."""
        return frozenset((line["source"], line["sha256"]) for line in self.lines)

    @property
    def contract(self) -> Mapping[str, Any]:
        """The contract under which it was made."""
        contract: Mapping[str, Any] = self.manifest.get("contract", {})
        return contract


def look(home: Home, pointer: Pointer, key_mark: str) -> dict[Clearance, Before]:
    """Both files in force.

    Raises DamagedSnapshotError when one cannot be read, PersonError when they were made under another
    pseudonym key than that of `key_mark`.
    """
    found: dict[Clearance, Before] = {}
    for clearance in CLEARANCES:
        path = path_of(home, pointer.generation, clearance)
        try:
            with connect_draft(path, home.scratch, read_only=True) as db:
                before = Before(
                    path, pointer.sha(clearance), read_manifest(db),
                    tuple(_lines(db, pointer.generation)),
                )  # fmt: skip
        except (duckdb.Error, NotPublishableError) as error:
            raise DamagedSnapshotError(path.name) from error
        _check_key(before, key_mark)
        found[clearance] = before
    return found


def _lines(db: duckdb.DuckDBPyConnection, generation: int) -> list[dict[str, Any]]:
    query = (
        "SELECT file, source, sha256, verdict, rows_in, rows_loaded, rows_quarantined, rows_skipped, cases, "
        "reasons, strftime(received_at, '%Y-%m-%dT%H:%M:%S.%f') || '+00:00' AS received_at FROM delivery"
    )
    cursor = db.execute(query)
    names = [column[0] for column in cursor.description or ()]
    lines = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{**line, "reasons": json.loads(line["reasons"]), "generation": generation} for line in lines]


def _check_key(before: Before, key_mark: str) -> None:
    if before.manifest.get("key_check", key_mark) != key_mark:
        raise PersonError(
            "Khóa bí danh không phải là khóa đã dùng cho bản đang công bố. Hãy khôi phục khóa từ bản sao lưu.",
            "The pseudonym key is not the one that the published snapshot was made with. "
            "Restore the key from the backup.",
        )
