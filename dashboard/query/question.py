"""A question has five parts and no defaults that matter; an answer carries everything needed to judge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from dashboard.periods import Period
from dashboard.query.statement import Statement
from dashboard.words import word

TODAY, AS_WAS = "today", "as_was"

OK, ZERO, STALE, NO_DATA = "ok", "zero", "stale", "no_data"
TOO_FEW, SUPPRESSED, REFUSED = "too_few", "suppressed", "refused"
STATUSES: Final = (OK, ZERO, STALE, NO_DATA, TOO_FEW, SUPPRESSED, REFUSED)


@dataclass(frozen=True)
class Question:
    """Which indicator, when, whose, on which basis, and of which slices (name, value), sorted by name."""

    indicator: str
    period: Period
    unit: str
    basis: str = TODAY
    slices: tuple[tuple[str, str], ...] = ()

    def asking(self, **changes: object) -> Question:
        """The same question but for `changes`."""
        return replace(self, **changes)  # type: ignore[arg-type]


def slices_of(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Slices in the one order in which a question holds them."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(sorted(items))


@dataclass(frozen=True)
class Coverage:
    """How many units were expected to send, how many did, and which did not (unit ids)."""

    sent: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interval:
    """A 95 % Wilson interval of a share, 0..1."""

    low: float
    high: float


@dataclass(frozen=True)
class Reason:
    """Why a question was not answered: an entry of `words.toml` and what fills it in."""

    key: str
    values: tuple[tuple[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """The sentence in `lang`."""
        return word(self.key, lang, **dict(self.values))


@dataclass(frozen=True)
class Part:
    """One number that an answer was made of, such as the numerator or an operand of a formula."""

    name: str
    value: float | None


@dataclass(frozen=True)
class Answer:
    """A number and what it takes to trust it. Rates are shares 0..1; `percent` exists only when formatted.

    `n` is the number of cases behind it: the denominator of a rate, the cases of a duration. `p50` equals
    `value` for durations. `stands_for` is set where a reported figure belongs to another period than asked.
    """

    question: Question
    status: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None
    parts: tuple[Part, ...] = ()
    interval: Interval | None = None
    p50: float | None = None
    p90: float | None = None
    coverage: Coverage = Coverage()
    data_until: date | None = None
    fresh: bool = True
    estimated_share: float = 0.0
    reason: Reason | None = None
    stands_for: Period | None = None
    preliminary: bool = False
    snapshot: int = 0
    statements: tuple[Statement, ...] = field(default=(), compare=False, repr=False)

    @property
    def sql(self) -> tuple[str, ...]:
        """The SQL as run, with its values written in: anyone can run it again on the same snapshot."""
        return tuple(statement.shown() for statement in self.statements)

    @property
    def suppressed(self) -> bool:
        """Whether a threshold that protects persons hides the value."""
        return self.status == SUPPRESSED

    @property
    def estimated(self) -> bool:
        """Whether so much came through a split unit that the value is called an estimate."""
        return self.estimated_share > ESTIMATED_ABOVE


ESTIMATED_ABOVE: Final = 0.05


def refused(question: Question, key: str, snapshot: int = 0, **values: object) -> Answer:
    """No answer, and the reason."""
    told = tuple((name, str(value)) for name, value in sorted(values.items()))
    return Answer(question, REFUSED, reason=Reason(key, told), snapshot=snapshot)
