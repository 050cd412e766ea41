"""A case number leaves us as a keyed hash: the same case stays the same, and nobody reads the number back.

HMAC-SHA-256 over source, NUL and case number, first 128 bits as 32 hex digits (RFC 2104). DuckDB computes it
for a whole column at once; `pseudonym` is the same thing for one number and the twin in the tests.
"""

from __future__ import annotations

import hashlib
import hmac

import duckdb
import polars as pl

DIGITS = 32
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C

_SQL = f"""
    select row, substr(sha256(?::blob || unhex(sha256(?::blob || encode(number)))), 1, {DIGITS}) as hash from numbers
"""


def pseudonym(number: str, source: str, key: bytes) -> str:
    """The pseudonym of one case number of `source` under the installation's `key`."""
    return hmac.new(key, source.encode() + b"\0" + number.encode(), "sha256").hexdigest()[:DIGITS]


def pseudonyms(numbers: pl.Series, source: str, key: bytes, db: duckdb.DuckDBPyConnection) -> pl.Series:
    """The pseudonyms of a column (String to String, null stays null, order kept); `db` only does the arithmetic."""
    block = key if len(key) <= _BLOCK else hashlib.sha256(key).digest()
    padded = block.ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ _INNER for byte in padded) + source.encode() + b"\0"
    outer = bytes(byte ^ _OUTER for byte in padded)
    # Numbered, because a connection that need not preserve the order of rows would hand hashes to other cases.
    db.register("numbers", numbers.to_frame("number").with_row_index("row"))
    hashes: pl.DataFrame = db.sql(_SQL, params=[outer, inner]).pl()
    db.unregister("numbers")
    return hashes.sort("row")["hash"].alias(numbers.name)
