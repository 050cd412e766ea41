"""The only thing that turns an answer into something a person sees; it holds texts and no drawing.

A figure always says how good its number is: the interval, who has sent, how old it is, and what was estimated.
Before a signal says more, a figure claims only what is certain: that a target is surely missed, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.format import NOTHING, Formatter
from dashboard.query import Answer, Indicator
from dashboard.query import question as asked
from dashboard.query.targets import Target
from dashboard.words import word

VALUE, ZERO, STALE, NO_DATA, TOO_FEW, HIDDEN = "value", "zero", "stale", "no_data", "too_few", "hidden"
STATES: Final = (VALUE, ZERO, STALE, NO_DATA, TOO_FEW, HIDDEN)
BETTER, WORSE, USUAL, MISSED, SILENT = "better", "worse", "usual", "missed", "silent"
SHAPES: Final = {BETTER: "▲", WORSE: "▼", USUAL: "●", MISSED: "◆", SILENT: ""}
_STATE_OF: Final = {
    asked.OK: VALUE, asked.ZERO: ZERO, asked.STALE: STALE, asked.NO_DATA: NO_DATA, asked.TOO_FEW: TOO_FEW,
    asked.SUPPRESSED: HIDDEN, asked.REFUSED: HIDDEN,
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """Everything that may stand on a tile, in a tooltip, a table cell or a file; empty texts say nothing.

    `value` is without, `text` with its unit. `judgement` is one of better, worse, usual, missed, silent, and
    `word` and `shape` say it. `plot` is the number to draw (None: draw nothing), shares as 0..1.
    """

    answer: Answer
    indicator: Indicator
    lang: str
    state: str
    value: str
    unit: str
    text: str
    name: str
    short: str
    judgement: str
    word: str
    shape: str
    target: str
    previous: str
    change: str
    interval: str
    parts: str
    n: str
    coverage: str
    missing: str
    age: str
    estimated: str
    reason: str
    p90: str
    stands_for: str
    plot: float | None
    target_plot: float | None

    @property
    def is_missed(self) -> bool:
        """Whether the target is surely missed, also where a signal says something graver."""
        return self.judgement != SILENT and self.target_plot is not None and surely_missed(
            self.indicator, self.answer, self.target_plot)  # fmt: skip

    @property
    def address(self) -> dict[str, str]:
        """The parameters of "Explain this number", on the snapshot that said it."""
        question = self.answer.question
        found = {
            "page": "explain", "indicator": self.indicator.code, "period": question.period.code,
            "unit": question.unit, "basis": question.basis, "snapshot": str(self.answer.snapshot),
        }  # fmt: skip
        if question.slices:
            found["slice"] = ",".join(f"{name}={value}" for name, value in question.slices)
        return found


def make_figure(
    entry: Indicator,
    answer: Answer,
    lang: str,
    *,
    target: Target | None = None,
    previous: Answer | None = None,
    comparison: str = "previous",
    signal: str | None = None,
) -> Figure:
    """The figure of an answer. `comparison` names what `previous` is: previous, year or tet.

    `signal` (better or worse) is what the statistics of the pipelines found; without it only the target speaks.
    """
    told = Formatter(lang)
    state = _STATE_OF[answer.status]
    shown = answer.value if state in (VALUE, ZERO, STALE) else None
    judgement = judge(entry, answer, target, signal)
    return Figure(
        answer=answer,
        indicator=entry,
        lang=lang,
        state=state,
        name=entry.text("name", lang),
        short=entry.text("short", lang),
        judgement=judgement,
        word=_word(entry, answer, target, judgement, lang),
        shape=SHAPES[judgement],
        target=_target(entry, target, told),
        previous=_previous(entry, answer, previous, comparison, told),
        change=_change(entry, answer, previous, told),
        plot=shown,
        target_plot=target.value if target else None,
        **_value(entry, answer, state, shown, told),
        **_grounds(answer, state, told),
    )


def _value(entry: Indicator, answer: Answer, state: str, shown: float | None, told: Formatter) -> dict[str, str]:
    """The texts of the value itself."""
    if shown is None:
        instead = _instead(answer, state, told)
        return {"value": instead, "unit": "", "text": instead, "p90": ""}
    return {
        "value": told.bare(shown, entry.measure),
        "unit": told.unit(entry.measure),
        "text": told.value(shown, entry.measure),
        "p90": told.value(answer.p90, entry.measure) if answer.p90 is not None else "",
    }


def _grounds(answer: Answer, state: str, told: Formatter) -> dict[str, str]:
    """The texts that say how good the value is."""
    other = answer.stands_for
    return {
        "interval": _interval(answer, state, told),
        "parts": _parts(answer, state, told),
        "n": word("figure.n", told.lang, n=told.count(answer.n)) if answer.n is not None else "",
        "coverage": _coverage(answer, told),
        "missing": ", ".join(answer.coverage.missing),
        "age": _age(answer, told),
        "estimated": _estimated(answer, told),
        "reason": answer.reason.text(told.lang) if answer.reason else "",
        "stands_for": word("figure.stands_for", told.lang, period=told.told_of(other)) if other else "",
    }


def _word(entry: Indicator, answer: Answer, target: Target | None, judgement: str, lang: str) -> str:
    """The word of the state; what has grown worse and misses its target besides says both."""
    if judgement == SILENT:
        return ""
    both = judgement == WORSE and target is not None and surely_missed(entry, answer, target.value)
    return word("judgement.worse_missed" if both else f"judgement.{judgement}", lang)


def judge(entry: Indicator, answer: Answer, target: Target | None, signal: str | None = None) -> str:
    """better, worse, usual, missed or silent; nothing is said about what is hidden, missing, old or too few.

    A turn for the worse outranks a missed target: a target missed for a year is known to everybody, and must not hide
    the month in which it fell. A turn for the better does not make up for a target that is surely missed.
    """
    if answer.status not in (asked.OK, asked.ZERO) or answer.value is None:
        return SILENT
    if signal == WORSE:
        return WORSE
    if target is not None and surely_missed(entry, answer, target.value):
        return MISSED
    return signal if signal in (BETTER, WORSE) else USUAL


def surely_missed(entry: Indicator, answer: Answer, target: float) -> bool:
    """Whether even the kinder end of the interval (or the value, where it is no sample) misses the target."""
    if entry.better == "context" or answer.value is None:
        return False
    low, high = (answer.interval.low, answer.interval.high) if answer.interval else (answer.value, answer.value)
    return high < target if entry.better == "higher" else low > target


def _instead(answer: Answer, state: str, told: Formatter) -> str:
    """What stands in the place of a value that is not shown."""
    if state == TOO_FEW and answer.n is not None:
        return word("figure.few", told.lang, n=told.count(answer.n))
    if state == ZERO:
        return word("figure.none_to_divide", told.lang)
    if state == HIDDEN:
        return "×" if answer.suppressed else NOTHING
    return word("figure.no_data", told.lang)


def _target(entry: Indicator, target: Target | None, told: Formatter) -> str:
    if target is None:
        return ""
    mark = "" if target.checked else f" ({word('figure.unverified', told.lang)})"
    return word("figure.target", told.lang, value=told.value(target.value, entry.measure)) + mark


def _previous(entry: Indicator, answer: Answer, previous: Answer | None, comparison: str, told: Formatter) -> str:
    if previous is None:
        return ""
    grain = answer.question.period.grain if comparison == "previous" else comparison
    known = previous.value if previous.status in (asked.OK, asked.ZERO, asked.STALE) else None
    text = told.value(known, entry.measure) if known is not None else word("figure.no_data", told.lang)
    return word(f"before.{grain}", told.lang, value=text)


def _change(entry: Indicator, answer: Answer, previous: Answer | None, told: Formatter) -> str:
    good = (asked.OK, asked.ZERO, asked.STALE)
    if previous is None or previous.status not in good or answer.status not in good:
        return ""
    if answer.value is None or previous.value is None:
        return ""
    return told.change(answer.value - previous.value, entry.measure)


def _interval(answer: Answer, state: str, told: Formatter) -> str:
    if answer.interval is None or state == TOO_FEW:
        return ""
    return told.interval(answer.interval.low, answer.interval.high)


def _parts(answer: Answer, state: str, told: Formatter) -> str:
    if state in (NO_DATA, HIDDEN) or answer.numerator is None or answer.denominator is None:
        return ""
    return word(
        "figure.parts", told.lang, numerator=told.count(answer.numerator), denominator=told.count(answer.denominator)
    )


def _coverage(answer: Answer, told: Formatter) -> str:
    if not answer.coverage.expected:
        return ""
    sent, expected = answer.coverage.sent, answer.coverage.expected
    return word("figure.coverage", told.lang, sent=told.count(sent), expected=told.count(expected))


def _age(answer: Answer, told: Formatter) -> str:
    if answer.data_until is None:
        return ""
    key = "figure.until" if answer.fresh else "figure.until_late"
    return word(key, told.lang, day=told.date(answer.data_until))


def _estimated(answer: Answer, told: Formatter) -> str:
    marks = [word("figure.estimated", told.lang, share=told.percent(answer.estimated_share))] * answer.estimated
    return " · ".join([*marks, *([word("figure.preliminary", told.lang)] * answer.preliminary)])
