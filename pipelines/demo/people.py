"""Applicants who cannot exist: every name says so, every number starts with zeros no authority gives out."""

from __future__ import annotations

import polars as pl

# Personal columns are written on purpose: the boundary that must drop them is exercised by every demo load.
NAME_WORD = "Mẫu"


def invented_people(case: pl.Expr) -> dict[str, pl.Expr]:
    """Name, identity number, telephone and e-mail of the applicant of a case (running number, Int64)."""
    digits = case.cast(pl.String).str.zfill(9)
    return {
        "name": pl.format("Người Dân {} {}", pl.lit(NAME_WORD), digits),
        "identity": pl.format("000{}", digits),
        "phone": pl.format("0000{}", digits.str.tail(6)),
        "email": pl.format("nguoi.dan.{}@example.invalid", digits),
    }
