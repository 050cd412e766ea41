"""Who is late by its own rhythm, since when, and the words with which to remind its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.mapping import SourceMapping

WORKING_DAYS: Final = 1  # a daily source may be silent that long
DAYS: Final[Mapping[str, int]] = {"weekly": 10, "monthly": 46, "quarterly": 122, "yearly": 486}
REACH: Final = 800  # days ahead within which a due day is looked for
RHYTHMS: Final[Mapping[str, tuple[str, str]]] = {
    "daily": ("hằng ngày", "daily"), "weekly": ("hằng tuần", "weekly"), "monthly": ("hằng tháng", "monthly"),
    "quarterly": ("hằng quý", "quarterly"), "yearly": ("hằng năm", "yearly"),
    "irregular": ("không định kỳ", "irregular"),
}  # fmt: skip
LETTER: Final = {
    "late": (
        "Kính gửi {owner}: số liệu «{source}» mới đến ngày {until}; theo nhịp gửi ({rhythm}) lần tiếp theo phải có "
        "vào ngày {due}, đến {today} chưa nhận được.",
        "To {owner}: the data of “{source}” reach until {until}; by its rhythm ({rhythm}) the next were due on {due} "
        "and have not come by {today}.",
    ),
    "never": (
        "Kính gửi {owner}: đến {today} chưa nhận được tệp nào của «{source}» (nhịp gửi: {rhythm}).",
        "To {owner}: no file of “{source}” has come by {today} (rhythm: {rhythm}).",
    ),
    "cut_off": (" Giờ chốt trong ngày: {cut_off}.", " Cut-off of the day: {cut_off}."),
    "end": (
        " Đề nghị gửi tệp vào hộp nhận; nếu hệ thống nguồn có sự cố, xin báo lại.",
        " Please send the file to the inbox; if your system has a problem, tell us.",
    ),
}


@dataclass(frozen=True)
class Rhythms:
    """The published calendar, as far as lateness needs it: the number of working days up to each day."""

    numbers: Mapping[date, int]

    def late_by(self, until: date | None, today: date, rhythm: str) -> int:
        """Days (working days for a daily source) beyond what the rhythm allows; not positive while in time."""
        if rhythm == "irregular" or (until is not None and until >= today):
            return 0
        if until is None:
            return 1
        if rhythm == "daily":
            return self._working_days(until, today) - WORKING_DAYS
        return (today - until).days - DAYS[rhythm]

    def due_on(self, until: date | None, rhythm: str) -> date | None:
        """The last day on which a source whose data reach `until` is still in time; None where none is."""
        if until is None or rhythm == "irregular":
            return None
        day = until
        while self.late_by(until, day + timedelta(days=1), rhythm) <= 0:
            day += timedelta(days=1)
            if (day - until).days > REACH:
                return None
        while rhythm == "daily" and day > until and not self._working_days(day - timedelta(days=1), day):
            day -= timedelta(days=1)  # nobody is expected to send on a day off
        return day

    def _working_days(self, first: date, last: date) -> int:
        if first not in self.numbers or last not in self.numbers:
            return (last - first).days  # beyond the calendar every day counts, so nothing looks fresher than it is
        return self.numbers[last] - self.numbers[first]


def lateness(mapping: SourceMapping, until: date | None, today: date, rhythms: Rhythms) -> dict[str, object]:
    """`late_by`, `due_on` and, where late, `reminder_vi` and `reminder_en`: a text that can be sent as it is."""
    late, due = rhythms.late_by(until, today, mapping.rhythm), rhythms.due_on(until, mapping.rhythm)
    said: dict[str, object] = {"late_by": max(0, late), "due_on": due.isoformat() if due else None}
    letters = reminder(mapping, until, due, today) if late > 0 else (None, None)
    return said | {"reminder_vi": letters[0], "reminder_en": letters[1]}


def reminder(mapping: SourceMapping, until: date | None, due: date | None, today: date) -> tuple[str, str]:
    """The letter in Vietnamese and in English."""
    parts = ["never" if until is None else "late", *(["cut_off"] if mapping.cut_off else []), "end"]
    vi, en = (
        "".join(LETTER[part][place] for part in parts).format(
            owner=mapping.owner[lang], source=mapping.name[lang], rhythm=RHYTHMS[mapping.rhythm][place],
            until=_day(until), due=_day(due), today=_day(today),
            cut_off=mapping.cut_off.isoformat("minutes") if mapping.cut_off else "",
        )
        for place, lang in enumerate(("vi", "en"))
    )  # fmt: skip
    return vi, en


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "-"
