"""A case number leaves us as a keyed hash: the same case stays the same, and nobody reads the number back.

HMAC-SHA-256 over source, NUL and case number, first 128 bits as 32 hex digits (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac

import polars as pl

DIGITS = 32
BLOCK = 64  # bytes of one SHA-256 block, to which RFC 2104 pads the key


def pseudonym(number: str, source: str, key: bytes) -> str:
    """The pseudonym of one case number of `source` under the installation's `key`."""
    return hmac.new(key, source.encode() + b"\0" + number.encode(), "sha256").hexdigest()[:DIGITS]


def pseudonyms(numbers: pl.Series, source: str, key: bytes) -> pl.Series:
    """The pseudonyms of a column (String to String, null stays null, order kept)."""
    inner, outer = _begun(key, source.encode() + b"\0")

    def hidden(number: str | None) -> str | None:
        if number is None:
            return None
        one, around = inner.copy(), outer.copy()
        one.update(number.encode())
        around.update(one.digest())
        return around.hexdigest()[:DIGITS]

    return pl.Series(numbers.name, [hidden(number) for number in numbers], dtype=pl.String)


def as_written(column: str) -> str:
    """SQL of the pseudonyms in a column as their digits, whether they are kept as numbers or, as once, as text."""
    return f"replace(\"{column}\"::VARCHAR, '-', '')"


def _begun(key: bytes, prefix: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of RFC 2104 after key and prefix: to copy them takes half the time of the library's own."""
    padded = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + prefix)
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
