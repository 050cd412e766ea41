"""An error speaks to a person: what was seen, where it was seen, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pipelines.reasons import REASONS

LANGUAGES = ("vi", "en")


class PersonError(Exception):
    """Shown to a person without a traceback; `exit_code` tells an operator's script what kind it was.

    `vi` and `en` say the same thing; the command line prints both when it does not know its reader.
    """

    def __init__(self, vi: str, en: str, exit_code: int = 2) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.exit_code = exit_code

    def text(self, lang: str) -> str:
        """The sentence in `lang` ("vi" or "en")."""
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True)
class Reason:
    """Why a file or a row did not go the ordinary way: a code of `reasons.REASONS` and what fills it in."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, lang: str) -> str:
        """The sentence for a clerk in `lang` ("vi" or "en")."""
        return REASONS[self.code][LANGUAGES.index(lang)].format(**self.values)

    def as_json(self) -> dict[str, str]:
        """`{code, vi, en}`, the form in which ledgers and snapshots keep a reason."""
        return {"code": self.code, "vi": self.text("vi"), "en": self.text("en")}


class Rejected(Exception):
    """A file is refused whole, for one reason that its sender understands."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text("en"))
        self.reason = reason


class StoppedError(PersonError):
    """Somebody asked to stop, and what was being made cannot be published half."""

    def __init__(self) -> None:
        super().__init__(
            "Đã được yêu cầu dừng; bản đang dựng được bỏ đi, bản đang công bố vẫn nguyên vẹn.",
            "Asked to stop; what was being made is thrown away, and what is published stays as it is.",
        )
