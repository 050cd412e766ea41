"""Whoever drops a file learns what became of it, row by row, in one object with stable keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pipelines.errors import Reason

VERDICTS: Final = ("loaded", "loaded_partial", "rejected", "duplicate", "waiting", "held")
WORDS: Final = {
    # verdict: what the command line says of it
    "loaded": ("đã nạp", "loaded"),
    "loaded_partial": ("đã nạp một phần", "loaded in part"),
    "rejected": ("bị từ chối", "rejected"),
    "duplicate": ("trùng tệp đã nhận", "duplicate"),
    "waiting": ("đang chờ", "waiting"),
    "held": ("tạm giữ", "held"),
}


@dataclass(frozen=True)
class FileReport:
    """The one verdict on one file; `file` and `reasons` stay empty where a secrecy mark forbids to keep them."""

    file: str | None
    source: str
    sha256: str | None
    verdict: str
    received_at: datetime | None = None
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_skipped: int = 0
    cases: int = 0
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The keys of `load --json`."""
        return {
            "file": self.file,
            "source": self.source,
            "sha256": self.sha256,
            "verdict": self.verdict,
            "rows_in": self.rows_in,
            "rows_loaded": self.rows_loaded,
            "rows_quarantined": self.rows_quarantined,
            "rows_skipped": self.rows_skipped,
            "cases": self.cases,
            "reasons": [reason.as_json() for reason in self.reasons],
        }

    def sentence(self, lang: str) -> str:
        """One line for a person."""
        word = WORDS[self.verdict][lang != "vi"]
        counts = (
            f"{self.rows_in} dòng = {self.rows_loaded} nạp + {self.rows_quarantined} giữ lại "
            f"+ {self.rows_skipped} bỏ qua; {self.cases} hồ sơ"
            if lang == "vi"
            else f"{self.rows_in} rows = {self.rows_loaded} loaded + {self.rows_quarantined} quarantined "
            f"+ {self.rows_skipped} skipped; {self.cases} cases"
        )
        why = "".join(f" — {reason.text(lang)}" for reason in self.reasons)
        return f"{self.source}/{self.file or '*'}: {word} ({counts}){why}"


@dataclass
class LoadReport:
    """What one run did; `snapshot` is the generation in force afterwards (None before the first).

    `unfinished`: more lay in the inbox than could be taken without keeping somebody waiting.
    """

    snapshot: int | None = None
    published: bool = False
    rebuilt: bool = False
    unfinished: bool = False
    forgotten: int = 0  # rows that were taken out of the archive
    expired: int = 0  # files that were kept as long as their mapping allows
    notes: list[tuple[str, str]] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)

    def note(self, vi: str, en: str) -> None:
        """Remember something that an operator should read."""
        self.notes.append((vi, en))

    def as_json(self) -> dict[str, Any]:
        """The object of `load --json`."""
        return {
            "snapshot": self.snapshot,
            "published": self.published,
            "rebuilt": self.rebuilt,
            "notes": [{"vi": vi, "en": en} for vi, en in self.notes],
            "files": [file.as_json() for file in self.files],
        }

    def sentences(self, lang: str, counted: Container[str]) -> Sequence[str]:
        """What the command line prints: verdicts in `counted` as a number, all others file by file."""
        notes = [vi if lang == "vi" else en for vi, en in self.notes]
        told = [file.sentence(lang) for file in self.files if file.verdict not in counted]
        return [*notes, *told, *self._totals(lang), self._summary(lang)]

    def _totals(self, lang: str) -> Sequence[str]:
        totals = Counter(file.verdict for file in self.files)
        if not totals:
            return []
        words = ", ".join(f"{number} {WORDS[verdict][lang != 'vi']}" for verdict, number in totals.items())
        rows = sum(file.rows_in for file in self.files)
        return [f"{len(self.files)} tệp: {words}; {rows} dòng." if lang == "vi" else
                f"{len(self.files)} files: {words}; {rows} rows."]  # fmt: skip

    def _summary(self, lang: str) -> str:
        if self.snapshot is None:
            return "Chưa có gì được công bố." if lang == "vi" else "Nothing is published yet."
        if lang == "vi":
            return f"{'Đã công bố' if self.published else 'Đang công bố'} bản số {self.snapshot}."
        return f"Generation {self.snapshot} {'published' if self.published else 'is in force'}."
