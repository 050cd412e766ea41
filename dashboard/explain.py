"""Every number can be taken apart: what it means, how it was reckoned, from which files, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import usual
from dashboard.access import Scope
from dashboard.figure import Figure, make_figure
from dashboard.format import Formatter
from dashboard.query import Answer, Indicator, Question, answer, find_indicator, indicators, territory
from dashboard.query.formula import references
from dashboard.query.ledger import deliveries_behind, deliveries_of_fact
from dashboard.query.measure import facts_of
from dashboard.query.rebased import Rebasing, rebasings
from dashboard.query.rows import lineage
from dashboard.query.targets import Target, target_of
from dashboard.query.told_by import told_by
from dashboard.snapshot import Snapshot
from dashboard.words import word


@dataclass(frozen=True)
class Basis:
    """A legal basis as cited, and whether anybody has compared the citation with the document."""

    document: str
    item: str
    checked: bool


@dataclass(frozen=True)
class Delivery:
    """A file behind the number; `rows` of this answer were last written by it (0: of its fact, not counted).

    Its own counts are None and its verdict empty where it also holds rows of units outside the reader's scope.
    """

    sha256: str
    source: str
    file: str
    received_at: str
    verdict: str
    rows_in: int | None
    rows_loaded: int | None
    rows_quarantined: int | None
    rows_skipped: int | None
    rows: int

    @property
    def law(self) -> tuple[int, int, int, int] | None:
        """Rows in, loaded, set aside and skipped; None where they may not be told."""
        told = (self.rows_in, self.rows_loaded, self.rows_quarantined, self.rows_skipped)
        return None if None in told else told  # type: ignore[return-value]


@dataclass(frozen=True)
class Explanation:
    """Everything the explain page shows, in both languages where it is words."""

    figure: Figure
    answer: Answer
    entry: Indicator
    target: Target | None
    definition: Mapping[str, str]
    formula: Mapping[str, str]  # as written, and filled in with this case's numbers
    written: Mapping[str, Any]  # numerator, denominator… as the catalogue says them
    legal: tuple[Basis, ...]
    sql: tuple[str, ...]
    lineage: tuple[Delivery, ...]
    quality: Mapping[str, tuple[str, ...]]  # the five questions about data quality, answered
    code_version: str
    rebased: tuple[Rebasing, ...] = ()  # where the limits of the asked unit begin anew, up to the asked period


def explain(snapshot: Snapshot, scope: Scope, question: Question, *, today: date, lang: str = "vi") -> Explanation:
    """The explanation of an answer. Raises PersonError for whatever does not exist."""
    entry = find_indicator(snapshot, question.indicator)
    told = answer(snapshot, scope, question.asking(indicator=entry.id), today=today)
    target = target_of(snapshot, entry, question.unit, question.period.last)
    asked = told.question
    open_to = told.reason is None or told.value is not None
    return Explanation(
        figure=make_figure(entry, told, lang, target=target),
        answer=told,
        entry=entry,
        target=target,
        definition={one: entry.text("definition", one) for one in ("vi", "en")},
        formula={one: filled_in(entry, told, Formatter(one)) for one in ("vi", "en")},
        written={key: value for key, value in entry.spec.items() if key != "tree"},
        legal=tuple(Basis(str(one.get("document", "")), str(one.get("item", "")), bool(one.get("checked")))
                    for one in entry.legal),
        sql=told.sql,
        lineage=_lineage(snapshot, scope, entry, told) if open_to and not entry.sensitive else (),
        quality={one: tuple(quality(snapshot, entry, told, one)) for one in ("vi", "en")},
        code_version=snapshot.publication.code_version,
        rebased=tuple(one for one in rebasings(snapshot, scope, entry.id, asked.unit)
                      if one.month <= asked.period.last),
    )  # fmt: skip


def filled_in(entry: Indicator, told: Answer, words: Formatter) -> str:
    """The reckoning with its numbers: 38 / 40 = 95,0 % (83,5–98,6 %)."""
    if told.value is None:
        return ""
    result = words.value(told.value, entry.measure)
    if told.interval is not None:
        result += f" ({words.interval(told.interval.low, told.interval.high)})"
    if entry.kind == "formula":
        return f"{_with_numbers(str(entry.spec.get('expression', '')), told, words)} = {result}"
    parts = {part.name: part.value for part in told.parts}
    if entry.kind == "stock":
        return f"{_plain(parts.get('entered'), words)} − {_plain(parts.get('left'), words)} = {result}"
    if told.numerator is not None and told.denominator is not None:
        return f"{_plain(told.numerator, words)} / {_plain(told.denominator, words)} = {result}"
    if entry.kind == "duration":
        return f"P50 = {result} · P90 = {words.value(told.p90, entry.measure)} · n = {words.count(told.n)}"
    return result


def _with_numbers(expression: str, told: Answer, words: Formatter) -> str:
    for part in sorted(told.parts, key=lambda part: -len(part.name)):
        number = _plain(part.value, words)
        bare = part.name.removeprefix("v(").removesuffix(")") if part.name.startswith("v(") else part.name
        for name in dict.fromkeys((part.name, bare)):
            expression = expression.replace(name, number)
    return expression


def _plain(value: float | None, words: Formatter) -> str:
    """A part as it entered the reckoning: whole where it is whole, four digits where it was carried or divided."""
    whole = value is not None and float(value).is_integer()
    return words.number(value, 0 if whole else 4)


def _lineage(snapshot: Snapshot, scope: Scope, entry: Indicator, told: Answer) -> tuple[Delivery, ...]:
    """The files that last wrote the counted rows, or told the published figures; else the newest of their facts."""
    counted = dict(lineage(snapshot, told.question)) or dict(
        told_by(snapshot, entry, told.question, told.stands_for or told.question.period))  # fmt: skip
    if counted:
        frames = [deliveries_behind(snapshot, scope, list(counted))]
    else:
        frames = [deliveries_of_fact(snapshot, scope, fact) for fact in facts_of(snapshot, entry)]
    return tuple(
        Delivery(
            row["sha256"], row["source"], row["file"], str(row["received_at"]), row["verdict"] or "", row["rows_in"],
            row["rows_loaded"], row["rows_quarantined"], row["rows_skipped"], counted.get(row["sha256"], 0),
        )
        for frame in frames for row in frame.iter_rows(named=True)
    )  # fmt: skip


def quality(snapshot: Snapshot, entry: Indicator, told: Answer, lang: str) -> list[str]:
    """Where it comes from, who has sent, how old it is, what was estimated, and what it must not be read as."""
    words = Formatter(lang)
    figure = make_figure(entry, told, lang)
    owner = word("quality.owner", lang, owner=entry.text("owner", lang), rhythm=word(f"rhythm.{entry.rhythm}", lang))
    missing = [territory(snapshot).units[unit].name(lang) for unit in told.coverage.missing[:10]]
    sent = figure.coverage + (f" ({word('quality.missing', lang)}: {', '.join(missing)})" if missing else "")
    share = word("quality.estimated", lang, share=words.percent(told.estimated_share))
    limits = word("quality.few", lang, n=words.count(entry.minimum_n))
    return [owner, sent or word("quality.nobody_expected", lang), figure.age or figure.text, share, limits]


def related(snapshot: Snapshot, entry: Indicator) -> list[Indicator]:
    """The entries that a formula, an age or a share of things leans on."""
    known = indicators(snapshot)
    names = [part for key in ("ages_of", "over") if (part := entry.spec.get(key))]
    names += [name for _, name in references(entry.spec.get("tree"))]
    return [known[name] for name in dict.fromkeys(names) if name in known]


def as_text(told: Explanation, lang: str) -> str:
    """The explanation for a terminal."""
    figure = told.figure
    lines = [
        f"{told.entry.code} · {told.entry.id} · {figure.name}",
        f"vi: {told.definition['vi']}",
        f"en: {told.definition['en']}",
        "",
        f"{word('explain.formula', lang)}: {told.formula[lang] or figure.text}",
        *(f"  {key}: {value}" for key, value in told.written.items()),
        f"{word('explain.parts', lang)}: " + ", ".join(f"{part.name} = {part.value}" for part in told.answer.parts),
        *([figure.target] if figure.target else []),
        *(usual.sentence(Formatter(lang), one) for one in told.rebased),
        *([figure.reason] if figure.reason else []),
        "",
        *(_citation(one, lang) for one in told.legal),
        *told.quality[lang],
        "",
        *(text for sql in told.sql for text in (f"{word('explain.sql', lang)}:", sql, "")),
        f"{word('explain.lineage', lang)} ({told.answer.snapshot}, {told.code_version}):",
        *(_line(one) for one in told.lineage),
    ]
    return "\n".join(lines)


def _citation(one: Basis, lang: str) -> str:
    mark = word("figure.verified" if one.checked else "figure.unverified", lang)
    return f"{word('explain.legal', lang)}: {one.document} {one.item} [{mark}]"


def _line(one: Delivery) -> str:
    law = "{} = {} + {} + {}".format(*one.law) if one.law else ""
    return f"  {one.sha256[:12]} {one.source} {one.file} {one.received_at} {one.verdict} {law} → {one.rows}"
