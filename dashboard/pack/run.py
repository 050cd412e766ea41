"""One run: an order becomes content, content becomes files, and files become one archive with their manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from dashboard.access import PACK, ROLES, Scope
from dashboard.export import Document, Person
from dashboard.export import Order as ExportOrder
from dashboard.here import Here, arrive, settled
from dashboard.pack.archive import written, zipped
from dashboard.pack.changes import Earlier, readable
from dashboard.pack.compose import compose, may_pack
from dashboard.pack.content import Pack
from dashboard.pack.manifest import NAME, Order, last_pack, manifest
from dashboard.pack.slides import as_pptx
from dashboard.pack.template import newest_period
from dashboard.pack.workbook import as_xlsx
from dashboard.paper.document import as_pdf
from dashboard.paper.one_pager import one_pager
from dashboard.query import TODAY, find_unit
from dashboard.running import Running
from dashboard.url import View
from dashboard.words import PersonError, word

FOLDER: Final = "packs"
"""Where packs lie in the home."""
UNIT: Final = "unit"
"""The template about one unit: its pack holds the unit's own page too."""
MAKERS: Final[Mapping[str, Callable[[Pack], bytes]]] = {"pptx": as_pptx, "xlsx": as_xlsx, "pdf": as_pdf}
Progress = Callable[[int, int, str], None]
"""Called before every step with its number from 1, how many there are, and what it is."""


@dataclass(frozen=True)
class Made:
    """A pack that is done: its name, its files, the archive of them, and the contents they were made from."""

    name: str
    order: Order
    files: Mapping[str, bytes]
    archive: bytes
    packs: tuple[Pack, ...]

    @property
    def slides(self) -> int:
        """How many slides one presentation has, its title among them."""
        return len(self.packs[0].pieces) + 1


def settle(running: Running, order: Order, lang: str = "vi", scope: Scope | None = None) -> tuple[Here, Order]:
    """Where an order stands, and the order with its defaults written out; `scope` is what a login granted.

    Raises PersonError for a role that may make no packs and for a unit, basis or snapshot that is not there.
    """
    view = View(role=order.role, period=order.period, unit=order.unit, lang=lang,
                basis="" if order.basis == TODAY else order.basis,
                snapshot=str(order.snapshot) if order.snapshot else "")  # fmt: skip
    if order.role not in ROLES:
        raise PersonError("access.no_role", role=order.role, roles=", ".join(ROLES))
    if order.snapshot:
        running.snapshots.at(order.snapshot)
    here = arrive(running, view)
    if not order.period:
        period = newest_period(order.template.grain, here.snapshot.publication.whole_until)
        here = arrive(running, replace(view, period=period.code))
    here = here if scope is None else replace(here, scope=scope)
    if not may_pack(here.scope):
        names = ", ".join(role.name for role in ROLES.values() if PACK in role.verbs)
        raise PersonError("pack.not_allowed", role=order.role, roles=names)
    if order.unit:
        find_unit(here.places, order.unit, here.basis, here.period.last)
    if order.basis and order.basis not in here.places.bases:
        raise PersonError("query.no_basis", basis=order.basis, bases=", ".join(here.places.bases))
    here = replace(here, view=settled(here))
    return here, replace(order, period=here.period.code, unit=here.unit.unit_id, basis=here.basis,
                         snapshot=here.snapshot.id)  # fmt: skip


def contents(
    running: Running, order: Order, made_at: datetime, earlier: Earlier | None, lang: str, scope: Scope | None = None
) -> tuple[Here, Pack]:
    """The content of an order in one language, as of one moment: nothing in it reads another clock."""
    then = replace(running, settings=replace(running.settings, now=lambda: made_at))
    here, order = settle(then, order, lang, scope)
    return here, compose(here, order.template, readable(here, earlier), order.classification, made_at)


def make(
    running: Running, order: Order, made_at: datetime, progress: Progress, since: Earlier | None = None,
    again: bool = False, scope: Scope | None = None,
) -> Made:  # fmt: skip
    """Make a pack. `since` is the pack to compare with, the last one of this home without it.

    With `again` nothing is looked for: what a manifest was compared with is all there is.
    """
    made_at = made_at.replace(microsecond=0)  # as a manifest tells it, and as it is made again
    here, order = settle(running, order, order.langs[0], scope)
    earlier = since if since or again else last_pack(running.settings.home / FOLDER, order, made_at)
    earlier = readable(here, earlier)
    steps = len(order.langs) * (1 + len(order.formats)) + 1
    at, packs, files = 0, [], {}
    for lang in order.langs:
        at += 1
        progress(at, steps, word("pack.step_content", running.settings.lang, language=lang))
        here, pack = contents(running, order, made_at, earlier, lang, scope)
        packs.append(pack)
        for kind in order.formats:
            at += 1
            progress(at, steps, word(f"pack.step_{kind}", running.settings.lang, language=lang))
            files[f"{pack.name}_{lang}.{kind}"] = MAKERS[kind](pack)
        if order.template.code == UNIT and "pdf" in order.formats:
            files[f"{pack.name}_profile_{lang}.pdf"] = one_pager(here)
    progress(steps, steps, word("pack.step_zip", running.settings.lang))
    told = manifest(order, packs, files, here.snapshot, earlier)
    name = f"{packs[0].name}-{order.snapshot}-{made_at:%Y%m%d%H%M}"
    return Made(name, order, files, zipped({NAME: told, **files}), tuple(packs))


def hand_over(running: Running, made: Made, person: Person, made_at: datetime) -> str:
    """A ticket of the audited counter for a pack: the line of the audit is on the disk before its first byte leaves."""
    document = Document(made.name, made.packs[0].title, (), (), made.packs[0].scope, snapshot=made.order.snapshot)
    order = made.order
    question = {"template": order.template.code, "period": order.period, "unit": order.unit, "basis": order.basis,
                "langs": ",".join(order.langs), "formats": ",".join(order.formats)}  # fmt: skip
    return running.exports.issue(ExportOrder(document, "zip", question, made.archive), person, made_at)


def save(running: Running, made: Made, role: str, made_at: datetime, folder: Path) -> Path:
    """Write a pack into a folder, over the counter like every export; half a file never bears its name."""
    person = Person("", word("pack.command", running.settings.lang), role)
    parcel = running.exports.redeem(hand_over(running, made, person, made_at), "", made_at, "")
    if parcel is None:
        raise PersonError("pack.no_folder", folder=str(running.settings.home / "audit"))
    return written(folder, f"{made.name}.zip", parcel.body)
