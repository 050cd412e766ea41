"""The whole state of a view stands in its address, in ASCII codes that do not change with the language.

An address without parameters is the page's default; nothing is ever restored in silence. Whatever an address
says that cannot be understood is left out, so an old or mistyped link opens something honest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import urlencode

from dashboard import periods
from dashboard.search import LONGEST
from dashboard.words import LANGUAGES, PersonError

THEMES: Final = ("light", "dim")
COMPARISONS: Final = ("previous", "year", "target")
_CODE: Final = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_ONE: Final = r"[a-z_]{1,32}=[A-Za-z0-9_.-]{1,64}"
_SLICE: Final = re.compile(f"{_ONE}(,{_ONE})*")
_FIND: Final = re.compile(r"[a-z0-9.]+( [a-z0-9.]+){0,15}")
_WHATIF: Final = re.compile(r"[0-9.a-z]{1,6}-\d{1,4}(_[0-9.a-z]{1,6}-\d{1,4}){0,30}")


@dataclass(frozen=True)
class View:
    """What is being looked at. Empty text means the default, and defaults never appear in an address."""

    page: str = ""
    indicator: str = ""
    tab: str = ""
    period: str = ""
    unit: str = ""
    basis: str = ""
    compare: str = ""
    slice: str = ""
    """Slices, as `channel=online,level=commune`."""
    find: str = ""
    """What is searched for in the catalogue, in small letters without diacritics."""
    whatif: str = ""
    """Imagined shares of a simulation in tenths of a percent, as `3.3-450_2.1-990`."""
    lang: str = ""
    theme: str = ""
    wall: str = ""
    room: str = ""
    screen: str = ""
    snapshot: str = ""
    role: str = ""
    """Honoured in the demo only; a real installation takes the role from the person's login."""

    @property
    def language(self) -> str:
        """The reader's language; Vietnamese unless the address says otherwise."""
        return self.lang or LANGUAGES[0]

    @property
    def look(self) -> str:
        """The theme's name, light unless the address says otherwise."""
        return self.theme or THEMES[0]

    def query(self, **changes: str) -> str:
        """The address of this view with `changes`, as "?page=…"; a value of "" goes back to the default."""
        parts = as_parameters(replace(self, **changes))
        return "?" + urlencode(parts) if parts else "?"

    def here(self, page: str, **changes: str) -> str:
        """The address of another page in the same scope: what belongs to this page alone is dropped."""
        own = dict.fromkeys(("indicator", "tab", "slice", "find", "whatif"), "")
        return self.query(**(own | {"page": page} | changes))


def as_parameters(view: View) -> dict[str, str]:
    """Every key that differs from its default, in a fixed order, so that equal views have equal addresses."""
    found = {field.name: getattr(view, field.name) for field in fields(view)}
    return {key: value for key, value in found.items() if value}


def read(parameters: Mapping[str, str]) -> View:
    """The view that an address asks for; what it cannot mean is left at its default."""
    named = {field.name: str(parameters.get(field.name, "")) for field in fields(View)}
    checks: dict[str, Callable[[str], bool]] = {
        "period": _is_period,
        "compare": lambda text: text in COMPARISONS,
        "slice": lambda text: bool(_SLICE.fullmatch(text)),
        "find": lambda text: len(text) <= LONGEST and bool(_FIND.fullmatch(text)),
        "whatif": lambda text: bool(_WHATIF.fullmatch(text)),
        "lang": lambda text: text in LANGUAGES,
        "theme": lambda text: text in THEMES,
        "wall": lambda text: text == "1",
    }
    meant = {key: text for key, text in named.items() if text and checks.get(key, _is_code)(text)}
    return _without_defaults(View(**meant))


def _without_defaults(view: View) -> View:
    lang = "" if view.lang == LANGUAGES[0] else view.lang
    theme = "" if view.theme == THEMES[0] else view.theme
    compare = "" if view.compare == COMPARISONS[0] else view.compare
    return replace(view, lang=lang, theme=theme, compare=compare)


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _is_period(text: str) -> bool:
    try:
        periods.parse(text)
    except PersonError:
        return False
    return True
