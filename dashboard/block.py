"""A block of a screen: its question as heading, one sentence, the picture with its table, and the ways out."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard import component, numbers
from dashboard.access import EXPORT
from dashboard.chart import Chart
from dashboard.export import PICTURES, TEXT, Document, Order, Person
from dashboard.here import Here
from dashboard.query import Indicator
from dashboard.scope_bar import basis_name, sentence, unit_name
from dashboard.session import COOKIE
from dashboard.table import Table
from dashboard.url import COMPARISONS

CAPTIONED: Final = 4  # place, period, basis and comparison stand in the caption
NOTE: Final = 165  # letters of 12 px that find room in one line below a picture of 1,200 px


@dataclass(frozen=True)
class Block:
    """What a block shows. `key` is unique on its screen and stays the same while the numbers change."""

    key: str
    title: str
    summary: str
    chart: Chart
    table: Table
    entries: tuple[Indicator, ...]
    pick: bool = False
    native: str = "bar"
    """The native chart of an exported workbook: "bar", "line" or ""."""


def kept(here: Here, key: str, question: str, make: Callable[[], Block]) -> Block:
    """The block `key` of this view, made once: whoever comes back to a view waits for no chart to be put together."""
    return numbers.remembered(here, ("block", key, question, here.style), make)


def heading(text: str, told: str = "") -> None:
    """A heading with a quiet line below it; both are escaped."""
    quiet = f'<p class="ioc-quiet">{html.escape(told)}</p>' if told else ""
    st.html(f'<div class="ioc"><h2>{html.escape(text)}</h2>{quiet}</div>')


def title(here: Here, text: str) -> None:
    """The name of a screen, once per page."""
    st.html(f'<div class="ioc"><h1>{html.escape(text)}</h1></div>')


def block(here: Here, shown: Block) -> str | None:
    """Draw a block; returns the code of what was just clicked in it (a unit, a period), once, or None."""
    with st.container(key=f"card_{shown.key}"):
        if not shown.table.texts:
            heading(shown.title, shown.summary)
            st.html(f'<div class="ioc ioc-quiet">{here.word("chart.nothing")}</div>')
            return None
        event = component.draw(
            shown.chart,
            key=shown.key,
            style=here.style,
            title=shown.title,
            summary=shown.summary,
            caption=_below(here, shown),
            file=shown.key,
            columns=_heads(shown.table),
            rows=shown.table.texts,
            words=_words(here),
            pick=shown.pick,
            formats=("png", "svg", "csv", "xlsx") if here.scope.may(EXPORT) else (),
        )
    if event.export:
        hand_over(here, document(here, shown), event.export, shown.entries)
    return event.picked


def _below(here: Here, shown: Block) -> str:
    told = [caption(here, shown.entries), *([here.word("chart.hatched")] if is_hatched(shown.chart) else [])]
    return " · ".join(told)


def is_hatched(chart: Chart) -> bool:
    """Whether a bar of the chart is an estimate, which its caption has to explain."""
    patterns = (trace.get("marker", {}).get("pattern", {}).get("shape", []) for trace in chart.get("data", []))
    return any(any(one) for one in patterns)


def exports(here: Here, shown: Block, paper: Callable[[], bytes] | None = None) -> None:
    """The file buttons of a block that is a table, also for `paper` (a PDF); nothing for a role that may not export."""
    if not here.scope.may(EXPORT):
        return
    drawn = component.sheet(here.style, shown.title, _heads(shown.table), shown.table.texts, _words(here))
    with st.container(horizontal=True, key=f"exports_{shown.key}"):
        for kind in ("png", "csv", "xlsx"):
            if st.button(here.word(f"export.{kind}"), key=f"{shown.key}_{kind}", type="tertiary"):
                hand_over(here, document(here, shown), kind, shown.entries, drawn)
        if paper is not None and st.button(here.word("export.pdf"), key=f"{shown.key}_pdf", type="tertiary"):
            hand_over(here, document(here, shown), "pdf", shown.entries, body=paper())


def _heads(table: Table) -> list[tuple[str, bool]]:
    return [(column.name, column.kind != TEXT) for column in table.columns]


def caption(here: Here, entries: Sequence[Indicator]) -> str:
    """Measure, place, period, basis and snapshot: what a picture needs to stand alone."""
    measure = ", ".join(f"{entry.text('name', here.lang)} ({entry.code})" for entry in entries[:3])
    told = here.word("chart.source", measure=measure, scope=sentence(here), snapshot=here.snapshot.id)
    return told.removeprefix(" · ")  # a block about the data itself measures nothing


def _words(here: Here) -> dict[str, str]:
    words = {name: here.word(f"chart.{name}") for name in ("table", "chart", "save", "refused")}
    words["more"] = here.word("chart.more", n="{n}")  # filled in by the browser, which knows how many
    return words | {"png": "PNG", "svg": "SVG", "csv": "CSV", "xlsx": "Excel"}


def document(here: Here, shown: Block) -> Document:
    """The file of a block: its table cell by cell, its scope and the definitions of what it measures."""
    numbers = [at for at, column in enumerate(shown.table.columns) if column.kind != TEXT]
    return Document(
        name=shown.key,
        title=shown.title,
        columns=shown.table.columns,
        rows=shown.table.cells,
        scope=scope_lines(here),
        definitions=tuple(definition(here, entry) for entry in shown.entries),
        chart=shown.native if numbers else "",
        series=tuple(numbers[:1]),
        lang=here.lang,
        snapshot=here.snapshot.id,
        labels={name: here.word(f"export.{name}") for name in (
            "data", "scope", "definitions", "code", "name", "definition", "formula", "legal")},
    )  # fmt: skip


def scope_lines(here: Here) -> tuple[tuple[str, str], ...]:
    """What every file says about itself."""
    now = here.running.settings.now()
    until = here.word("frame.data_until", day=here.format.date(here.snapshot.publication.data_until))
    kind = here.word(f"export.{here.snapshot.clearance}_class")
    if here.snapshot.publication.illustrative:
        kind = f"{here.word('frame.illustrative')} · {kind}"
    return (
        (here.word("export.place"), unit_name(here, here.unit)),
        (here.word("export.period"), here.format.period(here.period)),
        (here.word("export.basis"), basis_name(here, here.basis)),
        (here.word("scope.compare"), here.word(f"scope.{here.view.compare or COMPARISONS[0]}")),
        (here.word("export.snapshot"), f"{here.snapshot.id} · {until}"),
        (here.word("export.made_at"), here.format.moment(now)),
        (here.word("export.class"), kind),
        (here.word("export.reason"), here.scope.reason),
    )


def definition(here: Here, entry: Indicator) -> tuple[str, str, str, str, str]:
    """Code, name, definition, formula and legal basis of an indicator, as files carry them."""
    formula = entry.spec.get("expression") or " / ".join(
        str(entry.spec[part]) for part in ("numerator", "denominator") if entry.spec.get(part)
    )
    told = (entry.text("name", here.lang), entry.text("definition", here.lang))
    return (entry.code, *told, str(formula), legal(here, entry))


def legal(here: Here, entry: Indicator) -> str:
    """The documents an indicator rests on; what nobody has checked says so."""
    return "; ".join(
        " ".join(str(part) for part in (one.get("document"), one.get("item")) if part)
        + ("" if one.get("checked") else f" ({here.word('figure.unverified')})")
        for one in entry.legal
    )


def hand_over(
    here: Here, made: Document, kind: str, entries: Sequence[Indicator], drawn: Mapping[str, object] | None = None,
    body: bytes | None = None,
) -> None:  # fmt: skip
    """Issue a ticket for a file and let the browser fetch it; the counter writes the audit before it serves.

    `drawn` is what a picture is made from where the page shows no chart of that name; `body` is a file made already.
    """
    if not here.scope.may(EXPORT):
        return
    person = Person(st.context.cookies.get(COOKIE, ""), here.scope.who, here.scope.role)
    question = {
        "indicators": ",".join(entry.id for entry in entries),
        "period": here.period.code,
        "unit": here.unit.unit_id,
        "basis": here.basis,
        "slice": here.view.slice,
    }
    ticket = here.running.exports.issue(Order(made, kind, question, body), person, here.running.settings.now())
    if kind in PICTURES:
        component.bring(f"/export/{ticket}", kind, made.name, notes(here, made, entries), drawn)
    else:
        component.fetch(f"/export/{ticket}")


def notes(here: Here, made: Document, entries: Sequence[Indicator]) -> list[str]:
    """The lines below a picture: what it measures, and everything that a file says about itself."""
    told = (caption(here, entries), " · ".join(f"{label}: {text}" for label, text in made.scope[CAPTIONED:]))
    return [line for text in told for line in textwrap.wrap(text, NOTE)]
