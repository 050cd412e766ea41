"""What is out of the ordinary on a page, each as one plain sentence with an owner; the gravest stands first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from dashboard import agreed, numbers
from dashboard.comparison import units_of
from dashboard.figure import BETTER, MISSED, SHAPES, WORSE, Figure
from dashboard.here import Here
from dashboard.query.signals import Signal, speaking

MOST: Final = 8
NAMED: Final = 3
LONGEST: Final = 32
"""Letters of a full name that a sentence for the whole room has place for."""
HIGH: Final = "high"
_ORDER: Final = (WORSE, MISSED, BETTER)
_TONE: Final = {WORSE: "worse", MISSED: "worse", BETTER: "better"}


@dataclass(frozen=True)
class Line:
    """One sentence: its shape, its tone (better or worse), what it says, and who answers for it.

    `brief` says the same in one line of a small screen, `open` since when it has been so and when it is due.
    """

    shape: str
    tone: str
    text: str
    brief: str
    owner: str
    open: str = ""

    def as_json(self) -> dict[str, str]:
        """As the page shows it."""
        return asdict(self)


def lines(here: Here, desks: Sequence[str]) -> list[Line]:
    """High signals of the place itself, the units below that stand out, missed targets, then what got better."""
    names = [entry.id for entry in here.indicators.values() if entry.desk in desks and entry.better != "context"]
    spoken = [one for one in numbers.many(here, names).values() if one.judgement in _ORDER]
    spoken.sort(key=lambda one: (_ORDER.index(one.judgement), _months(here, one)))
    high = [one for one in spoken if _is_high(here, one)]
    rest = [one for one in spoken if one not in high]
    return [*_owned(here, high), *_beneath(here, set(names))[:NAMED], *_owned(here, rest)][:MOST]


def calls_for_attention(here: Here, desks: Sequence[str]) -> bool:
    """Whether any signal of high severity speaks on these desks."""
    found = speaking(here.snapshot, here.scope, here.period.first)
    return any(one.severity == HIGH and here.indicators[one.indicator].desk in desks
               for one in found if one.indicator in here.indicators)  # fmt: skip


def _is_high(here: Here, one: Figure) -> bool:
    signal = numbers.signal_of(here, one.answer)
    return signal is not None and signal.speaks and signal.severity == HIGH


def _months(here: Here, one: Figure) -> int:
    """How long a signal has been open: of two as grave, the new one is the news."""
    signal = numbers.signal_of(here, one.answer)
    return signal.months if signal is not None and signal.speaks else 0


def _owned(here: Here, figures: Sequence[Figure]) -> list[Line]:
    due = agreed.due_days(here) if figures else {}
    return [_of_figure(here, one, due.get((one.indicator.id, one.answer.question.unit))) for one in figures]


def _of_figure(here: Here, one: Figure, due: date | None) -> Line:
    owner = here.word("wall.owner", who=one.indicator.text("owner", here.lang))
    return Line(one.shape, _TONE[one.judgement], *_sentences(here, one), owner, _open(here, one, due))


def _open(here: Here, one: Figure, due: date | None) -> str:
    """Since when, and by which day somebody has promised to have it done."""
    told = since(here, numbers.signal_of(here, one.answer))
    agreed_on = here.word("wall.due_on", day=here.format.date(due)) if due else ""
    return " · ".join(part for part in (told, agreed_on) if part)


def since(here: Here, signal: Signal | None) -> str:
    """How many months in a row a signal has spoken; nothing where none speaks or nobody has counted."""
    if signal is None or not signal.speaks or signal.since is None:
        return ""
    key = "wall.since_now" if signal.months == 1 else "wall.since"
    return here.word(key, month=here.format.month(signal.since), n=here.format.count(signal.months))


def _sentences(here: Here, one: Figure) -> tuple[str, str]:
    """The full sentence and the brief one."""
    short = f"{one.short or one.name}: {one.text}"
    full = f"{one.name}: {one.text}" if len(one.name) <= LONGEST else short
    measure = one.indicator.measure
    if one.judgement == MISSED and one.target_plot is not None:
        value = here.format.value(one.target_plot, measure)
        return here.word("wall.short_of", what=full, value=value), here.word("wall.short_of", what=short, value=value)
    signal = numbers.signal_of(here, one.answer)
    if signal is not None and signal.rule == "three_months":
        return here.word("wall.pooled", what=full), here.word("wall.pooled_brief", what=short)
    if signal is None or signal.rule != "outside" or signal.value is None or signal.centre is None:
        return here.word("wall.near", what=full), here.word("wall.near_brief", what=short)
    side, limit = ("above", signal.upper) if signal.value > signal.centre else ("below", signal.lower)
    long = here.word(f"wall.{side}", what=full, limit=here.format.value(limit, measure))
    return long, here.word(f"wall.{side}_brief", what=short)


def _beneath(here: Here, names: set[str]) -> list[Line]:
    """One line per figure in which units below stand out for the worse."""
    found = sorted(graves(here, names).items(), key=lambda item: (-len(item[1]), item[0]))
    return [_of_units(here, name, signals) for name, signals in found]


def graves(here: Here, names: set[str]) -> dict[str, list[Signal]]:
    """Per figure the signals of units below that are worse and grave, the worst first."""
    below = {unit.unit_id for unit in units_of(here)} - {here.unit.unit_id}
    found: dict[str, list[Signal]] = {}
    for one in speaking(here.snapshot, here.scope, here.period.first):
        if one.indicator in names and one.unit in below and one.direction == WORSE and one.severity in (HIGH, "medium"):
            found.setdefault(one.indicator, []).append(one)
    for name, signals in found.items():
        sign = -1 if here.indicators[name].better == "lower" else 1
        signals.sort(key=lambda one: (sign * (one.value or 0.0), one.unit))
    return found


def _of_units(here: Here, name: str, signals: Sequence[Signal]) -> Line:
    entry = here.indicators[name]
    [worst] = numbers.among(here, name, [here.places.units[signals[0].unit]])
    named = [here.name(here.places.units[one.unit]) for one in signals[:NAMED]]
    told = {"what": entry.text("short", here.lang), "n": here.format.count(len(signals))}
    text = here.word("wall.units", unit=f"{named[0]} ({worst.text})", **told)
    owner = here.word("wall.owner", who=and_more(here, named, len(signals)))
    return Line(SHAPES[WORSE], "worse", text, here.word("wall.units_brief", **told), owner)


def and_more(here: Here, named: Sequence[str], many: int) -> str:
    """Some names, and how many are not named."""
    units = ", ".join(named)
    return here.word("wall.map_more", units=units, n=many - len(named)) if many > len(named) else units
