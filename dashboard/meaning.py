"""What a number means: its definition in both languages, who answers for it, and what it legally rests on."""

from __future__ import annotations

from dashboard import usual
from dashboard.explain import Basis, Explanation
from dashboard.here import Here
from dashboard.query.targets import Target
from dashboard.words import keys

Pairs = list[tuple[str, str]]


def definition(here: Here, told: Explanation) -> Pairs:
    """Names and values of everything that the catalogue says about an indicator."""
    entry = told.entry
    pairs = [
        ("name_vi", entry.name_vi),
        ("name_en", entry.name_en),
        ("code", f"{entry.code} · {entry.id}"),
        ("meaning_vi", told.definition["vi"]),
        ("meaning_en", told.definition["en"]),
        ("kind", _named(here, "indicator_kind", entry.kind)),
        ("day", entry.day or ""),
        ("measure", _measure(here, entry.measure)),
        ("better", _named(here, "direction", entry.better)),
        ("target", target(here, told)),
        ("usual", usual.told(here, told.figure)),
        ("minimum", here.word("figure.n", n=here.format.count(entry.minimum_n)) if entry.minimum_n else ""),
        ("rhythm", _named(here, "rhythm", entry.rhythm)),
        ("owner", entry.text("owner", here.lang)),
        ("legal", legal(here, told)),
    ]
    return [(here.word(f"explained.{name}"), text) for name, text in pairs]


def parts(here: Here, told: Explanation) -> Pairs:
    """Numerator, denominator, conditions… exactly as the catalogue has them."""
    counts = told.entry.kind == "count"  # nothing is divided there: what the catalogue calls numerator is counted
    named = {"numerator": "counted"} if counts else {}
    found = {name: value for name, value in told.written.items() if value}
    return [(_key(here, named.get(name, name)), _written(here, value)) for name, value in found.items()]


def target(here: Here, told: Explanation) -> str:
    """The target with its day and basis; what nobody has checked says so."""
    found = told.target
    if found is None:
        return here.word("explained.no_target")
    value = here.format.value(found.value, told.entry.measure)
    basis = _named(here, "target_basis", found.basis) + (f", {found.document}" if found.document else "")
    own = told.entry.target_from is None or found.value != told.entry.target_value
    day = here.format.date(told.entry.target_from)
    text = here.word("explained.target_told_own" if own else "explained.target_told", value=value, basis=basis, day=day)
    return f"{text} ({_mark(here, found)})"


def _mark(here: Here, found: Target) -> str:
    checked = found.checked and (bool(found.document) or found.basis == "plan")
    return here.word("figure.verified" if checked else "figure.unverified")


def legal(here: Here, told: Explanation) -> str:
    """Every document with its mark: a citation that nobody compared, or that names none, is unverified."""
    return "; ".join(_cited(here, one) for one in told.legal) or here.word("explained.no_legal")


def _cited(here: Here, one: Basis) -> str:
    text = " ".join(part for part in (one.document, one.item) if part) or here.word("explained.no_document")
    good = one.checked and bool(one.document)
    return f"{text} ({here.word('figure.verified' if good else 'figure.unverified')})"


def _measure(here: Here, measure: str) -> str:
    return "%" if measure == "percent" else here.format.unit(measure) or here.word("explained.plain_count")


def _named(here: Here, section: str, name: str) -> str:
    """A code in the reader's language; a code that we have no word for stays itself."""
    key = f"{section}.{name}"
    return here.word(key) if key in keys() else name


def _key(here: Here, name: str) -> str:
    return _named(here, "catalogue_key", name)


def _written(here: Here, value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{_key(here, str(name)).lower()}: {_written(here, one)}" for name, one in value.items())
    if isinstance(value, list):
        return " · ".join(_written(here, one) for one in value)
    return here.word("explained.yes") if value is True else str(value)
