"""A case number leaves us as a keyed hash: the same case stays the same, and nobody reads the number back.

HMAC-SHA-256 over source, NUL and case number, first 128 bits as 32 hex digits (RFC 2104).
"""

from __future__ import annotations

import hmac

import polars as pl

DIGITS = 32

def pseudonym(number: str, source: str, key: bytes) -> str:
    """The pseudonym of one case number of `source` under the installation's `key`."""
    return hmac.new(key, source.encode() + b"\0" + number.encode(), "sha256").hexdigest()[:DIGITS]


def pseudonyms(numbers: pl.Series, source: str, key: bytes) -> pl.Series:
    """The pseudonyms of a column (String to String, null stays null, order kept)."""
    begun = hmac.new(key, source.encode() + b"\0", "sha256")

    def hidden(number: str | None) -> str | None:
        if number is None:
            return None
        one = begun.copy()
        one.update(number.encode())
        return one.hexdigest()[:DIGITS]

    return pl.Series(numbers.name, [hidden(number) for number in numbers], dtype=pl.String)
