"""`dashboard pack --template unit --unit all`: the one-page profile of every commune and ward, in one archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from dashboard.block import scope_lines
from dashboard.export import Document, Person
from dashboard.export import Order as ExportOrder
from dashboard.here import Here
from dashboard.pack.archive import written, zipped
from dashboard.pack.manifest import NAME, Order
from dashboard.pack.run import UNIT, Progress, settle
from dashboard.paper.one_pager import one_pagers, present_units
from dashboard.running import Running
from dashboard.words import PersonError, word

ALL: Final = "all"
Files = Mapping[str, bytes]


def is_for_all(order: Order) -> bool:
    """Whether an order wants the pages of all units."""
    return order.unit == ALL and order.template.code == UNIT


def make_profiles(running: Running, order: Order, made_at: datetime, progress: Progress) -> tuple[Here, Files]:
    """Every page as `<code>_<lang>.pdf` with the manifest first, all as of one moment and one snapshot.

    Raises PersonError like `settle`.
    """
    then = replace(running, settings=replace(running.settings, now=lambda: made_at))
    here, settled = settle(then, replace(order, unit=""), order.langs[0])
    files: dict[str, bytes] = {}
    for lang in order.langs:
        at_lang, _ = settle(then, replace(settled, unit=""), lang)
        units = present_units(at_lang)
        steps = len(units) * len(order.langs)
        for unit, body in one_pagers(at_lang, units):
            files[f"{unit.code}_{lang}.pdf"] = body
            progress(len(files), steps, at_lang.name(unit))
    return here, {NAME: _manifest(here, settled, made_at, files), **files}


def _manifest(here: Here, order: Order, made_at: datetime, files: Files) -> bytes:
    told = {
        "snapshot": here.snapshot.id, "template": order.template.code, "unit": ALL, "period": here.period.code,
        "basis": here.basis, "role": order.role, "made_at": made_at.isoformat(timespec="seconds"),
        "illustrative": here.snapshot.publication.illustrative,
        "files": [{"name": name, "sha256": hashlib.sha256(body).hexdigest()} for name, body in files.items()],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def save_profiles(
    running: Running, order: Order, made_at: datetime, folder: Path, progress: Progress, tell: Callable[[str], None]
) -> Path:
    """Make the pages and write their archive over the counter, like every export; returns its file."""
    here, files = make_profiles(running, order, made_at, progress)
    name = f"profiles-{here.period.code}-{here.snapshot.id}-{made_at:%Y%m%d%H%M}"
    page = Document(name, here.word("profile.title"), (), (), scope_lines(here), snapshot=here.snapshot.id)
    question = {"template": UNIT, "unit": ALL, "period": here.period.code, "basis": here.basis,
                "langs": ",".join(order.langs)}  # fmt: skip
    asked = ExportOrder(page, "zip", question, zipped(files))
    person = Person("", word("pack.command", running.settings.lang), order.role)
    ticket = running.exports.issue(asked, person, made_at)
    parcel = running.exports.redeem(ticket, "", made_at, "")
    if parcel is None:
        raise PersonError("pack.no_folder", folder=str(running.settings.home / "audit"))
    file = written(folder, f"{name}.zip", parcel.body)
    tell(word("profile.made", running.settings.lang, file=file, n=len(files) - 1))
    return file
