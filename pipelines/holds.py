"""A delivery that shrinks or jumps beyond belief waits for a person, whose word is kept in the ledger for ever."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

import duckdb
import polars as pl

from pipelines import ledger
from pipelines.delivery import Delivery
from pipelines.errors import PersonError, Reason
from pipelines.facts import FACTS
from pipelines.home import Home
from pipelines.load import Staged

WINDOW: Final = 14  # deliveries looked back on: two weeks of a daily sender, with their Sundays
ENOUGH: Final = 8
USUAL: Final = 50  # senders of fewer rows than that vary too much to be judged
LEFT: Final = 0.1  # a fall by nine tenths
JUMP: Final = math.log(500)  # a thousandfold, with room for what honestly changed
FEWEST: Final = 5  # amounts on both sides before one can speak of a size
APPROVED, REFUSED = "approved", "refused"
HOLDS: Final = frozenset({"rows_fell", "amounts_jumped"})
LOADED: Final = frozenset({"loaded", "loaded_partial"})
# Fact -> (amount, what amounts of one size have in common)
AMOUNTS: Final = {"dossier": ("fee_amount", "source"), "reported_value": ("value", "series")}
Key = tuple[str, str]


@dataclass(frozen=True)
class Decisions:
    """What the ledger says of deliveries (source, sha256): let through, refused by a person, loaded at some time.

    `due` are those that were decided and not yet taken up again.
    """

    approved: frozenset[Key] = frozenset()
    refused: frozenset[Key] = frozenset()
    loaded: frozenset[Key] = frozenset()
    due: frozenset[Key] = frozenset()


def decisions(home: Home) -> Decisions:
    """Everything that persons and earlier runs have decided."""
    word: dict[Key, str] = {}
    last: dict[Key, str] = {}
    loaded: set[Key] = set()
    for line in ledger.read_ledger(home.ledger):
        key = (str(line["source"]), str(line["sha256"]))
        last[key] = str(line["verdict"])
        if last[key] in (APPROVED, REFUSED):
            word[key] = last[key]
        if last[key] in LOADED:
            loaded.add(key)
    return Decisions(
        frozenset(key for key, said in word.items() if said == APPROVED),
        frozenset(key for key, said in word.items() if said == REFUSED),
        frozenset(loaded),
        frozenset(key for key, said in last.items() if said in (APPROVED, REFUSED)),
    )


def doubt(
    db: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Staged, decided: Decisions
) -> tuple[str, tuple[Reason, ...]] | None:
    """Verdict and reasons of a delivery that is not to be loaded (now); None where nothing speaks against it."""
    key = (delivery.source, delivery.sha256)
    if key in decided.refused:
        return "rejected", (Reason("refused_by_person"),)
    if key in decided.approved or key in decided.loaded:
        return None
    found = (*_fallen(db, delivery, staged), *_jumped(db, staged))
    return ("held", found) if found else None


def _fallen(db: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Staged) -> Iterator[Reason]:
    """Far fewer rows than usual, and far fewer than at any time lately: a Sunday is not held every week."""
    query = (
        "SELECT rows_in FROM delivery WHERE source = ? AND verdict IN ('loaded', 'loaded_partial') AND rows_in > 0 "
        "AND received_at <= ? ORDER BY received_at DESC, sha256 LIMIT ?"
    )
    asked = [delivery.source, delivery.received_at.replace(tzinfo=None), WINDOW]
    before = [rows for (rows,) in db.execute(query, asked).fetchall()]
    if len(before) < ENOUGH:
        return
    usual, rows = median(before), staged.table.rows_in
    if usual >= USUAL and rows < LEFT * usual and rows < min(before) / 2:
        yield Reason("rows_fell", {"rows": rows, "usual": round(usual)})


def _jumped(db: duckdb.DuckDBPyConnection, staged: Staged) -> Iterator[Reason]:
    """The middle size of amounts (their geometric mean) against that of everything the source has sent."""
    name = staged.mapping.fact.name
    if name not in AMOUNTS or not staged.staged.get(name):
        return
    amount, by = AMOUNTS[name]
    new = _sizes(staged, name, amount, by)
    if not new:
        return
    query = (
        f'SELECT {by}, avg(ln({amount})), count(*) FROM {FACTS[name].table} WHERE source = ? AND {amount} > 0 '
        f"GROUP BY ALL HAVING count(*) >= ?"
    )
    old = {group: size for group, size, _ in db.execute(query, [staged.mapping.source, FEWEST]).fetchall()}
    apart = [new[group] - old[group] for group in new.keys() & old.keys()]
    if apart and abs(median(apart)) >= JUMP:
        yield Reason("amounts_jumped", {"times": f"{math.exp(median(apart)):.4g}"})


def _sizes(staged: Staged, fact: str, amount: str, by: str) -> dict[str, float]:
    rows = pl.scan_parquet(staged.staged[fact]).filter(pl.col(amount) > 0).group_by(by)
    sizes = rows.agg(size=pl.col(amount).cast(pl.Float64).log().mean(), n=pl.len()).filter(pl.col("n") >= FEWEST)
    return dict(sizes.select(by, "size").collect().rows())


def waiting(home: Home) -> list[dict[str, Any]]:
    """Ledger lines of deliveries that wait for a person, oldest first."""
    last: dict[Key, dict[str, Any]] = {}
    for line in ledger.read_ledger(home.ledger):
        last[str(line["source"]), str(line["sha256"])] = line
    return [line for line in last.values() if line["verdict"] == "held" and _codes(line) & HOLDS]


def _codes(line: ledger.Line) -> set[str]:
    return {str(one.get("code")) for one in line.get("reasons") or ()}


def decide(home: Home, sha: str, word: str, reason: str, who: str, now: datetime) -> dict[str, Any]:
    """Write a person's word into the ledger; call only under the lock. Raises PersonError where nothing waits."""
    found = [line for line in waiting(home) if str(line["sha256"]).startswith(sha.lower())] if len(sha) >= 6 else []
    if len(found) != 1:
        there = ", ".join(str(line["sha256"])[:12] for line in waiting(home)) or "-"
        raise PersonError(
            f"Không có đúng một tệp đang chờ duyệt với mã {sha} (cần ít nhất 6 ký tự). Đang chờ: {there}.",
            f"Not exactly one file that waits has the hash {sha} (give at least 6 digits). Waiting: {there}.",
        )
    line = {
        "file": found[0]["file"], "source": found[0]["source"], "sha256": found[0]["sha256"], "verdict": word,
        "reason": reason, "who": who, "received_at": found[0]["received_at"], "at": now.astimezone(UTC).isoformat(),
    }  # fmt: skip
    ledger.append(home.ledger, [line])
    return line
