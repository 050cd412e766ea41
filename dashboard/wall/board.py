"""Everything that a profile's wall says, as texts and numbers; the browser lays it out and keeps it alive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from dashboard import numbers
from dashboard.comparison import units_of
from dashboard.figure import Figure
from dashboard.here import Here
from dashboard.periods import on
from dashboard.query.filings import next_due, senders
from dashboard.query.senders_of import senders_of
from dashboard.scope_bar import basis_name
from dashboard.screens.overview import desk_name, desks
from dashboard.usual import anew
from dashboard.wall.lines import NAMED, Line, and_more, calls_for_attention, lines
from dashboard.wall.map import NO_MAP, map_of
from dashboard.wall.plan import Event, Page, Plan, Profile
from dashboard.wall.qr import phone
from dashboard.wall.tile import tile, touches
from dashboard.words import LANGUAGES

MOST: Final = 12
"""Tiles of a page: what a wall of six screens shows at once."""
DUE: Final = "dossiers_due_soon"
OVERDUE: Final = "dossiers_overdue"
BLANKS: Final = {"sources": ("good", "all"), "readable": ("metres",)}
WORDS: Final = ("lost", "picture", "stale", "paused", "readable", "sources")


def board(here: Here, plan: Plan | None = None, profile: str = "") -> dict[str, Any]:
    """The pages of a profile, and what stands around them."""
    plan = plan or Plan()
    shown = plan.profile(profile)
    publication = here.snapshot.publication
    events = [*plan.events, *_reforms(here)]
    made = [_page(here, page, events) for page in _pages(here, plan)]
    return {
        "lang": here.lang,
        "snapshot": here.snapshot.id,
        "place": publication.place.get("name", {}).get(here.lang, ""),
        "scope": " · ".join((here.format.period(here.period), basis_name(here, here.basis).lower())),
        "until": here.word("wall.until", day=here.format.date(publication.data_until)),
        "mark": here.word("wall.illustrative") if publication.illustrative else "",
        "sources": _sources(here),
        "pages": [page for page in made if page["tiles"]],
        "profile": _profile(shown),
        "words": {name: _template(here, name) for name in WORDS},
    }


def _template(here: Here, name: str) -> str:
    """A word that the browser fills in itself keeps its {places}."""
    return here.word(f"wall.{name}", **{blank: f"{{{blank}}}" for blank in BLANKS.get(name, ())})


def _profile(shown: Profile) -> dict[str, Any]:
    times = [one.as_json() for one in shown.times]
    return {"name": shown.name, "pages": shown.pages, "every": shown.every, "times": times}


def _pages(here: Here, plan: Plan) -> Sequence[Page]:
    """The pages of the plan, or one per desk of the catalogue where there is no plan."""
    return plan.pages or [
        Page(desk, {lang: desk_name(here, desk) for lang in LANGUAGES}, tuple(one.id for one in entries), (desk,))
        for desk, entries in desks(here).items()
    ]


def _page(here: Here, page: Page, events: Sequence[Event]) -> dict[str, Any]:
    figures = numbers.many(here, page.tiles[:MOST])
    pasts = {one.indicator.id: past for one, past in numbers.with_history(here, figures)}
    told = lines(here, page.desks) if figures else []
    return {
        "id": page.id,
        "name": page.name[here.lang],
        "attention": calls_for_attention(here, page.desks),
        "tiles": [tile(here, figure, pasts[name], events) for name, figure in figures.items()],
        "first": told[0].as_json() if told else _calm(here, figures),
        "more": [line.as_json() for line in told[1:]],
        "due": _due(here) if "public_services" in page.desks else "",
        "silent": _silent(here, figures),
        "events": " · ".join(part for part in (
            _anew(here, figures, pasts), _events(here, events, [past for past in pasts.values() if past])) if part),
        "sources": sorted({name for one in figures.values() for name in senders_of(here.snapshot, one.indicator)}),
        "phone": phone(here, page.id),
        "map": map_of(here, page.map) if figures and page.map else NO_MAP,
    }


def _calm(here: Here, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Nothing stands out, or nothing is known: two sentences that must never be taken for each other."""
    known = any(one.plot is not None for one in figures.values())
    shape, text = ("●", here.word("wall.calm")) if known else ("–", here.word("wall.nothing"))
    return Line(shape, "", text, text, "").as_json()


def _due(here: Here) -> str:
    """What falls due in the next days and what is late already, on the last day that is known."""
    day = here.snapshot.publication.data_until
    then = replace(here, period=on(day))
    found = numbers.many(then, (DUE, OVERDUE))
    soon = found.get(DUE)
    if soon is None or soon.plot is None:
        return ""
    where = sum(bool(one.plot) for one in numbers.among(then, DUE, units_of(then)))
    told = [here.word("wall.due", n=soon.value, units=here.format.count(where))]
    if OVERDUE in found and found[OVERDUE].plot is not None:
        told.append(here.word("wall.overdue", n=found[OVERDUE].value))
    return " · ".join((*told, here.word("wall.as_of", day=here.format.date(day))))


def _silent(here: Here, shown: Mapping[str, Figure]) -> str:
    """How many have not sent that any of the page's figures misses, and the first of them by name."""
    missing = list(dict.fromkeys(unit for figure in shown.values() for unit in figure.answer.coverage.missing))
    if not missing:
        return here.word("wall.all_in")
    named = [here.name(here.places.units[unit]) for unit in missing[:NAMED]]
    return here.word("wall.silent", n=here.format.count(len(missing)), units=and_more(here, named, len(missing)))


def _sources(here: Here) -> list[dict[str, Any]]:
    """Every source with the last day on which it is still in time: the browser sees it pass by itself."""
    found = []
    for one in senders(here.snapshot, here.scope):
        due = next_due(here.snapshot, one.data_until, one.rhythm)
        found.append({"source": one.source, "name": one.name(here.lang), "fact": one.fact,
                      "due": due.isoformat() if due else None, "silent": one.data_until is None})  # fmt: skip
    return found


def _reforms(here: Here) -> list[Event]:
    """The days on which the units changed are known to everybody."""
    return [Event(day := date.fromisoformat(one["day"]), day, one["name"])
            for one in here.snapshot.publication.place.get("reforms", ())]  # fmt: skip


def _anew(here: Here, figures: Mapping[str, Figure], pasts: Mapping[str, Sequence[Figure]]) -> str:
    """Whose usual range begins anew within the months shown, and why: a step in a band is never left unexplained."""
    told: dict[tuple[date, str], list[str]] = {}
    for name, figure in figures.items():
        for _, one in anew(here, pasts[name]):
            told.setdefault((one.month, one.reason(here.lang)), []).append(figure.short or figure.name)
    return " · ".join(
        here.word("wall.anew", month=here.format.month(month), names=", ".join(names), reason=reason)
        for (month, reason), names in sorted(told.items())
    )


def _events(here: Here, events: Sequence[Event], pasts: Sequence[Sequence[Figure]]) -> str:
    """The known events of the months that the page's courses show."""
    if not pasts:
        return ""
    first, last = (pasts[0][at].answer.question.period for at in (0, -1))
    shown = [one for one in events if touches(one, first.first, last.last)]
    return " · ".join(
        here.word("wall.event", month=here.format.month(one.first), name=one.name[here.lang]) for one in shown
    )
