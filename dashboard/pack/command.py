"""`dashboard pack`: one pack, the packs of a recipient group, or an old pack made again from its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO

from dashboard.export import Counter
from dashboard.format import Formatter
from dashboard.pack.manifest import FORMATS, Order, read_manifest
from dashboard.pack.profiles import is_for_all, save_profiles
from dashboard.pack.recipients import languages, orders_of
from dashboard.pack.run import FOLDER, Made, Progress, make, save
from dashboard.pack.template import Template, data_for, find_template, templates
from dashboard.query import territory
from dashboard.running import Running
from dashboard.settings import Settings
from dashboard.snapshot import Limits, Snapshots
from dashboard.words import word

Tell = Callable[[str], None]
BAR: Final = 24
"""Characters of the bar on a terminal."""


@dataclass(frozen=True)
class Typed:
    """What somebody typed; empty texts mean the defaults."""

    template: str = "monthly"
    role: str = "leader"
    period: str = ""
    unit: str = ""
    basis: str = ""
    lang: str = "vi"
    classification: str = "internal"
    formats: tuple[str, ...] = FORMATS
    snapshot: int = 0
    group: str = ""
    since: Path | None = None
    again: Path | None = None
    out: Path | None = None


def pack(settings: Settings, typed: Typed, tell: Tell, stream: TextIO) -> list[Path]:
    """Make what was asked for and return the files. Raises PersonError for whatever does not exist or may not be."""
    running = Running(settings, Snapshots(settings.home, Limits(settings.memory, settings.threads, settings.seconds)),
                      exports=Counter(settings.home / "audit"))  # fmt: skip
    folder = typed.out or settings.home / FOLDER
    if typed.again is not None:
        return [_again(running, typed.again, folder, tell, stream)]
    data = data_for(settings.data)
    found = templates(data)
    since = read_manifest(typed.since).figures if typed.since else None
    files = []
    for order in _orders(running, typed, data, found):
        made_at = settings.now()
        if is_for_all(order):
            files.append(save_profiles(running, order, made_at, folder, progress(stream), tell))
            continue
        made = make(running, order, made_at, progress(stream), since)
        file = save(running, made, order.role, made_at, folder)
        tell(_told(running, made, file))
        files.append(file)
    return files


def _orders(running: Running, typed: Typed, data: Path, found: Mapping[str, Template]) -> list[Order]:
    if typed.group:
        snapshot = running.snapshots.current()
        return orders_of(data, typed.group, found, territory(snapshot), snapshot)
    template = find_template(found, typed.template)
    return [Order(template, typed.role, typed.period, typed.unit, typed.basis, languages(typed.lang),
                  typed.classification, typed.formats, typed.snapshot)]  # fmt: skip


def _again(running: Running, file: Path, folder: Path, tell: Tell, stream: TextIO) -> Path:
    """The same pack of the same snapshot and moment, and per file whether it is the same byte for byte."""
    told = read_manifest(file)
    made = make(running, told.order, told.made_at, progress(stream), told.earlier, again=True)
    saved = save(running, replace(made, name=f"{made.name}-again"), told.order.role, running.settings.now(), folder)
    tell(_told(running, made, saved))
    for name, body in made.files.items():
        same = told.files.get(name) == hashlib.sha256(body).hexdigest()
        key = "pack.same" if same else "pack.not_same"
        tell(word(key, running.settings.lang, file=name, snapshot=told.order.snapshot))
    return saved


def _told(running: Running, made: Made, file: Path) -> str:
    first, lang = made.packs[0], running.settings.lang
    return word("pack.made", lang, file=file, slides=made.slides, snapshot=first.snapshot,
                made_at=Formatter(lang).moment(first.made_at))  # fmt: skip


def progress(stream: TextIO) -> Progress:
    """A bar that is drawn over itself on a terminal, a plain line per step elsewhere."""

    def on_terminal(at: int, steps: int, what: str) -> None:
        full = BAR * at // steps
        end = "\n" if at == steps else ""
        stream.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {at}/{steps} {what:<40}{end}")
        stream.flush()

    def plainly(at: int, steps: int, what: str) -> None:
        stream.write(f"{at}/{steps} {what}\n")

    return on_terminal if stream.isatty() else plainly
