"""A file that people write is read key by key, so that a key nobody reads is a mistake somebody hears of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipelines.errors import LANGUAGES, PersonError

Scalar = str | int | float | bool | date

# The default of a key that has none: an absent key is then an error.
_NEEDED: Any = object()


@dataclass(frozen=True)
class Trouble:
    """Errors about one file, in both languages."""

    file: str

    def unreadable(self, error: Exception) -> PersonError:
        """The file is no TOML."""
        return PersonError(
            f"{self.file}: không đọc được ({error}). Tệp phải là TOML, mã UTF-8.",
            f"{self.file}: cannot be read ({error}). It must be TOML in UTF-8.",
        )

    def missing(self, key: str) -> PersonError:
        """A key that has no default is not there."""
        return PersonError(f"{self.file}: thiếu khóa `{key}`.", f"{self.file}: the key `{key}` is missing.")

    def unknown(self, key: str, known: Sequence[str]) -> PersonError:
        """A key that nobody reads; the nearest one that exists is named."""
        near = get_close_matches(key.rpartition(".")[2], known, n=1)
        vi, en = (f" Có phải `{near[0]}`?", f" Did you mean `{near[0]}`?") if near else ("", "")
        return PersonError(f"{self.file}: khóa lạ `{key}`.{vi}", f"{self.file}: unknown key `{key}`.{en}")

    def wrong(self, key: str, vi: str, en: str) -> PersonError:
        """A value that cannot be meant; `vi` and `en` say what is expected."""
        return PersonError(
            f"{self.file}: giá trị của `{key}` không dùng được; cần {vi}.",
            f"{self.file}: the value of `{key}` cannot be used; expected {en}.",
        )


@dataclass
class Section:
    """One table of the file; every reading method marks its key as read, `finish` complains about the rest."""

    raw: Mapping[str, Any]
    path: str
    trouble: Trouble
    read: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.raw

    def take(self, key: str, default: object = None) -> Any:  # noqa: ANN401 - TOML holds anything
        """The raw value."""
        self.read.add(key)
        if key not in self.raw and default is _NEEDED:
            raise self.trouble.missing(self._name(key))
        return self.raw.get(key, default)

    def section(self, key: str) -> Section:
        """A table inside; an absent one is empty."""
        raw = self.take(key, {})
        if not isinstance(raw, dict):
            raise self.wrong(key, "một bảng", "a table")
        return Section(raw, self._name(key), self.trouble)

    def text(self, key: str, default: str | None = _NEEDED) -> str | None:
        """A text."""
        value = self.take(key, default)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "một chuỗi", "a text")
        return value

    def texts(self, key: str, default: Sequence[str]) -> list[str]:
        """A text or a list of texts."""
        value = self.take(key, list(default))
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.wrong(key, "danh sách chuỗi", "a list of texts")
        return found

    def word(self, key: str, allowed: Sequence[str], default: str = _NEEDED) -> str:
        """One of the allowed words."""
        value = self.take(key, default)
        if value not in allowed:
            known = ", ".join(allowed)
            raise self.wrong(key, f"một trong: {known}", f"one of: {known}")
        return str(value)

    def words(self, key: str, allowed: Sequence[str], default: Sequence[str]) -> list[str]:
        """A list of allowed words."""
        found = self.texts(key, default)
        for word in found:
            if word not in allowed:
                known = ", ".join(allowed)
                raise self.wrong(key, f"các từ trong: {known}", f"words out of: {known}")
        return found

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true hoặc false", "true or false")
        return value

    def whole(self, key: str, default: int) -> int:
        """A whole number from 1."""
        value = self.take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(key, "số nguyên từ 1", "a whole number from 1")
        return value

    def pair(self, key: str, default: tuple[int, int]) -> tuple[int, int]:
        """Two whole numbers in order."""
        value = self.take(key, list(default))
        is_pair = isinstance(value, list) and [type(one) for one in value] == [int, int]
        if not is_pair or value[0] > value[1]:
            raise self.wrong(key, "hai số theo thứ tự, ví dụ [2015, 2035]", "two numbers in order such as [2015, 2035]")
        return value[0], value[1]

    def clock(self, key: str) -> time | None:
        """A time of day such as "17:00"."""
        value = self.take(key)
        try:
            return None if value is None else time.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.wrong(key, 'giờ dạng "17:00"', 'a time such as "17:00"') from error

    def scalar(self, key: str) -> Scalar | None:
        """A single value of any kind."""
        value = self.take(key)
        if value is not None and not isinstance(value, str | int | float | date):
            raise self.wrong(key, "một giá trị đơn", "a single value")
        return value

    def scalars(self, key: str) -> dict[str, Scalar] | None:
        """A table of single values."""
        if not self.has(key):
            self.read.add(key)
            return None
        table = self.section(key)
        return {word: value for word in table.raw if (value := table.scalar(word)) is not None}

    def finish(self, known: Sequence[str] | None = None) -> None:
        """Every key was read, or the file has one that means nothing."""
        for key in self.raw:
            if key not in self.read:
                raise self.trouble.unknown(self._name(key), known or sorted(self.read))

    def wrong(self, key: str, vi: str, en: str) -> PersonError:
        """An error about a key of this section."""
        return self.trouble.wrong(self._name(key), vi, en)

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def numbered(path: Path, key: str) -> tuple[Section, ...]:
    """The entries `[[key]]` that a file consists of, named from 1; none without the file. PersonError for a slip."""
    trouble = Trouble(path.name)
    if not path.is_file():
        return ()
    try:
        top = Section(tomllib.loads(path.read_text(encoding="utf-8")), "", trouble)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise trouble.unreadable(error) from error
    entries = top.take(key, [])
    top.finish([key])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise top.wrong(key, f"các mục bắt đầu bằng [[{key}]]", f"entries that begin with [[{key}]]")
    return tuple(Section(one, f"{key}[{number}]", trouble) for number, one in enumerate(entries, 1))


def two_languages(section: Section, key: str) -> dict[str, str]:
    """A text in both languages."""
    table = section.section(key)
    found = {lang: str(table.text(lang)) for lang in LANGUAGES}
    table.finish()
    return found
