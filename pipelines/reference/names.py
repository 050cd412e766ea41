"""One name is written many ways; folding brings every way of writing it to one."""

from __future__ import annotations

import polars as pl

# Both tone placements are in use ("hòa" and "hoà"); the older one is kept, wherever the letters stand, so
# that also the wrongly typed "Hòang" finds "Hoàng". Accents themselves stay: Tân Thạnh is not Tân Thành.
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
# Eth and African D look like Đ and come from old keyboards; the rest takes no room on paper.
_LOOKALIKES = {"ð": "đ", "ɖ": "đ"}
_INVISIBLE = r"[\u200b-\u200f\u2060\u00ad\ufeff\u202a-\u202e\u2066-\u2069]"
_BLANKS = r"[\s\u00a0]+"


def folded(name: pl.Expr) -> pl.Expr:
    """The form in which two writings of one name are equal (String to String, null stays null).

    NFC, lower case, Đ for its lookalikes, one tone placement, no invisible characters, single blanks.
    """
    return (
        name.str.normalize("NFC")
        .str.to_lowercase()
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_BLANKS, " ")
        .str.strip_chars(" ")
        .str.replace_many(_LOOKALIKES)
        .str.replace_many(_TONES)
    )


def fold(name: str) -> str:
    """`folded` for one name."""
    return str(pl.select(folded(pl.lit(name))).item())
