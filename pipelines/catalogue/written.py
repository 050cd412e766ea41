"""What an entry may say, word by word; a word that is not here stops the loading, with the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pipelines.errors import LANGUAGES, PersonError

Types = type | tuple[type, ...]
ALWAYS: Final[Mapping[str, Types]] = {
    "code": str, "name": dict, "short": dict, "definition": dict, "kind": str, "unit": str, "better": str,
    "minimum_n": int, "rhythm": str, "owner": dict, "target": dict, "legal": list, "clearance": str,
    "sensitive": bool, "overrides": bool, "settings": dict, "part": bool,
}
REQUIRED: Final = ("code", "name", "short", "definition", "kind", "unit", "better", "rhythm")
OF_KIND: Final[Mapping[str, Mapping[str, Types]]] = {
    "rate": {"fact": str, "day": str, "numerator": str, "denominator": str, "carried_by": str},
    "count": {"fact": str, "day": str, "numerator": str, "amount": str, "where": str, "carried_by": str},
    "stock": {"fact": str, "entered": dict, "left": dict, "ages": bool, "since": str, "carried_by": str},
    "duration": {"fact": str, "day": str, "value": str, "where": str, "ages_of": str, "carried_by": str},
    "distinct": {"fact": str, "day": str, "thing": (str, list), "at_least": int, "where": str, "over": str,
                 "carried_by": str},
    "reported": {"series": str, "fact": str, "day": str, "value": str, "adds": bool, "weights": list},
    "formula": {"expression": str, "weights": list},
}
# A kind needs one of these sets of keys; `also_required` names them in the complaint.
NEEDED: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "rate": (frozenset({"fact", "day", "numerator", "denominator"}),),
    "count": (frozenset({"fact", "day", "numerator"}), frozenset({"fact", "day", "amount"})),
    "stock": (frozenset({"fact", "entered", "left"}),),
    "duration": (frozenset({"fact", "day", "value"}), frozenset({"ages_of"})),
    "distinct": (frozenset({"fact", "day", "thing"}),),
    "reported": (frozenset({"series"}), frozenset({"fact", "day", "value"})),
    "formula": (frozenset({"expression"}),),
}
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(OF_KIND),
    "better": ("higher", "lower", "context"),
    "rhythm": ("daily", "weekly", "monthly", "quarterly", "yearly", "irregular"),
    "clearance": ("state", "party"),
    "unit": ("percent", "count", "working_hour", "minute", "working_day", "point", "person", "vnd",
             "million_vnd", "billion_vnd", "million_usd", "times"),
}
TARGET: Final[Mapping[str, Types]] = {
    "value": (int, float), "from": date, "basis": str, "document": str, "checked": bool,
}
TARGET_BASES: Final = ("law", "plan", "suggestion")
LEGAL: Final[Mapping[str, Types]] = {"document": str, "item": str, "checked": bool}
WAY: Final[Mapping[str, Types]] = {"day": str, "where": str}
SHORT_WORDS: Final = 4


def complaint(file: Path, entry: str, vi: str, en: str) -> PersonError:
    """An error about one entry: which file, which entry, what is wrong and what to do."""
    return PersonError(f"{file.name}: [{entry}] {vi}", f"{file.name}: [{entry}] {en}")


def check_entry(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    """Refuse (PersonError) an entry with an unknown, missing or wrongly filled key."""
    _require(file, name, "", entry, REQUIRED)
    for key, words in WORDS.items():
        if key in entry:
            _one_of(file, name, key, entry[key], words)
    kind = str(entry["kind"])
    _check_keys(file, name, "", entry, {**ALWAYS, **OF_KIND[kind]})
    if not any(keys <= entry.keys() for keys in NEEDED[kind]):
        wanted = " / ".join(", ".join(sorted(keys)) for keys in NEEDED[kind])
        raise complaint(file, name, f"loại {kind} cần có {wanted}.", f"is a {kind} and needs {wanted}.")
    for key in ("name", "short", "definition", "owner"):
        if key in entry:
            check_languages(file, name, key, entry[key])
    _check_short(file, name, entry["short"])
    _check_parts(file, name, entry)


def check_languages(file: Path, name: str, key: str, texts: Mapping[str, Any]) -> None:
    """Refuse a text that does not say the same in every language of the house."""
    _require(file, name, f"{key}.", texts, LANGUAGES)
    _check_keys(file, name, f"{key}.", texts, dict.fromkeys(LANGUAGES, str))
    for language in LANGUAGES:
        if not texts[language].strip():
            raise complaint(file, name, f"`{key}.{language}` để trống.", f"`{key}.{language}` is empty.")


def _check_short(file: Path, name: str, short: Mapping[str, str]) -> None:
    for language, text in short.items():
        if len(text.split()) > SHORT_WORDS:
            raise complaint(
                file, name, f"`short.{language}` dài hơn {SHORT_WORDS} tiếng: “{text}”.",
                f"`short.{language}` has more than {SHORT_WORDS} words: “{text}”.")


def _check_parts(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    for way in ("entered", "left"):
        if way in entry:
            _require(file, name, f"{way}.", entry[way], ("day",))
            _check_keys(file, name, f"{way}.", entry[way], WAY)
    if "target" in entry:
        _require(file, name, "target.", entry["target"], ("value", "from", "basis"))
        _check_keys(file, name, "target.", entry["target"], TARGET)
        _one_of(file, name, "target.basis", entry["target"]["basis"], TARGET_BASES)
    for item in entry.get("legal", []):
        if not isinstance(item, dict):
            raise complaint(file, name, "`legal` là danh sách bảng.", "`legal` is a list of tables.")
        # Whoever cites a document has to say whether anybody has looked it up.
        _require(file, name, "legal.", item, ("document", "checked"))
        _check_keys(file, name, "legal.", item, LEGAL)


def _require(file: Path, name: str, prefix: str, table: Mapping[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        if key not in table:
            nearest = _nearest(key, table)
            raise complaint(
                file, name, f"thiếu khóa `{prefix}{key}`.{_did_you('vi', nearest, key)}",
                f"lacks the key `{prefix}{key}`.{_did_you('en', nearest, key)}")


def _did_you(language: str, written: str | None, meant: str) -> str:
    if written is None:
        return ""
    if language == "vi":
        return f" `{written}` có phải là `{meant}` không?"
    return f" Is `{written}` meant to be `{meant}`?"


def _check_keys(
    file: Path, name: str, prefix: str, table: Mapping[str, Any], known: Mapping[str, Types]
) -> None:
    for key, value in table.items():
        if key not in known:
            raise _unknown(file, name, prefix, key, known)
        wanted = known[key]
        # In Python a boolean is an int; in a catalogue it never is.
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            kinds = wanted if isinstance(wanted, tuple) else (wanted,)
            words = "/".join(kind.__name__ for kind in kinds)
            raise complaint(file, name, f"`{prefix}{key}` phải là {words}.", f"`{prefix}{key}` must be {words}.")


def _unknown(file: Path, name: str, prefix: str, key: str, known: Iterable[str]) -> PersonError:
    nearest = _nearest(key, known) or ", ".join(sorted(known))
    return complaint(
        file, name, f"có khóa lạ `{prefix}{key}`. Có phải `{prefix}{nearest}` không?",
        f"has an unknown key `{prefix}{key}`. Did you mean `{prefix}{nearest}`?")


def _one_of(file: Path, name: str, key: str, value: object, words: tuple[str, ...]) -> None:
    if value not in words:
        near = _nearest(str(value), words)
        vi, en = (f" Có phải “{near}” không?", f" Did you mean “{near}”?") if near else ("", "")
        raise complaint(
            file, name, f"`{key}` = “{value}” phải là một trong: {', '.join(words)}.{vi}",
            f"`{key}` = “{value}” must be one of: {', '.join(words)}.{en}")


def _nearest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, list(known), 1, 0.7)), None)
