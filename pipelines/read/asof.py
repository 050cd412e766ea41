"""The day a file speaks of, taken from where its sender always writes it."""

from __future__ import annotations

import re
from datetime import date, datetime

from pipelines.errors import Reason, Rejected
from pipelines.read.format import AsOf
from pipelines.read.text import repaired_text


def day_in_name(name: str, rule: AsOf) -> date:
    """The day in a file's name; raises Rejected where the agreed pattern or style does not fit."""
    found = re.search(rule.pattern, repaired_text(name))
    if not found:
        raise Rejected(Reason("as_of_not_in_name", {"pattern": rule.pattern}))
    return day_in_text(found.group((found.lastindex and 1) or 0), rule)


def day_in_text(text: str, rule: AsOf) -> date:
    """`text` read in the agreed style; where a pattern is agreed, only what it matches."""
    if rule.come_from == "cell" and rule.pattern:
        found = re.search(rule.pattern, repaired_text(text))
        text = found.group((found.lastindex and 1) or 0) if found else ""
    for style in (rule.style, "%Y-%m-%d"):  # a spreadsheet's own date cells come as ISO days
        try:
            return datetime.strptime(repaired_text(text), style).date()
        except ValueError:
            continue
    raise Rejected(Reason("as_of_not_a_day", {"style": rule.style}))


def cell_position(cell: str) -> tuple[int, int]:
    """Row and column (1-based) of a cell such as "B2"; raises ValueError where it is none."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", cell)
    if not found:
        raise ValueError(cell)
    return int(found.group(2)), column_number(found.group(1))


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
