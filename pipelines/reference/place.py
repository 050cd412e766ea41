"""A place is one file: whoever moves the system to another province edits it and changes no Python."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.calendar import HOURS_PER_DAY
from pipelines.errors import LANGUAGES, PersonError

_REQUIRED = ("code", "name", "time_zone", "root_unit", "languages", "office_hours")
_OPTIONAL = ("report_month_day", "illustrative", "public_address", "reforms")
_LAST_SAFE_DAY = 28  # a report month must begin in every month


@dataclass(frozen=True)
class Reform:
    """A day on which the units changed; `basis` is the name under which the old ones can be asked for."""

    day: date
    basis: str
    name: dict[str, str]


@dataclass(frozen=True)
class Place:
    """The place that an installation speaks about, as `data/place.toml` describes it."""

    code: str
    name: dict[str, str]
    time_zone: ZoneInfo
    root_unit: str
    languages: tuple[str, ...]
    report_month_day: int
    reforms: tuple[Reform, ...]
    public_address: str | None
    office_hours: tuple[tuple[time, time], ...]
    illustrative: bool


def load_place(data: Path) -> Place:
    """Reads `data/place.toml`. Raises PersonError that names the key and what to do."""
    path = data / "place.toml"
    raw = _read(path)
    _check_keys(path, raw, _REQUIRED, _OPTIONAL)
    try:
        return Place(
            code=str(raw["code"]),
            name=_two_languages(raw["name"]),
            time_zone=ZoneInfo(raw["time_zone"]),
            root_unit=str(raw["root_unit"]),
            languages=_languages(raw["languages"]),
            report_month_day=_report_month_day(raw.get("report_month_day", 1)),
            reforms=tuple(_reform(path, each) for each in raw.get("reforms", [])),
            public_address=raw.get("public_address"),
            office_hours=_office_hours(raw["office_hours"]),
            illustrative=bool(raw.get("illustrative", False)),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PersonError(
            f"{path.name}: giá trị không dùng được ({error}). Xem mẫu trong data/place.toml.",
            f"{path.name}: a value cannot be used ({error}). Compare data/place.toml of the product.",
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PersonError(
            f"Không mở được {path}. Thư mục dữ liệu cần có place.toml.",
            f"Cannot open {path}. A data directory needs a place.toml.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PersonError(
            f"{path.name} không đúng cú pháp TOML: {error}.", f"{path.name} is not valid TOML: {error}."
        ) from error


def _check_keys(path: Path, raw: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    known = (*required, *optional)
    for key in raw:
        if key not in known:
            near = get_close_matches(key, known, n=1) or [known[0]]
            raise PersonError(
                f"{path.name}: khóa lạ `{key}`. Có phải `{near[0]}`?",
                f"{path.name}: unknown key `{key}`. Did you mean `{near[0]}`?",
            )
    for key in required:
        if key not in raw:
            raise PersonError(f"{path.name}: thiếu khóa `{key}`.", f"{path.name}: the key `{key}` is missing.")


def _two_languages(name: dict[str, str]) -> dict[str, str]:
    return {lang: str(name[lang]) for lang in LANGUAGES}


def _languages(languages: list[str]) -> tuple[str, ...]:
    if not languages or not set(languages) <= set(LANGUAGES):
        raise ValueError(f"languages: only {', '.join(LANGUAGES)}")
    return tuple(languages)


def _report_month_day(day: int) -> int:
    if not 1 <= day <= _LAST_SAFE_DAY:
        raise ValueError(f"report_month_day: between 1 and {_LAST_SAFE_DAY}")
    return day


def _reform(path: Path, raw: dict[str, Any]) -> Reform:
    _check_keys(path, raw, ("day", "basis", "name"), ())
    basis = str(raw["basis"])
    if type(raw["day"]) is not date:
        raise TypeError("reforms: day must be a date without quotes, such as 2025-07-01")
    if not (basis.startswith("before_") and basis.isascii()):
        raise ValueError('reforms: basis must look like "before_2025"')
    return Reform(raw["day"], basis, _two_languages(raw["name"]))


def _office_hours(spans: list[list[str]]) -> tuple[tuple[time, time], ...]:
    """Spans of one day, in order, eight hours together: parts count eight hours to a working day."""
    hours = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
    moments = [moment for span in hours for moment in span]
    if moments != sorted(set(moments)):
        raise ValueError("office_hours: spans must follow one another and not touch")
    minutes = sum((c.hour - o.hour) * 60 + c.minute - o.minute for o, c in hours)
    if minutes != HOURS_PER_DAY * 60:
        raise ValueError(f"office_hours: must add up to {HOURS_PER_DAY} hours, not {minutes / 60:g}")
    return hours
