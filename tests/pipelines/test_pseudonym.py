"""A case number cannot be read back, and the fast way gives what the textbook gives."""

import hmac

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.pseudonym import pseudonym, pseudonyms


def hashed(numbers: list[str | None], source: str = "mot_cua", key: bytes = b"k" * 32) -> list[str | None]:
    return pseudonyms(pl.Series("n", numbers, dtype=pl.String), source, key).to_list()


def test_it_is_the_first_half_of_an_hmac() -> None:
    expected = hmac.new(b"k" * 32, b"mot_cua\0H34.12-240115-0001", "sha256").digest()[:16].hex()
    assert pseudonym("H34.12-240115-0001", "mot_cua", b"k" * 32) == expected
    assert hashed(["H34.12-240115-0001"]) == [expected]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))),
    st.binary(min_size=1, max_size=100),
)
def test_a_column_is_hashed_like_each_of_its_numbers(numbers: list[str | None], key: bytes) -> None:
    assert hashed(numbers, "s", key) == [None if one is None else pseudonym(one, "s", key) for one in numbers]


def test_order_and_holes_stay_in_a_long_column() -> None:
    numbers = [None if i % 7 == 0 else f"HS-{i}" for i in range(30_000)]
    pieces = [pl.Series("n", numbers[at : at + 3_000]) for at in range(0, 30_000, 3_000)]
    found = pseudonyms(pl.concat(pieces, rechunk=False), "mot_cua", b"k" * 32).to_list()
    sampled = range(0, 30_000, 97)
    expected = [None if numbers[i] is None else pseudonym(f"HS-{i}", "mot_cua", b"k" * 32) for i in sampled]
    assert [found[i] for i in sampled] == expected


def test_another_source_or_another_key_gives_another_pseudonym() -> None:
    assert len({hashed(["1"])[0], hashed(["1"], "khac")[0], hashed(["1"], key=b"q" * 32)[0]}) == 3
    # Without the separator, source "a" with case "b1" and source "ab" with case "1" would be one case.
    assert hashed(["b1"], "a") != hashed(["1"], "ab")
