"""Every word that a reader sees stands once, in two languages, in `words.toml`."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("vi", "en")
FILES: Final = ("words.toml", "words_screens.toml", "words_wall.toml", "words_doctor.toml", "words_paper.toml",
                "words_pack.toml", "words_services.toml", "words_reconcile.toml",
                "words_people.toml", "words_directory.toml", "words_desks.toml")  # fmt: skip


class PersonError(Exception):
    """Shown to a person without a traceback: `key` is an entry of `words.toml`, `values` fill it in."""

    def __init__(self, key: str, exit_code: int = 2, **values: object) -> None:
        super().__init__(word(key, "en", **values))
        self.key = key
        self.values = values
        self.exit_code = exit_code

    def text(self, lang: str) -> str:
        """The sentence in `lang` ("vi" or "en")."""
        return word(self.key, lang, **self.values)


def word(key: str, lang: str, **values: object) -> str:
    """The text of `section.name` in `lang`, filled in; raises KeyError naming the nearest key there is."""
    entry = _words().get(key)
    if entry is None:
        near = get_close_matches(key, _words(), n=1)
        raise KeyError(f"words.toml has no {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return entry[lang].format(**values)


def keys() -> frozenset[str]:
    """All keys of `words.toml`, as `section.name`."""
    return frozenset(_words())


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file in FILES:
        raw = tomllib.loads(files("dashboard").joinpath(file).read_text(encoding="utf-8"))
        found |= {f"{section}.{name}": _entry(section, name, entry) for section, names in raw.items()
                  for name, entry in names.items()}  # fmt: skip
    return found


def _entry(section: str, name: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise TypeError(f"words.toml: [{section}] {name} needs exactly {', '.join(LANGUAGES)}")
    return {lang: str(entry[lang]) for lang in LANGUAGES}
