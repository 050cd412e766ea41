"""Every word stands in both languages, and a missing one is noticed before a reader notices it."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from dashboard import words
from dashboard.words import PersonError, word

KEYS = words.keys()


def test_every_entry_speaks_both_languages_with_the_same_blanks() -> None:
    for key in sorted(KEYS):
        blanks = [{name for _, name, _, _ in string.Formatter().parse(word_raw(key, lang)) if name}
                  for lang in words.LANGUAGES]  # fmt: skip
        assert blanks[0] == blanks[1] or key.startswith("format."), key


def word_raw(key: str, lang: str) -> str:
    return words._words()[key][lang]


def test_an_unknown_word_names_the_nearest() -> None:
    with pytest.raises(KeyError, match=re.escape("did you mean 'figure.no_data'?")):
        word("figure.no_date", "vi")


def test_an_error_speaks_the_readers_language() -> None:
    error = PersonError("query.no_indicator_near", name="DVC8", near="DVC08")
    assert "Có phải DVC08?" in error.text("vi")
    assert "Did you mean DVC08?" in error.text("en") == str(error)


def test_every_key_in_the_code_is_in_the_file(repository: Path) -> None:
    sections = {key.split(".")[0] for key in KEYS}
    found = set()
    for path in sorted((repository / "dashboard").rglob("*.py")):
        for key in re.findall(r"\"([a-z_]+\.[a-z_0-9]+)\"", path.read_text(encoding="utf-8")):
            if key.split(".")[0] in sections - {"explain"}:
                found.add(key)
    assert {key for key in found if key not in KEYS} == set()
