"""Opening is not enough: a file is published only when it holds what its manifest says it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from pipelines.errors import PersonError
from pipelines.publish.hashes import Steps, data_sha, hash_tables
from pipelines.publish.tables import SCHEMA_VERSION, TABLES

SYSTEM_FAILED: Final = 3

LAWS: Final[Mapping[str, str]] = {
    # name of the law -> a query that returns the rows which break it
    "row law": "SELECT sha256 FROM delivery WHERE rows_in IS DISTINCT FROM "
    "rows_loaded + rows_quarantined + rows_skipped OR least(rows_loaded, rows_quarantined, rows_skipped) < 0",
    "one verdict per delivery": "SELECT sha256, source FROM delivery GROUP BY ALL HAVING count(*) > 1",
    "quarantine counts": "SELECT d.sha256 FROM delivery d LEFT JOIN (SELECT sha256, source, "
    "count(DISTINCT line) AS n FROM quarantine GROUP BY ALL) q USING (sha256, source) "
    "WHERE d.rows_quarantined <> coalesce(q.n, 0)",
    "quarantine belongs to a delivery": "SELECT sha256 FROM quarantine "
    "ANTI JOIN delivery USING (sha256, source) LIMIT 1",
}


class NotPublishableError(PersonError):
    """The draft is not what it claims to be; what was in force stays in force."""

    def __init__(self, law: str, found: str) -> None:
        super().__init__(
            f"Bản nháp không qua được bước kiểm tra «{law}»: {found}. Bản đang công bố được giữ nguyên.",
            f"The draft failed the check “{law}”: {found}. What is published stays as it is.",
            SYSTEM_FAILED,
        )


def make_manifest(
    db: duckdb.DuckDBPyConnection,
    clearance: str,
    extra: Mapping[str, Any],
    step: bool = False,
    steps: Steps | None = None,
) -> dict[str, Any]:
    """What the draft holds, as `publication.manifest` keeps it; `extra` is what only the run knows.

    `step`: the draft is the file before and what its change log and `steps` tell; `check_draft` then counts everything
    out in full.
    """
    before = read_manifest(db) if step else {}
    tables = hash_tables(db, before["tables"] if before.get("duckdb") == duckdb.__version__ else None, steps)
    return {
        "schema_version": SCHEMA_VERSION,
        "clearance": clearance,
        "duckdb": duckdb.__version__,
        "tables": tables,
        "data_sha": data_sha(tables),
        **extra,
    }


def read_manifest(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The manifest inside a snapshot; raises NotPublishableError when there is not exactly one."""
    try:
        found = db.execute("SELECT manifest FROM publication").fetchall()
    except duckdb.Error as error:
        raise NotPublishableError("one publication", str(error).splitlines()[0]) from None
    if len(found) != 1 or found[0][0] is None:
        raise NotPublishableError("one publication", f"{len(found)}")
    manifest: dict[str, Any] = json.loads(found[0][0])
    return manifest


def check_draft(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Compare the file with its own manifest and the laws of counting; returns the manifest.

    Raises NotPublishableError naming the first law that is broken and where.
    """
    manifest = read_manifest(db)
    present = hash_tables(db)
    if missing := sorted(set(TABLES) - set(present) - {"publication"}):
        raise NotPublishableError("every table is there", ", ".join(missing))
    if manifest["duckdb"] == duckdb.__version__:
        _check_hashes(manifest, present)
    for law, query in LAWS.items():
        if broken := db.execute(query).fetchall():
            raise NotPublishableError(law, str(broken[0][0]))
    return manifest


def _check_hashes(manifest: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    # Only under the same DuckDB: its hash function may change; the SHA-256 in CURRENT does not.
    promised = manifest["tables"]
    for name in sorted(promised.keys() | present.keys()):
        if promised.get(name) != present.get(name):
            raise NotPublishableError("table hashes", f"{name}: {promised.get(name)} != {present.get(name)}")
    if manifest["data_sha"] != data_sha(present):
        raise NotPublishableError("data hash", str(manifest["data_sha"]))
